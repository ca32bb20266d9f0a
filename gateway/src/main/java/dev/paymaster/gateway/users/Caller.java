package dev.paymaster.gateway.users;

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

    static Caller administrator() {
        return new Caller(ADMIN_ID, "admin", null, true);
    }

    /** What the caller may be in a job: every user may send and receive. */
    public List<String> roles() {
        return admin ? List.of("admin") : List.of("sender", "receiver");
    }
}
