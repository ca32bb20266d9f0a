package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.stripe.exception.InvalidRequestException;
import com.stripe.model.testhelpers.TestClock;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.InvoiceListParams;
import com.stripe.param.testhelpers.TestClockAdvanceParams;
import com.stripe.param.testhelpers.TestClockCreateParams;
import com.stripe.service.testhelpers.TestClockService;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stripe's own way to move the time. */
class TestClockTest {
    private static final long YEAR_SECONDS = 366L * 24 * 60 * 60;

    private Running running;
    private TestClockService clocks;

    @BeforeEach
    void start() {
        running = new Running();
        clocks = running.stripe.v1().testHelpers().testClocks();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void aYearPassesInSeconds() throws Exception {
        long now =
                running.control("GET", "/_sandbox/health", "").required("now").longValue();
        TestClock clock = clocks.create(TestClockCreateParams.builder()
                .setFrozenTime(now)
                .setName("year")
                .build());
        String customer = running.stripe
                .v1()
                .customers()
                .create(CustomerCreateParams.builder()
                        .setTestClock(clock.getId())
                        .build())
                .getId();
        running.control("POST", "/_sandbox/customers/" + customer + "/card", "{}");
        String subscription = running.stripe
                .v1()
                .subscriptions()
                .create(running.subscription(customer).build())
                .getId();

        TestClock advancing = clocks.advance(clock.getId(), to(now + YEAR_SECONDS));
        assertThat(advancing.getStatus()).isEqualTo("advancing");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> clocks.retrieve(clock.getId()).getStatus().equals("ready"));

        assertThat(clocks.retrieve(clock.getId()).getFrozenTime()).isEqualTo(now + YEAR_SECONDS);
        assertThat(running.stripe
                        .v1()
                        .invoices()
                        .list(InvoiceListParams.builder()
                                .setSubscription(subscription)
                                .setLimit(100L)
                                .build())
                        .getData())
                .hasSize(13)
                .allSatisfy(invoice -> assertThat(invoice.getTestClock()).isEqualTo(clock.getId()));
        assertThat(running.events("test_helpers.test_clock.ready")).hasSize(1);
        assertThatThrownBy(() -> clocks.advance(clock.getId(), to(now))).isInstanceOf(InvalidRequestException.class);
    }

    private static TestClockAdvanceParams to(long time) {
        return TestClockAdvanceParams.builder().setFrozenTime(time).build();
    }
}
