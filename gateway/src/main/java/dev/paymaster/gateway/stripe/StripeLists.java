package dev.paymaster.gateway.stripe;

import com.stripe.net.ApiResource.RequestMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Reads Stripe's lists as bytes: what is handed on must be what Stripe said, whatever version of its API it speaks. Thread-safe.
 */
@Component
public final class StripeLists {
    private final StripeCalls stripe;

    StripeLists(StripeCalls stripe) {
        this.stripe = stripe;
    }

    /**
     * One page of a list.
     *
     * @param path such as {@code /v1/events}
     * @param parameters of the query, not encoded yet
     */
    public Mono<ListPage> page(String path, Map<String, String> parameters) {
        return get(path, parameters).map(ListPage::read);
    }

    /** One object. */
    public Mono<byte[]> object(String path) {
        return get(path, Map.of());
    }

    private Mono<byte[]> get(String path, Map<String, String> parameters) {
        String query = parameters.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
        String url = query.isEmpty() ? path : path + "?" + query;
        return stripe.call(
                client -> client.rawRequest(RequestMethod.GET, url, null).body().getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
