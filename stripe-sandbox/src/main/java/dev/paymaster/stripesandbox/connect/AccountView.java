package dev.paymaster.stripesandbox.connect;

import dev.paymaster.stripesandbox.state.Json;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An account in the words of Accounts v2: the same one that {@code /v1/accounts} shows, as at Stripe
 * (<a href="https://docs.stripe.com/connect/accounts-v2">Accounts v2</a>). Large sections are there only if a call
 * includes them.
 */
final class AccountView {
    private AccountView() {}

    /**
     * The v2 object.
     *
     * @param account as v1 shows it
     * @param more what only v2 knows: {@code display_name}, {@code dashboard}, {@code defaults}, {@code identity}
     * @param include the sections that were asked for
     */
    static ObjectNode of(ObjectNode account, ObjectNode more, Set<String> include) {
        ObjectNode view = Json.object()
                .put("id", Json.require(account, "id"))
                .put("object", "v2.core.account")
                .put("closed", more.path("closed").asBoolean(false));
        view.putArray("applied_configurations").add("recipient");
        view.set("contact_email", account.required("email"));
        view.put("created", time(account.required("created").longValue()));
        for (String field : List.of("contact_phone", "dashboard", "display_name")) {
            view.put(field, Json.text(more, field));
        }
        view.put("livemode", false).set("metadata", account.required("metadata"));
        for (String section : List.of("defaults", "identity")) {
            view.set(section, include.contains(section) ? section(more, section) : Json.MAPPER.nullNode());
        }
        view.set("configuration", configuration(account, include));
        view.set("requirements", include.contains("requirements") ? requirements(account) : Json.MAPPER.nullNode());
        view.set("future_requirements", include.contains("future_requirements") ? none() : Json.MAPPER.nullNode());
        return view;
    }

    /** Times in v2 are texts. */
    static String time(long epochSecond) {
        return Instant.ofEpochSecond(epochSecond).toString();
    }

    private static JsonNode section(ObjectNode more, String section) {
        ObjectNode shown =
                more.path(section).isObject() ? (ObjectNode) more.path(section).deepCopy() : Json.object();
        if (section.equals("defaults")) {
            shown.withObjectProperty("responsibilities").put("requirements_collector", "stripe");
        }
        return shown;
    }

    private static JsonNode configuration(ObjectNode account, Set<String> include) {
        if (include.stream().noneMatch(section -> section.startsWith("configuration."))) {
            return Json.MAPPER.nullNode();
        }
        ObjectNode configuration =
                Json.object().putNull("customer").putNull("merchant").putNull("recipient");
        if (include.contains("configuration.recipient")) {
            ObjectNode recipient = configuration.putObject("recipient").put("applied", true);
            ObjectNode balance = recipient.putObject("capabilities").putObject("stripe_balance");
            balance.set("stripe_transfers", capability(Accounts.transfers(account)));
            balance.set("payouts", capability(Accounts.transfers(account)));
        }
        return configuration;
    }

    private static ObjectNode capability(@Nullable String v1) {
        String status = v1 == null ? "unsupported" : v1.equals("inactive") ? "restricted" : v1;
        ObjectNode capability = Json.object().put("status", status);
        ArrayNode details = capability.putArray("status_details");
        if (status.equals("restricted")) {
            details.addObject().put("code", "requirements_past_due").put("resolution", "provide_info");
        }
        return capability;
    }

    private static ObjectNode requirements(ObjectNode account) {
        ObjectNode requirements = none();
        ArrayNode entries = (ArrayNode) requirements.required("entries");
        for (JsonNode due : account.required("requirements").required("currently_due")) {
            ObjectNode entry =
                    entries.addObject().put("awaiting_action_from", "user").put("description", due.stringValue());
            entry.putArray("errors");
            ObjectNode restricts = entry.putObject("impact")
                    .putArray("restricts_capabilities")
                    .addObject()
                    .put("capability", "stripe_balance.stripe_transfers")
                    .put("configuration", "recipient");
            restricts.putObject("deadline").put("status", "past_due");
            entry.putObject("minimum_deadline").put("status", "past_due");
            entry.putArray("requested_reasons").addObject().put("code", "routine_onboarding");
        }
        if (!entries.isEmpty()) {
            requirements.putObject("summary").putObject("minimum_deadline").put("status", "past_due");
        }
        return requirements;
    }

    private static ObjectNode none() {
        ObjectNode requirements = Json.object();
        requirements.putArray("entries");
        return requirements.putNull("summary");
    }
}
