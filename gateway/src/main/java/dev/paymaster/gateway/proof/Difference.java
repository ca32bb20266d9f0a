package dev.paymaster.gateway.proof;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that is not as it must be.
 *
 * @param rule what it breaks, for programs
 * @param subject the id of what it is about
 * @param detail what is there, and what should be, for people
 * @param more true: others break the same rule in the same piece, and are not named; null otherwise
 */
record Difference(
        String rule,
        String subject,
        String detail,
        @Nullable Boolean more) {
    Difference(String rule, String subject, String detail) {
        this(rule, subject, detail, null);
    }

    /** Of all that break a rule so many, and a sign on the last of them if there are more. */
    static List<Difference> first(int shown, List<Difference> all) {
        if (all.size() <= shown) {
            return all;
        }
        List<Difference> some = new ArrayList<>(all.subList(0, shown));
        Difference last = some.removeLast();
        some.add(new Difference(last.rule(), last.subject(), last.detail(), true));
        return List.copyOf(some);
    }

    static List<Difference> joined(List<Difference> some, List<Difference> more) {
        List<Difference> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }
}
