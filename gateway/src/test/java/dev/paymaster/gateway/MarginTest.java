package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedBroker;
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
        UUID user = UUID.randomUUID();
        gateway.owner.update(
                "INSERT INTO api.lot_cash VALUES (?, ?, ?, ?, 10, 10, ?, 1)",
                user,
                UUID.randomUUID(),
                source,
                ref,
                cents);
        gateway.owner.update(
                "INSERT INTO api.entry (user_id, sequence, kind, recorded_at) VALUES (?, 1, 'grant', now())", user);
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
