package dev.paymaster.stripesandbox.pages;

import dev.paymaster.stripesandbox.api.Form;
import dev.paymaster.stripesandbox.billing.Buyer;
import dev.paymaster.stripesandbox.billing.CheckoutSessions;
import dev.paymaster.stripesandbox.http.Reply;
import dev.paymaster.stripesandbox.http.Request;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Store;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Hosted Checkout at a session's {@code url}: shows what is bought, takes a test card. */
final class CheckoutPage {
    private static final String PAYS = "4242 4242 4242 4242";

    private final Store store;
    private final CheckoutSessions sessions;

    CheckoutPage(Store store, CheckoutSessions sessions) {
        this.store = store;
        this.sessions = sessions;
    }

    Reply.Answer show(String id) {
        return store.transact(() -> {
            ObjectNode session = sessions.find(id);
            return session == null ? Pages.notFound() : form(session, PAYS, null, 200);
        });
    }

    Reply.Answer submit(String id, Request request) {
        ObjectNode form = Form.decode(request.body());
        String entered = String.valueOf(Json.text(form, "card"));
        String email = Json.text(form, "email");
        Buyer buyer = "us_bank_account".equals(Json.text(form, "method"))
                ? Buyer.byBank(email)
                : Buyer.byCard(entered, email);
        return store.transact(() -> {
            ObjectNode session = sessions.find(id);
            if (session == null) {
                return Pages.notFound();
            }
            return switch (sessions.pay(session, buyer)) {
                case CheckoutSessions.Outcome.Paid(ObjectNode paid, String redirect) ->
                    redirect == null ? closed(paid, 200) : Reply.seeOther(redirect);
                case CheckoutSessions.Outcome.Declined declined -> form(session, entered, declined.message(), 402);
                case CheckoutSessions.Outcome.NotOpen notOpen -> closed(notOpen.session(), 409);
            };
        });
    }

    private Reply.Answer form(ObjectNode session, String card, @Nullable String alert, int status) {
        if (!"open".equals(Json.text(session, "status"))) {
            return closed(session, status);
        }
        String id = Json.require(session, "id");
        String content = """
                <h1>%s</h1>
                %s
                <table>
                <tbody>%s</tbody>
                <tfoot class="total"><tr><td>Total due today</td><td>%s</td></tr></tfoot>
                </table>
                <form method="post" action="/c/pay/%s">
                %s
                <label for="card">Card number</label>
                <input id="card" name="card" inputmode="numeric" autocomplete="off" required
                 value="%s" aria-describedby="cards">
                <p class="hint" id="cards">4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined,
                4000 0000 0000 9995 has insufficient funds. Never a real card.</p>
                %s
                </form>
                %s
                """.formatted(
                        subscribes(session) ? "Subscribe" : "Pay",
                        alert == null ? "" : "<p class=\"alert\" role=\"alert\">" + Html.escape(alert) + "</p>",
                        rows(sessions.lines(id)),
                        Html.dollars(session.required("amount_total").longValue()),
                        Html.escape(id),
                        email(session),
                        Html.escape(card),
                        buttons(session),
                        link(session, "cancel_url"));
        return Reply.html(status, Html.page("Checkout", content));
    }

    private static String buttons(ObjectNode session) {
        return """
                <button type="submit">%s</button>
                <button class="quiet" name="method" value="us_bank_account">Pay by bank debit, which takes days</button>""".formatted(subscribes(session) ? "Pay and subscribe" : "Pay");
    }

    private static Reply.Answer closed(ObjectNode session, int status) {
        boolean complete = "complete".equals(Json.text(session, "status"));
        String thanks = subscribes(session)
                ? "This subscription has started. You can close this page."
                : "Thank you. You can close this page.";
        String content = complete
                ? "<h1>Paid</h1><p>" + thanks + "</p>"
                : "<h1>Too late</h1><p>This Checkout session has expired; start again where you came from.</p>";
        String after = link(session, complete ? "success_url" : "cancel_url");
        return Reply.html(status, Html.page("Checkout", content + after));
    }

    private static boolean subscribes(ObjectNode session) {
        return "subscription".equals(Json.text(session, "mode"));
    }

    private static String rows(ObjectNode lines) {
        StringBuilder rows = new StringBuilder();
        for (JsonNode line : lines.required("data")) {
            String interval = Json.text(line.required("price").required("recurring"), "interval");
            rows.append("<tr><td>%s × %s <span class=\"soft\">%s</span></td><td>%s</td></tr>"
                    .formatted(
                            line.required("quantity").longValue(),
                            Html.escape(Json.require(line, "description")),
                            interval == null ? "once" : "per " + Html.escape(interval),
                            Html.dollars(line.required("amount_total").longValue())));
        }
        return rows.toString();
    }

    private static String email(ObjectNode session) {
        if (Json.text(session, "customer") != null) {
            return "";
        }
        String known = Json.text(session, "customer_email");
        return """
                <label for="email">E-mail</label>
                <input id="email" name="email" type="email" autocomplete="email" required value="%s">
                """.formatted(known == null ? "" : Html.escape(known));
    }

    private static String link(ObjectNode session, String field) {
        String url = Json.text(session, field);
        return url == null ? "" : "<p><a href=\"" + Html.escape(url) + "\">Go back</a></p>";
    }
}
