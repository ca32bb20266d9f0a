package dev.paymaster.stripesandbox.pages;

import dev.paymaster.stripesandbox.api.Form;
import dev.paymaster.stripesandbox.connect.Onboarding;
import dev.paymaster.stripesandbox.http.Reply;
import dev.paymaster.stripesandbox.http.Request;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Store;
import tools.jackson.databind.node.ObjectNode;

/** Express onboarding at an account link's {@code url}: everything is submitted with one button. */
final class OnboardingPage {
    private final Store store;
    private final Onboarding onboarding;

    OnboardingPage(Store store, Onboarding onboarding) {
        this.store = store;
        this.onboarding = onboarding;
    }

    Reply.Answer show(String token) {
        return switch (store.transact(() -> onboarding.open(token))) {
            case Onboarding.Visit.Form form -> Reply.html(200, form(form));
            case Onboarding.Visit.Refresh refresh -> Reply.seeOther(refresh.url());
            case Onboarding.Visit.Unknown unknown -> Pages.notFound();
        };
    }

    Reply.Answer submit(String token, Request request) {
        ObjectNode form = Form.decode(request.body());
        Onboarding.Choice choice = Onboarding.Choice.named(Json.text(form, "choice"));
        if (choice == null) {
            return Pages.notFound();
        }
        String next = store.transact(() -> onboarding.finish(token, choice));
        return next == null ? Pages.notFound() : Reply.seeOther(next);
    }

    private static String form(Onboarding.Visit.Form form) {
        String account = Html.escape(Json.require(form.account(), "id"));
        return Html.page("Get paid", """
                <h1>Get paid</h1>
                <p>The platform wants to send money to you, through the account <code>%s</code>.
                Here Stripe would ask who you are and where your money should go.</p>
                <form method="post" action="/setup/v/%s">
                <button name="choice" value="complete">Submit everything, be approved</button>
                <button class="quiet" name="choice" value="restrict">Submit, but a document is missing</button>
                <button class="quiet" name="choice" value="leave">Leave without finishing</button>
                </form>
                """.formatted(account, Html.escape(form.token())));
    }
}
