package dev.paymaster.system.bench;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One run of a load. Everything but its start and its end happens on the one thread of the load. */
final class HttpLoadRun {
    private final List<byte[]> requests;
    private final int status;
    private final Latencies latencies = new Latencies();
    private final CompletableFuture<Answered> done = new CompletableFuture<>();
    private int next;
    private int underWay;
    private long startNanos;
    private long deadline;

    HttpLoadRun(List<byte[]> requests, int status) {
        this.requests = requests;
        this.status = status;
    }

    /** Sends the first request on each connection. */
    void start(List<Channel> channels, Duration duration) {
        channels.getFirst().eventLoop().execute(() -> {
            startNanos = System.nanoTime();
            deadline = startNanos + duration.toNanos();
            underWay = channels.size();
            channels.forEach(channel -> channel.pipeline().get(Connection.class).send(startNanos));
        });
    }

    CompletableFuture<Answered> done() {
        return done;
    }

    /** What answers to a new connection. */
    ChannelHandler connection() {
        return new Connection();
    }

    private final class Connection extends SimpleChannelInboundHandler<HttpObject> {
        private final StringBuilder refusal = new StringBuilder();
        private @Nullable Channel channel;
        private long sentNanos;
        private int answered;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            channel = context.channel();
        }

        void send(long now) {
            sentNanos = now;
            Channel mine = Objects.requireNonNull(channel, "a connection that was never made");
            var _ = mine.writeAndFlush(Unpooled.wrappedBuffer(requests.get(next)), mine.voidPromise());
            next = (next + 1) % requests.size();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpResponse response) {
                answered = response.status().code();
            }
            if (answered != status && part instanceof HttpContent content) {
                refusal.append(content.content().toString(StandardCharsets.UTF_8));
            }
            if (part instanceof LastHttpContent) {
                complete(System.nanoTime());
            }
        }

        private void complete(long now) {
            if (answered != status) {
                done.completeExceptionally(new IllegalStateException("answered " + answered + ": " + refusal));
                return;
            }
            latencies.add(now - sentNanos);
            if (now < deadline) {
                send(now);
            } else if (--underWay == 0) {
                done.complete(new Answered(latencies, now - startNanos));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            done.completeExceptionally(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            done.completeExceptionally(new IllegalStateException("the server closed a connection"));
        }
    }
}
