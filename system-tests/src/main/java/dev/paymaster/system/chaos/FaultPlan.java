package dev.paymaster.system.chaos;

import dev.paymaster.system.chaos.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Which faults come in which order, made of a seed alone. Faults are dealt like cards, so that each has come once before any
 * comes again, one to three at a time; first one of each kind and then all that breaks calls to Stripe, for a short while.
 * What the system is doing when they come, no seed tells.
 */
final class FaultPlan {
    /** Ways that can be broken, by the names of their proxies. */
    static final List<String> WAYS = List.of("PostgreSQL", "Kafka", "Stripe", "the gateways");

    /** The name of its process. */
    static final String BROKER = "broker";

    /** Together with the silence of a proxy still within what Paymaster allows a lost call: see {@link Cluster}. */
    private static final int LONGEST_MILLIS = 5_000;

    private static final int SHORTEST_MILLIS = 500;
    private static final int LONGEST_OF_OPENING_MILLIS = 1_500;
    /**
     * Longer than a session, so that others take over; shorter than the settling after a lost call, because what is frozen just
     * before a call makes it afterwards.
     */
    private static final int LONG_FREEZE_MILLIS = 9_000;

    /** Longer than whatever waits for a broker or a database that doesn't answer. */
    private static final int BROKER_FROZEN_MILLIS = 90_000;

    private static final int DATABASE_SILENT_MILLIS = 600_000;

    /** Nothing is away for longer, but for the time that it takes to be back. */
    static final Duration LONGEST_FAULT = Duration.ofMillis(Math.max(BROKER_FROZEN_MILLIS, DATABASE_SILENT_MILLIS));

    private static final int MOST_AT_ONCE = 3;
    private static final int LONGEST_GAP_MILLIS = 3_000;

    /** The target of what strikes the workers' instances of one number together, before that number. */
    static final String WORKERS = "workers-";

    private final Random random;
    private final int instances;
    private final Set<Kind> kinds;
    private final List<Fault> deck = new ArrayList<>();
    private int opening;

    /** What comes at once, and how long nothing comes after it. */
    record Round(List<Fault> faults, int gapMillis) {
        /** Whether these harm only whoever pays somebody meanwhile. */
        boolean breaksCalls() {
            return faults.stream().anyMatch(FaultPlan::breaksCalls);
        }
    }

    /**
     * Makes a plan.
     *
     * @param instances of each service
     * @param kinds that come; one at the least
     */
    FaultPlan(long seed, int instances, Set<Kind> kinds) {
        this.random = new Random(seed);
        this.instances = instances;
        this.kinds = Set.copyOf(kinds);
        deck.addAll(shuffled());
        open();
    }

    /** One of each kind is dealt first, and then whatever a call to Stripe may meet with: by then there are such calls. */
    private void open() {
        List<Fault> ofCalls = deck.stream().filter(FaultPlan::breaksCalls).toList();
        deck.removeAll(ofCalls);
        Map<Kind, Fault> first = new EnumMap<>(Kind.class);
        // Before there are calls, no key is known to be in use, and none may be forgotten.
        deck.stream().filter(fault -> !fault.forgetsKeys()).forEach(fault -> first.putIfAbsent(fault.kind(), fault));
        deck.removeAll(first.values());
        ofCalls.forEach(fault -> deck.add(new Fault(fault.kind(), fault.target(), LONGEST_OF_OPENING_MILLIS)));
        for (Fault fault : first.values()) {
            deck.add(fault.isAlone() ? fault : fault.noLongerThan(LONGEST_OF_OPENING_MILLIS));
        }
        Collections.shuffle(deck.subList(deck.size() - first.size(), deck.size()), random);
        opening = first.size() + ofCalls.size();
    }

    static boolean breaksCalls(Fault fault) {
        return fault.kind() == Kind.STRIPE && StripeFault.OF_CALLS.contains(StripeFault.valueOf(fault.target()));
    }

    /** Whether some of what every run begins with has not come yet. */
    boolean isOpening() {
        return opening > 0;
    }

    Round next() {
        List<Fault> faults = new ArrayList<>();
        Set<String> touched = new HashSet<>();
        boolean inOpening = isOpening();
        int longestGapMillis = inOpening ? LONGEST_OF_OPENING_MILLIS : LONGEST_GAP_MILLIS;
        int wanted = inOpening ? MOST_AT_ONCE : 1 + random.nextInt(MOST_AT_ONCE);
        while (faults.size() < wanted) {
            Fault fault = top();
            // Two faults of one target would be one.
            if (!touched.add(fault.target()) || (fault.isAlone() && !faults.isEmpty())) {
                break;
            }
            // What needs no calls is not put off until there are some.
            if (inOpening && !faults.isEmpty() && breaksCalls(fault) != breaksCalls(faults.getFirst())) {
                break;
            }
            deck.removeLast();
            opening = Math.max(0, opening - 1);
            faults.add(fault);
            if (fault.isAlone()) {
                break;
            }
        }
        return new Round(List.copyOf(faults), random.nextInt(longestGapMillis));
    }

    private Fault top() {
        if (deck.isEmpty()) {
            deck.addAll(shuffled());
        }
        return deck.getLast();
    }

    private List<Fault> shuffled() {
        List<Fault> cards = new ArrayList<>();
        for (Service service : Service.values()) {
            cards.add(card(Kind.KILL, oneOf(service)));
            cards.add(card(Kind.FREEZE, oneOf(service)));
            cards.add(card(Kind.ROLL, service.title()));
        }
        for (int number = 1; number <= instances; number++) {
            cards.add(new Fault(Kind.FREEZE_LONG, WORKERS + number, LONG_FREEZE_MILLIS));
        }
        cards.add(card(Kind.CLOCK_BEHIND, oneOf(any())));
        cards.add(card(Kind.CLOCK_AHEAD, oneOf(any())));
        for (Kind kind : List.of(Kind.KILL, Kind.BROKER_RESTART, Kind.FREEZE)) {
            cards.add(card(kind, BROKER));
        }
        for (Kind kind : List.of(Kind.DATABASE_CRASH, Kind.DATABASE_RESTART)) {
            cards.add(card(kind, "database"));
        }
        for (String way : WAYS) {
            for (Kind kind : List.of(Kind.SLOW, Kind.CUT, Kind.SILENT, Kind.REFUSE)) {
                cards.add(card(kind, way));
            }
        }
        for (StripeFault fault : StripeFault.values()) {
            cards.add(card(Kind.STRIPE, fault.name()));
        }
        cards.add(card(Kind.PARTITIONS, "all topics"));
        cards.add(new Fault(Kind.BROKER_FROZEN, BROKER, BROKER_FROZEN_MILLIS));
        cards.add(new Fault(Kind.DATABASE_SILENT, WAYS.getFirst(), DATABASE_SILENT_MILLIS));
        cards.removeIf(card -> !kinds.contains(card.kind()));
        Collections.shuffle(cards, random);
        return cards;
    }

    private Fault card(Kind kind, String target) {
        return new Fault(kind, target, random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS));
    }

    private Service any() {
        List<Service> all = List.of(Service.values());
        return all.get(random.nextInt(all.size()));
    }

    private String oneOf(Service service) {
        return service.instance(1 + random.nextInt(instances));
    }
}
