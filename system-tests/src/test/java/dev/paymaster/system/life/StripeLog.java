package dev.paymaster.system.life;

import dev.paymaster.system.world.StripeControl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What Stripe has to tell, by the customer whom it is about. For one thread. */
final class StripeLog {
    private final StripeControl stripe;
    private final Map<String, String> customers = new HashMap<>();
    private final Map<String, List<JsonNode>> untold = new HashMap<>();
    private String last = "";

    StripeLog(StripeControl stripe) {
        this.stripe = stripe;
    }

    /** Reads on. */
    void read() {
        for (JsonNode event : stripe.eventsAfter(last)) {
            last = event.path("id").stringValue();
            String customer = customerOf(event.at("/data/object"));
            if (!customer.isEmpty()) {
                untold.computeIfAbsent(customer, _ -> new ArrayList<>()).add(event);
            }
        }
    }

    /** What has not been taken yet of what was read about a customer, oldest first. */
    List<JsonNode> take(String customer) {
        List<JsonNode> events = untold.remove(customer);
        return events == null ? List.of() : events;
    }

    /** Refunds and disputes say which payment they are about, and not whose it is. */
    private String customerOf(JsonNode object) {
        String id = object.path("id").asString("");
        boolean itself = object.path("object").asString("").equals("customer");
        String customer = itself ? id : object.path("customer").asString("");
        List<String> names = Stream.of("id", "payment_intent", "invoice")
                .map(name -> object.path(name).asString(""))
                .filter(name -> !name.isEmpty())
                .toList();
        if (!customer.isEmpty()) {
            names.forEach(name -> customers.put(name, customer));
            return customer;
        }
        return names.stream()
                .map(name -> customers.getOrDefault(name, ""))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse("");
    }
}
