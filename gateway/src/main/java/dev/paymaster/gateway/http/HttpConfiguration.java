package dev.paymaster.gateway.http;

import dev.paymaster.messaging.Codec;
import java.time.Instant;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.web.reactive.accept.RequestedContentTypeResolverBuilder;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** JSON at the edge: as strict about values as everywhere, and strict about unknown fields, times and ids too. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration {
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

    /** Paths and methods that Spring Security's firewall lets nobody use. */
    @Bean
    ServerExchangeRejectedHandler rejectedHandler() {
        return (exchange, _) -> Problems.write(
                exchange, Problem.badRequest("invalid_request", "this service takes no such address or method"));
    }
}
