package dev.paymaster.gateway.checkout;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionCreateParams.LineItem;
import dev.paymaster.gateway.catalogue.TopUpSettings;
import dev.paymaster.gateway.catalogue.TopUpSettings.Pack;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.PublicUrl;
import dev.paymaster.gateway.stripe.StripeCalls;
import dev.paymaster.gateway.stripe.StripeKeys;
import dev.paymaster.gateway.users.Caller;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Sells credits without a subscription. A pack that is bought again has a session of its own, but as long as one is open it is
 * that one: whoever opens two tabs pays once. Two equal calls at the same moment use one idempotency key. Thread-safe.
 */
@Component
class TopUps {
    private static final String PAYMENT = "payment";
    private static final String CURRENCY = "usd";
    private static final String PACK = "pack";
    private static final String CREDITS = "credits";
    private static final String PRICE_CENTS = "price_cents";

    private final Map<String, Pack> packs = new LinkedHashMap<>();
    private final StripeCalls stripe;
    private final Buyers buyers;
    private final StripeKeys keys;
    private final PublicUrl urls;

    TopUps(TopUpSettings settings, StripeCalls stripe, Buyers buyers, StripeKeys keys, PublicUrl urls) {
        settings.packList().forEach(pack -> packs.put(pack.name(), pack));
        this.stripe = stripe;
        this.buyers = buyers;
        this.keys = keys;
        this.urls = urls;
    }

    /** @throws Problem 400 naming the packs that there are */
    Pack named(String name) {
        Pack pack = packs.get(name);
        if (pack == null) {
            throw Problem.badRequest(
                            "unknown_pack", "there is no such pack; there are " + String.join(", ", packs.keySet()))
                    .with("field", PACK);
        }
        return pack;
    }

    Mono<Checkout.Begun> begin(Caller caller, Pack pack) {
        return buyers.customerOf(caller)
                .flatMap(customer -> stripe.call(client -> session(client, caller, customer, pack)))
                .map(session -> new Checkout.Begun(session.getUrl(), session.getId()));
    }

    private Session session(StripeClient client, Caller caller, String customer, Pack pack) throws StripeException {
        List<Session> earlier = Checkout.sessions(client, Checkout.of(customer).build(), PAYMENT);
        for (Session session : earlier) {
            if (Checkout.isOpen(session) && isFor(session, pack)) {
                return session;
            }
        }
        String before = earlier.isEmpty() ? "first" : earlier.getFirst().getId();
        String key =
                "topup:" + customer + ":" + before + ":" + pack.name() + ":" + pack.credits() + ":" + pack.priceCents();
        return client.v1().checkout().sessions().create(parameters(caller, customer, pack), keys.keyFor(key));
    }

    /** A pack whose settings have changed since is another one. */
    private static boolean isFor(Session session, Pack pack) {
        return session.getMetadata() != null
                && pack.name().equals(session.getMetadata().get(PACK))
                && Long.toString(pack.credits()).equals(session.getMetadata().get(CREDITS))
                && Long.toString(pack.priceCents()).equals(session.getMetadata().get(PRICE_CENTS));
    }

    /** Whose it is and what it buys stands on the session, for whoever grants, and on the payment, for refunds. */
    private SessionCreateParams parameters(Caller caller, String customer, Pack pack) {
        String userId = caller.id().toString();
        String credits = Long.toString(pack.credits());
        return SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.PAYMENT)
                .setCustomer(customer)
                .setClientReferenceId(userId)
                .setSuccessUrl(urls.of("/checkout-paid.html"))
                .setCancelUrl(urls.of("/checkout-cancelled.html"))
                .addLineItem(LineItem.builder()
                        .setPriceData(price(pack))
                        .setQuantity(1L)
                        .build())
                .putMetadata(Buyers.USER_ID, userId)
                .putMetadata(PACK, pack.name())
                .putMetadata(CREDITS, credits)
                .putMetadata(PRICE_CENTS, Long.toString(pack.priceCents()))
                .setPaymentIntentData(SessionCreateParams.PaymentIntentData.builder()
                        .putMetadata(Buyers.USER_ID, userId)
                        .putMetadata(PACK, pack.name())
                        .putMetadata(CREDITS, credits)
                        .build())
                .build();
    }

    private static LineItem.PriceData price(Pack pack) {
        return LineItem.PriceData.builder()
                .setCurrency(CURRENCY)
                .setUnitAmount(pack.priceCents())
                .setProductData(LineItem.PriceData.ProductData.builder()
                        .setName(pack.credits() + " credits")
                        .build())
                .build();
    }
}
