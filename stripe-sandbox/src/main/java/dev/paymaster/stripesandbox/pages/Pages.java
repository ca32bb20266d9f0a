package dev.paymaster.stripesandbox.pages;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.billing.Billing;
import dev.paymaster.stripesandbox.connect.Onboarding;
import dev.paymaster.stripesandbox.http.Reply;
import dev.paymaster.stripesandbox.http.Request;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;

/** Finds the page of a request; the door of this package. Thread-safe. */
public final class Pages {
    private final CheckoutPage checkout;
    private final OnboardingPage onboarding;
    private final PortalPage portal;
    private final ExpressPage express;

    public Pages(Store store, Billing billing, Onboarding onboarding) {
        this.checkout = new CheckoutPage(store, billing.checkout());
        this.onboarding = new OnboardingPage(store, onboarding);
        this.portal = new PortalPage(store, billing.portal());
        this.express = new ExpressPage(store);
    }

    public Reply handle(Request request) {
        try {
            return switch (request.method()) {
                case "GET" -> show(request.segments());
                case "POST" -> submit(request.segments(), request);
                default -> notFound();
            };
        } catch (StripeRefusal refusal) {
            String message =
                    "<h1>That didn't work</h1><p>" + Html.escape(String.valueOf(refusal.getMessage())) + "</p>";
            return Reply.html(refusal.status(), Html.page("Error", message));
        }
    }

    private Reply.Answer show(List<String> path) {
        String last = path.getLast();
        return switch (place(path)) {
            case "" -> Reply.html(200, Html.page("Stripe sandbox", HOME));
            case "c/pay" -> checkout.show(last);
            case "setup/s/account" -> onboarding.show(last);
            case "p/session" -> portal.show(last);
            case "express" -> express.show(last);
            default -> notFound();
        };
    }

    private Reply.Answer submit(List<String> path, Request request) {
        String last = path.getLast();
        return switch (place(path)) {
            case "c/pay" -> checkout.submit(last, request);
            case "setup/v" -> onboarding.submit(last, request);
            case "p/session" -> portal.submit(last, request);
            default -> notFound();
        };
    }

    /** The path without its last segment, which is an id or a token; the account in a link's path doesn't matter. */
    private static String place(List<String> path) {
        String place = String.join("/", path.subList(0, path.size() - 1));
        return place.startsWith("setup/s/acct_") ? "setup/s/account" : place;
    }

    static Reply.Answer notFound() {
        return Reply.html(404, Html.page("Not found", "<h1>Not found</h1><p>There is no such page, or no longer.</p>"));
    }

    private static final String HOME = """
            <h1>A local Stripe</h1>
            <p>The API is under <code>/v1/</code> and takes any key that starts with <code>sk_test_</code>;
            the controls are under <code>/_sandbox/</code>. Webhook deliveries are logged at
            <a href="/_sandbox/deliveries">/_sandbox/deliveries</a>.</p>
            """;
}
