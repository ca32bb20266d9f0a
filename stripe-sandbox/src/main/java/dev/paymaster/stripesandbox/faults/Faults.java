package dev.paymaster.stripesandbox.faults;

import dev.paymaster.stripesandbox.state.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The plan in force, its draws and how often each rule has struck. Thread-safe. */
public final class Faults {
    private FaultPlan plan = FaultPlan.none();
    private Random random = new Random(0);
    private int[] hits = new int[0];

    public synchronized void use(FaultPlan newPlan) {
        plan = newPlan;
        random = new Random(newPlan.seed());
        hits = new int[newPlan.rules().size()];
    }

    /** Puts more rules in force, after those that are; what these have struck stays counted. */
    public synchronized void add(FaultPlan more) {
        plan = plan.with(more.rules());
        hits = Arrays.copyOf(hits, plan.rules().size());
    }

    /**
     * The faults that strike this call, in the order of the plan.
     *
     * @param destination the account that the call names as such
     */
    public synchronized List<ApiFault> strike(String method, String path, @Nullable String destination) {
        List<ApiFault> struck = new ArrayList<>();
        for (int i = 0; i < hits.length; i++) {
            if (plan.rules().get(i) instanceof FaultRule.OfCalls rule
                    && rule.matches(method, path, destination)
                    && draw(i, rule)) {
                struck.add(rule.fault());
            }
        }
        return struck;
    }

    /** The faults that strike the deliveries of an event of this type. */
    public synchronized List<WebhookFault> strike(String eventType) {
        List<WebhookFault> struck = new ArrayList<>();
        for (int i = 0; i < hits.length; i++) {
            if (plan.rules().get(i) instanceof FaultRule.OfWebhooks rule && rule.matches(eventType) && draw(i, rule)) {
                struck.add(rule.fault());
            }
        }
        return struck;
    }

    /** A draw from a range, both ends included. */
    public synchronized long between(long min, long max) {
        return random.nextLong(min, max + 1);
    }

    /** The first fault of a type among those that struck. */
    public static <F> @Nullable F first(List<? super F> struck, Class<F> type) {
        return struck.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    /** The plan in force with the number of times each rule has struck. */
    public synchronized ObjectNode report() {
        ObjectNode report = Json.object().put("seed", plan.seed());
        ArrayNode rules = report.putArray("rules");
        for (int i = 0; i < hits.length; i++) {
            FaultRule rule = plan.rules().get(i);
            rules.addObject().put("kind", rule.kind()).put("hits", hits[i]);
        }
        return report;
    }

    private boolean draw(int index, FaultRule rule) {
        if (hits[index] >= rule.times() || (rule.probability() < 1 && random.nextDouble() >= rule.probability())) {
            return false;
        }
        hits[index]++;
        return true;
    }
}
