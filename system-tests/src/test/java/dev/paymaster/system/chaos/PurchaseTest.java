package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.chaos.Purchase.Credits;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PurchaseTest {
    @Test
    void countsTheHighestTierOfAPeriodAndEveryPeriod() {
        assertThat(credits(bought("May", 50, 1_000, 0), bought("May", 500, 4_000, 0), bought("June", 150, 2_500, 0)))
                .isEqualTo(new Credits(650, 0));
    }

    @Test
    void takesInProportionRoundedDownAndNeverMoreThanThereIs() {
        assertThat(credits(bought("May", 150, 2_500, 333))).isEqualTo(new Credits(150, 19));
        assertThat(credits(bought("May", 150, 2_500, 5_000))).isEqualTo(new Credits(150, 150));
        assertThat(credits(bought("May", 150, 0, 0))).isEqualTo(new Credits(150, 0));
    }

    @Test
    void takesAStepWithTheMoneyThatPaidForIt() {
        assertThat(credits(bought("May", 50, 1_000, 1_000), bought("May", 150, 1_500, 0)))
                .isEqualTo(new Credits(150, 50));
        assertThat(credits(bought("May", 50, 1_000, 0), bought("May", 150, 1_500, 1_500)))
                .isEqualTo(new Credits(150, 100));
        assertThat(credits(bought("May", 50, 1_000, 1_000), bought("May", 50, 1_000, 0)))
                .isEqualTo(new Credits(50, 0));
    }

    private static Purchase bought(String period, long credits, long paidCents, long awayCents) {
        return new Purchase("Sam", period, credits, paidCents, awayCents);
    }

    private static Credits credits(Purchase... purchases) {
        return Purchase.credits(Arrays.asList(purchases)).getOrDefault("Sam", new Credits(0, 0));
    }
}
