package dev.paymaster.system.life;

import static dev.paymaster.system.life.Steps.*;
import static dev.paymaster.system.proof.Row.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A sender's jobs are paid from what the sender's purchases have brought in, and not from anything else. A job pays 100; under a
 * coupon of 80 % a month brings in 200.
 */
@Tag("long")
class CapTableTest implements PlayedTable {
    private static final String CAPPED = "held revenue_cap";

    private static final List<Row<Step>> ROWS = List.of(
            row(
                    "no more is paid than months bring in",
                    subscribesWithCoupon("starter", 80),
                    has(50),
                    doesJobs(3),
                    has(44).pays(Map.of("paid", 2, CAPPED, 1), 200),
                    days(31),
                    has(94).pays(3, "paid", 300)),
            row(
                    "no more is paid than packs bring in",
                    buys("small"),
                    has(10),
                    doesJobs(4),
                    has(2).pays(Map.of("paid", 3, CAPPED, 1), 300),
                    buys("small"),
                    has(12).pays(4, "paid", 400)),
            row(
                    "a coupon of 100 % brings nothing in",
                    subscribesWithCoupon("starter", 100),
                    has(50),
                    doesJobs(1),
                    has(48).pays(1, CAPPED, 0),
                    days(31),
                    has(98).pays(1, "paid", 100)),
            row(
                    "what came back before a job pays none",
                    subscribesWithCoupon("starter", 60),
                    has(50),
                    isRefunded(1, 200),
                    has(25),
                    doesJobs(3),
                    has(19).pays(Map.of("paid", 2, CAPPED, 1), 200)),
            row(
                    "what comes back later lacks the next ones",
                    subscribesUnderACoupon("starter", 60),
                    has(50),
                    doesJobs(3),
                    has(44).pays(3, "paid", 300),
                    isRefunded(1, 400),
                    has(0, 0, 6).pays(3, "paid", 300),
                    days(31),
                    has(44).pays(3, "paid", 300),
                    doesJobs(2),
                    has(40).pays(Map.of("paid", 4, CAPPED, 1), 400)),
            row(
                    "a refund that fails makes room again",
                    subscribesWithCoupon("starter", 80),
                    has(50),
                    isRefunded(1, 100),
                    has(25),
                    doesJobs(2),
                    has(21).pays(Map.of("paid", 1, CAPPED, 1), 100),
                    refundFails(1),
                    has(46).pays(2, "paid", 200)),
            row(
                    "a dispute holds payouts until it is won",
                    subscribesWithCoupon("starter", 80),
                    has(50),
                    createsJobs(3),
                    has(44, 6, 0),
                    disputes(1),
                    has(0, 6, 6),
                    jobsAreDone(),
                    has(0, 0, 6).pays(3, CAPPED, 0),
                    disputeIs("won"),
                    has(44).pays(Map.of("paid", 2, CAPPED, 1), 200)),
            row(
                    "a payout that is taken back makes room for the next in line",
                    subscribesWithCoupon("starter", 80),
                    has(50),
                    doesJobs(3),
                    has(44).pays(Map.of("paid", 2, CAPPED, 1), 200),
                    payoutsAreTakenBack(),
                    has(44).pays(Map.of("reversed", 2, "paid", 1), 100),
                    doesJobs(2),
                    has(40).pays(Map.of("reversed", 2, "paid", 2, CAPPED, 1), 200)));

    private final World world = open();
    private final Table table = new Table(world, ROWS);

    private static World open() {
        Map<String, String> settings = new HashMap<>(Table.FAST_PAYOUTS);
        settings.put("payouts.cap-at-revenue", "true");
        settings.put("timers.reviews", "1s");
        settings.put("reconcile.first-after", "1h");
        return World.with(settings);
    }

    @BeforeAll
    void play() {
        world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
        table.play();
    }

    /** To the cent: what Stripe has charged, given back and transferred. */
    @Test
    void marginsAreWhatStripeTookInAndPaidOut() {
        JsonNode margin = world.admin().get("/api/admin/margin").expect(200).json();
        List<JsonNode> lots = lots();

        assertThat(margin.at("/total/revenue_cents").longValue())
                .isEqualTo(sum(
                        "/v1/charges", "amount", charge -> charge.path("paid").booleanValue()));
        assertThat(margin.at("/total/returned_cents").longValue())
                .isPositive()
                .isEqualTo(sum(
                        "/v1/refunds",
                        "amount",
                        refund -> refund.path("status").asString("").equals("succeeded")));
        assertThat(margin.at("/total/paid_cents").longValue())
                .isPositive()
                .isEqualTo(
                        sum("/v1/transfers", "amount", _ -> true) - sum("/v1/transfers", "amount_reversed", _ -> true));
        assertThat(figuresByTier(margin.path("data").valueStream())).isEqualTo(figuresByTier(lots.stream()));
        assertThat(lots)
                .allSatisfy(lot -> assertThat(lot.at("/figures/revenue_cents").longValue())
                        .as(lot.path("ref").stringValue())
                        .isEqualTo(cashOf(lot.path("ref").stringValue())));
    }

    private List<JsonNode> lots() {
        List<JsonNode> lots = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = world.admin()
                    .get("/api/admin/margin?by=lot&limit=100" + cursor)
                    .expect(200)
                    .json();
            page.path("data").forEach(lots::add);
            cursor = page.path("next_cursor").isString()
                    ? "&cursor=" + page.path("next_cursor").stringValue()
                    : "";
        } while (!cursor.isEmpty());
        return lots;
    }

    private long sum(String list, String field, Predicate<JsonNode> counts) {
        return world.stripe().all(list + "?limit=100").stream()
                .filter(counts)
                .mapToLong(each -> each.path(field).longValue())
                .sum();
    }

    /** Every figure's sum, by month and tier. */
    private static Map<String, Long> figuresByTier(Stream<JsonNode> rows) {
        Map<String, Long> sums = new TreeMap<>();
        rows.forEach(row -> row.path("figures")
                .properties()
                .forEach(figure -> sums.merge(
                        row.path("month").stringValue() + " " + row.path("tier").stringValue() + " " + figure.getKey(),
                        figure.getValue().longValue(),
                        Long::sum)));
        return sums;
    }

    /** What Stripe was paid for what a lot was bought with. */
    private long cashOf(String ref) {
        String id = ref.substring(ref.indexOf(':') + 1);
        return ref.startsWith("invoice:")
                ? world.stripe().fetch("/v1/invoices/" + id).path("amount_paid").longValue()
                : world.stripe()
                        .fetch("/v1/checkout/sessions/" + id)
                        .path("amount_total")
                        .longValue();
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public Map<String, String> failures() {
        return table.failures();
    }
}
