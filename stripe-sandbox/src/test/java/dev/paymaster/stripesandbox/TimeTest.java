package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.InvalidRequestException;
import com.stripe.model.Invoice;
import com.stripe.model.Subscription;
import com.stripe.param.InvoiceListParams;
import com.stripe.param.SubscriptionUpdateParams;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to subscriptions when the clock is moved. */
class TimeTest {
    private Running running;
    private String subscription;

    @BeforeEach
    void subscribeOnTheLastOfJanuary() throws Exception {
        Clock clock = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
        running = new Running(SandboxSettings.defaults().withClock(clock));
        subscription = running.paid(running.customer().getId()).getSubscription();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void aYearBringsTwelveRenewalsOnTheRightDays() throws Exception {
        running.advance(Duration.ofDays(366));

        List<LocalDate> starts = invoices().reversed().stream()
                .map(invoice ->
                        invoice.getLines().getData().getFirst().getPeriod().getStart())
                .map(second ->
                        Instant.ofEpochSecond(second).atZone(ZoneOffset.UTC).toLocalDate())
                .toList();
        assertThat(starts)
                .hasSize(13)
                .startsWith(
                        LocalDate.of(2026, 1, 31),
                        LocalDate.of(2026, 2, 28),
                        LocalDate.of(2026, 3, 31),
                        LocalDate.of(2026, 4, 30))
                .endsWith(LocalDate.of(2027, 1, 31));
        assertThat(invoices()).allSatisfy(invoice -> {
            assertThat(invoice.getStatus()).isEqualTo("paid");
            assertThat(invoice.getStatusTransitions().getPaidAt()).isEqualTo(invoice.getCreated());
        });
        assertThat(invoices()).extracting(Invoice::getNumber).doesNotHaveDuplicates();
        assertThat(running.stripe
                        .v1()
                        .balance()
                        .retrieve()
                        .getAvailable()
                        .getFirst()
                        .getAmount())
                .isEqualTo(13_000);
    }

    @Test
    void nothingHappensBeforeThePeriodEnds() throws Exception {
        running.advance(Duration.ofDays(28).minusSeconds(1));
        assertThat(invoices()).hasSize(1);

        running.advance(Duration.ofSeconds(1));
        assertThat(invoices()).hasSize(2);
    }

    @Test
    void aSubscriptionThatIsCancelledAtThePeriodEndEndsThen() throws Exception {
        Subscription planned = running.stripe
                .v1()
                .subscriptions()
                .update(
                        subscription,
                        SubscriptionUpdateParams.builder()
                                .setCancelAtPeriodEnd(true)
                                .build());
        assertThat(planned.getStatus()).isEqualTo("active");
        assertThat(planned.getCancelAt())
                .isEqualTo(planned.getItems().getData().getFirst().getCurrentPeriodEnd());

        running.advance(Duration.ofDays(40));

        Subscription ended = running.stripe.v1().subscriptions().retrieve(subscription);
        assertThat(ended.getStatus()).isEqualTo("canceled");
        assertThat(ended.getEndedAt()).isEqualTo(planned.getCancelAt());
        assertThat(invoices()).hasSize(1);
        assertThat(running.form("GET", "/v1/events?type=customer.subscription.deleted", "")
                        .body())
                .contains(subscription);
    }

    @Test
    void aCancelledSubscriptionIsOver() throws Exception {
        running.stripe.v1().subscriptions().cancel(subscription);

        running.advance(Duration.ofDays(40));

        assertThat(invoices()).hasSize(1);
        assertThat(running.stripe.v1().subscriptions().list().getData()).isEmpty();
        assertThatThrownBy(() -> running.stripe.v1().subscriptions().cancel(subscription))
                .isInstanceOf(InvalidRequestException.class);
    }

    private List<Invoice> invoices() throws Exception {
        return running.stripe
                .v1()
                .invoices()
                .list(InvoiceListParams.builder()
                        .setSubscription(subscription)
                        .setLimit(100L)
                        .build())
                .getData();
    }
}
