package dev.paymaster.gateway.database;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import reactor.netty.resources.LoopResources;

/**
 * Event loops whose connections end when the other side doesn't acknowledge anything for a while, as after a machine has gone
 * without a word: the system would repeat what it has sent for a quarter of an hour, and wait two hours where it has sent
 * nothing. A server that is slow or frozen acknowledges all the same. Linux on x86-64 alone has what it takes here; elsewhere they are as usual.
 */
final class EndingConnections implements LoopResources {
    /** Longer than a failing network takes to find another way. */
    private static final int UNACKNOWLEDGED_MILLIS = 20_000;

    private static final int SILENT_BEFORE_PROBE_SECONDS = 15;
    private static final int BETWEEN_PROBES_SECONDS = 5;

    private final LoopResources loops;

    EndingConnections(LoopResources loops) {
        this.loops = loops;
    }

    @Override
    public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
        C channel = loops.onChannel(type, group);
        if (channel instanceof EpollSocketChannel socket) {
            socket.config()
                    .setTcpUserTimeout(UNACKNOWLEDGED_MILLIS)
                    .setTcpKeepIdle(SILENT_BEFORE_PROBE_SECONDS)
                    .setTcpKeepIntvl(BETWEEN_PROBES_SECONDS);
        }
        return channel;
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup group) {
        return loops.onChannelClass(type, group);
    }

    @Override
    public EventLoopGroup onClient(boolean useNative) {
        return loops.onClient(useNative);
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return loops.onServer(useNative);
    }
}
