package dev.paymaster.system.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What people were told, as they would remember it. Thread-safe. */
final class Journal {
    private final Map<String, Remembered> jobs = new ConcurrentHashMap<>();
    private final Map<String, Asked> requests = new ConcurrentHashMap<>();
    private final Map<String, Long> grants = new ConcurrentHashMap<>();
    private final Set<String> takenBack = ConcurrentHashMap.newKeySet();
    private final Set<String> commands = ConcurrentHashMap.newKeySet();
    private final Map<String, String> garbage = new ConcurrentHashMap<>();
    private final Set<String> contradictions = ConcurrentHashMap.newKeySet();
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private final Map<String, Joined> joined = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();

    /**
     * A job as the last answer about it said.
     *
     * @param receiver who had accepted it by then; null if nobody
     */
    record Remembered(
            String sender, String status, @Nullable String receiver) {}

    /**
     * A request for a job, of which the prompt tells which one it was.
     *
     * @param job what it was answered; null as long as nobody was told
     */
    record Asked(String sender, @Nullable String job) {}

    /** A user was made, as an administrator was answered 201, and is paid on this account, as its call was answered 200. */
    record Joined(String user, String account) {}

    /** A key was answered 201. */
    void keyMade(String key) {
        keys.add(key);
    }

    /** A key was answered 201, in the midst of a run. */
    void joined(String key, String user, String account) {
        keyMade(key);
        joined.put(key, new Joined(user, account));
    }

    /** A job is asked for, perhaps several times until there is an answer. */
    void asks(String prompt, String sender) {
        requests.put(prompt, new Asked(sender, null));
    }

    /** A request was answered 201, with this job. */
    void created(String prompt, String sender, String job) {
        requests.put(prompt, new Asked(sender, job));
        job(job, new Remembered(sender, "queued", null));
    }

    /** A job is so now; whoever was told has it in writing. */
    void job(String id, Remembered now) {
        jobs.put(id, now);
    }

    /** A grant was answered 201. */
    void granted(String user, long credits) {
        grants.merge(user, credits, Long::sum);
    }

    /** An administrator was answered 200: this payout is taken back. */
    void takenBack(String payout) {
        takenBack.add(payout);
    }

    /** Kafka has confirmed a command. */
    void commanded(String id) {
        commands.add(id);
    }

    /** Kafka has confirmed a record that nobody can read, in this topic. */
    void littered(String mark, String topic) {
        garbage.put(mark, topic);
    }

    /** An answer that nobody can make sense of. */
    void contradiction(String what) {
        contradictions.add(what);
    }

    /** Somebody was never told what came of a call. */
    void unanswered(String what) {
        unanswered.add(what);
    }

    /** Counts an answer, or the lack of one. */
    void answered(String how) {
        answers.computeIfAbsent(how, _ -> new AtomicInteger()).incrementAndGet();
    }

    Map<String, Remembered> jobs() {
        return Map.copyOf(jobs);
    }

    /** Requests for jobs, by prompt. */
    Map<String, Asked> requests() {
        return Map.copyOf(requests);
    }

    /** Credits that were granted, by user. */
    Map<String, Long> grants() {
        return Map.copyOf(grants);
    }

    /** Payouts, by id. */
    Set<String> takenBack() {
        return Set.copyOf(takenBack);
    }

    /** Of users; nobody else may know them. */
    Set<String> keys() {
        return Set.copyOf(keys);
    }

    /** Who came in the midst of a run, by key. */
    Map<String, Joined> joined() {
        return Map.copyOf(joined);
    }

    Set<String> commands() {
        return Set.copyOf(commands);
    }

    /** Topics, by mark. */
    Map<String, String> garbage() {
        return Map.copyOf(garbage);
    }

    List<String> contradictions() {
        return new ArrayList<>(contradictions);
    }

    List<String> unanswered() {
        return new ArrayList<>(unanswered);
    }

    /** How often people were answered what, by status. */
    Map<String, Integer> answers() {
        Map<String, Integer> counts = new TreeMap<>();
        answers.forEach((how, count) -> counts.put(how, count.get()));
        return counts;
    }
}
