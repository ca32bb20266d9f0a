package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.model.BankAccount;
import com.stripe.model.Card;
import com.stripe.model.v2.core.Account;
import com.stripe.param.TransferCreateParams;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Accounts that are made by v2, lose what they had, or go away. */
class AccountLifeTest {
    private Running running;

    @BeforeEach
    void start() {
        running = new Running();
        running.fund(1_000);
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void aRecipientIsPaidOnceItIsOnboarded() throws Exception {
        Account account = AccountsV2Calls.create(running);
        assertThat(transfers(account)).isEqualTo("restricted");
        assertThat(account.getRequirements().getEntries()).isNotEmpty();
        assertThat(account.getMetadata()).containsEntry("user_id", "user-1");
        assertThat(account.getCreated()).isNotNull();

        String url = AccountsV2Calls.link(running, account.getId()).getUrl();
        HttpResponse<String> page = running.send("GET", URI.create(url).getPath(), Map.of(), "");
        assertThat(page.statusCode()).isEqualTo(200);
        running.control("POST", "/_sandbox/accounts/" + account.getId() + "/onboard", "{\"outcome\":\"complete\"}");

        assertThat(transfers(AccountsV2Calls.retrieve(running, account.getId())))
                .isEqualTo("active");
        assertThat(running.stripe
                        .v1()
                        .accounts()
                        .retrieve(account.getId())
                        .getCapabilities()
                        .getTransfers())
                .isEqualTo("active");
        transfer(account.getId());
        assertThat(running.balance()).isEqualTo(900);
    }

    /** The same number has the same fingerprint, as a payment method and where money is paid to. */
    @Test
    void anAccountIsPaidToTheNumberThatWasEntered() throws Exception {
        String own = external(running.payable().getId()).getFingerprint();
        String account = running.payable().getId();
        assertThat(external(account).getFingerprint()).isNotEqualTo(own);

        enter(account, "000123456789");
        BankAccount bank = external(account);
        assertThat(bank.getFingerprint()).isEqualTo("sandboxbank000123456789");
        assertThat(bank.getLast4()).isEqualTo("6789");
        enter(account, "000123456789");
        enter(account, "4242 4242 4242 4242");
        assertThat(running.stripe
                        .v1()
                        .accounts()
                        .retrieve(account)
                        .getExternalAccounts()
                        .getData())
                .singleElement()
                .isInstanceOfSatisfying(
                        Card.class, card -> assertThat(card.getFingerprint()).isEqualTo("sandboxcard4242"));

        String events = running.form(
                        "GET", "/v1/events?type=account.external_account.created", "", "Stripe-Account", account)
                .body();
        assertThat(events.split("\"type\":\"account.external_account.created\"", -1))
                .as("the first, the bank account and the card")
                .hasSize(4);
    }

    private void enter(String account, String number) throws Exception {
        running.control("POST", "/_sandbox/accounts/" + account + "/onboard", """
                {"outcome": "complete", "external_account": "%s"}""".formatted(number));
    }

    private BankAccount external(String account) throws Exception {
        return (BankAccount) running.stripe
                .v1()
                .accounts()
                .retrieve(account)
                .getExternalAccounts()
                .getData()
                .getFirst();
    }

    @Test
    void aCapabilityIsLostAndFoundAgain() throws Exception {
        String account = running.payable().getId();
        String path = "/_sandbox/accounts/" + account + "/capabilities";

        running.control("POST", path, "{\"transfers\":\"inactive\"}");
        assertThatThrownBy(() -> transfer(account))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refusal -> assertThat(refusal.getCode()).isEqualTo("insufficient_capabilities_for_transfer"));
        running.control("POST", path, "{\"transfers\":\"active\"}");
        transfer(account);

        String events = running.form("GET", "/v1/events?type=capability.updated", "", "Stripe-Account", account)
                .body();
        assertThat(events.split("\"type\":\"capability.updated\"", -1)).hasSize(4);
    }

    @Test
    void aDeauthorizedAccountIsGone() throws Exception {
        String account = running.payable().getId();

        running.control("POST", "/_sandbox/accounts/" + account + "/deauthorize", "");

        assertThatThrownBy(() -> running.stripe.v1().accounts().retrieve(account))
                .isInstanceOf(PermissionException.class);
        assertThatThrownBy(() -> transfer(account)).isInstanceOf(InvalidRequestException.class);
        assertThat(running.form("GET", "/v1/events", "", "Stripe-Account", account)
                        .body())
                .contains("account.application.deauthorized");
    }

    @Test
    void refusesWhatIsNoJsonOrUnknown() {
        assertThat(running.form("POST", "/v2/core/accounts", "{", "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(400);
        assertThat(running.form("POST", "/v2/core/accounts", "[]", "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(400);
        HttpResponse<String> unknown =
                running.form("POST", "/v2/core/accounts", "{\"nme\":1}", "Content-Type", "application/json");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("nme");
        assertThatThrownBy(() -> AccountsV2Calls.retrieve(running, "acct_none"))
                .isInstanceOfSatisfying(InvalidRequestException.class, refusal -> {
                    assertThat(refusal.getStatusCode()).isEqualTo(404);
                    assertThat(refusal.getCode()).isEqualTo("not_found");
                });
    }

    private void transfer(String account) throws Exception {
        running.stripe
                .v1()
                .transfers()
                .create(TransferCreateParams.builder()
                        .setAmount(100L)
                        .setCurrency("usd")
                        .setDestination(account)
                        .build());
    }

    private static String transfers(Account account) {
        return account.getConfiguration()
                .getRecipient()
                .getCapabilities()
                .getStripeBalance()
                .getStripeTransfers()
                .getStatus();
    }
}
