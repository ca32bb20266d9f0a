package dev.paymaster.system.books;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.reversal.TakenBack;
import dev.paymaster.credit.reversal.TakenBack.Share;
import dev.paymaster.credit.reversal.TakenBack.Step;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Chance;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The proof has in SQL what credit-worker reckons in {@link TakenBack}: how many credits go with money that came back. Here they are
 * compared on periods drawn at random, planted for a moment. {@code -Dseed=…} draws those of a failure again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProofOfGivenBackPeriodsTest implements Scenario {
    private static final int PERIODS = 400;
    private static final long[] TIERS = {1, 50, 150, 333, 500};

    private final World world = World.shared();
    private final Person disputer = world.newPerson("Dora");
    private final long seed = Long.getLong("seed", new Random().nextInt(1_000_000));
    private String disputed = "";

    @Override
    public World world() {
        return world;
    }

    /** Stripe's list of disputes leads to this invoice, and the invoice to every period that it has a claim to. */
    @BeforeAll
    void dispute() {
        world.subscribe(disputer, "starter");
        disputer.awaitCredits(50, 0);
        disputed = disputer.api()
                .get("/api/credits")
                .expect(200)
                .text("/lots/0/ref")
                .substring("invoice:".length());
        world.stripe().dispute(world.stripe().paymentOf(disputed));
        disputer.awaitCredits(0, 0);
        world.comesToRest();
    }

    /**
     * A period and what was paid and given back for it.
     *
     * @param ofDisputed what the disputed invoice, of 1000 cents that all came back, claims of it
     * @param others claims of other invoices, each of its own
     */
    private record Drawn(int number, Share ofDisputed, List<Share> others, long givenBackCents) {
        String subscription() {
            return "sub_drawn_%03d".formatted(number);
        }

        String invoice(int of) {
            return "in_drawn_%03d_%d".formatted(number, of);
        }

        long revoked() {
            List<Share> shares = new ArrayList<>(others);
            shares.add(ofDisputed);
            return TakenBack.stepsOfPeriod(shares, givenBackCents).stream()
                    .mapToLong(Step::revoked)
                    .sum();
        }

        long credits() {
            return Math.max(
                    ofDisputed.credits(),
                    others.stream().mapToLong(Share::credits).max().orElse(0));
        }
    }

    @Test
    void reckonsAsCreditWorkerDoes() throws SQLException {
        List<Drawn> periods = new ArrayList<>();
        for (int number = 0; number < PERIODS; number++) {
            periods.add(drawn(number, Chance.of(seed, number)));
        }
        Set<String> all = new HashSet<>();
        periods.forEach(period -> all.add(period.subscription()));
        Set<String> asReckoned;
        Set<String> oneMore;
        Set<String> oneLess;
        try {
            plant(periods);
            asReckoned = named();
            oneMore = named("revoked + 1", "revoked < credits");
            oneLess = named("revoked - 1", "revoked > 0");
        } finally {
            remove();
        }

        assertThat(periods.stream().filter(period -> asReckoned.contains(period.subscription())))
                .as("with -Dseed=%s", seed)
                .isEmpty();
        oneMore.addAll(oneLess);
        assertThat(oneMore).as("with -Dseed=%s", seed).isEqualTo(all);
        assertThat(periods.stream().filter(period -> period.revoked() > 0 && period.revoked() < period.credits()))
                .as("of which a part is revoked, with -Dseed=%s", seed)
                .hasSizeGreaterThan(PERIODS / 10);
    }

    /** Mostly, the disputed invoice has only changed the price within a tier: then it claims no credits of the period. */
    private static Drawn drawn(int number, Random random) {
        List<Share> others = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            long paid = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(random.nextBoolean() ? 10 : 9_000);
            Share share = share(random, paid, takenOf(paid, random));
            // Somebody has paid for credits of it.
            others.add(i > 0 ? share : new Share(0, share.credits(), paid, share.takenCents(), share.periodCents()));
        }
        long tier = TIERS[random.nextInt(TIERS.length)];
        Share ofDisputed =
                random.nextInt(4) == 0 ? share(random, 1_000, 1_000) : new Share(tier, tier, 1_000, 1_000, 0);
        long paid = others.stream().mapToLong(Share::periodCents).sum();
        long givenBack = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> paid + random.nextInt(3) - Math.min(1, paid);
            default -> random.nextInt((int) paid + 1);
        };
        return new Drawn(number, ofDisputed, others, givenBack);
    }

    private static Share share(Random random, long paid, long taken) {
        long credits = TIERS[random.nextInt(TIERS.length)];
        long above = random.nextBoolean() ? 0 : Math.min(credits, TIERS[random.nextInt(TIERS.length)]);
        return new Share(above, credits, paid, taken, random.nextBoolean() ? paid : random.nextLong(paid + 1));
    }

    /** More than all of it: a payment is refunded, and disputed as well. */
    private static long takenOf(long paid, Random random) {
        return switch (random.nextInt(5)) {
            case 0, 1 -> 0;
            case 2 -> paid + random.nextInt(2);
            default -> random.nextLong(paid + 1);
        };
    }

    private void plant(List<Drawn> periods) throws SQLException {
        try (Connection connection = world.database().connect();
                PreparedStatement entitlement = connection.prepareStatement("""
                        INSERT INTO billing.entitlement (subscription_id, period_end, tier, credits, revoked)
                        VALUES (?, '2026-12-01', 'drawn', ?, ?)""");
                PreparedStatement invoice = connection.prepareStatement("""
                        INSERT INTO billing.invoice (invoice_id, user_id, event_id, granted, revenue_cents, paid_cents, applied_at)
                        VALUES (?, ?, 'evt_drawn', 0, 0, ?, now() - interval '1 hour')""");
                PreparedStatement payment = connection.prepareStatement("""
                        INSERT INTO billing.payment (payment_id, invoice_id, refunded_cents, open, changed_at)
                        VALUES (replace(?, 'in_', 'pi_'), ?, ?, false, now() - interval '1 hour')""");
                PreparedStatement claim = connection.prepareStatement("""
                        INSERT INTO billing.claim (invoice_id, number, subscription_id, period_end, tier, above, credits, paid_cents)
                        VALUES (?, ?, ?, '2026-12-01', 'drawn', ?, ?, ?)""");
                PreparedStatement given = connection.prepareStatement("""
                        INSERT INTO billing.given_back (invoice_id, subscription_id, period_end, cents)
                        VALUES (?, ?, '2026-12-01', ?)""")) {
            for (Drawn period : periods) {
                add(entitlement, period.subscription(), period.credits(), period.revoked());
                claim(claim, disputed, period.number() + 2, period, period.ofDisputed());
                for (int i = 0; i < period.others().size(); i++) {
                    Share share = period.others().get(i);
                    String id = period.invoice(i);
                    add(invoice, id, UUID.fromString(disputer.id()), share.paidCents());
                    add(payment, id, id, share.takenCents());
                    claim(claim, id, 1, period, share);
                }
                // Two invoices gave it back.
                long half = period.givenBackCents() / 2;
                add(given, period.invoice(8), period.subscription(), half);
                add(given, period.invoice(9), period.subscription(), period.givenBackCents() - half);
            }
            for (PreparedStatement each : List.of(entitlement, invoice, payment, claim, given)) {
                each.executeBatch();
            }
        }
    }

    private static void claim(PreparedStatement claim, String invoice, int number, Drawn period, Share share)
            throws SQLException {
        add(claim, invoice, number, period.subscription(), share.above(), share.credits(), share.periodCents());
    }

    private static void add(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.addBatch();
    }

    private void remove() throws SQLException {
        execute("DELETE FROM billing.given_back WHERE subscription_id LIKE 'sub\\_drawn\\_%';"
                + " DELETE FROM billing.claim WHERE subscription_id LIKE 'sub\\_drawn\\_%';"
                + " DELETE FROM billing.payment WHERE payment_id LIKE 'pi\\_drawn\\_%';"
                + " DELETE FROM billing.invoice WHERE event_id = 'evt_drawn';"
                + " DELETE FROM billing.entitlement WHERE subscription_id LIKE 'sub\\_drawn\\_%'");
    }

    /** Which of the planted periods the proof names, with another number of revoked credits for a moment. */
    private Set<String> named(String revoked, String where) throws SQLException {
        execute("DROP TABLE IF EXISTS billing.kept; CREATE TABLE billing.kept AS"
                + " SELECT * FROM billing.entitlement WHERE subscription_id LIKE 'sub\\_drawn\\_%';"
                + " UPDATE billing.entitlement SET revoked = " + revoked
                + " WHERE subscription_id LIKE 'sub\\_drawn\\_%' AND " + where);
        try {
            return named();
        } finally {
            execute("UPDATE billing.entitlement e SET revoked = k.revoked FROM billing.kept k"
                    + " WHERE (e.subscription_id, e.period_end) = (k.subscription_id, k.period_end);"
                    + " DROP TABLE billing.kept");
        }
    }

    private Set<String> named() {
        Set<String> found = new HashSet<>();
        world.admin()
                .get("/api/admin/proof?seconds=0&stripe_pages=1&all=true&cursor=disputes:")
                .expect(200)
                .json()
                .path("differences")
                .valueStream()
                .filter(each -> each.path("rule").stringValue().equals("credits_go_with_their_money"))
                .map(each -> each.path("subject").stringValue())
                .filter(subject -> subject.startsWith("sub_drawn_"))
                .forEach(subject -> found.add(subject.substring(0, subject.indexOf(' '))));
        return found;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
