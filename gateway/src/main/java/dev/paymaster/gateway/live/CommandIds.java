package dev.paymaster.gateway.live;

import dev.paymaster.messaging.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
                + (idempotencyKey == null ? ids.next().toString() : "key-" + hash(idempotencyKey));
    }

    /** Whether an id is one that this class made for the caller. */
    static boolean isOf(UUID caller, String commandId) {
        String prefix = caller.toString() + SEPARATOR;
        return commandId.startsWith(prefix)
                && FORM.matcher(commandId.substring(prefix.length())).matches();
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
