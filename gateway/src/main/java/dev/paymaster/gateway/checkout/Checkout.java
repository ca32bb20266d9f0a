package dev.paymaster.gateway.checkout;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.Subscription;
import com.stripe.model.checkout.Session;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionListParams;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.PublicUrl;
import dev.paymaster.gateway.stripe.StripeCalls;
import dev.paymaster.gateway.stripe.StripeKeys;
import dev.paymaster.gateway.users.Caller;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Begins subscriptions at Stripe. A user has one customer, at most one live subscription and at most one open session, so
 * nobody pays twice by opening two tabs.
 *
 * <p>A repeated call finds the open session again. Two calls at the same moment use the same idempotency key, which names
 * the session before theirs, so they get the same session. Thread-safe.
 */
@Component
@EnableConfigurationProperties(PublicUrl.class)
class Checkout {
    /** Whoever has one of these changes it or ends it first; incomplete ones were never paid for. */
    private static final Set<String> LIVE = Set.of("active", "trialing", "past_due", "unpaid", "paused");

    /** Nobody has more subscriptions or open sessions. */
    private static final long PAGE = 100;

    private static final String USER_ID = "user_id";
    private static final String TIER = "tier";
    private static final String PRICE = "price";

    private final StripeCalls stripe;
    private final StripeCustomers customers;
    private final StripeKeys keys;
    private final PublicUrl urls;
    private final Clock clock;

    Checkout(StripeCalls stripe, StripeCustomers customers, StripeKeys keys, PublicUrl urls, Clock clock) {
        this.stripe = stripe;
        this.customers = customers;
        this.keys = keys;
        this.urls = urls;
        this.clock = clock;
    }

    /** Where the person pays. */
    record Begun(String url, String sessionId) {}

    /** Ends with 409 {@code already_subscribed} while a subscription is live. */
    Mono<Begun> begin(Caller caller, String tier, String price) {
        return customerOf(caller)
                .flatMap(customer -> stripe.call(client -> session(client, caller, customer, tier, price)))
                .map(session -> new Begun(session.getUrl(), session.getId()));
    }

    private Mono<String> customerOf(Caller caller) {
        String userId = caller.id().toString();
        return customers
                .find(caller.id())
                .switchIfEmpty(Mono.defer(() -> stripe.call(client -> createCustomer(client, caller, userId))
                        .flatMap(created -> customers.link(caller.id(), created.getId(), clock.instant()))));
    }

    private Customer createCustomer(StripeClient client, Caller caller, String userId) throws StripeException {
        CustomerCreateParams.Builder customer =
                CustomerCreateParams.builder().setName(caller.name()).putMetadata(USER_ID, userId);
        if (caller.email() != null) {
            customer.setEmail(caller.email());
        }
        return client.v1().customers().create(customer.build(), keys.keyFor("customer:" + userId));
    }

    private Session session(StripeClient client, Caller caller, String customer, String tier, String price)
            throws StripeException {
        refuseSecondSubscription(client, customer);
        List<Session> earlier = client.v1()
                .checkout()
                .sessions()
                .list(SessionListParams.builder()
                        .setCustomer(customer)
                        .setLimit(PAGE)
                        .build())
                .getData();
        for (Session session : earlier) {
            if ("open".equals(session.getStatus())) {
                if (isFor(session, tier, price)) {
                    return session;
                }
                client.v1().checkout().sessions().expire(session.getId());
            }
        }
        String before = earlier.isEmpty() ? "first" : earlier.getFirst().getId();
        String key = "checkout:" + customer + ":" + before + ":" + tier;
        return client.v1().checkout().sessions().create(parameters(caller, customer, tier, price), keys.keyFor(key));
    }

    private static void refuseSecondSubscription(StripeClient client, String customer) throws StripeException {
        List<Subscription> subscriptions = client.v1()
                .subscriptions()
                .list(SubscriptionListParams.builder()
                        .setCustomer(customer)
                        .setLimit(PAGE)
                        .build())
                .getData();
        if (subscriptions.stream().anyMatch(subscription -> LIVE.contains(subscription.getStatus()))) {
            throw Problem.conflict(
                    "already_subscribed", "there is a subscription already; it has to end before another can begin");
        }
    }

    private static boolean isFor(Session session, String tier, String price) {
        return session.getMetadata() != null
                && tier.equals(session.getMetadata().get(TIER))
                && price.equals(session.getMetadata().get(PRICE));
    }

    /** Whose it is stands on the session, and on the subscription, from where Stripe copies it to every invoice. */
    private SessionCreateParams parameters(Caller caller, String customer, String tier, String price) {
        String userId = caller.id().toString();
        return SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                .setCustomer(customer)
                .setClientReferenceId(userId)
                .setSuccessUrl(urls.of("/checkout-paid.html"))
                .setCancelUrl(urls.of("/checkout-cancelled.html"))
                .addLineItem(SessionCreateParams.LineItem.builder()
                        .setPrice(price)
                        .setQuantity(1L)
                        .build())
                .putMetadata(USER_ID, userId)
                .putMetadata(TIER, tier)
                .putMetadata(PRICE, price)
                .setSubscriptionData(SessionCreateParams.SubscriptionData.builder()
                        .putMetadata(USER_ID, userId)
                        .putMetadata(TIER, tier)
                        .build())
                .build();
    }
}
