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

    ObjectNode json() {
        return Json.object().put("end", end).put("start", start);
    }
}
