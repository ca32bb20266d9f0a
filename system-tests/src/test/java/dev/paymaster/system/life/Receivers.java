package dev.paymaster.system.life;

import static dev.paymaster.system.world.Eventually.eventually;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Chance;
import dev.paymaster.system.world.Crowd;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** Those who do the jobs of random lives, and what they have earned by that, in cents. Thread-safe. */
final class Receivers {
    private static final int PAYABLE = 6;
    private static final int ALL = 8;

    /** Of the payouts that were made, each time one of so many is turned back, or paid again. */
    private static final int TURNED = 4;

    private final World world;
    private final Random random;
    private final List<Person> people = new ArrayList<>();
    private final Map<Person, String> accounts = new ConcurrentHashMap<>();

    /** By job. */
    private final Map<String, Earned> earned = new ConcurrentHashMap<>();

    private final Set<String> toldReversals = new HashSet<>();

    /** @param cents what stands of it, if the receiver can be paid */
    private record Earned(Person receiver, String job, long cents) {
        Earned standing(long left) {
            return new Earned(receiver, job, left);
        }
    }

    /** Most of them have an account that can be paid. */
    Receivers(World world, long seed) {
        this.world = world;
        this.random = Chance.of(seed, -1);
        for (int i = 0; i < ALL; i++) {
            Person person = world.newPerson("Robin");
            people.add(person);
            if (i < PAYABLE) {
                accounts.put(person, world.onboard(person));
            }
        }
    }

    /** Somebody takes a job and hands in a result. */
    Person handIn(String job, Random chance) {
        Person receiver = people.get(chance.nextInt(people.size()));
        receiver.accept(job).expect(200);
        receiver.submit(job).expect(200);
        return receiver;
    }

    void earned(Person receiver, String job) {
        earned.put(job, new Earned(receiver, job, Person.PAY_CENTS));
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

    /** Some payouts are taken back by an administrator, or in part by Stripe, and what was is paid again; all have settled before. */
    void turnSomeBack() {
        List<Turn> turns = earned.values().stream()
                .filter(each -> accounts.containsKey(each.receiver()))
                .sorted(Comparator.comparing(Earned::job))
                .filter(_ -> random.nextInt(TURNED) == 0)
                .map(each -> new Turn(each, random.nextInt(2) == 0 ? 0 : 1 + random.nextLong(Person.PAY_CENTS)))
                .toList();
        Crowd.each(turns, turn -> earned.put(turn.of().job(), turn.of().standing(turn(turn))));
    }

    /** @param part that Stripe takes back at the most; 0: an administrator takes all */
    private record Turn(Earned of, long part) {}

    /** What stands of a payout afterwards. */
    private long turn(Turn turn) {
        Earned each = turn.of();
        if (each.cents() == 0) {
            administer(each, "retry");
            return Person.PAY_CENTS;
        }
        if (turn.part() == 0) {
            administer(each, "reverse");
            return 0;
        }
        long cents = Math.min(turn.part(), each.cents());
        JsonNode transfer = world.stripe().transfers(each.job()).getFirst();
        world.stripe().reverse(transfer.path("id").stringValue(), cents);
        return each.cents() - cents;
    }

    private void administer(Earned each, String action) {
        String payout = payouts(each.receiver()).stream()
                .filter(payment -> payment.path("job_id").stringValue().equals(each.job()))
                .map(payment -> payment.path("id").stringValue())
                .findFirst()
                .orElseThrow();
        world.admin()
                .post("/api/payouts/" + payout + "/" + action, "{\"reason\": \"for a test\"}")
                .expect(200);
    }

    /** Stripe tells twice of what was taken back since it was asked last. */
    void tellOfReversals() {
        List<String> told = new ArrayList<>();
        for (JsonNode event : world.stripe().events("transfer.reversed")) {
            if (toldReversals.add(event.path("id").stringValue())) {
                told.addAll(List.of(event.toString(), event.toString()));
            }
        }
        Collections.shuffle(told, random);
        Crowd.each(told, event -> world.webhooks().bring(event));
    }

    /** Each has been paid what was earned and stands, to the cent, if that is possible, and else is owed it. */
    void comparePayouts() {
        Crowd.each(people, person -> {
            Collection<Earned> own = earned.values().stream()
                    .filter(each -> each.receiver().equals(person))
                    .toList();
            boolean payable = accounts.containsKey(person);
            Map<String, String> expected = new TreeMap<>();
            own.forEach(each -> expected.put(
                    each.job(),
                    !payable ? "held " + each.cents() : each.cents() == 0 ? "reversed 0" : "paid " + each.cents()));
            eventually("payouts of " + person.id())
                    .untilAsserted(() -> assertThat(standing(person)).isEqualTo(expected));
            if (payable) {
                assertThat(world.stripe().stands(requireNonNull(accounts.get(person))))
                        .as("transfers to " + person.id())
                        .isEqualTo(own.stream().mapToLong(Earned::cents).sum());
            }
        });
    }

    /** The status of each job's payout, and what stands of it. */
    private static Map<String, String> standing(Person person) {
        Map<String, String> standing = new TreeMap<>();
        payouts(person)
                .forEach(payout -> standing.put(
                        payout.path("job_id").stringValue(),
                        payout.path("status").stringValue() + " "
                                + (payout.path("amount_cents").longValue()
                                        - payout.path("reversed_cents").asLong(0))));
        return standing;
    }

    private static List<JsonNode> payouts(Person person) {
        List<JsonNode> payouts = new ArrayList<>();
        String cursor = "";
        while (!cursor.equals("end")) {
            Answer page = person.api().get("/api/payouts?limit=100" + cursor).expect(200);
            page.json().path("data").forEach(payouts::add);
            String next = page.json().path("next_cursor").asString("");
            cursor = next.isEmpty() ? "end" : "&cursor=" + next;
        }
        return payouts;
    }
}
