package dev.paymaster.system.chaos;

import dev.paymaster.system.chaos.JobLives.Parts;
import dev.paymaster.system.command.Progress;
import dev.paymaster.system.command.Waiting;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.StripeControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * People who use a Paymaster all at once: senders who subscribe and have jobs done, receivers who do them, and some who only
 * look whether it works. What each of them does follows from the seed.
 */
final class Workload implements AutoCloseable {
    private static final int SENDERS = 4;
    private static final int RECEIVERS = 3;
    private static final int PROBES = 3;
    private static final int LIVES_OF_A_SENDER = 2;
    private static final int CREATED = 201;
    private static final int OK = 200;
    private static final long FIRST_CREDITS = 60;
    private static final long PLENTY = 1_000_000;
    private static final int MOST_NEWCOMERS = 20;
    private static final int LONGEST_WAIT_FOR_A_NEWCOMER_MILLIS = 15_000;
    private static final int LONGEST_FREEDOM_MILLIS = 8_000;
    private static final int LONGEST_RESTRICTION_MILLIS = 3_000;
    private static final Duration MONTH = Duration.ofDays(32);
    private static final Duration PREPARE_LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration NEVER = Duration.ofDays(1_000);
    /** However long a run is, subscriptions are bought and renewed in its beginning. */
    private static final Duration OPENING_LIMIT = Duration.ofSeconds(40);

    private final Cluster cluster;
    private final Journal journal;
    private final Progress progress;
    private final Random random;
    private final Deadline deadline;
    private final Caller admin;
    private final KafkaDoor kafka;
    private final List<User> senders = new ArrayList<>();
    private final List<User> receivers = new CopyOnWriteArrayList<>();
    private final List<String> accounts = new CopyOnWriteArrayList<>();
    private final List<Probe> probes = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private final CountDownLatch paying = new CountDownLatch(1);
    private final int renewals;
    private final Shift people = new Shift();
    private final Shift probing = new Shift();

    /** @param renewals how many months pass at Stripe before anybody is paid */
    Workload(Cluster cluster, Journal journal, long seed, int renewals, Progress progress) {
        this.cluster = cluster;
        this.renewals = renewals;
        this.journal = journal;
        this.progress = progress;
        this.random = new Random(seed);
        this.deadline = new Deadline(PREPARE_LIMIT);
        this.admin = new Caller(cluster.admin(), journal, deadline);
        this.kafka = new KafkaDoor(cluster.bootstrapServers(), journal);
    }

    /** Makes everybody, while nothing is broken yet. */
    void prepare() {
        cluster.stripe().setBalance(PLENTY * 100);
        List<Future<User>> paying = users(SENDERS, () -> user(FIRST_CREDITS));
        List<Future<User>> working = users(RECEIVERS, this::receiver);
        List<Future<User>> looking = users(PROBES, () -> user(PLENTY));
        paying.forEach(each -> senders.add(made(each)));
        working.forEach(each -> receivers.add(made(each)));
        for (Future<User> each : looking) {
            User user = made(each);
            probes.add(new Probe(user.id(), user.api(), journal));
        }
    }

    private List<Future<User>> users(int number, Callable<User> making) {
        return IntStream.range(0, number).mapToObj(_ -> threads.submit(making)).toList();
    }

    private static User made(Future<User> making) {
        Tasks.await(making, "a user could not be made");
        return making.resultNow();
    }

    private User user(long credits) {
        Answer made = admin.post("/api/users", "{\"name\": \"Sam\"}");
        User user = new User(made.expect(CREATED).text("/user/id"), admin.as(made.text("/key")));
        journal.keyMade(made.text("/key"));
        if (credits > 0) {
            grant(admin, user, credits);
        }
        return user;
    }

    private void grant(Caller by, User user, long credits) {
        String json = """
                {"user_id": "%s", "amount": %d, "reason": "chaos"}""".formatted(user.id(), credits);
        by.post("/api/credits/grants", json).expect(CREATED);
        journal.granted(user.id(), credits);
    }

    private User receiver() {
        User receiver = user(0);
        String account = receiver.api().post("/api/stripe/connect").expect(OK).text("/account_id");
        cluster.stripe().onboard(account, "complete");
        accounts.add(account);
        return receiver;
    }

    /** Everybody begins, and asks for as long as it takes until {@link #finish}. */
    void start() {
        deadline.in(NEVER);
        Parts parts = new Parts(journal, kafka, admin, () -> paying.getCount() == 0, cluster::endWait);
        probes.forEach(probe -> run(() -> probe.run(probing::goesOn)));
        for (User sender : senders) {
            for (int i = 0; i < LIVES_OF_A_SENDER; i++) {
                JobLives lives = new JobLives(sender, receivers, parts, new Random(random.nextLong()));
                run(() -> lives.run(people::goesOn));
            }
        }
        StripeControl stripe = cluster.stripe();
        List<Billing> bills = senders.stream()
                .map(sender -> new Billing(sender, stripe, journal, new Random(random.nextLong())))
                .toList();
        run(() -> {
            open(bills);
            bills.forEach(bill -> run(() -> bill.run(people)));
        });
    }

    /**
     * Subscriptions are bought and renewed before anybody is paid: when its time jumps, Stripe forgets idempotency keys, which
     * would be right after a month, and wrong after a moment.
     */
    private void open(List<Billing> bills) {
        Deadline opening = new Deadline(OPENING_LIMIT);
        List<Future<?>> subscribing = bills.stream()
                .<Future<?>>map(bill -> threads.submit(bill::subscribe))
                .toList();
        subscribing.forEach(each -> Tasks.await(each, "somebody could not subscribe"));
        for (int i = 0; i < renewals && !opening.isOver(); i++) {
            Waiting.pause(Duration.ofSeconds(2));
            cluster.stripe().advance(MONTH);
        }
        paying.countDown();
        progress.says("jobs are verified and paid from now on");
    }

    /** Waits until jobs are verified, and so paid. */
    void awaitPaying() {
        try {
            if (!paying.await(PREPARE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody could subscribe");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Waits until so many jobs have been verified since this began. */
    void awaitVerified(int number) {
        Waiting.until(
                "the verification of " + number + " jobs",
                PREPARE_LIMIT,
                POLL,
                () -> journal.jobs().values().stream()
                                .filter(job -> job.status().equals("verified"))
                                .count()
                        >= number);
    }

    /** Besides what people do: Stripe restricts receivers' accounts now and then, each for a moment. */
    void restrictAccounts() {
        Random own = new Random(random.nextLong());
        StripeControl stripe = cluster.stripe();
        run(() -> {
            while (people.pause(Duration.ofMillis(own.nextInt(LONGEST_FREEDOM_MILLIS)))) {
                String account = accounts.get(own.nextInt(accounts.size()));
                stripe.onboard(account, "restrict");
                var _ = people.pause(Duration.ofMillis(own.nextInt(LONGEST_RESTRICTION_MILLIS)));
                stripe.onboard(account, "complete");
            }
        });
    }

    /** Besides what people do: others come who do jobs, too, each with a second key and an account of their own. */
    void recruit() {
        Random own = new Random(random.nextLong());
        run(() -> {
            try {
                for (int i = 0; i < MOST_NEWCOMERS && people.goesOn(); i++) {
                    recruitOne();
                    var _ = people.pause(Duration.ofMillis(own.nextInt(LONGEST_WAIT_FOR_A_NEWCOMER_MILLIS)));
                }
            } catch (GaveUp e) {
                journal.unanswered(String.valueOf(e.getMessage()));
            }
        });
    }

    private void recruitOne() {
        Answer made = admin.post("/api/users", "{\"name\": \"Nell\"}").expect(CREATED);
        String user = made.text("/user/id");
        String second =
                admin.post("/api/users/" + user + "/keys").expect(CREATED).text("/key");
        User receiver = new User(user, admin.as(second));
        String account = receiver.api().post("/api/stripe/connect").expect(OK).text("/account_id");
        journal.joined(made.text("/key"), user, account);
        journal.joined(second, user, account);
        cluster.stripe().onboard(account, "complete");
        accounts.add(account);
        receivers.add(receiver);
    }

    /** Besides what people do: an administrator takes payouts back, and replays dead letters. */
    void administer() {
        Administration administration =
                new Administration(admin, senders, kafka, journal, new Random(random.nextLong()));
        run(() -> administration.run(people));
    }

    /** Besides what people do: so many jobs are asked for through Kafka, one for each sender in turn. */
    void commandJobs(int number) {
        for (int i = 0; i < number; i++) {
            User sender = senders.get(i % senders.size());
            kafka.createJob(sender.id(), 1);
        }
    }

    /** Besides what people do: so many records come that nobody can read, to each topic in turn. */
    void litter(int number) {
        for (int i = 0; i < number; i++) {
            kafka.litter(
                    KafkaDoor.READ.get(i % KafkaDoor.READ.size()),
                    senders.get(i % senders.size()).id());
        }
    }

    /** Besides what people do: each sender buys so many packs; returns when Paymaster has been told of what was paid. */
    void buyPacks(int each) {
        StripeControl stripe = cluster.stripe();
        for (User sender : senders) {
            Billing bill = new Billing(sender, stripe, journal, new Random(random.nextLong()));
            for (int i = 0; i < each; i++) {
                bill.buyAPack();
            }
        }
        Waiting.until(
                "Stripe's webhooks",
                PREPARE_LIMIT,
                POLL,
                () -> stripe.deliveries("pending").isEmpty());
    }

    /** Besides what people do: so many credits are granted to each sender, one by one, for as long as that may take. */
    void grantOneByOne(int number, Duration limit) {
        Caller impatient = new Caller(cluster.admin(), journal, new Deadline(limit));
        try {
            for (int i = 0; i < number; i++) {
                senders.forEach(sender -> grant(impatient, sender, 1));
            }
        } catch (GaveUp e) {
            journal.unanswered(String.valueOf(e.getMessage()));
        }
    }

    /** Everybody but the probes ends what they are doing, and goes; returns at once. */
    void end() {
        people.end();
    }

    /** The probes go, too; returns when all have been told what came of their calls. */
    void finish(Duration limit) {
        people.end();
        probing.end();
        deadline.in(limit);
        progress.says("waiting until everybody knows what came of their calls");
        List<Future<?>> all;
        synchronized (running) {
            all = List.copyOf(running);
        }
        all.forEach(each -> Tasks.await(each, "somebody gave up"));
    }

    private void run(Runnable what) {
        synchronized (running) {
            running.add(threads.submit(what));
        }
    }

    /** How long from a moment until every probe had success; empty if one never had. */
    OptionalLong nanosUntilSuccess(long fromNanos) {
        List<OptionalLong> each =
                probes.stream().map(probe -> probe.nanosUntilSuccess(fromNanos)).toList();
        return each.stream().allMatch(OptionalLong::isPresent)
                ? each.stream().mapToLong(OptionalLong::getAsLong).max()
                : OptionalLong.empty();
    }

    @Override
    public void close() {
        people.end();
        probing.end();
        threads.shutdownNow();
        kafka.close();
    }
}
