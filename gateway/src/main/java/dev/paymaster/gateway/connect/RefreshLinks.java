package dev.paymaster.gateway.connect;

import dev.paymaster.gateway.http.Hmac;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.stripe.StripeSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Tokens with which a browser that has no API key gets a new onboarding link: the user's id and an expiry, signed. They
 * give away no more than the onboarding link itself. Thread-safe.
 */
@Component
class RefreshLinks {
    /** Long enough to fetch a passport. */
    private static final Duration VALIDITY = Duration.ofHours(24);

    private static final int BODY_BYTES = 3 * Long.BYTES;

    private final Hmac signature;
    private final Clock clock;

    RefreshLinks(StripeSettings stripe, Clock clock) {
        // Every instance has this secret, and nobody else.
        this.signature = new Hmac(("connect-refresh\n" + stripe.secretKey()).getBytes(StandardCharsets.UTF_8));
        this.clock = clock;
    }

    String tokenFor(UUID userId) {
        byte[] body = ByteBuffer.allocate(BODY_BYTES)
                .putLong(userId.getMostSignificantBits())
                .putLong(userId.getLeastSignificantBits())
                .putLong(clock.instant().plus(VALIDITY).getEpochSecond())
                .array();
        byte[] token = ByteBuffer.allocate(BODY_BYTES + Hmac.BYTES)
                .put(body)
                .put(signature.of(body))
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** @throws Problem 404 when the token isn't ours or has expired */
    UUID userOf(String token) {
        byte[] bytes = decode(token);
        if (bytes.length == BODY_BYTES + Hmac.BYTES) {
            byte[] body = Arrays.copyOf(bytes, BODY_BYTES);
            ByteBuffer fields = ByteBuffer.wrap(body);
            UUID userId = new UUID(fields.getLong(), fields.getLong());
            boolean valid = fields.getLong() >= clock.instant().getEpochSecond();
            if (MessageDigest.isEqual(signature.of(body), Arrays.copyOfRange(bytes, BODY_BYTES, bytes.length))
                    && valid) {
                return userId;
            }
        }
        throw Problem.notFound("link");
    }

    private static byte[] decode(String token) {
        try {
            return Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("link");
        }
    }
}
