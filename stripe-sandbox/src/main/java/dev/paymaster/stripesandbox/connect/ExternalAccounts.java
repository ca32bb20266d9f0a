package dev.paymaster.stripesandbox.connect;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.billing.Card;
import dev.paymaster.stripesandbox.billing.Fingerprint;
import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Shapes;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The bank account or debit card that a connected account's money goes to: one, the last that was entered. */
final class ExternalAccounts {
    private static final Pattern BANK_ACCOUNT = Pattern.compile("[0-9]{4,17}");
    private static final int LAST = 4;

    private final Ids ids;
    private final EventLog events;

    ExternalAccounts(Ids ids, EventLog events) {
        this.ids = ids;
        this.events = events;
    }

    /**
     * Enters a number in a draft of an account, and tells of it if it is another one than before.
     *
     * @param number of a bank account or a test card; absent: the one that is there, or a bank account that nobody else has
     */
    void enter(ObjectNode account, @Nullable String number) {
        ArrayNode entered = Json.data(account, "external_accounts");
        if (number == null && !entered.isEmpty()) {
            return;
        }
        String accountId = Json.require(account, "id");
        ObjectNode external = number == null ? bankAccount(ownNumber(accountId)) : of(number.replaceAll("[ -]", ""));
        boolean same =
                !entered.isEmpty() && entered.get(0).required("fingerprint").equals(external.get("fingerprint"));
        if (!same) {
            external.put("account", accountId);
            entered.removeAll().add(external);
            events.emitFor(accountId, "account.external_account.created", null, external);
        }
    }

    private ObjectNode of(String number) {
        if (Card.of(number) instanceof Card.Accepted card) {
            return Shapes.of("card")
                    .put("id", ids.next("card_"))
                    .put("fingerprint", Fingerprint.ofCard(card.last4()))
                    .put("last4", card.last4());
        }
        if (!BANK_ACCOUNT.matcher(number).matches()) {
            throw StripeRefusal.invalid(
                    null, "'external_account' is a bank account's number or that of a test card", "external_account");
        }
        return bankAccount(number);
    }

    private ObjectNode bankAccount(String number) {
        return Shapes.of("bank_account")
                .put("id", ids.next("ba_"))
                .put("fingerprint", Fingerprint.ofBankAccount(number))
                .put("last4", number.substring(number.length() - LAST));
    }

    /** The same for the same account, and as good as never that of another. */
    private static String ownNumber(String accountId) {
        BigInteger digits = new BigInteger(1, accountId.getBytes(StandardCharsets.UTF_8)).mod(BigInteger.TEN.pow(16));
        return String.format(Locale.ROOT, "9%016d", digits);
    }
}
