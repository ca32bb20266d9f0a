package dev.paymaster.gateway.stripewebhook;

import dev.paymaster.gateway.http.Hmac;
import dev.paymaster.gateway.http.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks that Stripe signed a body: HMAC-SHA256 over {@code t.body}, hexadecimal, in the header {@code Stripe-Signature:
 * t=…,v1=…} (docs.stripe.com/webhooks#verify-manually). Any {@code v1} that fits any secret passes, as either may be two
 * while a secret is being replaced. Written here because the SDK's check fails with exceptions on malformed headers and
 * takes signatures of the future. Thread-safe.
 */
final class SignatureCheck {
    static final String HEADER = "Stripe-Signature";

    /** Stripe's own tolerance; a replay after it is refused, and so is a clock that is as far ahead. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** Stripe sends one per active secret, and the longest header is some hundred characters. */
    private static final int MAX_SIGNATURES = 8;

    private static final int MAX_HEADER_LENGTH = 2048;
    private static final int MAX_TIME_DIGITS = 12;

    private final List<Hmac> secrets;

    SignatureCheck(List<String> secrets) {
        this.secrets = secrets.stream()
                .map(secret -> new Hmac(secret.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /**
     * What a header claims. Most of what can't be Stripe's shows here, before there is a body.
     *
     * @throws Problem 400 saying what is wrong with the header, whatever it looks like
     */
    Claim read(@Nullable String header, Instant now) {
        if (header == null || header.isBlank()) {
            throw invalid("the header " + HEADER + " is missing");
        }
        if (header.length() > MAX_HEADER_LENGTH) {
            throw invalid("the header " + HEADER + " is malformed");
        }
        String time = null;
        List<byte[]> signatures = new ArrayList<>();
        for (String part : header.split(",", -1)) {
            String item = part.strip();
            if (item.startsWith("t=")) {
                time = item.substring(2);
            } else if (item.startsWith("v1=") && signatures.size() < MAX_SIGNATURES) {
                signatures.add(hex(item.substring(3)));
            }
        }
        requireRecent(time, now);
        if (signatures.stream().allMatch(signature -> signature.length != Hmac.BYTES)) {
            throw noneFits();
        }
        return new Claim((time + ".").getBytes(StandardCharsets.US_ASCII), signatures);
    }

    /** That Stripe signed a body at a time. */
    final class Claim {
        private final byte[] prefix;
        private final List<byte[]> signatures;

        private Claim(byte[] prefix, List<byte[]> signatures) {
            this.prefix = prefix;
            this.signatures = signatures;
        }

        /** @throws Problem 400 if it isn't so */
        void require(byte[] body) {
            if (secrets.stream().noneMatch(secret -> matches(secret.of(prefix, body), signatures))) {
                throw noneFits();
            }
        }
    }

    private static void requireRecent(@Nullable String time, Instant now) {
        if (time == null
                || time.isEmpty()
                || time.length() > MAX_TIME_DIGITS
                || !time.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw invalid("the header " + HEADER + " has no valid t");
        }
        long age = Math.abs(now.getEpochSecond() - Long.parseLong(time));
        if (age > TOLERANCE.toSeconds()) {
            throw invalid("the signature's time is more than " + TOLERANCE.toSeconds() + " s from this server's");
        }
    }

    private static boolean matches(byte[] expected, List<byte[]> signatures) {
        boolean found = false;
        for (byte[] signature : signatures) {
            // No early end: how long it takes tells nothing.
            found |= MessageDigest.isEqual(expected, signature);
        }
        return found;
    }

    private static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            return new byte[0]; // fits nothing
        }
    }

    private static Problem noneFits() {
        return invalid("no signature fits this body");
    }

    private static Problem invalid(String detail) {
        return Problem.badRequest("invalid_signature", detail);
    }
}
