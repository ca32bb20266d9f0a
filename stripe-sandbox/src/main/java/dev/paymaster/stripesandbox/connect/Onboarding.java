package dev.paymaster.stripesandbox.connect;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.control.Control;
import dev.paymaster.stripesandbox.control.Input;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/account_links} and what happens behind them. A link opens once and for five minutes; after that it leads to
 * its {@code refresh_url}, where the platform makes a new one. Called inside {@link Store#transact}.
 */
public final class Onboarding implements Endpoint.Group, Control.Group {
    private static final long LINK_SECONDS = 5 * 60;
    /** A person may leave the opened page alone for a while. */
    private static final long VISIT_SECONDS = 60 * 60;

    private static final int MAX_KEPT = 10_000;

    private static final Parameters CREATE = Parameters.NONE
            .required("account", ParameterType.text())
            .required("type", ParameterType.choice("account_onboarding", "account_update"))
            .required("refresh_url", ParameterType.url())
            .required("return_url", ParameterType.url())
            .ignoring("collect", "collection_options");

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final URI pages;
    private final Accounts accounts;
    private final ExternalAccounts externalAccounts;

    Onboarding(
            Store store, Ids ids, SandboxClock clock, URI pages, Accounts accounts, ExternalAccounts externalAccounts) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.pages = pages;
        this.accounts = accounts;
        this.externalAccounts = externalAccounts;
    }

    /** What a person does on the page. */
    public enum Choice {
        COMPLETE,
        LEAVE,
        RESTRICT;

        /** The choice of this name in a form or a control request; null if there is none. */
        public static @Nullable Choice named(@Nullable String name) {
            for (Choice choice : values()) {
                if (choice.name().equalsIgnoreCase(name)) {
                    return choice;
                }
            }
            return null;
        }
    }

    /** Where an account link leads. */
    public sealed interface Visit {
        /** To the form; what is sent from it carries this token. */
        record Form(ObjectNode account, String token) implements Visit {}

        /** Away: the link was used before, or is too old. */
        record Refresh(String url) implements Visit {}

        /** Nowhere: there never was such a link. */
        record Unknown() implements Visit {}
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/v1/account_links", "account_link", CREATE, this::createLink),
                Endpoint.post("/v1/accounts/{id}/login_links", "login_link", Parameters.NONE, this::createLogin));
    }

    @Override
    public List<Control> controls() {
        return List.of(Control.post("accounts/{id}/onboard", this::onboard, "outcome", "external_account"));
    }

    private ObjectNode onboard(Input input) {
        Choice choice = Choice.named(input.choice("outcome", "complete", "leave", "restrict"));
        return decide(input.id(), Objects.requireNonNull(choice), input.text("external_account"));
    }

    /** Opens a link, which uses it up. */
    public Visit open(String token) {
        ObjectNode link = store.find(Kind.ONBOARDING, token);
        if (link == null || link.required("visit").booleanValue()) {
            return new Visit.Unknown();
        }
        ObjectNode account = store.find(Kind.ACCOUNT, Json.require(link, "account"));
        if (account == null || link.required("used").booleanValue() || expired(link)) {
            return new Visit.Refresh(Json.require(link, "refresh_url"));
        }
        store.put(Kind.ONBOARDING, link.deepCopy().put("used", true));
        ObjectNode visit = link.deepCopy()
                .put("id", ids.next("visit_"))
                .put("visit", true)
                .put("expires_at", clock.now() + VISIT_SECONDS);
        store.put(Kind.ONBOARDING, visit);
        return new Visit.Form(account, Json.require(visit, "id"));
    }

    /** Ends a visit and returns where the person goes now; null for a token that never was or has been used. */
    public @Nullable String finish(String token, Choice choice) {
        ObjectNode visit = store.find(Kind.ONBOARDING, token);
        if (visit == null || !visit.required("visit").booleanValue()) {
            return null;
        }
        store.remove(Kind.ONBOARDING, token);
        String account = Json.require(visit, "account");
        if (expired(visit) || store.find(Kind.ACCOUNT, account) == null) {
            return Json.require(visit, "refresh_url");
        }
        decide(account, choice, null);
        return Json.require(visit, "return_url");
    }

    /**
     * What the choice does to an account; leaving changes nothing.
     *
     * @param number of the bank account or card to be paid to; absent: the one that is there, or a bank account that
     *     nobody else has
     */
    ObjectNode decide(String accountId, Choice choice, @Nullable String number) {
        ObjectNode before = accounts.find(accountId);
        ObjectNode after = before.deepCopy();
        switch (choice) {
            case COMPLETE -> Requirements.satisfied(after, clock.now());
            case RESTRICT -> Requirements.restricted(after);
            case LEAVE -> {
                return before;
            }
        }
        externalAccounts.enter(after, number);
        return accounts.change(before, after);
    }

    private boolean expired(ObjectNode link) {
        return link.required("expires_at").longValue() <= clock.now();
    }

    /** A link that was just made. */
    record Link(String url, long expiresAt) {}

    private ObjectNode createLink(Call call) {
        Link link = link(call.require("account"), call.require("refresh_url"), call.require("return_url"));
        return Shapes.of("account_link")
                .put("created", clock.now())
                .put("expires_at", link.expiresAt())
                .put("url", link.url());
    }

    Link link(String account, String refreshUrl, String returnUrl) {
        if (store.find(Kind.ACCOUNT, account) == null) {
            throw StripeRefusal.missing("account", account, "account");
        }
        ObjectNode link = Json.object()
                .put("id", ids.next(""))
                .put("visit", false)
                .put("used", false)
                .put("expires_at", clock.now() + LINK_SECONDS)
                .put("account", account)
                .put("refresh_url", refreshUrl)
                .put("return_url", returnUrl);
        store.put(Kind.ONBOARDING, link);
        store.trim(Kind.ONBOARDING, MAX_KEPT);
        String path = "/setup/s/" + account + "/" + Json.require(link, "id");
        return new Link(pages.resolve(path).toString(), clock.now() + LINK_SECONDS);
    }

    private ObjectNode createLogin(Call call) {
        ObjectNode account = accounts.find(call.id());
        if (!account.required("details_submitted").booleanValue()) {
            throw StripeRefusal.invalid(
                    null, "Cannot create a login link for an account that has not completed onboarding.", null);
        }
        return Shapes.of("login_link")
                .put("created", clock.now())
                .put("url", pages.resolve("/express/" + call.id()).toString());
    }
}
