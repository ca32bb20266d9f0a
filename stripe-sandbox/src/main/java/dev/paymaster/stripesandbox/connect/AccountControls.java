package dev.paymaster.stripesandbox.connect;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.control.Control;
import dev.paymaster.stripesandbox.control.Input;
import dev.paymaster.stripesandbox.state.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What Stripe or an account's owner does to an account: the platform has no say in it. */
final class AccountControls implements Control.Group {
    private final Accounts accounts;

    AccountControls(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public List<Control> controls() {
        return List.of(
                Control.post("accounts/{id}/capabilities", this::capability, "transfers"),
                Control.post("accounts/{id}/deauthorize", this::deauthorize));
    }

    /** Stripe gives a capability or takes it away, for reasons of its own. */
    private ObjectNode capability(Input input) {
        ObjectNode before = accounts.find(input.id());
        if (Accounts.transfers(before) == null) {
            throw StripeRefusal.invalid(null, "The account never requested transfers.", "transfers");
        }
        String status = input.choice("transfers", "inactive", "active", "pending");
        ObjectNode after = before.deepCopy();
        after.withObjectProperty("capabilities").put("transfers", status);
        String reason = status.equals("active") ? null : "under_review";
        after.withObjectProperty("requirements").put("disabled_reason", reason);
        return accounts.change(before, after.put("payouts_enabled", status.equals("active")));
    }

    /** The owner disconnects the account from the platform, which can't see it any more. */
    private ObjectNode deauthorize(Input input) {
        accounts.find(input.id());
        accounts.deauthorize(input.id());
        return Json.object().put("id", input.id()).put("deauthorized", true);
    }
}
