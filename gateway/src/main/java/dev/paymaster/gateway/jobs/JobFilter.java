package dev.paymaster.gateway.jobs;

import dev.paymaster.events.job.JobStatus;
import dev.paymaster.gateway.http.Inputs;
import dev.paymaster.gateway.users.Caller;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Which jobs of a list are wanted.
 *
 * @param user whose jobs, unless open ones are wanted; null: everybody's, for administrators
 * @param role in which the user has to do with them; null: any
 */
record JobFilter(
        @Nullable UUID user,
        @Nullable Role role,
        @Nullable JobStatus status,
        @Nullable String skill) {

    enum Role {
        SENDER,
        RECEIVER,
        OPEN
    }

    /** Reads {@code role}, {@code status} and {@code skill}; 400 for a word that isn't one of theirs. */
    static JobFilter of(Caller caller, MultiValueMap<String, String> query) {
        return new JobFilter(
                caller.admin() ? null : caller.id(),
                Inputs.oneOf("role", query.getFirst("role"), Role.values()),
                Inputs.oneOf("status", query.getFirst("status"), JobStatus.values()),
                Inputs.text("skill", query.getFirst("skill")));
    }
}
