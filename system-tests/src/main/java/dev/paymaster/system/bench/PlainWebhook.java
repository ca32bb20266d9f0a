package dev.paymaster.system.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxObservationAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The reference of ingest: Spring Boot's WebFlux as it comes, with the metrics and the time limit that the gateway has too, and one
 * controller, which reads the whole body and answers.
 */
final class PlainWebhook implements AutoCloseable {
    private static final String PATH = "/webhook";
    private static final byte[] RECEIVED = "{\"received\":true}".getBytes(StandardCharsets.US_ASCII);

    private final ConfigurableApplicationContext application;

    private PlainWebhook(ConfigurableApplicationContext application) {
        this.application = application;
    }

    /** On a free port of the loopback interface. */
    static PlainWebhook start() {
        return new PlainWebhook(new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.REACTIVE)
                .properties(
                        "spring.config.name=plain-webhook",
                        "spring.main.banner-mode=off",
                        "server.address=127.0.0.1",
                        "server.port=0",
                        "server.netty.idle-timeout=60s")
                .run());
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port") + PATH);
    }

    @Override
    public void close() {
        application.close();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        CodecsAutoConfiguration.class,
        HttpHandlerAutoConfiguration.class,
        WebFluxAutoConfiguration.class,
        ErrorWebFluxAutoConfiguration.class,
        NettyReactiveWebServerAutoConfiguration.class,
        MetricsAutoConfiguration.class,
        CompositeMeterRegistryAutoConfiguration.class,
        PrometheusMetricsExportAutoConfiguration.class,
        ObservationAutoConfiguration.class,
        WebFluxObservationAutoConfiguration.class
    })
    static class Application {
        @Bean
        Controller controller() {
            return new Controller();
        }

        /** As the gateway's. */
        @Bean
        NettyServerCustomizer requestTimeout() {
            return server -> server.requestTimeout(Duration.ofSeconds(15));
        }

        /** Event loops of its own, as the gateway has. */
        @Bean
        ReactorResourceFactory ownEventLoops() {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            return resources;
        }
    }

    @RestController
    static final class Controller {
        @PostMapping(PATH)
        Mono<Void> receive(ServerWebExchange exchange) {
            return DataBufferUtils.join(exchange.getRequest().getBody()).flatMap(body -> {
                read(body);
                return answer(exchange.getResponse());
            });
        }

        private static void read(DataBuffer buffer) {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            DataBufferUtils.release(buffer);
        }

        private static Mono<Void> answer(ServerHttpResponse response) {
            response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
            response.getHeaders().setContentLength(RECEIVED.length);
            return response.writeWith(
                    Mono.fromSupplier(() -> response.bufferFactory().wrap(RECEIVED)));
        }
    }
}
