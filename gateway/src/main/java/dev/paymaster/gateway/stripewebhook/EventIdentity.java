package dev.paymaster.gateway.stripewebhook;

import dev.paymaster.events.Text;
import dev.paymaster.gateway.http.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What of an event is needed to hand it on. Read in one pass over the bytes; everything else is skipped, so another
 * version of Stripe's API changes nothing.
 *
 * @param key the object's customer, else the connected account, else the object: events with one key keep their order
 * @param subject the object's id, else the event's
 */
record EventIdentity(String id, String type, String key, String subject) {
    private static final JsonFactory JSON = new JsonFactory();

    /** As Kafka's headers take them; Stripe's are far shorter. */
    private static final int MAX_LENGTH = 255;

    /** @throws Problem 400 when the body is no event */
    static EventIdentity read(byte[] body) {
        Fields fields = new Fields();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            fields.readEvent(json);
        } catch (JacksonException e) {
            throw malformed("the body is not JSON");
        }
        if (fields.id == null || fields.type == null) {
            throw malformed("the body is no event: it has no id or no type");
        }
        String object = fields.object == null ? fields.id : fields.object;
        return new EventIdentity(fields.id, fields.type, fields.key(object), object);
    }

    private static Problem malformed(String detail) {
        return Problem.badRequest("malformed_event", detail);
    }

    /** The fields found so far. */
    private static final class Fields {
        private @Nullable String id;
        private @Nullable String type;
        private @Nullable String account;
        private @Nullable String object;
        private @Nullable String kind;
        private @Nullable String customer;

        String key(String otherwise) {
            if (customer != null) {
                return customer;
            }
            return account == null ? otherwise : account;
        }

        void readEvent(JsonParser json) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("the body is no JSON object");
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "id" -> id = text(json);
                    case "type" -> type = text(json);
                    case "account" -> account = text(json);
                    case "data" -> readData(json);
                    default -> json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw malformed("something stands behind the event");
            }
        }

        private void readData(JsonParser json) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                return;
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("object") && json.currentToken() == JsonToken.START_OBJECT) {
                    readObject(json);
                } else {
                    json.skipChildren();
                }
            }
        }

        private void readObject(JsonParser json) {
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "id" -> object = text(json);
                    case "object" -> kind = text(json);
                    case "customer" ->
                        customer = json.currentToken() == JsonToken.START_OBJECT ? expanded(json) : text(json);
                    default -> json.skipChildren();
                }
            }
            if (customer == null && "customer".equals(kind)) {
                customer = object;
            }
        }

        /** The id of a customer that stands there whole. */
        private static @Nullable String expanded(JsonParser json) {
            String found = null;
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("id")) {
                    found = text(json);
                } else {
                    json.skipChildren();
                }
            }
            return found;
        }

        private static @Nullable String text(JsonParser json) {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                json.skipChildren();
                return null;
            }
            String value = json.getString();
            try {
                Text.require("an id or type of the event", value, MAX_LENGTH);
                return value;
            } catch (IllegalArgumentException e) {
                throw malformed(String.valueOf(e.getMessage()));
            }
        }
    }
}
