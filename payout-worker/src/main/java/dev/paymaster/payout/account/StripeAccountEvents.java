package dev.paymaster.payout.account;

import static dev.paymaster.payout.event.StripeEvent.text;
import static dev.paymaster.payout.event.StripeEvent.uuid;

import dev.paymaster.messaging.UnreadableRecordException;
import dev.paymaster.payout.event.StripeEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads Stripe's account events as they were signed. Only what is needed is looked at, so another version of Stripe's API
 * changes nothing; what is missing counts as not given.
 */
public final class StripeAccountEvents {
    /** How {@code stripe.events} names types. */
    private static final String PREFIX = "stripe.";

    private static final String ACCOUNT_UPDATED = PREFIX + "account.updated";
    private static final String DEAUTHORIZED = PREFIX + "account.application.deauthorized";

    private StripeAccountEvents() {}

    /**
     * The report in an event, or null when its type says nothing of an account as a whole. That goes for {@code
     * capability.updated} too: it shows one capability, and the {@code account.updated} that Stripe sends with it shows
     * them all.
     *
     * @throws UnreadableRecordException when an event of a known type is no JSON or names no account
     */
    public static @Nullable AccountReport read(StripeEvent event) {
        return switch (event.type()) {
            case ACCOUNT_UPDATED -> updated(event);
            case DEAUTHORIZED -> AccountReport.gone(required(event.account()), event.created());
            default -> null;
        };
    }

    private static AccountReport updated(StripeEvent event) {
        JsonNode account = event.object();
        return new AccountReport(
                required(text(account.path("id"))),
                uuid(account.path("metadata").path("user_id")),
                account.path("details_submitted").asBoolean(false),
                text(account.path("capabilities").path("transfers")),
                account.path("payouts_enabled").asBoolean(false),
                texts(account.path("requirements").path("currently_due")),
                event.created());
    }

    private static String required(@Nullable String accountId) {
        if (accountId == null) {
            throw new UnreadableRecordException("the event names no account");
        }
        return accountId;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array) {
            String text = text(element);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }
}
