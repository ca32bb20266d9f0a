package dev.paymaster.gateway.live;

import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.Sha256;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ids of commands: the caller's id, then a hash of the Idempotency-Key or something new. So two callers' keys never meet,
 * and a command's id tells whose it is. Thread-safe.
 */
final class CommandIds {
    private static final char SEPARATOR = ':';
    private static final Pattern FORM = Pattern.compile("key-[0-9a-f]{64}|[0-9a-f-]{36}");

    private final Ids ids;

    CommandIds(Ids ids) {
        this.ids = ids;
    }

    String of(UUID caller, @Nullable String idempotencyKey) {
        return caller.toString()
                + SEPARATOR
                + (idempotencyKey == null
                        ? ids.next().toString()
                        : "key-" + HexFormat.of().formatHex(Sha256.of(idempotencyKey)));
    }

    /** Whether an id is one that this class made for the caller. */
    static boolean isOf(UUID caller, String commandId) {
        String prefix = caller.toString() + SEPARATOR;
        return commandId.startsWith(prefix)
                && FORM.matcher(commandId.substring(prefix.length())).matches();
    }
}
