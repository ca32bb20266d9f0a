package dev.paymaster.system.earning;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.StripeControl;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Somebody who does jobs, and for whom. What they do is done when a method returns. For one thread at a time. */
final class Earner {
    private static final Duration A_DAY = Duration.ofHours(25);

    private final World world;
    private final StripeControl stripe;
    private final Person sender;
    private final Person receiver;
    private final Person other;
    private final List<String> accounts = new ArrayList<>();
    private final List<String> othersAccounts = new ArrayList<>();

    Earner(World world) {
        this.world = world;
        this.stripe = world.stripe();
        this.sender = world.newPersonWith(10);
        this.receiver = world.newPerson("Robin");
        this.other = world.newPerson("Kim");
    }

    String id() {
        return receiver.id();
    }

    /** All that there ever were, oldest first, and then those of the other. */
    List<String> accounts() {
        return Stream.concat(accounts.stream(), othersAccounts.stream()).toList();
    }

    void doJob() {
        world.verifiedJob(sender, receiver);
    }

    /** Somebody else does a job for the same sender. */
    void doJobByOther() {
        world.verifiedJob(sender, other);
    }

    void letOtherBePaid() {
        String account = other.api().post("/api/stripe/connect").expect(200).text("/account_id");
        othersAccounts.add(account);
        stripe.onboard(account, "complete");
    }

    Map<String, Integer> payoutsOfOther() {
        return other.payouts();
    }

    void openAccount() {
        String account = receiver.api().post("/api/stripe/connect").expect(200).text("/account_id");
        if (!accounts.contains(account)) {
            accounts.add(account);
        }
    }

    void onboard(String outcome) {
        stripe.onboard(accounts.getLast(), outcome);
    }

    void disconnect() {
        stripe.control("accounts/" + accounts.getLast() + "/deauthorize", "{}");
    }

    /** Stripe's next answers to transfers to the latest account are no good, so many of them. */
    void breakTransfers(String kind, int times) {
        stripe.addFault("""
                {"kind": "%s", "method": "POST", "path": "/v1/transfers", "destination": "%s", "times": %d}""".formatted(kind, accounts.getLast(), times));
    }

    /** The next transfer to the latest account takes so long, and has its effect at the end of that. */
    void slowTransfer(Duration time) {
        stripe.addFault("""
                {"kind": "latency", "method": "POST", "path": "/v1/transfers", "destination": "%s", "times": 1,
                 "millis": %d}""".formatted(accounts.getLast(), time.toMillis()));
    }

    /** A worker alone may call Stripe now for the only payout. */
    void awaitClaim() {
        eventually("a claim").until(() -> update("""
                UPDATE payouts.payout SET receiver = receiver WHERE receiver = ? AND claim IS NOT NULL""") == 1);
    }

    /** Each rule that is in force has struck. */
    void awaitStrikes() {
        eventually("strikes").untilAsserted(() -> assertThat(stripe.strikes()).allMatch(times -> times > 0));
    }

    /** Stripe has transferred so much to any account. */
    void awaitMoney(long cents) {
        eventually("money").untilAsserted(() -> assertThat(got()).isEqualTo(cents));
    }

    /** Nothing is broken at Stripe any more, for anybody, but that it loses its webhooks. */
    void healStripe() {
        stripe.breakWith(PayoutTable.SILENCE);
    }

    /** A day and an hour pass at Stripe, and for the key of the only payout. */
    void passADay() {
        stripe.advance(A_DAY);
        assertThat(update("""
                UPDATE payouts.payout SET first_used_at = first_used_at - interval '25 hours' WHERE receiver = ?""")).isOne();
    }

    /** The platform's balance changes, for everybody, and Stripe tells of it. */
    void fundPlatform(long cents) {
        stripe.setBalance(cents);
        world.webhooks()
                .deliver(stripe.events("balance.available").getFirst().toString())
                .expect(200);
    }

    /** The jobs of the transfers to the latest account and to the other's, those that were paid first in front. */
    List<String> paidJobs() {
        Set<String> ours = new HashSet<>(othersAccounts);
        ours.add(accounts.getLast());
        return stripe.transfers().reversed().stream()
                .filter(transfer -> ours.contains(transfer.path("destination").stringValue()))
                .map(transfer -> transfer.path("transfer_group").stringValue())
                .toList();
    }

    void reverseAtStripe(long cents) {
        JsonNode transfer = stripe.transfersTo(accounts.getLast()).getFirst();
        stripe.reverse(transfer.path("id").stringValue(), cents);
    }

    /** @param action {@code reverse} or {@code retry}, of the only payout, or the batch that the last one is in */
    void administer(String action) {
        JsonNode last = list().json().at("/data/0");
        String payout = last.path("batch_id").asString(last.path("id").stringValue());
        int status = world.admin()
                .post("/api/payouts/" + payout + "/" + action, "{\"reason\": \"for a test\"}")
                .status();
        assertThat(status).as(action).isIn(200, 202);
    }

    /** Nobody waits for days: what is to be done on a day is done now. */
    void bringTheDayUp() {
        eventually("a payout that has a day")
                .untilAsserted(() -> assertThat(update("""
                        UPDATE payouts.payout SET next_attempt_at = now()
                        WHERE receiver = ? AND next_attempt_at > now() + interval '1 day'""")).isOne());
    }

    /** Updates rows of the receiver's as the database's owner could. */
    private int update(String sql) {
        try (Connection connection = world.database().connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, UUID.fromString(id()));
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The jobs of each batch, as their payouts say. */
    Map<String, Set<String>> batches() {
        Map<String, Set<String>> batches = new HashMap<>();
        list().json().path("data").forEach(payout -> {
            String batch = payout.path("batch_id").asString("");
            if (!batch.isEmpty()) {
                batches.computeIfAbsent(batch, _ -> new HashSet<>())
                        .add(payout.path("job_id").stringValue());
            }
        });
        return batches;
    }

    /** The jobs that a batch says it pays. */
    Set<String> jobsOf(String batch) {
        JsonNode payout =
                receiver.api().get("/api/payouts/" + batch).expect(200).json();
        List<String> jobs =
                payout.path("job_ids").valueStream().map(JsonNode::stringValue).toList();
        assertThat(jobs).hasSize(payout.path("jobs").intValue());
        return Set.copyOf(jobs);
    }

    int transfers() {
        return accounts.stream()
                .mapToInt(account -> stripe.transfersTo(account).size())
                .sum();
    }

    /** The number of the key with which the only payout was paid last. */
    int key() {
        return (int) world.admin()
                .get("/api/payouts/" + list().text("/data/0/id"))
                .expect(200)
                .number("/attempt");
    }

    /** What came of each call for the only payout. */
    List<String> outcomes() {
        return world.admin()
                .get("/api/payouts/" + list().text("/data/0/id"))
                .expect(200)
                .json()
                .path("attempts")
                .valueStream()
                .map(attempt -> attempt.path("outcome").stringValue())
                .toList();
    }

    /** How many payouts have which status and reason. */
    Map<String, Integer> payouts() {
        return receiver.payouts();
    }

    /** In cents: what was transferred to any account, without what was taken back. */
    long got() {
        return accounts.stream().mapToLong(stripe::stands).sum();
    }

    private Answer list() {
        return receiver.api().get("/api/payouts?limit=100").expect(200);
    }
}
