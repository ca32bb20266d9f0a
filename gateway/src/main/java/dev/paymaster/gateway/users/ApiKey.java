package dev.paymaster.gateway.users;

import dev.paymaster.messaging.Sha256;
import java.security.SecureRandom;
import java.util.Base64;

/** Keys: {@code pm_} and 256 random bits, of which only the hash is kept. */
final class ApiKey {
    private static final String PREFIX = "pm_";
    private static final int RANDOM_BYTES = 32;

    private ApiKey() {}

    static String make(SecureRandom random) {
        byte[] secret = new byte[RANDOM_BYTES];
        random.nextBytes(secret);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    static byte[] hash(String key) {
        return Sha256.of(key);
    }
}
