package dev.paymaster.system.world;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The local Stripe, as a person at its pages, its API's own client, and whoever breaks it on purpose. Thread-safe. */
public final class StripeControl {
    private final Api api;

    public StripeControl(URI base, String secretKey) {
        api = new Api(base, secretKey);
    }

    /** Pays a checkout session with the card that always pays. */
    public void complete(String session) {
        api.post("/_sandbox/checkout/sessions/" + session + "/complete", "{\"card\": \"4242424242424242\"}")
                .expect(200);
    }

    /** What a person does on the onboarding page: {@code complete}, {@code restrict} or {@code leave}. */
    public void onboard(String account, String outcome) {
        api.post("/_sandbox/accounts/" + account + "/onboard", "{\"outcome\": \"" + outcome + "\"}")
                .expect(200);
    }

    /** Submits everything on the onboarding page, with the bank account or test card that is to be paid. */
    public void onboardTo(String account, String number) {
        api.post("/_sandbox/accounts/" + account + "/onboard", """
                        {"outcome": "complete", "external_account": "%s"}""".formatted(number))
                .expect(200);
    }

    /** Lets time pass at Stripe: what falls due in it is there when this returns. */
    public void advance(Duration time) {
        api.post("/_sandbox/clock/advance", "{\"seconds\": " + time.toSeconds() + "}")
                .expect(200);
    }

    /** Gives money of a payment back; answers the refund's id. */
    public String refund(String paymentIntent, long cents) {
        return api.submit("/v1/refunds", "payment_intent=" + paymentIntent + "&amount=" + cents)
                .expect(200)
                .text("/id");
    }

    /** Takes a part of a transfer back, as on Stripe's dashboard. */
    public void reverse(String transfer, long cents) {
        api.submit("/v1/transfers/" + transfer + "/reversals", "amount=" + cents)
                .expect(200);
    }

    /** The bank sends the refund's money back. */
    public void failRefund(String refund) {
        api.post("/_sandbox/refunds/" + refund + "/fail", "{}").expect(200);
    }

    /** The card's holder disputes a payment; answers the dispute's id. */
    public String dispute(String paymentIntent) {
        return api.post("/_sandbox/disputes", "{\"payment_intent\": \"" + paymentIntent + "\"}")
                .expect(200)
                .text("/id");
    }

    /** The bank decides: {@code won} or {@code lost}. */
    public void closeDispute(String dispute, String outcome) {
        api.post("/_sandbox/disputes/" + dispute + "/close", "{\"outcome\": \"" + outcome + "\"}")
                .expect(200);
    }

    public void setBalance(long cents) {
        api.post("/_sandbox/balance", "{\"available\": " + cents + "}").expect(200);
    }

    /** Puts rules of a fault plan in force, until {@link #heal}. */
    public void breakWith(String rules) {
        api.put("/_sandbox/faults", "{\"seed\": 1, \"rules\": [" + rules + "]}").expect(200);
    }

    /** Puts one more rule in force, beside those that are. */
    public void addFault(String rule) {
        api.post("/_sandbox/faults", "{\"rules\": [" + rule + "]}").expect(200);
    }

    /** How often each rule in force has struck, in the order in which they were put there. */
    public List<Integer> strikes() {
        return fetch("/_sandbox/faults")
                .path("rules")
                .valueStream()
                .map(rule -> rule.path("hits").intValue())
                .toList();
    }

    public void heal() {
        api.delete("/_sandbox/faults").expect(200);
    }

    /** Stripe's page at an address that it gave out, shown or submitted; without a key, as in a browser. */
    public Answer show(String url) {
        return api.as(null).get(URI.create(url).getPath());
    }

    public Answer submit(String url, String field, String value) {
        return submit(url, Map.of(field, value));
    }

    /** The same with several fields. */
    public Answer submit(String url, Map<String, String> fields) {
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return api.as(null).submit(URI.create(url).getPath(), form);
    }

    /** A call of the API with a form, already encoded, like {@code POST /v1/refunds}. */
    public JsonNode call(String path, String form) {
        return api.submit(path, form).expect(200).json();
    }

    /** A call that takes an object away, like {@code DELETE /v1/subscriptions/sub_…}. */
    public void delete(String path) {
        api.delete(path).expect(200);
    }

    /** What a script does in place of people, under {@code /_sandbox/}. */
    public JsonNode control(String path, String json) {
        return api.post("/_sandbox/" + path, json).expect(200).json();
    }

    /** The platform's events that came after one of them, oldest first; all of them if that is empty. */
    public List<JsonNode> eventsAfter(String event) {
        List<JsonNode> found = new ArrayList<>();
        String last = "";
        boolean more = true;
        while (more) {
            JsonNode page = fetch("/v1/events?limit=100" + (last.isEmpty() ? "" : "&starting_after=" + last));
            more = page.path("has_more").booleanValue();
            for (JsonNode each : page.path("data")) {
                last = each.path("id").stringValue();
                if (last.equals(event)) {
                    return found.reversed();
                }
                found.add(each);
            }
        }
        return found.reversed();
    }

    /** The events of a connected account, oldest first: the last hundred. */
    public List<JsonNode> eventsOf(String account) {
        List<JsonNode> found = new ArrayList<>();
        api.send(api.request("/v1/events?limit=100")
                        .header("Stripe-Account", account)
                        .GET())
                .expect(200)
                .json()
                .path("data")
                .forEach(found::add);
        return found.reversed();
    }

    /** An object of the API, like {@code /v1/checkout/sessions/cs_…}. */
    public JsonNode fetch(String path) {
        return api.get(path).expect(200).json();
    }

    /** The payment of an invoice; empty when nothing was charged. */
    public String paymentOf(String invoice) {
        return fetch("/v1/invoice_payments?invoice=" + invoice)
                .at("/data/0/payment/payment_intent")
                .asString("");
    }

    /** The transfers of a job. */
    public List<JsonNode> transfers(String jobId) {
        return all("/v1/transfers?transfer_group=" + jobId + "&limit=100");
    }

    /** Every transfer there is. */
    public List<JsonNode> transfers() {
        return all("/v1/transfers?limit=100");
    }

    /** The transfers to an account. */
    public List<JsonNode> transfersTo(String account) {
        return all("/v1/transfers?destination=" + account + "&limit=100");
    }

    /** In cents: what was transferred to an account, without what was taken back. */
    public long stands(String account) {
        return transfersTo(account).stream()
                .mapToLong(transfer -> transfer.path("amount").longValue()
                        - transfer.path("amount_reversed").longValue())
                .sum();
    }

    /** The platform's events of a type, newest first. */
    public List<JsonNode> events(String type) {
        return all("/v1/events?limit=100&type=" + type);
    }

    /** The deliveries of webhooks that are in a state: {@code pending}, {@code succeeded}, {@code failed}, {@code dropped}. */
    public List<JsonNode> deliveries(String state) {
        return all("/_sandbox/deliveries?state=" + state);
    }

    /** Whether {@link #deliveries} has all there ever were. */
    public boolean remembersDeliveries() {
        return fetch("/_sandbox/deliveries").path("complete").booleanValue();
    }

    /** A whole list, page by page; {@code path} has a query already. */
    public List<JsonNode> all(String path) {
        List<JsonNode> found = new ArrayList<>();
        JsonNode page = fetch(path);
        page.path("data").forEach(found::add);
        while (page.path("has_more").booleanValue()) {
            page = fetch(path + "&starting_after=" + found.getLast().path("id").stringValue());
            page.path("data").forEach(found::add);
        }
        return found;
    }
}
