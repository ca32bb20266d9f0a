package dev.paymaster.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Bounds what Reactor Netty doesn't: how long the head of a request may take, from its first byte on; and how long the rest
 * of a body may take that nobody reads, because the answer is there already. Then the connection is closed. One that only
 * waits for its next request is not meant.
 *
 * <p>It stands on both sides of what reads HTTP: before it, bytes are seen, and behind it, what they have come to. Of one
 * connection, and used by its event loop alone.
 */
final class RequestLimit {
    /** Reactor Netty's own time-out for a body that is being read comes first, and answers 408. */
    private static final Duration FOR_AN_ANSWER = Duration.ofSeconds(1);

    private final Duration limit;
    private boolean inBody;
    private long messages;
    private @Nullable Future<?> end;

    private RequestLimit(Duration limit) {
        this.limit = limit;
    }

    /** Bounds a connection's requests, if it speaks HTTP/1. */
    static void of(Channel channel, Duration limit) {
        if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
            RequestLimit requests = new RequestLimit(limit);
            channel.pipeline()
                    .addBefore(NettyPipeline.HttpCodec, "request-limit-bytes", requests.new Bytes())
                    .addAfter(NettyPipeline.HttpCodec, "request-limit-messages", requests.new Messages());
        }
    }

    private final class Bytes extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            long before = messages;
            context.fireChannelRead(message);
            // A head that begins in the packet in which another request ends is seen with its next byte.
            boolean inHead = message instanceof ByteBuf && messages == before;
            if (end == null && (inBody || inHead)) {
                Duration most = inBody ? limit.plus(FOR_AN_ANSWER) : limit;
                end = context.executor().schedule(() -> close(context), most.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        private static void close(ChannelHandlerContext context) {
            var _ = context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            inTime();
            context.fireChannelInactive();
        }
    }

    private final class Messages extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            messages++;
            if (message instanceof HttpRequest) {
                inTime();
                inBody = true;
            }
            if (message instanceof LastHttpContent) {
                inTime();
                inBody = false;
            }
            context.fireChannelRead(message);
        }
    }

    private void inTime() {
        if (end != null) {
            end.cancel(false);
            end = null;
        }
    }
}
