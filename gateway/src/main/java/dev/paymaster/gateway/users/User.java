package dev.paymaster.gateway.users;

import dev.paymaster.events.Text;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Somebody who sends jobs, does them, or both. */
record User(UUID id, String name, @Nullable String email, Instant createdAt) {
    private static final int MAX_NAME = 200;
    /** As long as an address can be. */
    private static final int MAX_EMAIL = 254;

    User {
        Text.require("name", name, MAX_NAME);
        Text.allow("email", email, MAX_EMAIL);
        if (email != null && !email.matches("[^@\\s]+@[^@\\s]+")) {
            throw new IllegalArgumentException("email is not an address");
        }
    }
}
