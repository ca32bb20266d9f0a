package dev.paymaster.gateway.checkout;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Subscription;
import com.stripe.model.checkout.Session;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionListParams;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.PublicUrl;
import dev.paymaster.gateway.stripe.StripeCalls;
import dev.paymaster.gateway.stripe.StripeKeys;
import dev.paymaster.gateway.users.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Begins subscriptions at Stripe. A user has one customer, at most one live subscription and at most one open session whose
 * address anybody knows, so nobody pays twice by opening two tabs.
 *
 * <p>A repeated call finds the open session again, and two equal calls at the same moment use one idempotency key. Calls for
 * different tiers need no lock: a session is made first, then all but the newest are ended, and its address is given away only
 * if no subscription is live after that. Of two that are made at once, whoever looks last sees both and ends the older. A call
 * that dies in the middle leaves a session whose address nobody has; the next call finds it or ends it. Thread-safe.
 */
@Component
@EnableConfigurationProperties(PublicUrl.class)
class Checkout {
    /** Whoever has one of these changes it or ends it first. */
    private static final Set<String> LIVE = Set.of("active", "trialing", "past_due", "unpaid", "paused");

    /** Never paid for, or paid by a bank debit that takes days. */
    private static final String INCOMPLETE = "incomplete";

    /** Nobody has more subscriptions or open sessions. */
    private static final long PAGE = 100;

    /** Top-ups have sessions of their own, see {@link TopUps}. */
    private static final String SUBSCRIPTION = "subscription";

    private static final String TIER = "tier";
    private static final String PRICE = "price";

    private final StripeCalls stripe;
    private final Buyers buyers;
    private final StripeKeys keys;
    private final PublicUrl urls;

    Checkout(StripeCalls stripe, Buyers buyers, StripeKeys keys, PublicUrl urls) {
        this.stripe = stripe;
        this.buyers = buyers;
        this.keys = keys;
        this.urls = urls;
    }

    /** Where the person pays. */
    record Begun(String url, String sessionId) {}

    /** Ends with 409 {@code already_subscribed} while a subscription is live. */
    Mono<Begun> begin(Caller caller, String tier, String price) {
        return buyers.customerOf(caller)
                .flatMap(customer -> stripe.call(client -> session(client, caller, customer, tier, price)))
                .map(session -> new Begun(session.getUrl(), session.getId()));
    }

    private Session session(StripeClient client, Caller caller, String customer, String tier, String price)
            throws StripeException {
        refuseSecondSubscription(client, customer);
        List<Session> earlier = sessions(client, of(customer).build(), SUBSCRIPTION);
        Optional<Session> open = earlier.stream().filter(Checkout::isOpen).findFirst();
        if (open.isEmpty() || !isFor(open.get(), tier, price)) {
            create(client, caller, customer, tier, price, earlier);
        }
        Session standing = endAllButTheNewest(client, customer);
        refuseIfPaidMeanwhile(client, customer, standing);
        if (standing == null || !isFor(standing, tier, price)) {
            throw Problem.conflict(
                            "checkout_superseded",
                            "another checkout of the same user began at the same moment; try again")
                    .retryAfter(Duration.ofSeconds(1));
        }
        return standing;
    }

    private void create(
            StripeClient client, Caller caller, String customer, String tier, String price, List<Session> earlier)
            throws StripeException {
        String before = earlier.isEmpty() ? "first" : earlier.getFirst().getId();
        String key = "checkout:" + customer + ":" + before + ":" + tier + ":" + price;
        client.v1().checkout().sessions().create(parameters(caller, customer, tier, price), keys.keyFor(key));
    }

    private static @Nullable Session endAllButTheNewest(StripeClient client, String customer) throws StripeException {
        List<Session> open = sessions(
                client, of(customer).setStatus(SessionListParams.Status.OPEN).build(), SUBSCRIPTION);
        for (Session older : open.subList(Math.min(1, open.size()), open.size())) {
            end(client, older.getId());
        }
        return open.isEmpty() ? null : open.getFirst();
    }

    /** Ends a session, unless it has ended by itself or by being paid, which the subscriptions tell. */
    private static void end(StripeClient client, String sessionId) throws StripeException {
        try {
            client.v1().checkout().sessions().expire(sessionId);
        } catch (InvalidRequestException e) {
            if (isOpen(client.v1().checkout().sessions().retrieve(sessionId))) {
                throw e;
            }
        }
    }

    static SessionListParams.Builder of(String customer) {
        return SessionListParams.builder().setCustomer(customer).setLimit(PAGE);
    }

    /** Those of one mode, newest first. */
    static List<Session> sessions(StripeClient client, SessionListParams which, String mode) throws StripeException {
        return client.v1().checkout().sessions().list(which).getData().stream()
                .filter(session -> mode.equals(session.getMode()))
                .toList();
    }

    static boolean isOpen(Session session) {
        return "open".equals(session.getStatus());
    }

    /** One of those that were ended may have been paid just before. */
    private static void refuseIfPaidMeanwhile(StripeClient client, String customer, @Nullable Session standing)
            throws StripeException {
        try {
            refuseSecondSubscription(client, customer);
        } catch (Problem subscribed) {
            if (standing != null) {
                end(client, standing.getId());
            }
            throw subscribed;
        }
    }

    private static void refuseSecondSubscription(StripeClient client, String customer) throws StripeException {
        List<Subscription> subscriptions = client.v1()
                .subscriptions()
                .list(SubscriptionListParams.builder()
                        .setCustomer(customer)
                        .setLimit(PAGE)
                        .build())
                .getData();
        for (Subscription subscription : subscriptions) {
            boolean live = LIVE.contains(subscription.getStatus());
            if (live || (INCOMPLETE.equals(subscription.getStatus()) && isDebited(client, subscription))) {
                throw Problem.conflict(
                        "already_subscribed",
                        "there is a subscription already; POST /api/stripe/portal leads to where it is changed or ended");
            }
        }
    }

    /** Whether the checkout of an incomplete subscription is over: it was paid, and the bank may yet give the money. */
    private static boolean isDebited(StripeClient client, Subscription subscription) throws StripeException {
        SessionListParams which = SessionListParams.builder()
                .setSubscription(subscription.getId())
                .setLimit(PAGE)
                .build();
        return sessions(client, which, SUBSCRIPTION).stream()
                .anyMatch(session -> "complete".equals(session.getStatus()));
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
                .putMetadata(Buyers.USER_ID, userId)
                .putMetadata(TIER, tier)
                .putMetadata(PRICE, price)
                .setSubscriptionData(SessionCreateParams.SubscriptionData.builder()
                        .putMetadata(Buyers.USER_ID, userId)
                        .putMetadata(TIER, tier)
                        .build())
                .build();
    }
}
