package dev.paymaster.gateway.stripewebhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paymaster.gateway.http.Problem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Whatever is sent as a signature is taken or refused, and taken only when it is one of these very bytes. */
class SignatureFuzzTest {
    private static final long NOW = 1_800_000_000L;
    private static final List<String> SECRETS = List.of("whsec_old", "whsec_new");
    private static final SignatureCheck CHECK = new SignatureCheck(SECRETS);

    @FuzzTest(maxDuration = "2s")
    void takesOnlyWhatIsSigned(FuzzedDataProvider data) {
        String time = data.consumeBoolean() ? Long.toString(NOW + data.consumeInt(-400, 400)) : data.consumeString(20);
        byte[] signed = data.consumeBytes(20);
        String signature = HexFormat.of()
                .formatHex(hmac(
                        SECRETS.get(data.consumeInt(0, 1)), (time + ".").getBytes(StandardCharsets.UTF_8), signed));
        String header = switch (data.consumeInt(0, 3)) {
            case 0 -> "t=" + time + ",v1=" + signature;
            case 1 -> data.consumeString(20) + "t=" + time + data.consumeString(5) + ",v1=" + signature;
            case 2 -> "t=" + time + ",v1=" + signature.toUpperCase(Locale.ROOT) + data.consumeString(20);
            default -> data.consumeString(3000);
        };
        byte[] body = data.consumeBoolean() ? signed : data.consumeRemainingAsBytes();

        assertThat(isTaken(body, header))
                .as("%s over %s", header, Arrays.toString(body))
                .isEqualTo(shouldBeTaken(body, header));
    }

    private static boolean isTaken(byte[] body, String header) {
        try {
            CHECK.read(header, Instant.ofEpochSecond(NOW)).require(body);
            return true;
        } catch (Problem refusal) {
            assertThat(refusal.status()).isEqualTo(HttpStatus.BAD_REQUEST);
            return false;
        }
    }

    /** The same once more, as simply as can be. */
    private static boolean shouldBeTaken(byte[] body, String header) {
        List<String> items =
                Arrays.stream(header.split(",", -1)).map(String::strip).toList();
        String time = items.stream()
                .filter(item -> item.startsWith("t="))
                .reduce((_, last) -> last)
                .map(item -> item.substring(2))
                .orElse("");
        if (header.length() > 2048 || !time.matches("[0-9]{1,12}") || Math.abs(Long.parseLong(time) - NOW) > 300) {
            return false;
        }
        byte[] prefix = (time + ".").getBytes(StandardCharsets.UTF_8);
        return items.stream()
                .filter(item -> item.startsWith("v1="))
                .limit(8)
                .map(item -> unhex(item.substring(3)))
                .filter(Objects::nonNull)
                .anyMatch(given ->
                        SECRETS.stream().anyMatch(secret -> Arrays.equals(given, hmac(secret, prefix, body))));
    }

    private static byte @Nullable [] unhex(String text) {
        return text.matches("([0-9a-fA-F]{2})+") ? HexFormat.of().parseHex(text) : null;
    }

    private static byte[] hmac(String secret, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
