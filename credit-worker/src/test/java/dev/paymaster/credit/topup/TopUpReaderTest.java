package dev.paymaster.credit.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.paymaster.credit.stripe.StripeEventReader;
import dev.paymaster.credit.stripe.StripeJson;
import dev.paymaster.credit.stripe.StripeObject;
import dev.paymaster.credit.topup.TopUpReading.Paid;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopUpReaderTest {
    private static final Map<String, Pack> PACKS = Map.of("small", new Pack("small", 10, Duration.ofDays(90)));

    @Test
    void grantsWhatWasSoldThoughTheSettingHasChanged() {
        assertThat(TopUpReader.read(session(", \"credits\": \"25\""), PACKS))
                .isInstanceOfSatisfying(
                        Paid.class,
                        paid -> assertThat(paid.topUp().pack()).isEqualTo(new Pack("small", 25, Duration.ofDays(90))));
    }

    @Test
    void grantsByTheSettingWhenTheSessionDoesNotSay() {
        assertThat(TopUpReader.read(session(""), PACKS))
                .isInstanceOfSatisfying(
                        Paid.class,
                        paid -> assertThat(paid.topUp().pack().credits()).isEqualTo(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-5", "1e3", "1.5", " 7", "1000000000"})
    void refusesWhatIsNoNumberOfCredits(String credits) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopUpReader.read(session(", \"credits\": \"" + credits + "\""), PACKS))
                .withMessageContaining("small");
    }

    private static StripeObject session(String moreMetadata) {
        String user = UUID.randomUUID().toString();
        String session = StripeJson.topUp("cs_1", user, "small", "pi_1", 300, "paid")
                .replace("\"pack\": \"small\"", "\"pack\": \"small\"" + moreMetadata);
        String event = StripeJson.event("evt_1", "checkout.session.completed", session);
        return StripeEventReader.read(event.getBytes(StandardCharsets.UTF_8)).object();
    }
}
