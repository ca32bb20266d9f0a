package dev.paymaster.system.life;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** Those who do the jobs of random lives, and what they have earned by that, in cents. Thread-safe. */
final class Receivers {
    private static final int PAYABLE = 6;
    private static final int ALL = 8;

    private final World world;
    private final List<Person> people = new ArrayList<>();
    private final Map<Person, Long> earned = new ConcurrentHashMap<>();
    private final Map<Person, String> accounts = new ConcurrentHashMap<>();

    /** Most of them have an account that can be paid. */
    Receivers(World world) {
        this.world = world;
        for (int i = 0; i < ALL; i++) {
            Person person = world.newPerson("Robin");
            people.add(person);
            if (i < PAYABLE) {
                accounts.put(person, world.onboard(person));
            }
        }
    }

    /** Somebody takes a job and hands in a result. */
    Person handIn(String job, Random random) {
        Person receiver = people.get(random.nextInt(people.size()));
        receiver.accept(job).expect(200);
        receiver.submit(job).expect(200);
        return receiver;
    }

    void earned(Person receiver, long cents) {
        earned.merge(receiver, cents, Long::sum);
    }

    /** For one job the time that it may wait is over; it then becomes what the policy says. */
    void expire(Person sender, String job, String status) {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            int found = statement.executeUpdate(
                    "UPDATE jobs.job SET deadline_at = now() - interval '1 second' WHERE deadline_at IS NOT NULL AND id = '"
                            + job + "'");
            assertThat(found).as("jobs with a deadline").isEqualTo(1);
        } catch (SQLException e) {
            throw new IllegalStateException("the deadline could not be moved", e);
        }
        eventually("job " + job + " is " + status)
                .until(() -> sender.api()
                        .get("/api/jobs/" + job)
                        .expect(200)
                        .text("/status")
                        .equals(status));
    }

    /** Each has been paid what was earned, to the cent, if that is possible, and else is owed it. */
    void comparePayouts() {
        for (Person person : people) {
            String status = accounts.containsKey(person) ? "paid" : "held";
            long cents = earned.getOrDefault(person, 0L);
            eventually("payouts of " + person.id())
                    .untilAsserted(() -> assertThat(payouts(person)).isEqualTo(Map.of(status, cents)));
            if (accounts.containsKey(person)) {
                assertThat(world.stripe().stands(accounts.get(person)))
                        .as("transfers to " + person.id())
                        .isEqualTo(cents);
            }
        }
    }

    private static Map<String, Long> payouts(Person person) {
        Map<String, Long> cents = new ConcurrentHashMap<>();
        String cursor = "";
        while (!cursor.equals("end")) {
            Answer page = person.api().get("/api/payouts?limit=100" + cursor).expect(200);
            page.json()
                    .path("data")
                    .forEach(payout -> cents.merge(
                            payout.path("status").stringValue(),
                            payout.path("amount_cents").longValue(),
                            Long::sum));
            String next = page.json().path("next_cursor").asString("");
            cursor = next.isEmpty() ? "end" : "&cursor=" + next;
        }
        return cents;
    }
}
