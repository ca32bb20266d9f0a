package dev.paymaster.system.fuzz;

import dev.paymaster.system.fuzz.RawHttp.Kind;
import dev.paymaster.system.fuzz.RawHttp.Request;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Every call of the contract, valid or broken. */
final class Calls {
    private static final List<String> STRANGE_TEXT = List.of(
            "",
            "%20",
            "%00",
            "%ff%fe",
            "..%2f..%2fetc%2fpasswd",
            "%0d%0aX:%20y",
            "-1",
            "0",
            "1e3",
            "1.5",
            "9223372036854775808",
            "null",
            "true",
            "00000000-0000-0000-0000-00000000000",
            "AAAA====",
            "eyJhIjoxfQ",
            "%F0%9F%98%80",
            "x".repeat(3_000));

    private static final List<String> STRANGE_HEADERS = List.of(
            "Idempotency-Key: ",
            "Idempotency-Key: " + "k".repeat(300),
            "Idempotency-Key: \u00e4\u00ff",
            "Prefer: respond-async, wait=99999999999999999999",
            "Prefer: ;;;=,",
            "X-Request-Id: <script>",
            "Accept: application/xml",
            "Accept: */*;q=x",
            "Accept-Language: \u0080",
            "Accept-Encoding: br;q=9,gzip",
            "Cookie: a=b; c",
            "Range: bytes=0-",
            "Expect: 200-ok",
            "Origin: null",
            "Stripe-Signature: t=1,v1=zz",
            "X-Forwarded-For: 1.2.3.4",
            "X-HTTP-Method-Override: DELETE");

    /** What isn't HTTP any more. */
    private static final List<String> MALFORMED_HEADERS = List.of(
            "No colon here",
            "X-\u0000: y",
            "X: a\u0000b",
            ": nothing",
            "X : y",
            "Content-Length: 7x",
            "X: y\r\n folded");

    private static final List<String> CONTENT_TYPES = List.of(
            "application/json",
            "application/json",
            "application/json",
            "application/json;charset=utf-16",
            "application/json;charset=x",
            "text/plain",
            "application/xml",
            "application/x-www-form-urlencoded",
            "multipart/form-data;boundary=x",
            "application/merge-patch+json",
            "/",
            "\u00e4");

    private final Schemas schemas;
    private final List<Call> all = new ArrayList<>();

    Calls(JsonNode contract, Schemas schemas) {
        this.schemas = schemas;
        contract.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(each -> {
                    if (!each.getKey().equals("parameters")) {
                        all.add(new Call(each.getKey().toUpperCase(Locale.ROOT), path.getKey(), each.getValue()));
                    }
                }));
    }

    record Call(String method, String path, JsonNode operation) {}

    List<Call> all() {
        return List.copyOf(all);
    }

    /** @param key of the caller; empty: none */
    Request request(Call call, String key, Random random) {
        boolean valid = random.nextInt(4) == 0;
        List<String> head = new ArrayList<>();
        if (!key.isEmpty()) {
            head.add("Authorization: Bearer " + key);
        }
        Kind kind = valid ? Kind.VALID : Kind.BROKEN;
        if (!valid && random.nextInt(3) == 0) {
            head.add(STRANGE_HEADERS.get(random.nextInt(STRANGE_HEADERS.size())));
        } else if (!valid && random.nextInt(12) == 0) {
            head.add(MALFORMED_HEADERS.get(random.nextInt(MALFORMED_HEADERS.size())));
            kind = Kind.MALFORMED;
        }
        byte[] body = new byte[0];
        JsonNode schema = call.operation().at("/requestBody/content/application~1json/schema");
        if (!schema.isMissingNode()) {
            ObjectNode fitting = (ObjectNode) schemas.valid(schema, "body", random);
            body = valid || random.nextInt(3) == 0 ? Schemas.utf8(fitting.toString()) : schemas.broken(fitting, random);
            head.add("Content-Type: "
                    + (valid ? "application/json" : CONTENT_TYPES.get(random.nextInt(CONTENT_TYPES.size()))));
        } else if (!valid && random.nextInt(6) == 0) {
            body = Schemas.utf8(Schemas.strange(random));
        }
        return new Request(
                call.method() + " " + target(call, valid, random) + " HTTP/1.1", List.copyOf(head), body, kind);
    }

    /** The call again and again, each time with one strange value where a fitting one belongs: each of them in each place, once. */
    List<Request> strange(Call call, String key, Random random) {
        List<Request> requests = new ArrayList<>();
        List<String> head = List.of("Authorization: Bearer " + key, "Content-Type: application/json");
        JsonNode schema = call.operation().at("/requestBody/content/application~1json/schema");
        boolean takesBody = !schema.isMissingNode();
        ObjectNode whole = takesBody ? schemas.whole(schema, random) : JsonNodeFactory.instance.objectNode();
        byte[] body = Schemas.utf8(takesBody ? whole.toString() : "");
        for (JsonNode each : call.operation().path("parameters")) {
            JsonNode parameter = schemas.resolved(each);
            if (!parameter.path("in").asString("").equals("header")) {
                String name = parameter.path("name").asString("");
                STRANGE_TEXT.forEach(
                        by -> requests.add(new Request(line(call, name, by, random), head, body, Kind.BROKEN)));
            }
        }
        for (String field : whole.propertyNames()) {
            String mark = "mark-" + field;
            String marked = whole.deepCopy().put(field, mark).toString();
            Schemas.strange()
                    .forEach(by -> requests.add(new Request(
                            line(call, "", "", random),
                            head,
                            Schemas.utf8(marked.replace("\"" + mark + "\"", by)),
                            Kind.BROKEN)));
        }
        return requests;
    }

    /** @param strange the parameter that is {@code by}; all others fit */
    private String line(Call call, String strange, String by, Random random) {
        String path = call.path();
        List<String> query = new ArrayList<>();
        for (JsonNode each : call.operation().path("parameters")) {
            JsonNode parameter = schemas.resolved(each);
            String name = parameter.path("name").asString("");
            String value = name.equals(strange)
                    ? by
                    : URLEncoder.encode(
                            schemas.valid(parameter.path("schema"), name, random)
                                    .asString(""),
                            StandardCharsets.UTF_8);
            switch (parameter.path("in").asString("")) {
                case "path" -> path = path.replace("{" + name + "}", value);
                case "query" -> {
                    // Only what a list has told is a cursor.
                    if (name.equals(strange) || !name.equals("cursor")) {
                        query.add(name + "=" + value);
                    }
                }
                default -> {
                    // Headers have strange values of their own.
                }
            }
        }
        return call.method() + " " + path + (query.isEmpty() ? "" : "?" + String.join("&", query)) + " HTTP/1.1";
    }

    private String target(Call call, boolean valid, Random random) {
        String path = call.path();
        List<String> query = new ArrayList<>();
        for (JsonNode each : call.operation().path("parameters")) {
            JsonNode parameter = schemas.resolved(each);
            String name = parameter.path("name").asString("");
            String fitting = URLEncoder.encode(
                    schemas.valid(parameter.path("schema"), name, random).asString(""), StandardCharsets.UTF_8);
            boolean strange = !valid && random.nextInt(3) == 0;
            String value = strange ? STRANGE_TEXT.get(random.nextInt(STRANGE_TEXT.size())) : fitting;
            switch (parameter.path("in").asString("")) {
                case "path" -> path = path.replace("{" + name + "}", value);
                case "query" -> {
                    if (name.equals("cursor") ? strange : random.nextBoolean()) {
                        query.add(name + "=" + value);
                    }
                    if (strange && random.nextInt(4) == 0) {
                        query.add(name + "=" + fitting);
                    }
                }
                default -> {
                    // Headers have strange values of their own.
                }
            }
        }
        return path + (query.isEmpty() ? "" : "?" + String.join("&", query));
    }
}
