package dev.paymaster.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

class HttpConfigurationTest {
    /** What Netty waits by default, to see whether anybody still comes. */
    private static final Duration USUAL = Duration.ofSeconds(2);

    @Test
    void eventLoopsEndAsSoonAsTheSettingSays() {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(HttpConfiguration.class)
                .web(WebApplicationType.NONE)
                .run("--paymaster.stop-delay=0s", "--spring.reactor.netty.shutdown-quiet-period=0s")) {
            ReactorResourceFactory loops = context.getBean(ReactorResourceFactory.class);
            loops.getLoopResources().onServer(true).submit(() -> {}).syncUninterruptibly();

            long beforeNanos = System.nanoTime();
            loops.stop();

            assertThat(Duration.ofNanos(System.nanoTime() - beforeNanos)).isLessThan(USUAL);
        }
    }
}
