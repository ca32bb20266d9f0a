package dev.paymaster.gateway.users;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.limits.LimitSettings.Rate;
import dev.paymaster.gateway.limits.RateLimit;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.springframework.web.server.ServerWebExchange;

/**
 * How many requests without a valid key an address may still make. Addresses of IPv6 count by their first 64 bits, which is
 * what one customer of a provider has. Thread-safe.
 */
final class Strangers {
    private static final int CUSTOMER_BYTES = 8;

    private final RateLimit<ByteBuffer> refusals;

    Strangers(Rate rate) {
        this.refusals = new RateLimit<>(rate);
    }

    /** @throws Problem 429 when there were too many */
    void take(ServerWebExchange exchange) {
        refusals.take(address(exchange));
    }

    /** @throws Problem 429 when there were too many; this one doesn't count */
    void requireNotStopped(ServerWebExchange exchange) {
        refusals.requireNotStopped(address(exchange));
    }

    private static ByteBuffer address(ServerWebExchange exchange) {
        InetSocketAddress remote = exchange.getRequest().getRemoteAddress();
        if (remote == null || remote.getAddress() == null) {
            return ByteBuffer.allocate(0); // a proxy that doesn't say: all of them together
        }
        byte[] bytes = remote.getAddress().getAddress();
        return ByteBuffer.wrap(
                remote.getAddress() instanceof Inet6Address ? Arrays.copyOf(bytes, CUSTOMER_BYTES) : bytes);
    }
}
