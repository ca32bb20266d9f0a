package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.messaging.Codec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.node.ObjectNode;

/** A payout between two who have used the same card or bank account is flagged, and made all the same. */
class SharedFingerprintTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Surroundings around = Surroundings.shared();

    /** A sender, two receivers and their jobs: the first receiver is paid to what the sender pays with. */
    private final class Affair {
        private final UUID sender = UUID.randomUUID();
        private final UUID receiver = UUID.randomUUID();
        private final UUID stranger = UUID.randomUUID();
        private final String customer = "cus_" + sender;
        private final String fingerprint = "f" + sender;
        final UUID job = UUID.randomUUID();
        final UUID strangersJob = UUID.randomUUID();

        /** What there is to tell, in the order in which it happens. */
        List<Runnable> facts() {
            return List.of(
                    () -> around.publishStripeEvent(
                            "checkout.session.completed", customer, event("""
                            {"customer": "%s", "client_reference_id": "%s"}""".formatted(customer, sender))),
                    () -> around.publishStripeEvent(
                            "charge.succeeded", customer, event("""
                            {"customer": "%s", "payment_method_details": {"card": {"fingerprint": "%s"}}}""".formatted(customer, fingerprint))),
                    () -> {
                        account(receiver, fingerprint);
                        account(stranger, "f" + stranger);
                    },
                    () -> {
                        around.verifyJob(job, sender, receiver, 100, false);
                        around.verifyJob(strangersJob, sender, stranger, 100, false);
                    });
        }

        private void account(UUID user, String paidTo) {
            String account = accountOf(user);
            around.publishStripeEvent("account.updated", account, event("""
                    {"id": "%s", "metadata": {"user_id": "%s"}, "details_submitted": true}""".formatted(account, user)));
            around.publishStripeEvent(
                    "account.external_account.created", account, event("""
                    {"account": "%s", "fingerprint": "%s"}""".formatted(account, paidTo)));
        }

        /** Whether all that was told of is known. */
        boolean isKnown() {
            return count("payouts.holder WHERE id IN (?, ?, ?)", customer, accountOf(receiver), accountOf(stranger))
                            == 3
                    && count(
                                    "payouts.instrument WHERE holder IN (?, ?, ?)",
                                    customer,
                                    accountOf(receiver),
                                    accountOf(stranger))
                            == 3
                    && count("payouts.payout WHERE job_id IN (?, ?)", job, strangersJob) == 2;
        }
    }

    @Test
    void flagsWhateverIsToldFirstAndHoweverOften() {
        try (ConfigurableApplicationContext _ = around.worker()) {
            List<Affair> affairs = new ArrayList<>();
            for (List<Integer> order : orders(List.of(0, 1, 2, 3))) {
                Affair affair = new Affair();
                order.forEach(fact -> affair.facts().get(fact).run());
                order.reversed().forEach(fact -> affair.facts().get(fact).run());
                affairs.add(affair);
            }

            await().atMost(SOON).until(() -> affairs.stream().allMatch(Affair::isKnown));
            assertThat(affairs).hasSize(24).allSatisfy(affair -> {
                assertThat(isFlagged(affair.job)).isTrue();
                assertThat(isFlagged(affair.strangersJob)).isFalse();
            });
        }
    }

    @Test
    void paysWhatIsFlaggedByItselfOrInABatch() {
        for (String mode : List.of("per-job", "batched")) {
            try (ConfigurableApplicationContext _ =
                    around.worker("--payouts.mode=" + mode, "--payouts.batch-period=1s")) {
                Affair affair = new Affair();
                affair.facts().forEach(Runnable::run);
                for (UUID user : List.of(affair.receiver, affair.stranger)) {
                    around.activeAccount(user);
                }
                await().atMost(SOON).until(() -> around.countPaid(List.of(affair.job, affair.strangersJob)) == 2);
                for (UUID job : List.of(affair.job, affair.strangersJob)) {
                    assertThat(around.owner.queryForList(
                                    "SELECT shared_fingerprint FROM api.payout WHERE receiver ="
                                            + " (SELECT receiver FROM api.payout WHERE job_id = ?)",
                                    Boolean.class,
                                    job))
                            .as(mode)
                            .hasSize(mode.equals("batched") ? 2 : 1)
                            .containsOnly(job.equals(affair.job));
                }
            }
        }
    }

    /** What an account is paid to is looked up, should the event that told it be lost; in either way of making accounts. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void flagsThoughTheEventsOfTheBankAccountWereLost(boolean v2) {
        UUID sender = UUID.randomUUID();
        UUID receiver = UUID.randomUUID();
        UUID job = UUID.randomUUID();
        try (ConfigurableApplicationContext _ = around.worker("--payouts.accounts-asked-after=200ms")) {
            String account = v2 ? around.stripe.createAccountV2(receiver) : around.stripe.createAccount(receiver);
            around.stripe.onboard(account, "complete");
            ObjectNode shown = (ObjectNode) Codec.json().readTree(around.stripe.account(account));
            String fingerprint =
                    shown.at("/external_accounts/data/0/fingerprint").stringValue();
            shown.remove("external_accounts");
            String customer = "cus_" + sender;
            around.publishStripeEvent("customer.created", customer, event("""
                    {"id": "%s", "metadata": {"user_id": "%s"}}""".formatted(customer, sender)));
            around.publishStripeEvent("charge.succeeded", customer, event("""
                    {"customer": "%s", "payment_method_details": {"us_bank_account": {"fingerprint": "%s"}}}""".formatted(customer, fingerprint)));

            around.reportAccount(account, shown.toString(), Instant.now().getEpochSecond());
            around.verifyJob(job, sender, receiver, 100, false);

            around.awaitStatus(job, "paid");
            await().atMost(SOON).until(() -> isFlagged(job));
        }
    }

    private boolean isFlagged(UUID job) {
        return Boolean.TRUE.equals(around.owner.queryForObject(
                "SELECT shared_fingerprint FROM api.payout WHERE job_id = ?", Boolean.class, job));
    }

    private long count(String from, Object... parameters) {
        return requireNonNull(around.owner.queryForObject("SELECT count(*) FROM " + from, Long.class, parameters));
    }

    private static String accountOf(UUID user) {
        return "acct_" + user;
    }

    private static String event(String object) {
        return """
                {"id": "evt_test", "object": "event", "created": %d, "data": {"object": %s}}""".formatted(Instant.now().getEpochSecond(), object);
    }

    private static List<List<Integer>> orders(List<Integer> all) {
        if (all.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> orders = new ArrayList<>();
        for (Integer first : all) {
            List<Integer> others =
                    all.stream().filter(other -> !other.equals(first)).toList();
            for (List<Integer> rest : orders(others)) {
                List<Integer> order = new ArrayList<>(List.of(first));
                order.addAll(rest);
                orders.add(order);
            }
        }
        return orders;
    }
}
