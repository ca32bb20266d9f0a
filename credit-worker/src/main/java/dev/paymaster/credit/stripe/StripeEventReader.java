package dev.paymaster.credit.stripe;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads an event in one pass over its bytes, in whatever order its fields stand, and skips what doesn't matter. Only
 * broken JSON, or an event without id or type, can't be read. Thread-safe.
 */
public final class StripeEventReader {
    private static final JsonFactory JSON = new JsonFactory();

    private StripeEventReader() {}

    /**
     * Reads an event.
     *
     * @throws IllegalArgumentException when it is no JSON object, has no id or no type, or says what can't be Stripe's
     */
    public static StripeEvent read(byte[] body) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            json.nextToken();
            return new EventFields(json).read();
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static final class EventFields {
        private final JsonParser json;
        private @Nullable String id;
        private @Nullable String type;
        private long createdSeconds;
        private @Nullable String account;
        private @Nullable Boolean livemode;
        private StripeObject object = StripeObject.EMPTY;

        EventFields(JsonParser json) {
            this.json = json;
        }

        StripeEvent read() {
            Fields.of(json, this::field);
            if (id == null || type == null) {
                throw new IllegalArgumentException("not an event of Stripe: it has no id or no type");
            }
            return new StripeEvent(id, type, createdSeconds, account, livemode, object);
        }

        private void field(String name) {
            switch (name) {
                case "id" -> id = Fields.text(json);
                case "type" -> type = Fields.text(json);
                case "created" -> createdSeconds = Fields.number(json, 0);
                case "account" -> account = Fields.text(json);
                case "livemode" -> livemode = Fields.flag(json);
                case "data" -> Fields.of(json, this::dataField);
                default -> json.skipChildren();
            }
        }

        private void dataField(String name) {
            if (name.equals("object")) {
                object = new ObjectFields(json).read();
            } else {
                json.skipChildren();
            }
        }
    }

    private static final class ObjectFields {
        private final JsonParser json;
        private final List<InvoiceLine> lines = new ArrayList<>();
        private @Nullable String id;
        private @Nullable String customer;
        private @Nullable String mode;
        private @Nullable String clientReferenceId;
        private @Nullable String subscription;
        private @Nullable String userId;
        private boolean hasMoreLines;
        private @Nullable Instant paidAt;
        private final MoneyGatherer money;

        ObjectFields(JsonParser json) {
            this.json = json;
            this.money = new MoneyGatherer(json);
        }

        StripeObject read() {
            Fields.of(json, this::field);
            return new StripeObject(
                    id,
                    customer,
                    mode,
                    clientReferenceId,
                    subscription,
                    userId,
                    lines,
                    hasMoreLines,
                    paidAt,
                    money.gathered());
        }

        private void field(String name) {
            switch (name) {
                case "id" -> id = Fields.text(json);
                case "customer" -> customer = Fields.id(json);
                case "mode" -> mode = Fields.text(json);
                case "client_reference_id" -> clientReferenceId = Fields.text(json);
                // On a session; and on an invoice before 2025.
                case "subscription" -> subscription = orElse(Fields.id(json), subscription);
                case "parent" -> Fields.of(json, this::parentField);
                case "subscription_details" -> Fields.of(json, this::detailsField);
                case "lines" -> Fields.of(json, this::linesField);
                case "status_transitions" -> Fields.of(json, this::transitionField);
                default -> money.field(name);
            }
        }

        private void parentField(String name) {
            if (name.equals("subscription_details")) {
                Fields.of(json, this::detailsField);
            } else {
                json.skipChildren();
            }
        }

        private void detailsField(String name) {
            switch (name) {
                case "subscription" -> subscription = orElse(Fields.id(json), subscription);
                case "metadata" -> userId = orElse(Fields.textOrField(json, "user_id"), userId);
                default -> json.skipChildren();
            }
        }

        private void transitionField(String name) {
            if (name.equals("paid_at")) {
                paidAt = Fields.instant(json);
            } else {
                json.skipChildren();
            }
        }

        private void linesField(String name) {
            switch (name) {
                case "has_more" -> hasMoreLines = Fields.isTrue(json);
                case "data" -> Fields.each(json, () -> lines.add(new LineFields(json).read()));
                default -> json.skipChildren();
            }
        }
    }

    private static @Nullable String orElse(@Nullable String found, @Nullable String otherwise) {
        return found != null ? found : otherwise;
    }
}
