package dev.paymaster.system.chaos;

import java.util.Set;

/** What the local Stripe can be told to do wrong: its transfers, whatever else it is asked, and its webhooks. */
enum StripeFault {
    SLOW("slow answers", """
            {"kind": "latency", "path": "/v1/*", "min_millis": 100, "max_millis": 2000, "probability": 0.7}"""),
    DROPPED_CALLS("calls dropped", transfers("drop_request")),
    LOST_ANSWERS("answers lost", transfers("drop_response")),
    HALF_ANSWERS("half answers", transfers("truncate_response")),
    FAILS_BEFORE("500 before the effect", transfers("error_before")),
    FAILS_AFTER("500 after the effect", transfers("error_after")),
    RATE_LIMIT("429", transfers("rate_limit")),
    KEY_IN_USE("409", transfers("key_in_use")),
    EMPTY("empty bodies", transfers("empty_body")),
    HTML("HTML for JSON", transfers("html_body")),
    HTML_WITHOUT_EFFECT("HTML, no effect", """
            {"kind": "html_body", "method": "POST", "path": "/v1/transfers", "probability": 0.7, "effect": false}"""),
    NO_FUNDS("balance short", payments("balance_insufficient")),
    CAPABILITY("capability lost", payments("capability_lost")),
    HALF_LOOKS("half answers to looks", """
            {"kind": "truncate_response", "method": "GET", "path": "/v1/*", "probability": 0.5}"""),
    LOOKS_FAIL("looks fail", """
            {"kind": "error_before", "method": "GET", "path": "/v1/*", "probability": 0.7}"""),
    LIMIT_OF_ALL("429 to any call", """
            {"kind": "rate_limit", "reason": "global-rate", "path": "/v1/*", "probability": 0.5}"""),
    LOST_CHECKOUTS("customers and checkouts, answers lost", """
            {"kind": "drop_response", "method": "POST", "path": "/v1/c*", "probability": 0.5}"""),
    /** And so much time passes then that Stripe forgets the keys of these calls. */
    KEYS_FORGOTTEN("answers lost, keys forgotten", """
            {"kind": "truncate_response", "method": "POST", "path": "/v1/transfers"}"""),
    TWICE("webhooks twice", webhooks("webhook_duplicate", "*", "")),
    TWICE_BY_ANOTHER_ID("webhooks twice, new id", webhooks("webhook_duplicate_new_id", "*", "")),
    OUT_OF_ORDER("webhooks out of order", webhooks("webhook_reorder", "*", ", \"window_millis\": 2000")),
    LATE("webhooks late", webhooks("webhook_delay", "*", ", \"millis\": 1500")),
    OTHER_VERSION("webhooks of another version", webhooks("webhook_api_version", "*", "")),
    NEVER("webhooks never", webhooks("webhook_drop", "*", ""));

    /** What a call to pay somebody meets with: it comes to nothing, or nobody is told what came of it. */
    static final Set<StripeFault> OF_CALLS =
            Set.of(DROPPED_CALLS, LOST_ANSWERS, HALF_ANSWERS, FAILS_BEFORE, FAILS_AFTER, RATE_LIMIT, KEY_IN_USE);

    private final String says;
    private final String rule;

    StripeFault(String says, String rule) {
        this.says = says;
        this.rule = rule;
    }

    String says() {
        return says;
    }

    /** As the sandbox takes it. */
    String rule() {
        return rule;
    }

    /** To pay somebody, and to take that back. */
    private static String transfers(String kind) {
        return posts(kind, "/v1/transfers*");
    }

    /** What is refused for the platform's balance, or for what a receiver may do: nothing that is taken back is. */
    private static String payments(String kind) {
        return posts(kind, "/v1/transfers");
    }

    /** Some calls are left to those that come at the same time. */
    private static String posts(String kind, String path) {
        return "{\"kind\": \"" + kind + "\", \"method\": \"POST\", \"path\": \"" + path + "\", \"probability\": 0.5}";
    }

    private static String webhooks(String kind, String events, String more) {
        return "{\"kind\": \"" + kind + "\", \"events\": \"" + events + "\", \"probability\": 0.5" + more + "}";
    }
}
