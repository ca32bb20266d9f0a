package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedBroker;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What came back of the cash that bought lots. */
class MarginTest {
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start("gateway_margin", EmbeddedBroker.shared());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void clear() {
        gateway.owner.execute("TRUNCATE api.lot_cash, api.further_cash, api.entry, api.payout, api.returned_cash");
    }

    @Test
    void takesOffOfEachLotItsPart() {
        lot("invoice", "invoice:in_1", 1000);
        lot("invoice", "invoice:in_1/2", 500);
        lot("topup", "session:cs_1", 300);
        lot("manual", "gift", 0);
        returned("invoice:in_1", 2000, 501);
        returned("session:cs_1", 300, 300);

        assertThat(figure("invoice:in_1", "returned_cents")).isEqualTo(250);
        assertThat(figure("invoice:in_1", "margin_cents")).isEqualTo(750);
        assertThat(figure("invoice:in_1/2", "returned_cents")).isEqualTo(125);
        assertThat(figure("session:cs_1", "margin_cents")).isZero();
        assertThat(figure("gift", "returned_cents")).isZero();
        JsonNode total = margin("").path("total");
        assertThat(total.path("revenue_cents").longValue()).isEqualTo(1800);
        assertThat(total.path("returned_cents").longValue()).isEqualTo(675);
        assertThat(total.path("margin_cents").longValue()).isEqualTo(1125);
    }

    @Test
    void takesNothingOffWhatCostNothing() {
        lot("invoice", "invoice:in_1", 0);
        returned("invoice:in_1", 0, 0);

        assertThat(figure("invoice:in_1", "returned_cents")).isZero();
    }

    /** The lot was bought by an upgrade's invoice, which came before the first one. */
    @Test
    void countsTheCashOfFurtherInvoicesOfALotsPeriod() {
        lot("invoice", "invoice:in_2", 1500);
        gateway.owner.update("INSERT INTO api.further_cash VALUES ('invoice:in_1', 'invoice:in_2', 1000)");
        returned("invoice:in_1", 1000, 400);
        returned("invoice:in_2", 3000, 100);

        assertThat(figure("invoice:in_2", "revenue_cents")).isEqualTo(2500);
        assertThat(figure("invoice:in_2", "returned_cents")).isEqualTo(450);
        assertThat(margin("").path("total").path("margin_cents").longValue()).isEqualTo(2050);
    }

    @Test
    void countsNoCostsForWhatWasTakenBack() {
        spent("invoice:in_1", payout(100, "paid", 10L));
        spent("invoice:in_2", payout(100, "paid", null));
        spent("invoice:in_3", payout(300, "reversed", 300L));

        assertThat(margin("").path("total").path("paid_cents").longValue()).isEqualTo(90 + 100);
        assertThat(figure("invoice:in_1", "paid_cents")).isEqualTo(90);
    }

    @Test
    void tellsTheMonthsOfGrants() {
        lot("topup", "session:cs_1", 300, "2026-02-28T23:59:59Z");
        lot("topup", "session:cs_2", 500, "2026-03-01T00:00:00Z");
        lot("manual", "gift", 0, "2026-03-31T23:59:59Z");

        assertThat(rows("")).containsExactly("2026-03 manual 1 0", "2026-03 topup 1 500", "2026-02 topup 1 300");
        assertThat(rows("?month=2026-02")).containsExactly("2026-02 topup 1 300");
        assertThat(rows("?month=2026-03")).containsExactly("2026-03 manual 1 0", "2026-03 topup 1 500");
        assertThat(rows("?month=2026-04")).isEmpty();
        assertThat(margin("?month=2026-02").path("total").path("revenue_cents").longValue())
                .isEqualTo(300);
        assertThat(margin("?by=lot&month=2026-02").path("data").valueStream())
                .singleElement()
                .satisfies(lot -> assertThat(
                                lot.path("ref").asString() + lot.path("month").asString())
                        .isEqualTo("session:cs_12026-02"));
    }

    private static List<String> rows(String query) {
        return margin(query)
                .path("data")
                .valueStream()
                .map(row -> row.path("month").asString() + " "
                        + row.path("tier").asString() + " " + row.path("lots") + " "
                        + row.path("figures").path("revenue_cents"))
                .toList();
    }

    /** Returns its job. */
    private static UUID payout(long cents, String status, @Nullable Long back) {
        UUID job = UUID.randomUUID();
        gateway.owner.update(
                "INSERT INTO api.payout (job_id, amount_cents, status, back_cents) VALUES (?, ?, ?, ?)",
                job,
                cents,
                status,
                back);
        return job;
    }

    /** A lot all of which went into one job. */
    private static void spent(String ref, UUID job) {
        lot("invoice", ref, 1000);
        gateway.owner.update("""
                INSERT INTO api.entry (user_id, sequence, kind, amount, lot_id, job_id, recorded_at)
                SELECT user_id, 2, 'capture', 2, id, ?, now() FROM api.lot_cash WHERE source_ref = ?""", job, ref);
    }

    private static void lot(String source, String ref, long cents) {
        lot(source, ref, cents, Instant.now().toString());
    }

    private static void lot(String source, String ref, long cents, String at) {
        UUID user = UUID.randomUUID();
        gateway.owner.update(
                "INSERT INTO api.lot_cash VALUES (?, ?, ?, ?, 10, 10, ?, 1)",
                user,
                UUID.randomUUID(),
                source,
                ref,
                cents);
        gateway.owner.update(
                "INSERT INTO api.entry (user_id, sequence, kind, recorded_at) VALUES (?, 1, 'grant', ?::timestamptz)",
                user,
                at);
    }

    private static void returned(String ref, long paid, long cents) {
        gateway.owner.update("INSERT INTO api.returned_cash VALUES (?, ?, ?)", ref, paid, cents);
    }

    private static long figure(String ref, String figure) {
        return margin("?by=lot")
                .path("data")
                .valueStream()
                .filter(lot -> lot.path("ref").asString().equals(ref))
                .findFirst()
                .orElseThrow()
                .path("figures")
                .path(figure)
                .longValue();
    }

    private static JsonNode margin(String query) {
        Http.Answer answer = new Http(gateway.url(), RunningGateway.ADMIN_KEY).get("/api/admin/margin" + query);
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }
}
