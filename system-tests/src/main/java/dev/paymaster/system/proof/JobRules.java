package dev.paymaster.system.proof;

import java.util.List;

/** Credits move with jobs, and only with them. */
final class JobRules {
    private JobRules() {}

    /** The operator may lay down that a rejected job costs its credits all the same. */
    private static final String CHARGED = "id IN (SELECT id FROM jobs.job WHERE status = 'verified' OR charged)";

    private static final String GIVEN_BACK =
            "id IN (SELECT id FROM jobs.job WHERE status IN ('rejected', 'cancelled') AND NOT charged)";

    static final List<Rule> ALL = List.of(
            new Rule("a job is held once, for exactly what it costs, and a shadow job not at all", """
                    SELECT format('%s job %s costs %s, and %s are held', j.status, j.id, j.credit_cost,
                                  coalesce(sum(t.amount), 0))
                    FROM jobs.job j
                    LEFT JOIN ledger.transfer t ON t.job_id = j.id AND t.user_id = j.sender AND t.kind = 'hold'
                    GROUP BY j.id
                    HAVING coalesce(sum(t.amount), 0) <> CASE WHEN j.shadow THEN 0 ELSE j.credit_cost END
                        OR count(DISTINCT t.recorded_at) > 1"""),
            settled("a verified or charged job is captured as it was held", CHARGED, "capture"),
            settled("a rejected or cancelled job is released as it was held", GIVEN_BACK, "release"),
            new Rule("nothing else is captured or released", """
                    SELECT format('%%s of %%s for %%s job %%s', t.kind, t.amount, j.status, j.id)
                    FROM ledger.transfer t JOIN jobs.job j ON j.id = t.job_id
                    WHERE (t.kind = 'capture' AND NOT j.%s) OR (t.kind = 'release' AND NOT j.%s)""".formatted(CHARGED, GIVEN_BACK)),
            new Rule("credits move only for jobs that exist, and are their sender's", """
                    SELECT format('%s of %s by %s for job %s', t.kind, t.amount, t.user_id, t.job_id)
                    FROM ledger.transfer t LEFT JOIN jobs.job j ON j.id = t.job_id AND j.sender = t.user_id
                    WHERE t.job_id IS NOT NULL AND j.id IS NULL"""),
            new Rule("held is what open jobs cost", """
                    SELECT format('%s has %s held, and open jobs for %s', a.user_id, a.held,
                                  coalesce(sum(j.credit_cost), 0))
                    FROM ledger.account a
                    LEFT JOIN jobs.job j ON j.sender = a.user_id AND NOT j.shadow
                                        AND j.status IN ('queued', 'accepted', 'submitted')
                    GROUP BY a.user_id HAVING a.held <> coalesce(sum(j.credit_cost), 0)"""));

    /** Per lot, the settling transfers of such jobs are exactly their holds. */
    private static Rule settled(String says, String jobs, String kind) {
        String lots = """
                SELECT t.job_id, t.lot_id, t.amount
                FROM ledger.transfer t JOIN jobs.job j ON j.id = t.job_id
                WHERE j.%s AND t.kind = '%s'""";
        String held = lots.formatted(jobs, "hold");
        String moved = lots.formatted(jobs, kind);
        return new Rule(says, """
                SELECT format('job %%s, lot %%s, %%s credits', job_id, lot_id, amount)
                FROM ((%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s)) AS difference""".formatted(held, moved));
    }
}
