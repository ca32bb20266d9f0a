package dev.paymaster.system.chaos;

import dev.paymaster.system.command.Progress;
import dev.paymaster.system.command.Waiting;
import dev.paymaster.system.process.Child;
import dev.paymaster.system.process.Node;
import dev.paymaster.system.process.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Makes faults happen, and puts everything right again. */
final class Injector implements AutoCloseable {
    private static final Duration BEHIND = Duration.ofMinutes(-10);
    private static final Duration AHEAD = Duration.ofHours(25);
    private static final Duration DELAY = Duration.ofMillis(120);
    private static final int CUT_PERCENT = 60;
    /** Each time so many more. */
    private static final int MORE_PARTITIONS = 2;

    /** Nothing is slow when this comes into play. */
    private static final int SENT_MILLIS = 500;

    private final Cluster cluster;
    private final Random random;
    private final Progress progress;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> repairs = new CopyOnWriteArrayList<>();
    private final List<Injected> done = new CopyOnWriteArrayList<>();
    private final Map<String, Future<?>> rolls = new ConcurrentHashMap<>();
    private final Set<StripeFault> ofStripe = new TreeSet<>();
    private int brokenCalls;
    private final Map<String, ReentrantLock> oneAtATime = new ConcurrentHashMap<>();

    /**
     * A fault that has happened.
     *
     * @param fromNanos since when it could get better
     */
    record Injected(Fault fault, long fromNanos) {}

    Injector(Cluster cluster, long seed, Progress progress) {
        this.cluster = cluster;
        this.random = new Random(seed);
        this.progress = progress;
    }

    /**
     * Plays a plan until the time is over and its opening, too.
     *
     * @param awaitCalls returns when Stripe is being called
     */
    void play(FaultPlan plan, Deadline until, Runnable awaitCalls) {
        while (!until.isOver() || plan.isOpening()) {
            FaultPlan.Round round = plan.next();
            if (round.breaksCalls()) {
                awaitCalls.run();
            }
            play(round.faults());
            pause(round.gapMillis());
        }
    }

    /** Lets these happen at once, and returns when they are over, though not everything may be up again. */
    void play(List<Fault> faults) {
        progress.says(faults.stream().map(Fault::inWords).collect(Collectors.joining(", ")));
        List<Future<?>> under = new ArrayList<>();
        faults.forEach(fault -> under.add(threads.submit(() -> inject(fault))));
        under.forEach(each -> Tasks.await(each, "a fault did not go as planned"));
    }

    /** Waits for what is being started, and makes sure that nothing is broken on purpose any more. */
    void repair() {
        progress.says("no more faults; waiting until everything is up");
        repairs.forEach(each -> Tasks.await(each, "a repair did not go as planned"));
        repairs.clear();
        cluster.proxies().forEach(Proxy::heal);
        cluster.stripe().heal();
        List<Node> all = cluster.nodes();
        all.forEach(Node::start);
        cluster.awaitReady(all, progress);
    }

    List<Injected> done() {
        return List.copyOf(done);
    }

    /** How often a call that was to pay somebody has met with something. */
    synchronized int brokenCalls() {
        return brokenCalls;
    }

    private void inject(Fault fault) {
        alone(fault.target(), () -> {
            long began = System.nanoTime();
            injectAlone(fault);
            done.add(new Injected(fault, fault.kind().isLasting() ? System.nanoTime() : began));
        });
    }

    /** Nothing else happens to the target meanwhile. */
    private void alone(String target, Runnable action) {
        ReentrantLock lock = oneAtATime.computeIfAbsent(target, _ -> new ReentrantLock());
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private void alone(List<Node> nodes, Runnable action) {
        if (nodes.isEmpty()) {
            action.run();
        } else {
            alone(nodes.getFirst().name(), () -> alone(nodes.subList(1, nodes.size()), action));
        }
    }

    private void injectAlone(Fault fault) {
        switch (fault.kind()) {
            case KILL -> killAndStart(node(fault.target()), fault.millis());
            case FREEZE, BROKER_FROZEN -> freeze(node(fault.target()), fault.millis());
            case FREEZE_LONG -> freezeWorkers(fault);
            case ROLL -> beginToRoll(fault.target());
            case CLOCK_BEHIND -> withClock(node(fault.target()), BEHIND, fault.millis());
            case CLOCK_AHEAD -> withClock(node(fault.target()), AHEAD, fault.millis());
            case BROKER_RESTART -> {
                cluster.broker().stop();
                cluster.broker().start();
            }
            case DATABASE_CRASH -> {
                cluster.databaseServer().crash();
                pause(fault.millis());
                cluster.databaseServer().start();
            }
            case DATABASE_RESTART -> cluster.databaseServer().restart();
            case SLOW -> broken(fault, way -> way.delay(DELAY));
            case CUT -> way(fault.target()).cut(CUT_PERCENT, random);
            case SILENT, DATABASE_SILENT -> broken(fault, Proxy::silence);
            case REFUSE -> broken(fault, Proxy::refuse);
            case STRIPE -> {
                if (fault.forgetsKeys()) {
                    List<Node> payers = cluster.of(Service.PAYOUT_WORKER);
                    alone(payers, () -> forgetKeys(payers, fault.millis()));
                } else {
                    stripe(StripeFault.valueOf(fault.target()), fault.millis());
                }
            }
            case PARTITIONS -> Partitions.raise(cluster.bootstrapServers(), MORE_PARTITIONS, Limits.OUTAGE);
        }
    }

    private void killAndStart(Node node, int millis) {
        node.kill();
        pause(millis);
        node.start();
    }

    private void freeze(Node node, int millis) {
        node.freeze();
        try {
            pause(millis);
        } finally {
            node.thaw();
        }
    }

    /**
     * Others take their partitions over. What they have claimed is free meanwhile, as if they had been frozen for longer than a
     * lease.
     */
    private void freezeWorkers(Fault fault) {
        int number = Integer.parseInt(fault.target().substring(FaultPlan.WORKERS.length()));
        List<Future<?>> frozen = new ArrayList<>();
        for (Service worker : Service.WORKERS) {
            Node node = node(worker.instance(number));
            frozen.add(threads.submit(() -> alone(node.name(), () -> freeze(node, fault.millis()))));
        }
        pause(fault.millis() / 2);
        cluster.endLeases();
        frozen.forEach(each -> Tasks.await(each, "a freeze did not go as planned"));
    }

    /** When the last one of this service is over. */
    private void beginToRoll(String service) {
        Future<?> last = rolls.get(service);
        if (last != null) {
            Tasks.await(last, "a rolling restart did not go as planned");
        }
        Future<?> next = threads.submit(() -> roll(service));
        rolls.put(service, next);
        repairs.add(next);
    }

    /** The instances of a service stop and start one after the other, as a deployment does it. */
    private void roll(String service) {
        for (Service each : Service.values()) {
            if (each.title().equals(service)) {
                cluster.of(each).forEach(this::restartAndWait);
            }
        }
    }

    private void restartAndWait(Node node) {
        alone(node.name(), () -> {
            node.stop();
            node.start();
        });
        cluster.awaitReady(List.of(node), progress);
    }

    /** Its clock stays wrong for a while, and is right after one more restart. */
    private void withClock(Node node, Duration ahead, int millis) {
        node.kill();
        node.start(List.of(Child.clockAhead(ahead)));
        repairs.add(threads.submit(() -> {
            cluster.awaitReady(List.of(node), progress);
            pause(millis);
            restartAndWait(node);
        }));
    }

    private void broken(Fault fault, Consumer<Proxy> breakage) {
        Proxy way = way(fault.target());
        breakage.accept(way);
        try {
            pause(fault.millis());
        } finally {
            way.heal();
        }
    }

    private void stripe(StripeFault fault, int millis) {
        change(fault, true);
        try {
            pause(millis);
        } finally {
            change(fault, false);
        }
    }

    /** A day passes between a call whose answer is lost and the next one: for Stripe, and for whoever is to call again. */
    private void forgetKeys(List<Node> payers, int millis) {
        try {
            change(StripeFault.KEYS_FORGOTTEN, true);
            pause(millis);
        } finally {
            payers.forEach(Node::kill);
            change(StripeFault.KEYS_FORGOTTEN, false);
        }
        // What they have sent is at Stripe, or nowhere.
        pause(SENT_MILLIS);
        cluster.letADayPass();
        payers.forEach(Node::start);
    }

    private synchronized void change(StripeFault fault, boolean on) {
        Iterator<Integer> strikes = cluster.stripe().strikes().iterator();
        for (StripeFault each : ofStripe) {
            int struck = strikes.next();
            brokenCalls += StripeFault.OF_CALLS.contains(each) ? struck : 0;
        }
        if (on) {
            ofStripe.add(fault);
        } else {
            ofStripe.remove(fault);
        }
        cluster.stripe().breakWith(ofStripe.stream().map(StripeFault::rule).collect(Collectors.joining(", ")));
    }

    private Node node(String name) {
        return cluster.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such instance: " + name));
    }

    private Proxy way(String name) {
        return cluster.proxies().stream()
                .filter(proxy -> proxy.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no way to " + name));
    }

    private static void pause(int millis) {
        Waiting.pause(Duration.ofMillis(millis));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
