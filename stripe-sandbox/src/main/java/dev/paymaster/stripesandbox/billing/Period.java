package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A billing period, in seconds since 1970; the end is where the next one starts. */
record Period(long start, long end) {
    Period {
        if (end < start) {
            throw new IllegalArgumentException("A period ends before it starts");
        }
    }

    /**
     * The period of a recurring price that starts at {@code start}. It is counted from the anchor, so that a
     * subscription of January 31st renews on February 28th and then on March 31st.
     */
    static Period of(JsonNode recurring, long anchor, long start) {
        ChronoUnit unit = switch (Json.require(recurring, "interval")) {
            case "day" -> ChronoUnit.DAYS;
            case "week" -> ChronoUnit.WEEKS;
            case "year" -> ChronoUnit.YEARS;
            default -> ChronoUnit.MONTHS;
        };
        int count = recurring.required("interval_count").intValue();
        ZonedDateTime from = Instant.ofEpochSecond(anchor).atZone(ZoneOffset.UTC);
        ZonedDateTime at = Instant.ofEpochSecond(start).atZone(ZoneOffset.UTC);
        long steps = unit.between(from, at) / count;
        long end = start;
        while (end <= start) {
            steps++;
            end = from.plus(steps * count, unit).toEpochSecond();
        }
        return new Period(start, end);
    }

    /** The period that a subscription's item is in. */
    static Period current(JsonNode item) {
        return new Period(
                item.required("current_period_start").longValue(),
                item.required("current_period_end").longValue());
    }

    /** The part of an amount that falls on the time from {@code now} to the end, rounded half up. */
    long share(long cents, long now) {
        long whole = end - start;
        return whole == 0 ? 0 : Math.floorDiv(2 * cents * (end - now) + whole, 2 * whole);
    }

    ObjectNode json() {
        return Json.object().put("end", end).put("start", start);
    }
}
