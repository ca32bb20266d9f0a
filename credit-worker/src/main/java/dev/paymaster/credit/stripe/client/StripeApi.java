package dev.paymaster.credit.stripe.client;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.net.ApiResource.RequestMethod;
import com.stripe.net.RawRequestOptions;
import dev.paymaster.credit.lookup.Answer;
import dev.paymaster.credit.lookup.Answer.Found;
import dev.paymaster.credit.lookup.Answer.NotOurs;
import dev.paymaster.credit.lookup.Answer.Nothing;
import dev.paymaster.credit.lookup.Finding;
import dev.paymaster.credit.lookup.Lookup;
import dev.paymaster.credit.lookup.NoAnswerException;
import dev.paymaster.credit.lookup.StripeGuard;
import dev.paymaster.credit.lookup.StripeSearch;
import dev.paymaster.credit.stripe.UserId;
import dev.paymaster.messaging.Codec;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Looks things up by GET, each call behind the guard. Thread-safe. */
public final class StripeApi implements StripeSearch {
    /** Stripe's edge is near; what isn't connected by then is down. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    /** Of a hundred lines each; more than Stripe lets an invoice have. */
    private static final int MAX_PAGES = 100;

    /** States of a payment, or of a charge, that it never leaves. */
    private static final Set<String> OVER = Set.of("succeeded", "canceled", "failed");

    private final StripeClient client;
    private final boolean live;
    private final StripeGuard guard;

    /**
     * @param apiBase another Stripe, for example the sandbox; blank: the real one
     * @param readTimeout how long an answer may take
     * @param live whether the key is one for real money
     */
    public StripeApi(String secretKey, String apiBase, Duration readTimeout, boolean live, StripeGuard guard) {
        StripeClient.StripeClientBuilder builder = StripeClient.builder()
                .setApiKey(secretKey.strip())
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                .setReadTimeout((int) readTimeout.toMillis())
                .setMaxNetworkRetries(0);
        if (!apiBase.isBlank()) {
            builder.setApiBase(apiBase.strip());
        }
        this.client = builder.build();
        this.live = live;
        this.guard = guard;
    }

    @Override
    public Answer find(Lookup lookup) {
        return switch (lookup.kind()) {
            case CUSTOMER -> customer(lookup.id());
            case INVOICE -> wholeInvoice(lookup.id());
            case PAYMENT -> lookup.id().startsWith("ch_") ? charge(lookup.id()) : payment(lookup.id());
        };
    }

    private Answer customer(String id) {
        ObjectNode customer = get("/v1/customers/" + encoded(id));
        return customer != null
                        && UserId.of(customer.path("metadata").path("user_id").asString("")) != null
                ? new Found(List.of(new Finding("customer.updated", customer)))
                : new Nothing();
    }

    private Answer wholeInvoice(String id) {
        ObjectNode invoice = get("/v1/invoices/" + encoded(id));
        if (invoice == null || !"paid".equals(invoice.path("status").asString(""))) {
            return new Nothing();
        }
        ArrayNode lines = Codec.json().createArrayNode();
        String path = "/v1/invoices/" + encoded(id) + "/lines?limit=100";
        String next = path;
        for (int page = 0; page < MAX_PAGES; page++) {
            ObjectNode answer = get(next);
            if (answer == null) {
                return new Nothing();
            }
            answer.path("data").forEach(lines::add);
            if (!answer.path("has_more").asBoolean(false)) {
                ObjectNode list = invoice.withObjectProperty("lines").put("has_more", false);
                list.set("data", lines);
                return new Found(List.of(new Finding("invoice.paid", invoice)));
            }
            String last = lines.get(lines.size() - 1).path("id").asString("");
            next = path + "&starting_after=" + encoded(last);
        }
        throw new IllegalStateException("invoice " + id + " has more than " + MAX_PAGES + " pages of lines");
    }

    /**
     * Stripe finds nothing by a charge but what came back of it. If the charge has a payment, that is told anew as the payment's,
     * and asked for as such.
     */
    private Answer charge(String id) {
        ObjectNode charge = get("/v1/charges/" + encoded(id));
        String payment = charge == null ? "" : charge.path("payment_intent").asString("");
        if (payment.isEmpty()) {
            return unjoined(charge);
        }
        List<Finding> found = findings(get("/v1/refunds?limit=100&charge=" + encoded(id)), "refund.updated");
        found.addAll(findings(get("/v1/disputes?limit=100&charge=" + encoded(id)), "charge.dispute.updated"));
        found.forEach(each -> each.object().put("payment_intent", payment));
        return found.isEmpty() ? new Nothing() : new Found(found);
    }

    /** A payment pays for an invoice, or for a checkout session. */
    private Answer payment(String id) {
        ObjectNode links = get("/v1/invoice_payments?limit=100&" + encoded("payment[type]") + "=payment_intent&"
                + encoded("payment[payment_intent]") + "=" + encoded(id));
        List<Finding> found = findings(links, "invoice_payment.paid");
        if (!found.isEmpty()) {
            return new Found(found);
        }
        ObjectNode sessions = get("/v1/checkout/sessions?payment_intent=" + encoded(id));
        found = findings(sessions, "checkout.session.completed");
        if (!found.isEmpty()) {
            return new Found(found);
        }
        return isEmpty(links) && isEmpty(sessions)
                ? unjoined(get("/v1/payment_intents/" + encoded(id)))
                : new Nothing();
    }

    /**
     * A payment to which Stripe joins nothing, or a charge without a payment: it is somebody else's if nothing more can come of it
     * and it names nobody.
     */
    private Answer unjoined(@Nullable ObjectNode payment) {
        if (payment == null
                || !OVER.contains(payment.path("status").asString(""))
                || payment.path("livemode").asBoolean(!live) != live
                || payment.path("metadata").has("user_id")
                || payment.path("metadata").has("pack")) {
            return new Nothing();
        }
        return new NotOurs(payment.path("customer").asString(null));
    }

    private static boolean isEmpty(@Nullable ObjectNode list) {
        return list != null
                && list.path("data").isArray()
                && list.path("data").isEmpty()
                && !list.path("has_more").asBoolean(true);
    }

    private static List<Finding> findings(@Nullable ObjectNode list, String eventType) {
        List<Finding> findings = new ArrayList<>();
        if (list != null) {
            for (JsonNode each : list.path("data")) {
                if (each instanceof ObjectNode object) {
                    findings.add(new Finding(eventType, object));
                }
            }
        }
        return findings;
    }

    /** The answer, or null when Stripe doesn't know what was asked for. */
    private @Nullable ObjectNode get(String path) {
        return guard.<@Nullable ObjectNode>ask(() -> call(path));
    }

    private @Nullable ObjectNode call(String path) {
        try {
            String body = client.rawRequest(
                            RequestMethod.GET,
                            path,
                            null,
                            RawRequestOptions.builder().build())
                    .body();
            if (Codec.json().readTree(body) instanceof ObjectNode object) {
                return object;
            }
            throw new NoAnswerException("Stripe's answer to " + path + " is no object", true, null);
        } catch (JacksonException e) {
            throw new NoAnswerException("Stripe's answer to " + path + " is no JSON", true, e);
        } catch (StripeException e) {
            int status = e.getStatusCode() == null ? 0 : e.getStatusCode();
            if (status == NOT_FOUND) {
                return null;
            }
            throw failure(path, status, e);
        }
    }

    /** Without a status there was no answer. What is said of the key is meant for every question. */
    private static RuntimeException failure(String path, int status, StripeException e) {
        String message = "Stripe answered " + path + " with status " + status + ": " + e.getMessage();
        return switch (status) {
            case UNAUTHORIZED, FORBIDDEN -> new NoAnswerException(message, false, e);
            case 0, CONFLICT, TOO_MANY -> new NoAnswerException(message, true, e);
            default ->
                status >= SERVER_ERROR
                        ? new NoAnswerException(message, true, e)
                        : new IllegalStateException(message, e);
        };
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
