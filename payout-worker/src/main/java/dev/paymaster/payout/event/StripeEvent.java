package dev.paymaster.payout.event;

import dev.paymaster.events.Text;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.UnreadableRecordException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** One of Stripe's events as it was signed, parsed once, when it is first asked what it says. For one thread. */
public final class StripeEvent {
    /** In seconds: some thousands of years, all of which a database knows. */
    private static final long LATEST = 100_000_000_000L;

    private final String type;
    private final byte[] body;
    private @Nullable JsonNode json;

    /** @param type as {@code stripe.events} names it: {@code stripe.account.updated} */
    public StripeEvent(String type, byte[] body) {
        this.type = type;
        this.body = body;
    }

    /** As {@code stripe.events} names it. */
    public String type() {
        return type;
    }

    /**
     * What it happened to; missing when the event doesn't say.
     *
     * @throws UnreadableRecordException when the event is no JSON
     */
    public JsonNode object() {
        return json().path("data").path("object");
    }

    /**
     * The connected account that it happened on; null: the platform itself.
     *
     * @throws UnreadableRecordException when the event is no JSON
     */
    public @Nullable String account() {
        return text(json().path("account"));
    }

    /**
     * Whether it is about real money; null when the event doesn't say.
     *
     * @throws UnreadableRecordException when the event is no JSON
     */
    public @Nullable Boolean live() {
        JsonNode live = json().path("livemode");
        return live.isBoolean() ? live.booleanValue() : null;
    }

    /**
     * When it happened.
     *
     * @throws UnreadableRecordException when the event is no JSON, or doesn't say
     */
    public Instant created() {
        JsonNode created = json().path("created");
        if (!created.isIntegralNumber()) {
            throw new UnreadableRecordException("the event has no time of creation");
        }
        long seconds = created.canConvertToLong() ? created.longValue() : Long.MAX_VALUE;
        if (seconds < 0 || seconds > LATEST) {
            throw new UnreadableRecordException("the event's time of creation is none");
        }
        return Instant.ofEpochSecond(seconds);
    }

    /**
     * The text in a field, or null.
     *
     * @throws UnreadableRecordException when it has a character that no database takes
     */
    public static @Nullable String text(JsonNode field) {
        String text = field.isString() ? field.stringValue() : null;
        if (text != null && !Text.isStorable(text)) {
            throw new UnreadableRecordException("a text of the event has a character that no database takes");
        }
        return text;
    }

    /** The UUID in a field, or null: what somebody else has made means something else by it. */
    public static @Nullable UUID uuid(JsonNode field) {
        String text = text(field);
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private JsonNode json() {
        if (json == null) {
            try {
                json = Codec.json().readTree(body);
            } catch (JacksonException e) {
                throw new UnreadableRecordException("not a valid " + type + ": " + e.getOriginalMessage(), e);
            }
        }
        return json;
    }
}
