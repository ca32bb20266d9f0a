package dev.paymaster.events.payout;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a payout stands; in JSON in lower case. */
public enum PayoutStatus {
    /** To be made, or being made. */
    DUE,
    /** Waits for something: see its reason. */
    HELD,
    /** Stripe has made the transfer; a part of it may have been taken back. */
    PAID,
    /** Refused for good. */
    FAILED,
    /** Paid, and wholly taken back. */
    REVERSED;

    @JsonValue
    public String json() {
        return name().toLowerCase(Locale.ROOT);
    }
}
