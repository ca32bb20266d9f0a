package dev.paymaster.gateway.checkout;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.param.CustomerCreateParams;
import dev.paymaster.gateway.stripe.StripeCalls;
import dev.paymaster.gateway.stripe.StripeKeys;
import dev.paymaster.gateway.users.Caller;
import java.time.Clock;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Makes users Stripe's customers: one user, one customer, made when it is first needed. Thread-safe. */
@Component
class Buyers {
    /** Whose it is, in the metadata of everything at Stripe. */
    static final String USER_ID = "user_id";

    private final StripeCalls stripe;
    private final StripeCustomers customers;
    private final StripeKeys keys;
    private final Clock clock;

    Buyers(StripeCalls stripe, StripeCustomers customers, StripeKeys keys, Clock clock) {
        this.stripe = stripe;
        this.customers = customers;
        this.keys = keys;
        this.clock = clock;
    }

    /** The user's customer; the same one when it is asked for twice at once. */
    Mono<String> customerOf(Caller caller) {
        return customers
                .find(caller.id())
                .switchIfEmpty(Mono.defer(() -> stripe.call(client -> create(client, caller))
                        .flatMap(created -> customers.link(caller.id(), created.getId(), clock.instant()))));
    }

    private Customer create(StripeClient client, Caller caller) throws StripeException {
        String userId = caller.id().toString();
        CustomerCreateParams.Builder customer =
                CustomerCreateParams.builder().setName(caller.name()).putMetadata(USER_ID, userId);
        if (caller.email() != null) {
            customer.setEmail(caller.email());
        }
        return client.v1().customers().create(customer.build(), keys.keyFor("customer:" + userId));
    }
}
