package dev.paymaster.gateway.limits;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.limits.LimitSettings.Rate;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.springframework.web.server.ServerWebExchange;

/**
 * How much an address may still do: be refused for want of a key or a signature, ask for what needs none, or ask for anything at
 * all. Addresses of IPv6 count by their first 64 bits, which is what one customer of a provider has. Thread-safe.
 */
public final class AddressLimit {
    private static final int CUSTOMER_BYTES = 8;

    private final RateLimit<ByteBuffer> times;

    public AddressLimit(Rate rate) {
        this.times = new RateLimit<>(rate);
    }

    /**
     * Counts one time more.
     *
     * @throws Problem 429 when there were too many
     */
    public void take(ServerWebExchange exchange) {
        times.take(address(exchange));
    }

    /**
     * Counts nothing.
     *
     * @throws Problem 429 when there were too many
     */
    public void requireNotStopped(ServerWebExchange exchange) {
        times.requireNotStopped(address(exchange));
    }

    static ByteBuffer address(ServerWebExchange exchange) {
        InetSocketAddress remote = exchange.getRequest().getRemoteAddress();
        if (remote == null || remote.getAddress() == null) {
            return ByteBuffer.allocate(0); // a proxy that doesn't say: all of them together
        }
        byte[] bytes = remote.getAddress().getAddress();
        return ByteBuffer.wrap(
                remote.getAddress() instanceof Inet6Address ? Arrays.copyOf(bytes, CUSTOMER_BYTES) : bytes);
    }
}
