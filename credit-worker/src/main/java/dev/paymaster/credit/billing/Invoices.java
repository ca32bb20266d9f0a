package dev.paymaster.credit.billing;

import dev.paymaster.credit.invoice.Claim;
import dev.paymaster.credit.invoice.Claim.Period;
import dev.paymaster.credit.invoice.Entitlements.Award;
import dev.paymaster.credit.invoice.Entitlements.Entitlement;
import dev.paymaster.credit.invoice.Entitlements.Stretch;
import dev.paymaster.credit.invoice.GivenBack;
import dev.paymaster.ledger.sql.SetStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Tables {@code billing.invoice}, {@code billing.claim}, {@code billing.given_back} and {@code billing.entitlement}, read and
 * written a whole batch at a time. Thread-safe.
 */
final class Invoices {
    private static final String LOAD_APPLIED = "SELECT invoice_id FROM billing.invoice WHERE invoice_id = ANY (?)";

    private static final String LOCK_ENTITLEMENTS = """
            SELECT e.subscription_id, e.period_end, e.tier, e.reversed
            FROM unnest(?, ?) AS wanted (subscription_id, period_end)
            JOIN billing.entitlement AS e USING (subscription_id, period_end)
            ORDER BY e.subscription_id, e.period_end FOR UPDATE OF e""";

    private static final String CLAIMS = """
            SELECT c.subscription_id, c.period_end, c.above, c.credits
            FROM unnest(?, ?) AS wanted (subscription_id, period_end)
            JOIN billing.claim AS c USING (subscription_id, period_end)""";

    private static final String INSERT_ENTITLEMENTS = """
            INSERT INTO billing.entitlement (subscription_id, period_end, tier, credits)
            SELECT * FROM unnest(?, ?, ?, ?) AS n (subscription_id, period_end) ORDER BY subscription_id, period_end""";

    private static final String RAISE_ENTITLEMENTS = """
            UPDATE billing.entitlement AS e SET tier = n.tier, credits = n.credits
            FROM unnest(?, ?, ?, ?) AS n (subscription_id, period_end, tier, credits)
            WHERE e.subscription_id = n.subscription_id AND e.period_end = n.period_end""";

    private static final String INSERT_APPLIED = """
            INSERT INTO billing.invoice (invoice_id, customer_id, user_id, event_id, granted, revenue_cents, paid_cents,
                                         cash_cents, applied_at)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) AS n (invoice_id) ORDER BY invoice_id""";

    private static final String INSERT_CLAIMS = """
            INSERT INTO billing.claim (invoice_id, number, subscription_id, period_end, tier, above, credits, granted,
                                       revenue_cents, paid_cents)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS n (invoice_id, number) ORDER BY invoice_id, number""";

    private static final String INSERT_GIVEN_BACK = """
            INSERT INTO billing.given_back (invoice_id, subscription_id, period_end, cents)
            SELECT * FROM unnest(?, ?, ?, ?) AS n (invoice_id, subscription_id, period_end)
            ORDER BY subscription_id, period_end, invoice_id""";

    private static final String GIVEN_BACK = """
            SELECT DISTINCT subscription_id, period_end
            FROM unnest(?, ?) AS wanted (subscription_id, period_end)
            JOIN billing.given_back USING (subscription_id, period_end)""";

    private final JdbcOperations jdbc;

    Invoices(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** An invoice that has had its effect. */
    record Applied(
            String invoiceId,
            @Nullable String customerId,
            UUID userId,
            String eventId,
            long paidCents,
            long cashCents,
            List<Award> awards,
            List<GivenBack> givenBack,
            Instant appliedAt) {
        long granted() {
            return awards.stream().mapToLong(Award::credits).sum();
        }

        long revenueCents() {
            return awards.stream()
                    .mapToLong(award -> award.claim().revenueCents())
                    .sum();
        }
    }

    private record ClaimOf(String invoiceId, int number, Award award) {
        Claim claim() {
            return award.claim();
        }
    }

    private record GivenBackBy(String invoiceId, GivenBack givenBack) {
        Period period() {
            return givenBack.period();
        }
    }

    /** Which of these have had their effect already. */
    Set<String> applied(Set<String> invoiceIds) {
        return new HashSet<>(jdbc.query(
                new SetStatement<>(LOAD_APPLIED, invoiceIds).with("text", id -> id),
                (row, number) -> row.getString(1)));
    }

    /** What has been granted for these periods; locked, in ascending order. */
    List<Entitlement> entitlements(Set<Period> periods) {
        if (periods.isEmpty()) {
            return List.of();
        }
        Map<Period, Entitlement> locked = new LinkedHashMap<>();
        jdbc.query(
                new SetStatement<>(LOCK_ENTITLEMENTS, periods)
                        .with("text", Period::subscriptionId)
                        .with("timestamptz", Period::end),
                row -> {
                    locked.put(
                            period(row), new Entitlement(period(row), row.getString(3), List.of(), row.getBoolean(4)));
                });
        Map<Period, List<Stretch>> paidFor = paidFor(locked.keySet());
        return locked.values().stream()
                .map(each -> new Entitlement(
                        each.period(), each.tier(), paidFor.getOrDefault(each.period(), List.of()), each.reversed()))
                .toList();
    }

    /** Read after the periods were locked: whoever adds a claim locks them first. */
    private Map<Period, List<Stretch>> paidFor(Set<Period> periods) {
        Map<Period, List<Stretch>> paidFor = new HashMap<>();
        if (!periods.isEmpty()) {
            jdbc.query(
                    new SetStatement<>(CLAIMS, periods)
                            .with("text", Period::subscriptionId)
                            .with("timestamptz", Period::end),
                    row -> {
                        paidFor.computeIfAbsent(period(row), _ -> new ArrayList<>())
                                .add(new Stretch(row.getLong(3), row.getLong(4)));
                    });
        }
        return paidFor;
    }

    /** For which of these periods an invoice has given something back. */
    Set<Period> givenBackFor(Set<Period> periods) {
        if (periods.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(jdbc.query(
                new SetStatement<>(GIVEN_BACK, periods)
                        .with("text", Period::subscriptionId)
                        .with("timestamptz", Period::end),
                (row, number) -> period(row)));
    }

    private static Period period(ResultSet row) throws SQLException {
        return new Period(
                row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant());
    }

    void create(Collection<Entitlement> entitlements) {
        write(INSERT_ENTITLEMENTS, entitlements);
    }

    void raise(Collection<Entitlement> entitlements) {
        write(RAISE_ENTITLEMENTS, entitlements);
    }

    private void write(String sql, Collection<Entitlement> entitlements) {
        if (entitlements.isEmpty()) {
            return;
        }
        jdbc.update(new SetStatement<>(sql, entitlements)
                .with("text", entitlement -> entitlement.period().subscriptionId())
                .with("timestamptz", entitlement -> entitlement.period().end())
                .with("text", Entitlement::tier)
                .withLongs(Entitlement::credits));
    }

    void record(Collection<Applied> invoices) {
        if (invoices.isEmpty()) {
            return;
        }
        jdbc.update(new SetStatement<>(INSERT_APPLIED, invoices)
                .with("text", Applied::invoiceId)
                .with("text", Applied::customerId)
                .with("uuid", Applied::userId)
                .with("text", Applied::eventId)
                .withLongs(Applied::granted)
                .withLongs(Applied::revenueCents)
                .withLongs(Applied::paidCents)
                .withLongs(Applied::cashCents)
                .with("timestamptz", Applied::appliedAt));
        recordClaims(invoices);
        recordGivenBack(invoices);
    }

    private void recordClaims(Collection<Applied> invoices) {
        List<ClaimOf> claims = new ArrayList<>();
        for (Applied invoice : invoices) {
            int number = 0;
            for (Award award : invoice.awards()) {
                number++;
                claims.add(new ClaimOf(invoice.invoiceId(), number, award));
            }
        }
        if (claims.isEmpty()) {
            return;
        }
        jdbc.update(new SetStatement<>(INSERT_CLAIMS, claims)
                .with("text", ClaimOf::invoiceId)
                .with("int4", ClaimOf::number)
                .with("text", each -> each.claim().period().subscriptionId())
                .with("timestamptz", each -> each.claim().period().end())
                .with("text", each -> each.claim().tier())
                .withLongs(each -> each.claim().above())
                .withLongs(each -> each.claim().credits())
                .withLongs(each -> each.award().credits())
                .withLongs(each -> each.claim().revenueCents())
                .withLongs(each -> each.claim().paidCents()));
    }

    private void recordGivenBack(Collection<Applied> invoices) {
        List<GivenBackBy> given = invoices.stream()
                .flatMap(
                        invoice -> invoice.givenBack().stream().map(each -> new GivenBackBy(invoice.invoiceId(), each)))
                .toList();
        if (given.isEmpty()) {
            return;
        }
        jdbc.update(new SetStatement<>(INSERT_GIVEN_BACK, given)
                .with("text", GivenBackBy::invoiceId)
                .with("text", each -> each.period().subscriptionId())
                .with("timestamptz", each -> each.period().end())
                .withLongs(each -> each.givenBack().cents()));
    }
}
