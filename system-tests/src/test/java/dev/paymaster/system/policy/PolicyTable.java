package dev.paymaster.system.policy;

import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.Crowd;
import dev.paymaster.system.world.World;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** Plays all rows at once, each with a job of somebody new, in a world whose policy has time limits. */
final class PolicyTable {
    private static final Map<String, String> LIMITS = Map.of(
            "jobs.policy.accept-within", "72h",
            "jobs.policy.submit-within", "24h",
            "jobs.policy.verify-within", "48h",
            "jobs.policy.attempts", "2",
            "jobs.timer.poll", "50ms",
            "reconcile.first-after", "1h");

    private final World world;
    private final List<Row<Step>> rows;
    private final List<Task> tasks = new CopyOnWriteArrayList<>();

    /** @param policy what happens then */
    PolicyTable(Map<String, String> policy, List<Row<Step>> rows) {
        Map<String, String> settings = new HashMap<>(LIMITS);
        policy.forEach((name, value) -> settings.put("jobs.policy." + name, value));
        this.world = World.with(settings);
        this.rows = rows;
    }

    World world() {
        return world;
    }

    /** Plays all rows to their end. */
    void play() {
        world.stripe().setBalance(1_000_000);
        Crowd.each(rows, row -> tasks.add(new Task(world, row)));
        Crowd.each(tasks, Task::play);
        world.comesToRest();
        Crowd.each(tasks, Task::checkOnceMore);
    }

    /** What went wrong with each row, in words, by what the row says; empty: nothing. */
    Map<String, String> failures() {
        Map<String, String> failures = new LinkedHashMap<>();
        rows.forEach(row -> failures.put(row.says(), ""));
        tasks.stream()
                .filter(task -> task.failure() != null)
                .forEach(task -> failures.put(
                        task.row().says(),
                        task.row().steps().stream().map(Step::says).toList() + "\n"
                                + Objects.requireNonNull(task.failure())));
        return failures;
    }
}
