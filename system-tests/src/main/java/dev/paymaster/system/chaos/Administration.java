package dev.paymaster.system.chaos;

import dev.paymaster.system.command.Waiting;
import dev.paymaster.system.world.Answer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/** An administrator who takes payouts back, wants others to be tried now, and replays dead letters, twice. For one thread. */
final class Administration {
    private static final int OK = 200;
    private static final int LONGEST_PAUSE_MILLIS = 6_000;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(150);

    private final Caller admin;
    private final List<User> senders;
    private final KafkaDoor kafka;
    private final Journal journal;
    private final RandomGenerator random;
    private final Set<String> wished = new HashSet<>();
    private final Set<String> retried = new HashSet<>();

    Administration(Caller admin, List<User> senders, KafkaDoor kafka, Journal journal, RandomGenerator random) {
        this.admin = admin;
        this.senders = List.copyOf(senders);
        this.kafka = kafka;
        this.journal = journal;
        this.random = random;
    }

    void run(Shift shift) {
        try {
            replay();
            while (shift.pause(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)))) {
                switch (random.nextInt(3)) {
                    case 0 -> takeBack();
                    case 1 -> retry();
                    default -> replay();
                }
            }
        } catch (GaveUp e) {
            journal.unanswered(String.valueOf(e.getMessage()));
        }
    }

    /** The last one that was paid, if any; unless Stripe was told of that sooner. */
    private void takeBack() {
        Optional<JsonNode> paid = payouts().stream()
                .filter(payout -> payout.path("status").stringValue().equals("paid"))
                .filter(payout -> !retried.contains(payout.path("id").stringValue()))
                .findFirst();
        if (paid.isPresent()) {
            String id = paid.get().path("id").stringValue();
            wished.add(id);
            Answer answer = admin.post("/api/payouts/" + id + "/reverse", "{\"reason\": \"chaos\"}");
            if (answer.status() == OK) {
                journal.takenBack(id);
            }
        }
    }

    /**
     * Whatever it is about, that pays nobody twice. Who asks for what was taken back would be paid once more, rightly, so
     * none is both.
     */
    private void retry() {
        List<JsonNode> others = payouts().stream()
                .filter(payout -> !wished.contains(payout.path("id").stringValue()))
                .toList();
        if (!others.isEmpty()) {
            JsonNode payout = others.get(random.nextInt(others.size()));
            String id = payout.path("id").stringValue();
            retried.add(id);
            kafka.retryPayout(payout.path("receiver").stringValue(), id, 1 + random.nextInt(2));
        }
    }

    private List<JsonNode> payouts() {
        return admin.get("/api/payouts?limit=100")
                .expect(OK)
                .json()
                .path("data")
                .valueStream()
                .toList();
    }

    private void replay() {
        String command = kafka.bury(senders.get(random.nextInt(senders.size())).id());
        String letter = letterOf(command);
        while (letter.isEmpty()) {
            Waiting.pause(LOOK_AGAIN);
            letter = letterOf(command);
        }
        admin.post("/api/admin/dead-letters/" + letter + "/replay");
        admin.post("/api/admin/dead-letters/" + letter + "/replay");
        journal.commanded(command);
    }

    private String letterOf(String command) {
        return admin.get("/api/admin/dead-letters?type=dev.paymaster.CreateJob.v1&limit=100")
                .expect(OK)
                .json()
                .path("data")
                .valueStream()
                .filter(letter -> letter.path("event_id").asString("").equals(command))
                .map(letter -> letter.path("id").stringValue())
                .findFirst()
                .orElse("");
    }
}
