package dev.paymaster.gateway.checkout;

import com.stripe.param.billingportal.SessionCreateParams;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.PublicUrl;
import dev.paymaster.gateway.stripe.StripeCalls;
import dev.paymaster.gateway.users.Caller;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Lets a customer change cards and plans, see invoices and end a subscription, on a page of Stripe's. Thread-safe. */
@Component
class Portal {
    private final StripeCalls stripe;
    private final StripeCustomers customers;
    private final PublicUrl urls;

    Portal(StripeCalls stripe, StripeCustomers customers, PublicUrl urls) {
        this.stripe = stripe;
        this.customers = customers;
        this.urls = urls;
    }

    /** Where the person goes; Stripe lets it be opened for some minutes. */
    record Opened(String url) {}

    /** Ends with 409 {@code no_stripe_customer} for whoever has bought nothing yet. */
    Mono<Opened> open(Caller caller) {
        return customers
                .find(caller.id())
                .switchIfEmpty(Mono.error(() -> Problem.conflict(
                        "no_stripe_customer", "there is nothing to manage yet: buy a subscription or a top-up first")))
                .flatMap(customer -> stripe.call(client -> client.v1()
                        .billingPortal()
                        .sessions()
                        .create(SessionCreateParams.builder()
                                .setCustomer(customer)
                                .setReturnUrl(urls.of("/"))
                                .build())))
                .map(session -> new Opened(session.getUrl()));
    }
}
