package dev.paymaster.system.world;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;

/** A user with an API key, and what a user does. */
public record Person(String id, Api api) {
    /** What a job of the only skill costs, in credits. */
    public static final long COST = 2;

    /** What it pays, in cents. */
    public static final long PAY_CENTS = 100;

    /** Whole credits. */
    public record Balance(long available, long held, long debt) {}

    public Balance credits() {
        Answer answer = api.get("/api/credits").expect(200);
        return new Balance(answer.number("/available"), answer.number("/held"), answer.number("/debt"));
    }

    /** Waits for a balance without debt. */
    public void awaitCredits(long available, long held) {
        eventually("credits of " + id)
                .untilAsserted(() -> assertThat(credits()).isEqualTo(new Balance(available, held, 0)));
    }

    /** Asks for a job, whatever comes of it. */
    public Answer askForJob() {
        return api.post("/api/jobs", newJob("Who invented double-entry bookkeeping?"));
    }

    /** How many payouts have which status, with the reason if there is one: {@code held account_not_active}; the last hundred, without batches. */
    public Map<String, Integer> payouts() {
        Map<String, Integer> payouts = new TreeMap<>();
        api.get("/api/payouts?limit=100")
                .expect(200)
                .json()
                .path("data")
                .valueStream()
                .filter(payout -> !payout.path("id").equals(payout.path("job_id")))
                .forEach(payout -> {
                    String reason = payout.path("reason").asString("");
                    String status = payout.path("status").stringValue();
                    payouts.merge(reason.isEmpty() ? status : status + " " + reason, 1, Integer::sum);
                });
        return payouts;
    }

    public String createJob() {
        return askForJob().expect(201).text("/id");
    }

    public Answer accept(String job) {
        return api.post("/api/jobs/" + job + "/accept");
    }

    public Answer submit(String job) {
        return api.post("/api/jobs/" + job + "/submit", "{\"output\": \"Merchants of Florence and Genoa.\"}");
    }

    public Answer verify(String job, boolean passed) {
        return api.post("/api/jobs/" + job + "/verify", "{\"passed\": " + passed + "}");
    }

    public Answer cancel(String job) {
        return api.post("/api/jobs/" + job + "/cancel");
    }

    public static String newJob(String prompt) {
        return "{\"prompt\": \"" + prompt + "\"}";
    }
}
