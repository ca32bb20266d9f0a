package dev.paymaster.stripesandbox.pages;

import dev.paymaster.stripesandbox.api.Form;
import dev.paymaster.stripesandbox.billing.BillingPortal;
import dev.paymaster.stripesandbox.http.Reply;
import dev.paymaster.stripesandbox.http.Request;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Store;
import java.time.Instant;
import java.time.ZoneOffset;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The billing portal at a portal session's {@code url}: a customer's subscriptions, and the end of them. */
final class PortalPage {
    private final Store store;
    private final BillingPortal portal;

    PortalPage(Store store, BillingPortal portal) {
        this.store = store;
        this.portal = portal;
    }

    Reply.Answer show(String id) {
        return store.transact(() -> {
            ObjectNode session = portal.find(id);
            return session == null ? Pages.notFound() : Reply.html(200, page(session));
        });
    }

    Reply.Answer submit(String id, Request request) {
        ObjectNode form = Form.decode(request.body());
        String subscription = Json.text(form, "subscription");
        return store.transact(() -> {
            ObjectNode session = portal.find(id);
            if (session == null || subscription == null) {
                return Pages.notFound();
            }
            String price = Json.text(form, "price");
            if (price == null) {
                portal.cancelAtPeriodEnd(session, subscription, "cancel".equals(Json.text(form, "choice")));
            } else {
                portal.change(session, subscription, price);
            }
            return Reply.seeOther("/p/session/" + id);
        });
    }

    private String page(ObjectNode session) {
        StringBuilder list = new StringBuilder();
        portal.subscriptions(session).forEach(subscription -> list.append(entry(session, subscription)));
        String back = Json.text(session, "return_url");
        String content = "<h1>Your subscriptions</h1>"
                + (list.isEmpty() ? "<p>You have none.</p>" : list.toString())
                + (back == null ? "" : "<p><a href=\"" + Html.escape(back) + "\">Return</a></p>");
        return Html.page("Billing", content);
    }

    private String entry(ObjectNode session, ObjectNode subscription) {
        boolean ending = subscription.required("cancel_at_period_end").booleanValue();
        JsonNode item = Json.data(subscription, "items").required(0);
        long end = item.required("current_period_end").longValue();
        return """
                <form method="post" action="/p/session/%s">
                <p>%s per %s, %s on %s.</p>
                <input type="hidden" name="subscription" value="%s">
                %s
                <button class="quiet" name="choice" value="%s">%s</button>
                </form>
                """.formatted(
                Html.escape(Json.require(session, "id")),
                Html.dollars(item.required("price").required("unit_amount").longValue()
                        * item.required("quantity").longValue()),
                Html.escape(Json.require(item.required("plan"), "interval")),
                ending ? "ends" : "renews",
                Instant.ofEpochSecond(end).atZone(ZoneOffset.UTC).toLocalDate(),
                Html.escape(Json.require(subscription, "id")),
                Json.text(subscription, "schedule") == null
                        ? changes(subscription)
                        : "<p class=\"soft\">Another plan is waiting for the end of the period.</p>",
                ending ? "keep" : "cancel",
                ending ? "Keep it" : "Cancel at the end of the period");
    }

    private String changes(ObjectNode subscription) {
        StringBuilder buttons = new StringBuilder();
        for (ObjectNode price : portal.choices(subscription)) {
            String name = Json.require(portal.product(price), "name");
            buttons.append("<button name=\"price\" value=\"%s\">Change to %s, %s</button>"
                    .formatted(
                            Html.escape(Json.require(price, "id")),
                            Html.escape(name),
                            Html.dollars(price.required("unit_amount").longValue())));
        }
        return buttons.toString();
    }
}
