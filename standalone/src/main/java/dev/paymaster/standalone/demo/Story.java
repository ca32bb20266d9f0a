package dev.paymaster.standalone.demo;

import dev.paymaster.standalone.RunningInstance;
import java.net.URI;
import java.net.http.HttpClient;
import tools.jackson.databind.JsonNode;

/**
 * The story: a payment becomes credits, credits pay for a job, and the job pays a person. Throws {@link StoryFailed} at the
 * first step that doesn't come true.
 */
final class Story {
    private final Screen screen;
    private final Events events;
    private final RunningInstance instance;
    private final Api admin;
    private final Api sandbox;

    Story(Screen screen, HttpClient client, Events events, RunningInstance instance, String adminKey) {
        this.screen = screen;
        this.events = events;
        this.instance = instance;
        this.admin = new Api(screen, client, instance.url(), "admin", adminKey);
        this.sandbox = new Api(screen, client, URI.create(instance.sandboxUrl()), "stripe", instance.sandboxKey());
    }

    void play() {
        screen.title("A payment becomes credits, credits pay for a job, and the job pays a person.");
        screen.note("HTTP at " + instance.url() + ", events from Kafka at " + instance.bootstrapServers()
                + ", Stripe's sandbox at " + instance.sandboxUrl());

        screen.chapter("An administrator makes two users; each gets a key");
        Person sender = newUser("sender", "Sam");
        Person receiver = newUser("receiver", "Robin");

        screen.chapter("The sender subscribes to the starter tier, $10 a month, and gets 50 credits");
        buyCredits(sender);

        screen.chapter("The sender creates a job; its 2 credits are held. Without credits there is no job");
        refuseWithoutCredits(receiver);
        String job = createJob(sender);

        screen.chapter("The receiver opens an account with Stripe, to be paid");
        String account = onboard(receiver);

        screen.chapter("The receiver accepts the job and submits a result; the sender verifies it");
        doJob(sender, receiver, job);

        screen.chapter("Stripe pays the receiver $1.00");
        bePaid(receiver, job, account);
        screen.good("Every step came true.");
    }

    private Person newUser(String who, String name) {
        JsonNode answer = admin.post("/api/users", "{\"name\": \"" + name + "\"}", 201);
        String id = text(answer, "id");
        events.follow(id);
        return new Person(id, admin.as(who, text(answer, "key")));
    }

    private void buyCredits(Person sender) {
        balance(sender, "sender", 0, 0);
        JsonNode checkout = sender.api().post("/api/stripe/checkout", "{\"tier\": \"starter\"}", 200);
        screen.note("A person opens " + text(checkout, "url"));
        screen.note("and pays with the card 4242 4242 4242 4242; this script does the same:");
        String session = text(checkout, "session_id");
        sandbox.post("/_sandbox/checkout/sessions/" + session + "/complete", "{\"card\": \"4242424242424242\"}", 200);
        events.await("CreditsGranted", sender.id());
        balance(sender, "sender", 50, 0);
    }

    private void refuseWithoutCredits(Person receiver) {
        JsonNode refusal = receiver.api().post("/api/jobs", "{\"prompt\": \"Do it for nothing\"}", 402);
        require("code", text(refusal, "code"), "insufficient_credits");
    }

    private String createJob(Person sender) {
        JsonNode job = sender.api().post("/api/jobs", "{\"prompt\": \"Who invented double-entry bookkeeping?\"}", 201);
        require("status", text(job, "status"), "queued");
        String id = text(job, "id");
        events.follow(id);
        events.await("JobCreated", id);
        events.await("CreditsHeld", id);
        balance(sender, "sender", 48, 2);
        return id;
    }

    private String onboard(Person receiver) {
        status(receiver, "not_connected");
        JsonNode link = receiver.api().post("/api/stripe/connect", 200);
        String account = text(link, "account_id");
        status(receiver, "pending");
        screen.note("A person opens " + text(link, "url") + " and fills in the form; this script does the same:");
        sandbox.post("/_sandbox/accounts/" + account + "/onboard", "{\"outcome\": \"complete\"}", 200);
        status(receiver, "active");
        return account;
    }

    private void doJob(Person sender, Person receiver, String job) {
        String path = "/api/jobs/" + job;
        require("status", text(receiver.api().post(path + "/accept", 200), "status"), "accepted");
        events.await("JobAccepted", job);
        String output = "{\"output\": \"Merchants of Florence and Genoa; Luca Pacioli printed it in 1494.\"}";
        require("status", text(receiver.api().post(path + "/submit", output, 200), "status"), "submitted");
        events.await("JobSubmitted", job);
        String verdict = "{\"passed\": true, \"reasoning\": \"Right\"}";
        require("status", text(sender.api().post(path + "/verify", verdict, 200), "status"), "verified");
        events.await("JobVerified", job);
        events.await("CreditsCaptured", job);
        balance(sender, "sender", 48, 0);
    }

    private void bePaid(Person receiver, String job, String account) {
        JsonNode paid = events.await("PayoutPaid", job);
        receiver.api()
                .await(
                        "/api/payouts",
                        "a paid payout",
                        payouts -> payouts.path("data").size() == 1
                                && payouts.path("data")
                                        .get(0)
                                        .path("status")
                                        .asString("")
                                        .equals("paid"));
        JsonNode transfers = sandbox.get("/v1/transfers?transfer_group=" + job).path("data");
        require("number of transfers for the job", String.valueOf(transfers.size()), "1");
        JsonNode transfer = transfers.get(0);
        require("amount in cents", String.valueOf(transfer.path("amount").asLong()), "100");
        require("destination", text(transfer, "destination"), account);
        require(
                "transfer",
                text(transfer, "id"),
                String.valueOf(paid.findValue("transfer_id").asString()));
    }

    private void balance(Person person, String who, long available, long held) {
        JsonNode credits = person.api()
                .await(
                        "/api/credits",
                        available + " credits available and " + held + " held",
                        answer -> answer.path("available").asLong(-1) == available
                                && answer.path("held").asLong(-1) == held);
        screen.balance(who + ": " + credits.path("available").asLong() + " credits available, "
                + credits.path("held").asLong() + " held");
    }

    private void status(Person person, String expected) {
        person.api()
                .await(
                        "/api/stripe/connect/status",
                        "the status " + expected,
                        answer -> answer.path("status").asString("").equals(expected));
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.findValue(field);
        if (value == null || !value.isString()) {
            throw new StoryFailed("there is no text \"" + field + "\" in " + json);
        }
        return value.asString();
    }

    private static void require(String what, String actual, String expected) {
        if (!actual.equals(expected)) {
            throw new StoryFailed("the " + what + " is " + actual + ", not " + expected);
        }
    }

    private record Person(String id, Api api) {}
}
