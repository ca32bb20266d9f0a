package dev.paymaster.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
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

    @Test
    void aClientThatHasGoneIsNoFaultOfOurs(CapturedOutput log) {
        StepVerifier.create(handler.handle(exchange, new AbortedException("gone")))
                .verifyComplete();

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
