package dev.paymaster.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

class HttpConfigurationTest {
    @Test
    void eventLoopsEndAsSoonAsTheSettingSays() {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(HttpConfiguration.class)
                .web(WebApplicationType.NONE)
                .run("--paymaster.stop-delay=0s", "--spring.reactor.netty.shutdown-quiet-period=7s")) {
            ReactorResourceFactory loops = context.getBean(ReactorResourceFactory.class);
            loops.stop();
            Stopped stopped = new Stopped(new ArrayList<>());
            loops.setLoopResourcesSupplier(() -> stopped);
            loops.start();

            loops.stop();

            assertThat(stopped.quietPeriods()).containsExactly(Duration.ofSeconds(7));
        }
    }

    /** Event loops of which nobody wants any, and how long each stop waits to see whether anybody still comes. */
    private record Stopped(List<Duration> quietPeriods) implements LoopResources {
        @Override
        public EventLoopGroup onServer(boolean useNative) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
            quietPeriods.add(quietPeriod);
            return Mono.empty();
        }
    }
}
