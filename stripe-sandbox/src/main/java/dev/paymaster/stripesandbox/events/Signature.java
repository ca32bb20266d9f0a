package dev.paymaster.stripesandbox.events;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The {@code Stripe-Signature} header: HMAC-SHA256 over the time, a dot and the raw bytes of the body. */
public final class Signature {
    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    /**
     * The header for a body, signed with each of several secrets while one is being replaced by another.
     *
     * @param time in seconds since 1970, fresh for each attempt
     */
    static String header(byte[] body, List<String> secrets, long time) {
        StringBuilder header = new StringBuilder(header(body, secrets.getFirst(), time));
        for (String secret : secrets.subList(1, secrets.size())) {
            String other = header(body, secret, time);
            header.append(other.substring(other.indexOf(',')));
        }
        return header.toString();
    }

    /** The header for a body; {@code time} is in seconds since 1970 and fresh for each attempt. */
    public static String header(byte[] body, String secret, long time) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
            return "t=" + time + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }
}
