package dev.paymaster.gateway.users;

import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param admin may do everything that is not somebody's own
 */
public record Caller(UUID id, String name, @Nullable String email, boolean admin) {
    /** The administrator's own id, under which no user is ever made. */
    static final UUID ADMIN_ID = new UUID(0x7000L, 0x8000000000000000L);

    /** Enough of a key's hash to tell administrators apart, and nothing of the key. */
    private static final int SHOWN_BYTES = 3;

    static Caller administrator(byte[] keyHash) {
        return new Caller(ADMIN_ID, "admin:" + HexFormat.of().formatHex(keyHash, 0, SHOWN_BYTES), null, true);
    }

    /** What the caller may be in a job: every user may send and receive. */
    public List<String> roles() {
        return admin ? List.of("admin") : List.of("sender", "receiver");
    }
}
