package dev.paymaster.gateway.users;

import dev.paymaster.gateway.http.BearerKey;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.Problems;
import dev.paymaster.gateway.limits.AddressLimit;
import dev.paymaster.gateway.limits.LimitSettings;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.util.matcher.AndServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.NegatedServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Who may call what. Everything under {@code /api} needs a key, but for what Stripe sends browsers to; Stripe itself knocks
 * at a door before this one.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
@EnableConfigurationProperties(UserSettings.class)
class SecurityConfiguration {
    @Bean
    KeyAuthentication authentication(Users users, UserSettings settings) {
        return new KeyAuthentication(users, settings.adminKey());
    }

    /** Every request is observed already; each filter's own measures would cost more than most filters do. */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    SecurityWebFilterChain security(ServerHttpSecurity http, KeyAuthentication authentication, LimitSettings limits) {
        AddressLimit strangers = new AddressLimit(limits.perAddress());
        AuthenticationWebFilter apiKeys = new AuthenticationWebFilter(authentication);
        apiKeys.setServerAuthenticationConverter(bearer(authentication, strangers));
        // Elsewhere a key, good or bad, changes nothing.
        apiKeys.setRequiresAuthenticationMatcher(new AndServerWebExchangeMatcher(
                new PathPatternParserServerWebExchangeMatcher("/api/**"),
                new NegatedServerWebExchangeMatcher(withoutKey())));
        apiKeys.setAuthenticationFailureHandler((exchange, _) -> refused(exchange.getExchange(), strangers));
        return http.csrf(ServerHttpSecurity.CsrfSpec::disable) // no cookies, so nothing to forge
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .addFilterAt(apiKeys, SecurityWebFiltersOrder.AUTHENTICATION)
                .authorizeExchange(calls -> calls.matchers(withoutKey())
                        .permitAll()
                        .pathMatchers(
                                "/api/users",
                                "/api/credits/grants",
                                "/api/payouts/*/retry",
                                "/api/payouts/*/reverse",
                                "/api/admin/**")
                        .hasAuthority("ADMIN")
                        .pathMatchers("/api/**")
                        .authenticated()
                        // Pages for browsers and contracts; the actuator listens on a port of its own.
                        .anyExchange()
                        .permitAll())
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint(
                                (exchange, _) -> refused(exchange, strangers))
                        .accessDeniedHandler((exchange, _) -> Problems.write(
                                exchange, Problem.forbidden("admin_only", "only an administrator may do this"))))
                .build();
    }

    /** What Stripe sends browsers to: a token takes the place of a key. */
    private static ServerWebExchangeMatcher withoutKey() {
        return new PathPatternParserServerWebExchangeMatcher("/api/stripe/connect/refresh");
    }

    /** Who has tried too many keys may go on with a known one only: each other would be looked up in the database. */
    private static ServerAuthenticationConverter bearer(KeyAuthentication keys, AddressLimit strangers) {
        return exchange -> Mono.fromSupplier(() -> BearerKey.of(exchange))
                .map(KeyAuthentication::claimOf)
                .doOnNext(claim -> {
                    if (!keys.wasValid(claim)) {
                        strangers.requireNotStopped(exchange);
                    }
                });
    }

    private static Mono<Void> refused(ServerWebExchange exchange, AddressLimit strangers) {
        return Mono.defer(() -> {
            strangers.take(exchange);
            return Problems.write(
                    exchange,
                    new Problem(
                                    HttpStatus.UNAUTHORIZED,
                                    "unauthorized",
                                    "send a valid API key as  Authorization: Bearer <key>")
                            .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer"));
        });
    }
}
