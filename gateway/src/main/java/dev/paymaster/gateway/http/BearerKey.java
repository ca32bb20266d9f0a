package dev.paymaster.gateway.http;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** The API key of a request, in the header {@code Authorization: Bearer <key>}. */
public final class BearerKey {
    private static final String SCHEME = "Bearer ";

    /** Longer than any key: nothing larger is hashed. */
    private static final int MAX_LENGTH = 512;

    private BearerKey() {}

    /** The key, without what it may be written with: the scheme in any case, blanks around it. Null without one. */
    public static @Nullable String of(ServerWebExchange exchange) {
        String header = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String key = header.substring(SCHEME.length()).strip();
        return key.isEmpty() || key.length() > MAX_LENGTH ? null : key;
    }
}
