package dev.paymaster.system.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.policy.Step.Act;
import dev.paymaster.system.policy.Step.Must;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row played once: a job, its sender, and two who may do it. For one thread at a time. */
final class Task {
    static final long CREDITS = 10;

    private final World world;
    private final Row<Step> row;
    private final Person sender;
    private final List<Person> receivers;
    private final List<Must> last = new ArrayList<>();
    private final String job;
    private @Nullable String failure;

    Task(World world, Row<Step> row) {
        this.world = world;
        this.row = row;
        this.sender = world.newPersonWith(CREDITS);
        this.receivers = List.of(world.newPerson("Robin"), world.newPerson("Rosa"));
        receivers.forEach(world::onboard);
        this.job = sender.createJob();
    }

    Row<Step> row() {
        return row;
    }

    String job() {
        return job;
    }

    Person sender() {
        return sender;
    }

    Person receiver(int number) {
        return receivers.get(number - 1);
    }

    void play() {
        attempt(() -> row.steps().forEach(step -> {
            switch (step) {
                case Act act -> {
                    act.action().accept(this);
                    last.clear();
                }
                case Must must -> {
                    must.become(this);
                    last.add(must);
                }
            }
        }));
    }

    /** What has come true at the end must still be so when nothing is under way any more. */
    void checkOnceMore() {
        if (failure == null) {
            attempt(() -> last.forEach(must -> must.check().accept(this)));
        }
    }

    String status() {
        return sender.api().get("/api/jobs/" + job).expect(200).text("/status");
    }

    /** A receiver's payouts, each as its status and its cents. */
    List<String> payouts(int receiver) {
        return receiver(receiver)
                .api()
                .get("/api/payouts")
                .expect(200)
                .json()
                .path("data")
                .valueStream()
                .map(payout -> payout.path("status").stringValue() + " "
                        + payout.path("amount_cents").longValue())
                .toList();
    }

    /** Nobody waits for hours. */
    void bringDeadlineUp() {
        try (Connection connection = world.database().connect();
                PreparedStatement statement = connection.prepareStatement("""
                        UPDATE jobs.job SET deadline_at = now() - interval '1 second' WHERE id = ? AND deadline_at > now()""")) {
            statement.setObject(1, UUID.fromString(job));
            assertThat(statement.executeUpdate()).as("jobs with a deadline").isOne();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What went wrong; null: nothing. */
    @Nullable
    String failure() {
        return failure;
    }

    private void attempt(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | AssertionError e) {
            failure = "job " + job + "\n" + e.getMessage();
        }
    }
}
