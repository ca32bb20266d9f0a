package dev.paymaster.gateway.stripe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A page of one of Stripe's lists, newest first, each object byte for byte as it stands there. */
public record ListPage(List<Item> items, boolean hasMore) {
    private static final JsonFactory JSON = new JsonFactory();

    public ListPage {
        items = List.copyOf(items);
    }

    /**
     * An object of the list.
     *
     * @param created in Stripe's seconds
     */
    public record Item(String id, long created, byte[] json) {}

    /** @throws IllegalStateException when it is no page of a list */
    static ListPage read(byte[] body) {
        List<Item> items = new ArrayList<>();
        boolean hasMore = false;
        boolean list = false;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            require(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("data") && value == JsonToken.START_ARRAY) {
                    list = true;
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        items.add(item(json, body));
                    }
                } else if (name.equals("has_more")) {
                    hasMore = value == JsonToken.VALUE_TRUE;
                } else {
                    json.skipChildren();
                }
            }
        } catch (JacksonException e) {
            throw new IllegalStateException("Stripe's list is no JSON", e);
        }
        if (!list) {
            throw new IllegalStateException("Stripe's list has no data");
        }
        return new ListPage(items, hasMore);
    }

    private static Item item(JsonParser json, byte[] body) {
        int from = Math.toIntExact(json.currentTokenLocation().getByteOffset());
        String id = null;
        Long created = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals("id")) {
                id = value == JsonToken.VALUE_STRING ? json.getString() : null;
            } else if (name.equals("created")) {
                created = value == JsonToken.VALUE_NUMBER_INT ? Long.valueOf(json.getLongValue()) : null;
            }
            json.skipChildren();
        }
        int to = Math.toIntExact(json.currentLocation().getByteOffset());
        return new Item(present(id, "id"), present(created, "created"), Arrays.copyOfRange(body, from, to));
    }

    private static <T> T present(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalStateException("something in Stripe's list has no " + name);
        }
        return value;
    }

    private static void require(@Nullable JsonToken found, JsonToken wanted) {
        if (found != wanted) {
            throw new IllegalStateException("Stripe's list is no JSON object");
        }
    }
}
