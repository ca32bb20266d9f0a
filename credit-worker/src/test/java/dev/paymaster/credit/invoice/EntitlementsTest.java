package dev.paymaster.credit.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.invoice.Claim.Period;
import dev.paymaster.credit.invoice.Entitlements.Award;
import dev.paymaster.credit.invoice.Entitlements.Entitlement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntitlementsTest {
    private static final Period NOVEMBER = new Period("sub_1", Instant.parse("2026-12-01T00:00:00Z"));
    private static final Period DECEMBER = new Period("sub_1", Instant.parse("2027-01-01T00:00:00Z"));

    @Test
    void grantsWhatIsMissing() {
        Entitlements entitlements = new Entitlements(List.of(new Entitlement(NOVEMBER, "starter", 50)));

        assertThat(entitlements.award(List.of(claim(NOVEMBER, 150), claim(DECEMBER, 150))))
                .extracting(Award::credits)
                .containsExactly(100L, 150L);
        assertThat(entitlements.created()).containsExactly(new Entitlement(DECEMBER, "tier", 150));
        assertThat(entitlements.raised()).containsExactly(new Entitlement(NOVEMBER, "tier", 150));
    }

    @Test
    void grantsNothingTwiceAndTakesNothingBack() {
        Entitlements entitlements = new Entitlements(List.of(new Entitlement(NOVEMBER, "pro", 150)));

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

    private static Claim claim(Period period, long credits) {
        return new Claim(period, "tier", credits, null, null, 0, 0);
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
