package dev.paymaster.system.policy;

import java.util.List;

/**
 * One line of the table.
 *
 * @param says what it shows, as the documents say it
 */
record Row(String says, List<Step> steps) {
    static Row row(String says, Step... steps) {
        return new Row(says, List.of(steps));
    }
}
