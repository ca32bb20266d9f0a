package dev.paymaster.payout.account;

import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.UnreadableRecordException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
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
    public static @Nullable AccountReport read(String type, byte[] body) {
        return switch (type) {
            case ACCOUNT_UPDATED -> updated(parse(type, body));
            case DEAUTHORIZED -> deauthorized(parse(type, body));
            default -> null;
        };
    }

    private static AccountReport updated(JsonNode event) {
        JsonNode account = event.path("data").path("object");
        return new AccountReport(
                required(account, "id"),
                uuid(account.path("metadata").path("user_id")),
                account.path("details_submitted").asBoolean(false),
                text(account.path("capabilities").path("transfers")),
                account.path("payouts_enabled").asBoolean(false),
                texts(account.path("requirements").path("currently_due")),
                created(event));
    }

    /** The platform may no longer touch the account: whatever it could do, it cannot be paid from here. */
    private static AccountReport deauthorized(JsonNode event) {
        return new AccountReport(required(event, "account"), null, true, "inactive", false, List.of(), created(event));
    }

    private static JsonNode parse(String type, byte[] body) {
        try {
            return Codec.json().readTree(body);
        } catch (JacksonException e) {
            throw new UnreadableRecordException("not a valid " + type + ": " + e.getOriginalMessage(), e);
        }
    }

    private static String required(JsonNode object, String field) {
        String value = text(object.path(field));
        if (value == null) {
            throw new UnreadableRecordException("the event names no account");
        }
        return value;
    }

    private static Instant created(JsonNode event) {
        JsonNode created = event.path("created");
        if (!created.isIntegralNumber()) {
            throw new UnreadableRecordException("the event has no time of creation");
        }
        return Instant.ofEpochSecond(created.longValue());
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    private static @Nullable UUID uuid(JsonNode node) {
        String text = text(node);
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null; // an account of somebody else's making: its metadata means something else
        }
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
