package dev.paymaster.gateway;

import dev.paymaster.gateway.Http.Answer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

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
        return signature(body.getBytes(StandardCharsets.UTF_8));
    }

    /** Of a body of any bytes. */
    static String signature(byte[] body) {
        long now = Instant.now().getEpochSecond();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(RunningGateway.WEBHOOK_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((now + ".").getBytes(StandardCharsets.UTF_8));
            return "t=" + now + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
