package dev.paymaster.gateway.limits;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.http.server.HttpServer;

/**
 * Bounds how many connections there are, Stripe's among them, and how long a client may take nothing of its answer. That limit is the kernel's
 * (tcp(7), TCP_USER_TIMEOUT): it costs nothing for each answer, and is there on Linux only.
 */
@Component
final class Connections implements NettyServerCustomizer {
    private final LimitSettings limits;
    private final AtomicInteger open = new AtomicInteger();

    Connections(LimitSettings limits, MeterRegistry meters) {
        this.limits = limits;
        Gauge.builder("paymaster.http.connections", open, AtomicInteger::get)
                .description("Connections of clients that are open")
                .register(meters);
    }

    @Override
    public HttpServer apply(HttpServer server) {
        HttpServer counted = server.doOnChannelInit((_, channel, _) -> opened(channel));
        return Epoll.isAvailable()
                ? counted.childOption(
                        EpollChannelOption.TCP_USER_TIMEOUT,
                        Math.toIntExact(limits.unreadAnswer().toMillis()))
                : counted;
    }

    private void opened(Channel channel) {
        channel.closeFuture().addListener(_ -> open.decrementAndGet());
        if (open.incrementAndGet() > limits.connections()) {
            var _ = channel.close();
        }
    }
}
