package dev.paymaster.stripesandbox;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Who may call: everyone with a test key. There is one platform, whatever the key. */
final class ApiKeys {
    private ApiKeys() {}

    /**
     * Admits a call by its {@code Authorization} header, Bearer or Basic.
     *
     * @throws StripeRefusal 401, which never repeats what was sent
     */
    static void authenticate(@Nullable String authorization) {
        String key = authorization == null ? "" : key(authorization);
        if (key.isEmpty()) {
            throw new StripeRefusal(
                    401,
                    "invalid_request_error",
                    null,
                    "You did not provide an API key. You need to provide your API key in the Authorization header, using"
                            + " Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
                    null);
        }
        if (!key.startsWith("sk_test_")) {
            throw new StripeRefusal(
                    401,
                    "invalid_request_error",
                    null,
                    "Invalid API Key provided: the sandbox takes keys that start with sk_test_.",
                    null);
        }
    }

    /** The key is the token of Bearer, or the user name of Basic. */
    private static String key(String authorization) {
        if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return authorization.substring(7).strip();
        }
        if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return "";
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(authorization.substring(6).strip());
            String credentials = new String(decoded, StandardCharsets.UTF_8);
            int colon = credentials.indexOf(':');
            return colon < 0 ? credentials : credentials.substring(0, colon);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
