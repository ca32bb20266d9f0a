package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.InvalidRequestException;
import com.stripe.model.Invoice;
import com.stripe.model.checkout.Session;
import com.stripe.param.CouponCreateParams;
import com.stripe.param.checkout.SessionCreateParams;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checkout that costs nothing today: by a trial or by a coupon. */
class CheckoutOffersTest {
    private Running running;
    private SessionCreateParams.Builder params;

    @BeforeEach
    void start() {
        running = new Running();
        params = SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                .setSuccessUrl("https://example.com/thanks")
                .setCustomerEmail("a@example.com")
                .addLineItem(SessionCreateParams.LineItem.builder()
                        .setPrice(running.prices.get("starter"))
                        .setQuantity(2L)
                        .build());
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void aTrialIsInvoicedWithNothing() throws Exception {
        Session session = complete(params.setSubscriptionData(SessionCreateParams.SubscriptionData.builder()
                .setTrialPeriodDays(14L)
                .putMetadata("user_id", "user-1")
                .build()));

        assertThat(session.getAmountTotal()).isZero();
        assertThat(session.getPaymentStatus()).isEqualTo("no_payment_required");
        assertThat(running.stripe
                        .v1()
                        .subscriptions()
                        .retrieve(session.getSubscription())
                        .getStatus())
                .isEqualTo("trialing");
        Invoice invoice = running.stripe.v1().invoices().retrieve(session.getInvoice());
        assertThat(invoice.getAmountPaid()).isZero();
        assertThat(invoice.getSubtotal()).isZero();
        assertThat(invoice.getParent().getSubscriptionDetails().getMetadata()).containsEntry("user_id", "user-1");
        running.advance(Duration.ofDays(14));
        assertThat(running.balance()).isEqualTo(2000);
    }

    @Test
    void aWholeCouponPaysTheFirstInvoice() throws Exception {
        running.stripe
                .v1()
                .coupons()
                .create(CouponCreateParams.builder()
                        .setId("FREE")
                        .setPercentOff(new BigDecimal(100))
                        .build());

        Session session = complete(params.addDiscount(
                SessionCreateParams.Discount.builder().setCoupon("FREE").build()));

        assertThat(session.getAmountSubtotal()).isEqualTo(2000);
        assertThat(session.getAmountTotal()).isZero();
        Invoice invoice = running.stripe.v1().invoices().retrieve(session.getInvoice());
        assertThat(invoice.getStatus()).isEqualTo("paid");
        assertThat(invoice.getSubtotal()).isEqualTo(2000);
        assertThat(invoice.getTotal()).isZero();
        assertThat(running.events("invoice.paid")).hasSize(1);
        assertThat(running.balance()).isZero();
    }

    @Test
    void refusesAnUnknownCoupon() {
        assertThatThrownBy(() -> complete(params.addDiscount(
                        SessionCreateParams.Discount.builder().setCoupon("NONE").build())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("NONE");
    }

    private Session complete(SessionCreateParams.Builder complete) throws Exception {
        String id = running.stripe
                .v1()
                .checkout()
                .sessions()
                .create(complete.build())
                .getId();
        running.control("POST", "/_sandbox/checkout/sessions/" + id + "/complete", "{}");
        return running.stripe.v1().checkout().sessions().retrieve(id);
    }
}
