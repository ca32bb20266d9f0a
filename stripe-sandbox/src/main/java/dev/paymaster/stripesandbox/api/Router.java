package dev.paymaster.stripesandbox.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the endpoint of a request. Fixed segments win over variables, so {@code /lines} is never somebody's id. */
public final class Router {
    private final List<Endpoint> endpoints;

    public Router(Collection<Endpoint> endpoints) {
        this.endpoints = endpoints.stream()
                .sorted((a, b) -> Integer.compare(variables(a), variables(b)))
                .toList();
    }

    /** An endpoint and the values of its path's variables. */
    public record Match(Endpoint endpoint, Map<String, String> variables) {}

    /**
     * Finds the endpoint for a request's method and raw path.
     *
     * @throws StripeRefusal 404 as Stripe answers an URL that it doesn't know
     */
    public Match match(String method, String rawPath) {
        List<String> segments = segments(rawPath);
        for (Endpoint endpoint : endpoints) {
            if (endpoint.method().equals(method)) {
                Map<String, String> variables = match(segments(endpoint.path()), segments);
                if (variables != null) {
                    return new Match(endpoint, variables);
                }
            }
        }
        throw new StripeRefusal(
                404,
                "invalid_request_error",
                null,
                "Unrecognized request URL (" + method + ": " + rawPath
                        + ") in the sandbox. See its README for what it knows.",
                null);
    }

    private static @Nullable Map<String, String> match(List<String> pattern, List<String> segments) {
        if (pattern.size() != segments.size()) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String expected = pattern.get(i);
            if (expected.startsWith("{")) {
                variables.put(expected.substring(1, expected.length() - 1), unescape(segments.get(i)));
            } else if (!expected.equals(segments.get(i))) {
                return null;
            }
        }
        return variables;
    }

    private static String unescape(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw StripeRefusal.invalid(null, "Invalid URL: " + e.getMessage(), null);
        }
    }

    private static List<String> segments(String path) {
        return Arrays.asList(path.substring(1).split("/", -1));
    }

    private static int variables(Endpoint endpoint) {
        return (int) endpoint.path().chars().filter(c -> c == '{').count();
    }
}
