package dev.paymaster.events.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a job stands; in JSON in lower case. */
public enum JobStatus {
    QUEUED,
    ACCEPTED,
    SUBMITTED,
    VERIFIED,
    REJECTED,
    CANCELLED;

    @JsonValue
    public String json() {
        return name().toLowerCase(Locale.ROOT);
    }
}
