package dev.paymaster.stripesandbox.connect;

import dev.paymaster.stripesandbox.state.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What Stripe still wants to know about an account, and what the account may do meanwhile. Changes drafts in place. */
final class Requirements {
    private static final List<String> EVERYTHING = List.of(
            "external_account",
            "individual.dob.day",
            "individual.dob.month",
            "individual.dob.year",
            "individual.first_name",
            "individual.last_name",
            "tos_acceptance.date",
            "tos_acceptance.ip");

    private static final List<String> A_DOCUMENT = List.of("individual.verification.document");

    private Requirements() {}

    static void neverSubmitted(ObjectNode account) {
        demand(account, EVERYTHING);
    }

    /** Everything was submitted and found good: what was requested is active. */
    static void satisfied(ObjectNode account, long now) {
        account.put("details_submitted", true);
        account.withObjectProperty("tos_acceptance").put("date", now);
        demand(account, List.of());
    }

    /** Everything was submitted, but a document is wanted before anything is active again. */
    static void restricted(ObjectNode account) {
        account.put("details_submitted", true);
        demand(account, A_DOCUMENT);
    }

    static boolean met(JsonNode account) {
        return account.required("details_submitted").booleanValue()
                && account.required("requirements").required("currently_due").isEmpty();
    }

    private static void demand(ObjectNode account, List<String> due) {
        ObjectNode requirements = account.withObjectProperty("requirements");
        for (String when : List.of("currently_due", "eventually_due", "past_due")) {
            requirements.set(when, Json.strings(due));
        }
        requirements.put("disabled_reason", due.isEmpty() ? null : "requirements.past_due");
        boolean active = due.isEmpty();
        ObjectNode capabilities = account.withObjectProperty("capabilities");
        for (String name : List.copyOf(capabilities.propertyNames())) {
            capabilities.put(name, active ? "active" : "inactive");
        }
        account.put("payouts_enabled", active).put("charges_enabled", active && capabilities.has("card_payments"));
    }
}
