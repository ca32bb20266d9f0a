package dev.paymaster.gateway.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * An expected refusal, on its way to the client as {@code application/problem+json}. It carries no stack trace: it is an
 * answer, not a bug. Immutable and thread-safe.
 */
public final class Problem extends RuntimeException {
    private final HttpStatus status;
    private final String code;
    private final String detail;
    private final Map<String, Object> fields;
    private final Map<String, String> headers;

    /**
     * @param code stable, for programs, in snake_case
     * @param detail one sentence for people; it must hold no secret
     */
    public Problem(HttpStatus status, String code, String detail) {
        this(status, code, detail, Map.of(), Map.of());
    }

    private Problem(
            HttpStatus status, String code, String detail, Map<String, Object> fields, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.detail = detail;
        this.fields = fields;
        this.headers = headers;
    }

    /** 400: the request itself is wrong. */
    public static Problem badRequest(String code, String detail) {
        return new Problem(HttpStatus.BAD_REQUEST, code, detail);
    }

    /** 400: one field of the body, path or query is wrong. */
    public static Problem invalidField(String field, String detail) {
        return badRequest("invalid_request", detail).with("field", field);
    }

    /** 403: known, and not allowed. */
    public static Problem forbidden(String code, String detail) {
        return new Problem(HttpStatus.FORBIDDEN, code, detail);
    }

    /** 404: not there, or somebody else's, which is the same to the caller. */
    public static Problem notFound(String what) {
        return new Problem(HttpStatus.NOT_FOUND, "not_found", "there is no such " + what + " that you may see");
    }

    /** 409: not in this state. */
    public static Problem conflict(String code, String detail) {
        return new Problem(HttpStatus.CONFLICT, code, detail);
    }

    /** 413: more than this call takes. */
    public static Problem tooLarge() {
        return new Problem(
                HttpStatus.CONTENT_TOO_LARGE, "too_large", "the request body is larger than this call takes");
    }

    /** 422: the Idempotency-Key stands for another request. */
    public static Problem idempotencyMismatch() {
        return new Problem(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "idempotency_mismatch",
                "this Idempotency-Key was used for another request");
    }

    /** 429: too much from this one caller; nothing has happened. */
    public static Problem tooManyRequests(String detail, Duration wait) {
        return new Problem(HttpStatus.TOO_MANY_REQUESTS, "too_many_requests", detail).retryAfter(wait);
    }

    /** 503: something this service needs is away or full; the request may be sent again. */
    public static Problem unavailable(String code, String detail) {
        return new Problem(HttpStatus.SERVICE_UNAVAILABLE, code, detail).retryAfter(Duration.ofSeconds(1));
    }

    /** The text of a field that was added, or null. */
    public @Nullable String text(String field) {
        return fields.get(field) instanceof String text ? text : null;
    }

    /** The same problem with one field more, named as in JSON. */
    public Problem with(String field, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(field, value);
        return new Problem(status, code, detail, more, headers);
    }

    /** The same problem with a response header more. */
    public Problem withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(status, code, detail, fields, more);
    }

    /** The same problem, saying when to come again, in whole seconds: never too early. */
    public Problem retryAfter(Duration wait) {
        return withHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.ceilDiv(wait.toNanos(), 1_000_000_000L)));
    }

    public HttpStatus status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String detail() {
        return detail;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** The body, in the order in which it is shown. */
    Map<String, Object> body(String requestId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "urn:paymaster:problem:" + code);
        body.put("title", title());
        body.put("status", status.value());
        body.put("detail", detail);
        body.put("code", code);
        body.put("request_id", requestId);
        body.put("error", detail);
        body.putAll(fields);
        return body;
    }

    private String title() {
        return Character.toUpperCase(code.charAt(0)) + code.substring(1).replace('_', ' ');
    }
}
