package dev.paymaster.events.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** By which time-out a job was cancelled; in JSON in lower case. */
public enum JobCancellation {
    /** No receiver accepted it in time. */
    NOT_ACCEPTED,
    /** Its receiver handed in nothing in time, and nobody else may try. */
    NOT_SUBMITTED;

    @JsonValue
    public String json() {
        return name().toLowerCase(Locale.ROOT);
    }
}
