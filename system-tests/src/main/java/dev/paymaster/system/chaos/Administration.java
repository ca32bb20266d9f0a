package dev.paymaster.system.chaos;

import dev.paymaster.system.command.Waiting;
import dev.paymaster.system.world.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/** An administrator who takes payouts back and replays dead letters, twice. For one thread. */
final class Administration {
    private static final int OK = 200;
    private static final int LONGEST_PAUSE_MILLIS = 6_000;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(150);

    private final Caller admin;
    private final List<User> senders;
    private final KafkaDoor kafka;
    private final Journal journal;
    private final RandomGenerator random;

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
                if (random.nextBoolean()) {
                    takeBack();
                } else {
                    replay();
                }
            }
        } catch (GaveUp e) {
            journal.unanswered(String.valueOf(e.getMessage()));
        }
    }

    /** The last one that was paid, if any; unless Stripe was told of that sooner. */
    private void takeBack() {
        Optional<JsonNode> paid = admin.get("/api/payouts?limit=100")
                .expect(OK)
                .json()
                .path("data")
                .valueStream()
                .filter(payout -> payout.path("status").stringValue().equals("paid"))
                .findFirst();
        if (paid.isPresent()) {
            String id = paid.get().path("id").stringValue();
            Answer answer = admin.post("/api/payouts/" + id + "/reverse", "{\"reason\": \"chaos\"}");
            if (answer.status() == OK) {
                journal.takenBack(id);
            }
        }
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
