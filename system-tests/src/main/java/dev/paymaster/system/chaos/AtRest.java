package dev.paymaster.system.chaos;

import dev.paymaster.events.Topics;
import dev.paymaster.system.command.Progress;
import dev.paymaster.system.command.Waiting;
import dev.paymaster.system.proof.AdminProof;
import dev.paymaster.system.proof.Findings;
import dev.paymaster.system.proof.Rule;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.KafkaLog;
import dev.paymaster.system.world.Rest;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits until nothing is under way any more, and then checks everything from outside. */
final class AtRest implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int OK = 200;

    /** Each reads two thousand of everything that Stripe lists, and a run makes some hundreds of one kind. */
    private static final int MOST_RECONCILIATIONS = 20;

    private final Cluster cluster;
    private final Journal journal;
    private final Progress progress;
    private final KafkaLog kafka;
    private final Promises promises;
    private final Rest rest;
    private final Limits limits;

    AtRest(Cluster cluster, Journal journal, Limits limits, Progress progress) {
        this.cluster = cluster;
        this.journal = journal;
        this.limits = limits;
        this.progress = progress;
        this.kafka = new KafkaLog(cluster.bootstrapServers());
        this.promises = new Promises(journal, cluster.database(), kafka, cluster.stripe());
        this.rest = new Rest(cluster.database(), kafka, Optional.of(cluster.stripe()));
    }

    /**
     * Waits until nothing is unfinished.
     *
     * @return what still is when the time is over; empty when nothing is
     */
    String come() {
        return Waiting.untilDone("coming to rest", limits.rest(), POLL, progress, this::unfinished);
    }

    private String unfinished() {
        try {
            String unfinished = rest.unfinished();
            if (unfinished.isEmpty() && rest.reviewsToCome() + rest.invoicesToLookUp() > 0) {
                return "reviews or look-ups are to come";
            }
            return unfinished.isEmpty() ? promises.toCome() : unfinished;
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not answer", e);
        }
    }

    /** Of what Stripe has told, what came to nothing; empty when all of it has its effect. */
    String withoutEffect() {
        return patiently(limits.patience(), this::stillWithoutEffect, String::isEmpty);
    }

    private String stillWithoutEffect() {
        try {
            return promises.withoutEffect();
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not answer", e);
        }
    }

    /**
     * What no webhook has brought is looked up at Stripe, until there is nothing more.
     *
     * @return why it isn't all; empty when it is
     */
    String catchUp(Caller admin) {
        try {
            for (int i = 0; i < MOST_RECONCILIATIONS; i++) {
                Answer ran = admin.post("/api/admin/reconcile").expect(OK);
                if (ran.json().path("complete").asBoolean(false)) {
                    return "";
                }
            }
            return MOST_RECONCILIATIONS + " reconciliations were not enough";
        } catch (GaveUp e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Every broken rule, in the order in which they are looked at; empty when all of them hold. */
    List<String> broken() {
        return patiently(limits.patience(), this::look, List::isEmpty);
    }

    /**
     * Looks until nothing is found, and again and again for so long after the first look: that one may take longer.
     *
     * @return what the last look has found
     */
    static <T> T patiently(Duration patience, Supplier<T> look, Predicate<T> isNothing) {
        T found = look.get();
        Deadline end = new Deadline(patience);
        while (!isNothing.test(found) && !end.isOver()) {
            Waiting.pause(POLL);
            found = look.get();
        }
        return found;
    }

    private List<String> look() {
        List<String> broken = new ArrayList<>();
        try {
            broken.addAll(promises.broken());
            broken.add(Newcomers.broken(journal.joined(), cluster.admin(), cluster.stripe()));
            broken.add(Memory.broken(cluster.logs()));
            broken.addAll(Logs.broken(cluster.logs(), secrets()));
            broken.add(Rule.broken("every process says that it is well", cluster.unwell()));
            broken.addAll(new Findings(cluster.database(), kafka, Optional.of(cluster.stripe())).broken(_ -> false));
            proof().forEach(each -> broken.add("BROKEN: the administrator's proof finds no difference. " + each));
        } catch (AssertionError | UncheckedIOException e) {
            // What the rules before this one have found is worth telling, too.
            broken.add("BROKEN: every rule can be looked at. " + e);
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not answer", e);
        }
        broken.removeIf(String::isEmpty);
        return broken;
    }

    private Set<String> secrets() {
        Set<String> secrets = new HashSet<>(journal.keys());
        secrets.addAll(cluster.secrets());
        return secrets;
    }

    /** A refusal is a finding: everything is up by now. */
    private List<String> proof() {
        try {
            return AdminProof.differences(cluster.admin()).stream()
                    .map(AdminProof.Difference::toString)
                    .toList();
        } catch (AssertionError | UncheckedIOException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /** How many records have become dead letters. */
    long deadLetters() {
        return KafkaDoor.READ.stream()
                .mapToLong(topic -> kafka.size(Topics.deadLetters(topic)))
                .sum();
    }

    @Override
    public void close() {
        kafka.close();
    }
}
