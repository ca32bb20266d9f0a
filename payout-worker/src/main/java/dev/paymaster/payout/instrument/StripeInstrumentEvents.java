package dev.paymaster.payout.instrument;

import static dev.paymaster.payout.event.StripeEvent.text;
import static dev.paymaster.payout.event.StripeEvent.uuid;

import dev.paymaster.messaging.UnreadableRecordException;
import dev.paymaster.payout.event.StripeEvent;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads what Stripe tells of customers, charges and external accounts, as it was signed. What an event lacks counts as not
 * said, so another version of Stripe's API changes nothing.
 */
public final class StripeInstrumentEvents {
    private StripeInstrumentEvents() {}

    /**
     * The report in an event, or null when it says nothing of the kind.
     *
     * @throws UnreadableRecordException when an event of a known type is no JSON
     */
    public static @Nullable InstrumentReport read(StripeEvent event) {
        return switch (event.type()) {
            case "stripe.customer.created", "stripe.customer.updated" ->
                isOfPlatform(event) ? customer(event.object()) : null;
            case "stripe.checkout.session.completed" -> isOfPlatform(event) ? session(event.object()) : null;
            case "stripe.charge.succeeded" -> isOfPlatform(event) ? charge(event.object()) : null;
            case "stripe.account.updated" -> account(event.object());
            case "stripe.account.external_account.created", "stripe.account.external_account.updated" ->
                externalAccount(event.object());
            default -> null;
        };
    }

    /** Receivers have customers of their own, and may name users in them who aren't theirs. */
    private static boolean isOfPlatform(StripeEvent event) {
        return event.account() == null;
    }

    private static @Nullable InstrumentReport customer(JsonNode customer) {
        return report(customer.path("id"), uuid(customer.path("metadata").path("user_id")), Set.of());
    }

    private static @Nullable InstrumentReport session(JsonNode session) {
        return report(session.path("customer"), uuid(session.path("client_reference_id")), Set.of());
    }

    private static @Nullable InstrumentReport charge(JsonNode charge) {
        Set<String> fingerprints = new HashSet<>();
        for (JsonNode method : charge.path("payment_method_details")) {
            add(fingerprints, method);
        }
        return report(charge.path("customer"), null, fingerprints);
    }

    private static @Nullable InstrumentReport account(JsonNode account) {
        Set<String> fingerprints = new HashSet<>();
        for (JsonNode external : account.path("external_accounts").path("data")) {
            add(fingerprints, external);
        }
        return report(account.path("id"), uuid(account.path("metadata").path("user_id")), fingerprints);
    }

    private static @Nullable InstrumentReport externalAccount(JsonNode external) {
        Set<String> fingerprints = new HashSet<>();
        add(fingerprints, external);
        return report(external.path("account"), null, fingerprints);
    }

    /** Null when it says nothing: a guest has paid, or a wallet that has no fingerprint. */
    private static @Nullable InstrumentReport report(JsonNode holder, @Nullable UUID userId, Set<String> fingerprints) {
        String id = text(holder.isObject() ? holder.path("id") : holder);
        return id == null || (userId == null && fingerprints.isEmpty())
                ? null
                : new InstrumentReport(id, userId, Set.copyOf(fingerprints));
    }

    private static void add(Set<String> fingerprints, JsonNode instrument) {
        String fingerprint = text(instrument.path("fingerprint"));
        if (fingerprint != null) {
            fingerprints.add(fingerprint);
        }
    }
}
