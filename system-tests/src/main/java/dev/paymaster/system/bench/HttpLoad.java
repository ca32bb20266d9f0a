package dev.paymaster.system.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.netty.resources.LoopResources;

/**
 * Sends requests over a fixed number of connections, on each the next one when the last is answered, from one thread of
 * its own. Requests are ready bytes and answers are only counted, so that it leaves the processor to the server.
 */
final class HttpLoad implements AutoCloseable {
    /** What is under way at the end of a run has this long to be answered. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private final LoopResources loop = LoopResources.create("load", 1, true);
    private final EventLoopGroup thread = loop.onClient(LoopResources.DEFAULT_NATIVE);
    private final int connections;

    HttpLoad(int connections) {
        this.connections = connections;
    }

    /** Where to, what, and what must come of it. */
    record Target(URI url, List<byte[]> requests, int status) {}

    /**
     * Sends for so long, the requests one after the other and again from the first, and waits for the last answers.
     *
     * @throws IllegalStateException when anything else than the expected status is answered, or a connection ends
     */
    Answered run(Target target, Duration duration) {
        HttpLoadRun run = new HttpLoadRun(target.requests(), target.status());
        List<Channel> channels = connect(target.url(), run);
        try {
            run.start(channels, duration);
            return run.done().get(duration.plus(ANSWER_LIMIT).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load at " + target.url() + " failed", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer within " + ANSWER_LIMIT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            channels.forEach(channel -> channel.close().awaitUninterruptibly());
        }
    }

    private List<Channel> connect(URI url, HttpLoadRun run) {
        Bootstrap bootstrap = new Bootstrap()
                .group(thread)
                .channel(loop.onChannelClass(SocketChannel.class, thread))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpResponseDecoder(), run.connection());
                    }
                });
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            ChannelFuture connecting = bootstrap.connect(url.getHost(), url.getPort());
            connecting.syncUninterruptibly();
            channels.add(connecting.channel());
        }
        return channels;
    }

    @Override
    public void close() {
        loop.dispose();
    }
}
