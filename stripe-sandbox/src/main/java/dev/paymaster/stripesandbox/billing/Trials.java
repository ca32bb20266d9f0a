package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells that a trial will end: three days before, or as soon as a shorter one has begun
 * (<a href="https://docs.stripe.com/billing/subscriptions/trials">trials</a>).
 */
final class Trials {
    private static final long NOTICE_SECONDS = 3L * 24 * 60 * 60;

    private final Billing.Tools tools;

    Trials(Billing.Tools tools) {
        this.tools = tools;
    }

    /** When the end is to be told; never for a subscription of which it was, or that isn't on trial. */
    long announcedAt(ObjectNode subscription) {
        boolean waits = "trialing".equals(Json.text(subscription, "status"))
                && tools.store().find(Kind.SETTING, marker(subscription)) == null;
        return waits ? subscription.required("trial_end").longValue() - NOTICE_SECONDS : Long.MAX_VALUE;
    }

    void announce(ObjectNode subscription) {
        tools.store().put(Kind.SETTING, Json.object().put("id", marker(subscription)));
        tools.events().emit("customer.subscription.trial_will_end", subscription);
    }

    private static String marker(ObjectNode subscription) {
        return "trial_will_end:" + Json.require(subscription, "id");
    }
}
