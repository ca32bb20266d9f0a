package dev.paymaster.job.lifecycle;

import dev.paymaster.events.job.Skill;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What a decision may depend on besides the job and the command.
 *
 * @param now cut to microseconds, as exact as the database, so that an event says the same time as the row
 * @param shadow whether new jobs are shadows, because Stripe is off
 * @param skills the catalogue by name
 * @param policy what the operator has laid down
 * @param ids new job ids
 */
public record Circumstances(Instant now, boolean shadow, Map<String, Skill> skills, Policy policy, Supplier<UUID> ids) {
    public Circumstances {
        now = now.truncatedTo(ChronoUnit.MICROS);
        skills = Map.copyOf(skills);
    }
}
