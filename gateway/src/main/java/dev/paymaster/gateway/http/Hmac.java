package dev.paymaster.gateway.http;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 with one secret. Thread-safe: each use works on a copy of what the secret was prepared to once. */
public final class Hmac {
    private static final String ALGORITHM = "HmacSHA256";

    /** Length of a code. */
    public static final int BYTES = 32;

    private final Mac prepared;

    public Hmac(byte[] secret) {
        try {
            prepared = Mac.getInstance(ALGORITHM);
            prepared.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** The code of some bytes, one part after the other. */
    public byte[] of(byte[]... parts) {
        Mac mac = copy();
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    private Mac copy() {
        try {
            return (Mac) prepared.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("every JDK can copy " + ALGORITHM, e);
        }
    }
}
