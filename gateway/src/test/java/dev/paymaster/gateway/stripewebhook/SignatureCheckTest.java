package dev.paymaster.gateway.stripewebhook;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.stripe.net.Webhook;
import dev.paymaster.gateway.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureCheckTest {
    private static final long NOW = 1_800_000_000L;
    private static final String OLD_SECRET = "whsec_old";
    private static final String NEW_SECRET = "whsec_new";
    private static final String BODY = "{\"id\": \"evt_1\", \"name\": \"Zoë\"}";

    private final SignatureCheck check = new SignatureCheck(List.of(OLD_SECRET, NEW_SECRET));

    @Test
    void takesWhatStripesOwnLibrarySigns() {
        accept("t=" + NOW + ",v1=" + signature(NEW_SECRET, NOW));
    }

    @Test
    void takesAnySignatureThatFitsAnySecret() {
        accept("t=" + NOW + ",v1=" + signature("whsec_other", NOW) + ",v1=" + signature(OLD_SECRET, NOW) + ",v0=abc");
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, 300})
    void takesAClockThatIsFiveMinutesOff(long seconds) {
        accept("t=" + (NOW + seconds) + ",v1=" + signature(NEW_SECRET, NOW + seconds));
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, 301, 86_400})
    void refusesOldSignaturesAndThoseOfTheFuture(long seconds) {
        refuse("t=" + (NOW + seconds) + ",v1=" + signature(NEW_SECRET, NOW + seconds));
    }

    @Test
    void takesGoodSignaturesInALocaleWithOtherDigits() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            accept("t=" + NOW + ",v1=" + signature(NEW_SECRET, NOW));
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "t",
                "t=",
                "t=abc",
                "t=1800000000",
                "v1=00",
                "t=99999999999999999999,v1=00",
                "t=-1,v1=00",
                "t=１８０００００００0,v1=00",
                "t=1800000000,v1=",
                "t=1800000000,v1=zz",
                "t=1800000000,v1=0",
                "t=1800000000;v1=00",
                ",,,,=,=",
                "t=1800000000,v1=0000000000000000000000000000000000000000000000000000000000000000"
            })
    void refusesMalformedHeaders(String header) {
        refuse(header);
    }

    @Test
    void refusesAHeaderThatIsTooLong() {
        refuse("t=" + NOW + ",v1=00".repeat(1000) + ",v1=" + signature(NEW_SECRET, NOW));
    }

    @Test
    void refusesAnotherBody() {
        String header = "t=" + NOW + ",v1=" + signature(NEW_SECRET, NOW);
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> check.read(header, now()).require((BODY + " ").getBytes(StandardCharsets.UTF_8)));
    }

    private void accept(String header) {
        assertThatCode(() -> check.read(header, now()).require(BODY.getBytes(StandardCharsets.UTF_8)))
                .doesNotThrowAnyException();
    }

    private void refuse(String header) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> check.read(header, now()).require(BODY.getBytes(StandardCharsets.UTF_8)))
                .satisfies(problem -> assertThatCode(problem::code).doesNotThrowAnyException())
                .matches(problem -> problem.code().equals("invalid_signature"));
    }

    private static Instant now() {
        return Instant.ofEpochSecond(NOW);
    }

    private static String signature(String secret, long time) {
        try {
            return Webhook.Util.computeHmacSha256(secret, time + "." + BODY);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
