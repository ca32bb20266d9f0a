package dev.paymaster.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.netty.channel.AbortedException;
import reactor.test.StepVerifier;

@ExtendWith(OutputCaptureExtension.class)
class ProblemHandlerTest {
    private final ProblemHandler handler = new ProblemHandler();
    private final MockServerWebExchange exchange =
            MockServerWebExchange.from(MockServerHttpRequest.get("/api/whoami").build());

    static List<Throwable> failuresOfClientsThatHaveGone() {
        return List.of(new AbortedException("gone"), catchThrowable(() -> new NioSocketChannel().eventLoop()));
    }

    @ParameterizedTest
    @MethodSource("failuresOfClientsThatHaveGone")
    void aClientThatHasGoneIsNoFaultOfOurs(Throwable failure, CapturedOutput log) {
        StepVerifier.create(handler.handle(exchange, failure)).verifyComplete();

        assertThat(exchange.getResponse().getStatusCode()).isNull();
        assertThat(log.getAll()).doesNotContain("ERROR");
    }

    @Test
    void whatIsOurFaultIsLoggedWithItsRequest(CapturedOutput log) {
        StepVerifier.create(handler.handle(exchange, new IllegalStateException("planted")))
                .verifyComplete();

        assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR);
        assertThat(log.getAll()).contains("ERROR", "planted");
    }
}
