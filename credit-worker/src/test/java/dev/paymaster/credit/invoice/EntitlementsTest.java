package dev.paymaster.credit.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.paymaster.credit.invoice.Claim.Period;
import dev.paymaster.credit.invoice.Entitlements.Award;
import dev.paymaster.credit.invoice.Entitlements.Entitlement;
import dev.paymaster.credit.invoice.Entitlements.Stretch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntitlementsTest {
    private static final Period NOVEMBER = new Period("sub_1", Instant.parse("2026-12-01T00:00:00Z"));
    private static final Period DECEMBER = new Period("sub_1", Instant.parse("2027-01-01T00:00:00Z"));

    @Test
    void grantsWhatIsMissing() {
        Entitlements entitlements = new Entitlements(List.of(entitlement(NOVEMBER, "starter", 0, 50)));

        assertThat(entitlements.award(List.of(claim(NOVEMBER, 150), claim(DECEMBER, 150))))
                .extracting(Award::credits)
                .containsExactly(100L, 150L);
        assertThat(entitlements.created()).containsExactly(entitlement(DECEMBER, "tier", 0, 150));
        assertThat(entitlements.raised())
                .extracting(Entitlement::period, Entitlement::tier, Entitlement::credits)
                .containsExactly(tuple(NOVEMBER, "tier", 150L));
    }

    @Test
    void grantsNothingTwiceAndTakesNothingBack() {
        Entitlements entitlements = new Entitlements(List.of(entitlement(NOVEMBER, "pro", 0, 150)));

        assertThat(entitlements.award(List.of(claim(NOVEMBER, 150))))
                .extracting(Award::credits)
                .containsExactly(0L);
        assertThat(entitlements.award(List.of(claim(NOVEMBER, 50))))
                .extracting(Award::credits)
                .containsExactly(0L);
        assertThat(entitlements.created()).isEmpty();
        assertThat(entitlements.raised()).isEmpty();
    }

    @Test
    void theSumIsTheSameInEveryOrder() {
        List<Claim> claims =
                List.of(claim(NOVEMBER, 50), claim(NOVEMBER, 150), claim(NOVEMBER, 500), claim(DECEMBER, 50));

        for (List<Claim> order : permutations(claims)) {
            Entitlements entitlements = new Entitlements(List.of());
            long sum = order.stream()
                    .flatMap(claim -> entitlements.award(List.of(claim)).stream())
                    .mapToLong(Award::credits)
                    .sum();
            assertThat(sum).as("%s", order).isEqualTo(550);
        }
    }

    /** The renewal that was upgraded from may be paid for later, or never. */
    @Test
    void anUpgradeGrantsNothingOfWhatItWasUpgradedFrom() {
        List<Claim> claims = List.of(
                claim(NOVEMBER, 150, 500),
                claim(NOVEMBER, 0, 50),
                claim(NOVEMBER, 50, 150),
                claim(NOVEMBER, 150, 150),
                claim(NOVEMBER, 100, 200));
        Entitlements upgraded = new Entitlements(List.of());

        assertThat(upgraded.award(claims)).extracting(Award::credits).containsExactly(350L, 50L, 100L, 0L, 0L);
        for (List<Claim> order : permutations(claims)) {
            Entitlements entitlements = new Entitlements(List.of());
            order.forEach(claim -> entitlements.award(List.of(claim)));
            assertThat(entitlements.created()).extracting(Entitlement::credits).containsExactly(500L);
        }
    }

    private static Claim claim(Period period, long credits) {
        return claim(period, 0, credits);
    }

    private static Claim claim(Period period, long above, long credits) {
        return new Claim(period, "tier", above, credits, null, null, 0, 0);
    }

    private static Entitlement entitlement(Period period, String tier, long above, long credits) {
        return new Entitlement(period, tier, List.of(new Stretch(above, credits)), false);
    }

    private static <T> List<List<T>> permutations(List<T> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            List<T> rest = new ArrayList<>(items);
            T first = rest.remove(i);
            for (List<T> order : permutations(rest)) {
                List<T> whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                all.add(whole);
            }
        }
        return all;
    }
}
