package dev.paymaster.gateway.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that is not as it must be.
 *
 * @param rule what it breaks, for programs
 * @param subject the id of what it is about
 * @param detail what is there, and what should be, for people
 */
record Difference(String rule, String subject, String detail) {
    static List<Difference> joined(List<Difference> some, List<Difference> more) {
        List<Difference> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }
}
