package dev.paymaster.system.house.planted;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Waits where nobody may. */
final class BlocksAnEventLoop {
    private BlocksAnEventLoop() {}

    static @Nullable String wait(Mono<String> text) {
        return text.block();
    }
}
