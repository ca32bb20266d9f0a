package dev.paymaster.system.earning;

import dev.paymaster.system.world.StripeControl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What Stripe has to tell of connected accounts, and of transfers to them. For one thread at a time. */
final class AccountLog {
    private final StripeControl stripe;
    private final Map<String, List<JsonNode>> transfers = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private String last = "";

    AccountLog(StripeControl stripe) {
        this.stripe = stripe;
    }

    /** Reads on in the platform's own events, which tell of transfers. */
    void read() {
        for (JsonNode event : stripe.eventsAfter(last)) {
            last = event.path("id").stringValue();
            String account = event.at("/data/object/destination").asString("");
            transfers.computeIfAbsent(account, _ -> new ArrayList<>()).add(event);
        }
    }

    /** What has not been taken yet about accounts, oldest first for each. */
    List<JsonNode> take(List<String> accounts) {
        List<JsonNode> events = new ArrayList<>();
        for (String account : accounts) {
            events.addAll(stripe.eventsOf(account));
            events.addAll(transfers.getOrDefault(account, List.of()));
        }
        return events.stream()
                .filter(event -> taken.add(event.path("id").stringValue()))
                .toList();
    }
}
