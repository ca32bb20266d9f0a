package dev.paymaster.gateway.http;

import dev.paymaster.messaging.Codec;
import io.netty.channel.ChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.web.reactive.accept.RequestedContentTypeResolverBuilder;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import reactor.core.publisher.Hooks;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** JSON at the edge: as strict about values as everywhere, and strict about unknown fields, times and ids too. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConfiguration.class);

    @Bean
    WebFluxConfigurer strictJson() {
        JsonMapper strict = Codec.json()
                .rebuild()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addModule(new SimpleModule()
                        .addDeserializer(Instant.class, StrictText.instants())
                        .addDeserializer(UUID.class, StrictText.uuids()))
                .build();
        return new WebFluxConfigurer() {
            @Override
            public void configureHttpMessageCodecs(ServerCodecConfigurer codecs) {
                codecs.defaultCodecs().jacksonJsonDecoder(new JacksonJsonDecoder(strict));
                codecs.defaultCodecs().jacksonJsonEncoder(new JacksonJsonEncoder(strict));
            }

            // Whatever a client accepts, it gets JSON: refusing it after the call took effect would be worse.
            @Override
            public void configureContentTypeResolver(RequestedContentTypeResolverBuilder builder) {
                builder.fixedResolver(MediaType.APPLICATION_JSON);
            }
        };
    }

    /**
     * Nobody has shown a key or a signature before a request is there, so the time for its head and the time for its body are
     * bounded. {@link Failures} makes an answer of the latter; when that is sent, Netty tells of the time-out once more, to
     * nobody.
     */
    @Bean
    NettyServerCustomizer requestTimeout(@Value("${paymaster.request-timeout:15s}") Duration limit) {
        Hooks.onErrorDropped(failure -> {
            if (!(failure instanceof ChannelException)) {
                LOG.error("nobody was there to be told of a failure: {}", failure.toString());
                LOG.debug("the failure", failure);
            }
        });
        return server ->
                server.requestTimeout(limit).doOnChannelInit((_, channel, _) -> RequestLimit.of(channel, limit));
    }

    /** Load balancers ask for readiness every second or two. */
    @Bean
    TellsFirst tellsFirst(@Value("${paymaster.stop-delay:3s}") Duration moment) {
        return new TellsFirst(moment);
    }

    /**
     * Event loops of its own: the usual ones belong to the JVM, and whichever of several gateways stops first ends them for all.
     * Spring Boot's setting is for those.
     */
    @Bean
    ReactorResourceFactory ownEventLoops(
            @Value("${spring.reactor.netty.shutdown-quiet-period:2s}") Duration quietPeriod) {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setShutdownQuietPeriod(quietPeriod);
        resources.setUseGlobalResources(false);
        return resources;
    }

    /** Paths and methods that Spring Security's firewall lets nobody use. */
    @Bean
    ServerExchangeRejectedHandler rejectedHandler() {
        return (exchange, _) -> Problems.write(
                exchange, Problem.badRequest("invalid_request", "this service takes no such address or method"));
    }
}
