package dev.paymaster.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a few users, saved in batches, against a naive model. A failure names its seed;
 * {@code -Dledger.seed=…} replays just that one.
 */
class RandomLivesTest {
    private static final int SEEDS = 12;
    private static final int BATCHES = 40;
    private static final int USERS = 3;

    @Test
    void everyLifeAgreesWithTheNaiveModel() {
        Long replay = Long.getLong("ledger.seed");
        long first = replay != null ? replay : System.nanoTime();
        try (TestDatabase database = new TestDatabase("ledger_lives")) {
            for (long seed = first; seed < first + (replay != null ? 1 : SEEDS); seed++) {
                try {
                    new Life(database, seed).live();
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("replay with -Dledger.seed=" + seed, e);
                }
            }
            Books.reconcile(database.jdbc);
        }
    }

    private record Person(UUID id, NaiveLedger model, List<Transfer> history) {}

    /** One seed's users, jobs and time. */
    private static final class Life {
        private final TestDatabase database;
        private final RandomGenerator random;
        private final long seed;
        private final List<Person> people;
        private final Map<String, UUID> lots = new HashMap<>();
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");
        private int counter;

        Life(TestDatabase database, long seed) {
            this.database = database;
            this.seed = seed;
            this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            this.people = Stream.generate(() -> new UUID(random.nextLong(), random.nextLong()))
                    .limit(USERS)
                    .map(id -> new Person(id, new NaiveLedger(), new ArrayList<>()))
                    .toList();
        }

        void live() {
            for (int i = 0; i < BATCHES; i++) {
                int steps = 1 + random.nextInt(12);
                database.batch(scope(steps), batch -> {
                    for (int step = 0; step < steps; step++) {
                        Person person = people.get(random.nextInt(USERS));
                        person.history.addAll(step(batch, person));
                        check(batch.account(person.id), person);
                    }
                    return batch;
                });
                now = now.plusSeconds(random.nextInt(100));
            }
            checkLots();
        }

        private LedgerScope scope(int steps) {
            return new LedgerScope(
                    people.stream().map(Person::id).collect(Collectors.toSet()),
                    people.stream()
                            .flatMap(person -> person.model.held.keySet().stream())
                            .collect(Collectors.toSet()),
                    IntStream.range(0, counter + steps).mapToObj(this::source).collect(Collectors.toSet()),
                    people.stream().map(Person::id).collect(Collectors.toSet()));
        }

        private List<Transfer> step(LedgerBatch batch, Person person) {
            return switch (random.nextInt(9)) {
                case 0, 1 -> grant(batch, person);
                case 2, 3, 4 -> hold(batch, person);
                case 5 -> settle(batch, person);
                case 6 -> revoke(batch, person);
                case 7 -> reinstate(batch, person);
                default -> {
                    person.model.expire(now);
                    yield batch.expire(person.id, now);
                }
            };
        }

        private List<Transfer> grant(LedgerBatch batch, Person person) {
            boolean again = counter > 0 && random.nextInt(4) == 0;
            String source = source(again ? random.nextInt(counter) : counter++);
            long amount = 1L + random.nextInt(20);
            Instant expiresAt = random.nextBoolean() ? null : now.plusSeconds(random.nextInt(400));
            List<Transfer> transfers =
                    batch.grant(person.id, new Grant("test", source, amount, null, expiresAt, 10), now);
            assertThat(transfers.isEmpty()).isEqualTo(lots.containsKey(source));
            if (!transfers.isEmpty()) {
                lots.put(source, Objects.requireNonNull(transfers.getFirst().lotId()));
                person.model.grant(source, amount, expiresAt, now);
            }
            return transfers;
        }

        private List<Transfer> hold(LedgerBatch batch, Person person) {
            UUID job = new UUID(seed, random.nextLong());
            long amount = 1L + random.nextInt(12);
            return switch (batch.hold(person.id, job, amount, now)) {
                case HoldResult.Done done -> {
                    assertThat(person.model.hold(job, amount, now)).isTrue();
                    yield done.transfers();
                }
                case HoldResult.Insufficient refused -> {
                    assertThat(person.model.hold(job, amount, now)).isFalse();
                    assertThat(refused.required()).isEqualTo(amount);
                    assertThat(refused.available()).isLessThan(amount);
                    yield List.of();
                }
            };
        }

        private List<Transfer> settle(LedgerBatch batch, Person person) {
            List<UUID> jobs = person.model.held.keySet().stream().sorted().toList();
            if (jobs.isEmpty()) {
                return List.of();
            }
            UUID job = jobs.get(random.nextInt(jobs.size()));
            if (random.nextBoolean()) {
                person.model.capture(job);
                return batch.capture(person.id, job, now);
            }
            person.model.release(job, now);
            return batch.release(person.id, job, now);
        }

        private List<Transfer> revoke(LedgerBatch batch, Person person) {
            long amount = 1L + random.nextInt(15);
            List<NaiveLedger.Purse> purses = person.model.purses;
            String source =
                    purses.isEmpty() || random.nextBoolean() ? null : purses.get(random.nextInt(purses.size())).source;
            person.model.revoke(source, amount, now);
            return batch.revoke(person.id, "refund:" + person.history.size(), amount, lots.get(source), now);
        }

        private List<Transfer> reinstate(LedgerBatch batch, Person person) {
            long most = person.model.reinstatable();
            if (most == 0) {
                return List.of();
            }
            long amount = 1 + random.nextLong(most);
            List<NaiveLedger.Purse> purses = person.model.purses;
            String source = purses.isEmpty() ? null : purses.get(random.nextInt(purses.size())).source;
            person.model.reinstate(source, amount, now);
            return batch.reinstate(person.id, "back:" + person.history.size(), amount, lots.get(source), now);
        }

        private String source(int number) {
            return "test:" + seed + ":" + number;
        }

        private static void check(Account account, Person person) {
            NaiveLedger model = person.model;
            List<Transfer> transfers = person.history;
            assertThat(account.available()).isEqualTo(model.available());
            assertThat(account.held()).isEqualTo(model.heldCredits());
            assertThat(account.debt()).isEqualTo(model.debt);
            assertThat(account.sequence()).isEqualTo(transfers.size());
            assertThat(account.available() + account.held() - account.debt())
                    .isEqualTo(transfers.stream().mapToLong(Life::net).sum());
        }

        /** What a transfer does to what a user has, in words of the design: issued, consumed, expired. */
        private static long net(Transfer transfer) {
            return switch (transfer.kind()) {
                case GRANT, REINSTATE -> transfer.amount();
                case CAPTURE, REVOKE, EXPIRE -> -transfer.amount();
                case HOLD, RELEASE, REPAY -> 0;
            };
        }

        private void checkLots() {
            Map<UUID, Long> left = new HashMap<>();
            Map<UUID, OffsetDateTime> lapse = new HashMap<>();
            database.jdbc.query("SELECT id, remaining, expires_at FROM ledger.lot", row -> {
                left.put(row.getObject(1, UUID.class), row.getLong(2));
                lapse.put(row.getObject(1, UUID.class), row.getObject(3, OffsetDateTime.class));
            });
            people.forEach(person -> person.model.purses.forEach(purse -> {
                UUID lot = lots.get(purse.source);
                OffsetDateTime expiresAt = lapse.get(lot);
                assertThat(left.get(lot)).as(purse.source).isEqualTo(purse.left);
                assertThat(expiresAt == null ? null : expiresAt.toInstant())
                        .as(purse.source)
                        .isEqualTo(purse.expiresAt);
            }));
        }
    }
}
