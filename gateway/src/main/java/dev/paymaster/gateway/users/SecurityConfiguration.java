package dev.paymaster.gateway.users;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.Problems;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Who may call what. Everything under {@code /api} needs a key, but for what Stripe and browsers call. */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
@EnableConfigurationProperties(UserSettings.class)
class SecurityConfiguration {
    private static final String BEARER = "Bearer ";

    /** Longer than any key: nothing larger is hashed. */
    private static final int MAX_KEY_LENGTH = 512;

    @Bean
    Authentication authentication(Users users, UserSettings settings) {
        return new Authentication(users, settings.adminKey());
    }

    @Bean
    SecurityWebFilterChain security(ServerHttpSecurity http, Authentication authentication) {
        AuthenticationWebFilter apiKeys = new AuthenticationWebFilter(authentication);
        apiKeys.setServerAuthenticationConverter(bearer());
        apiKeys.setAuthenticationFailureHandler((exchange, failure) -> refused(exchange.getExchange(), failure));
        return http.csrf(ServerHttpSecurity.CsrfSpec::disable) // no cookies, so nothing to forge
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .addFilterAt(apiKeys, SecurityWebFiltersOrder.AUTHENTICATION)
                .authorizeExchange(calls -> calls.pathMatchers(HttpMethod.POST, "/api/stripe/webhook")
                        .permitAll()
                        .pathMatchers(HttpMethod.GET, "/api/stripe/connect/refresh")
                        .permitAll()
                        .pathMatchers("/api/users", "/api/credits/grants", "/api/payouts/*/retry", "/api/admin/**")
                        .hasAuthority("ADMIN")
                        .pathMatchers("/api/**")
                        .authenticated()
                        // Pages for browsers and contracts; the actuator listens on a port of its own.
                        .anyExchange()
                        .permitAll())
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint(SecurityConfiguration::refused)
                        .accessDeniedHandler((exchange, _) -> Problems.write(
                                exchange, Problem.forbidden("admin_only", "only an administrator may do this"))))
                .build();
    }

    private static ServerAuthenticationConverter bearer() {
        return exchange -> Mono.justOrEmpty(keyOf(exchange))
                .map(key -> UsernamePasswordAuthenticationToken.unauthenticated("api-key", key));
    }

    private static java.util.Optional<String> keyOf(ServerWebExchange exchange) {
        String header = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return java.util.Optional.empty();
        }
        String key = header.substring(BEARER.length()).strip();
        return key.isEmpty() || key.length() > MAX_KEY_LENGTH ? java.util.Optional.empty() : java.util.Optional.of(key);
    }

    /** A key that isn't known; but a database that doesn't answer is no fault of the key. */
    private static Mono<Void> refused(ServerWebExchange exchange, AuthenticationException failure) {
        return Problems.write(
                exchange,
                new Problem(
                                HttpStatus.UNAUTHORIZED,
                                "unauthorized",
                                "send a valid API key as  Authorization: Bearer <key>")
                        .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer"));
    }
}
