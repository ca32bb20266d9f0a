package dev.paymaster.gateway;

import com.stripe.net.Webhook;
import dev.paymaster.gateway.Http.Answer;
import java.security.GeneralSecurityException;
import java.time.Instant;

/** Delivers events as Stripe does. */
record SignedEvents(Http stripe) {
    static final String PATH = "/api/stripe/webhook";

    Answer deliver(String body) {
        return stripe.post(PATH, body, "Stripe-Signature", signature(body));
    }

    static String event(String id) {
        return "{\"id\":\"" + id + "\",\"type\":\"invoice.paid\",\"data\":{\"object\":{\"id\":\"in_1\"}}}";
    }

    static String signature(String body) {
        long now = Instant.now().getEpochSecond();
        try {
            return "t=" + now + ",v1="
                    + Webhook.Util.computeHmacSha256(RunningGateway.WEBHOOK_SECRET, now + "." + body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
