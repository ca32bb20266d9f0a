package dev.paymaster.system.world;

import static dev.paymaster.system.world.Eventually.eventually;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The webhook's door, with Stripe's own pen to sign with. Thread-safe. */
public final class Webhooks {
    private static final String ALGORITHM = "HmacSHA256";

    private final Api stranger;
    private final String secret;

    /** @param secrets as the gateway is given them, separated by commas; the first signs */
    public Webhooks(Api stranger, String secrets) {
        this.stranger = stranger;
        this.secret = secrets.split(",", -1)[0];
    }

    /** Brings an event as Stripe does: again, when it isn't taken. */
    public void bring(String event) {
        eventually("a webhook is taken").untilAsserted(() -> deliver(event).expect(200));
    }

    /** Delivers an event, signed as Stripe signs it. */
    public Answer deliver(String event) {
        return deliver(event, signature(event, Instant.now()));
    }

    /** Delivers an event under this {@code Stripe-Signature}. */
    public Answer deliver(String event, String signature) {
        return stranger.send(stranger.request("/api/stripe/webhook")
                .header("Content-Type", "application/json; charset=utf-8")
                .header("Stripe-Signature", signature)
                .POST(BodyPublishers.ofString(event)));
    }

    /** Delivers an event without any signature. */
    public Answer deliverUnsigned(String event) {
        return stranger.post("/api/stripe/webhook", event);
    }

    /** The whole header for an event that was sent at some time. */
    public String signature(String event, Instant at) {
        return "t=" + at.getEpochSecond() + ",v1=" + hmac(at.getEpochSecond() + "." + event);
    }

    private String hmac(String signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
