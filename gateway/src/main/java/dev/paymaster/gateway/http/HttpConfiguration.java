package dev.paymaster.gateway.http;

import dev.paymaster.messaging.Codec;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON at the edge: as strict about values as everywhere, and strict about unknown fields too. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration {
    @Bean
    WebFluxConfigurer strictJson() {
        JsonMapper strict = Codec.json()
                .rebuild()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        return new WebFluxConfigurer() {
            @Override
            public void configureHttpMessageCodecs(ServerCodecConfigurer codecs) {
                codecs.defaultCodecs().jacksonJsonDecoder(new JacksonJsonDecoder(strict));
                codecs.defaultCodecs().jacksonJsonEncoder(new JacksonJsonEncoder(strict));
            }
        };
    }
}
