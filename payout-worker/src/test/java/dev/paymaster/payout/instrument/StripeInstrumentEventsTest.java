package dev.paymaster.payout.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.messaging.UnreadableRecordException;
import dev.paymaster.payout.event.StripeEvent;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Stripe's events say of cards and bank accounts. */
class StripeInstrumentEventsTest {
    private static final UUID USER = new UUID(0, 7);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "customer.created | {'id':'cus_1','metadata':{'user_id':'USER'}} | cus_1 USER",
                "customer.updated | {'id':'cus_1','metadata':{'user_id':'USER'}} | cus_1 USER",
                "customer.created | {'id':'cus_1','metadata':{}} | -",
                "customer.created | {'id':'cus_1','metadata':{'user_id':'Ada'}} | -",
                "checkout.session.completed | {'customer':'cus_1','client_reference_id':'USER'} | cus_1 USER",
                "checkout.session.completed | {'customer':{'id':'cus_1'},'client_reference_id':'USER'} | cus_1 USER",
                "checkout.session.completed | {'customer':null,'client_reference_id':'USER'} | -",
                "charge.succeeded | {'customer':'cus_1','payment_method_details':{'card':{'fingerprint':'f1'},'type':'card'}} | cus_1 - f1",
                "charge.succeeded | {'customer':'cus_1','payment_method_details':{'us_bank_account':{'fingerprint':'f1'}}} | cus_1 - f1",
                "charge.succeeded | {'customer':'cus_1','payment_method_details':{'link':{},'type':'link'}} | -",
                "charge.succeeded | {'customer':'cus_1','payment_method_details':null} | -",
                "charge.succeeded | {'customer':null,'payment_method_details':{'card':{'fingerprint':'f1'}}} | -",
                "charge.failed | {'customer':'cus_1','payment_method_details':{'card':{'fingerprint':'f1'}}} | -",
                "account.updated | {'id':'acct_1','metadata':{'user_id':'USER'},'external_accounts':{'data':[{'fingerprint':'f1'},{'fingerprint':'f2'},{}]}} | acct_1 USER f1 f2",
                "account.updated | {'id':'acct_1','metadata':{'user_id':'USER'}} | acct_1 USER",
                "account.updated | {'id':'acct_1','external_accounts':{'data':[]}} | -",
                "account.external_account.created | {'account':'acct_1','fingerprint':'f1'} | acct_1 - f1",
                "account.external_account.updated | {'account':'acct_1','fingerprint':'f1'} | acct_1 - f1",
                "account.external_account.created | {'account':'acct_1'} | -",
                "account.external_account.deleted | {'account':'acct_1','fingerprint':'f1'} | -",
            })
    void readsWhoHasUsedWhat(String type, String object, @Nullable String expected) {
        String body = "{\"data\": {\"object\": %s}}".formatted(json(object));

        assertThat(inWords(read(type, body))).isEqualTo(expected);
    }

    /** Receivers have customers of their own; what is told of themselves is told with their account, too. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "customer.created | {'id':'cus_1','metadata':{'user_id':'USER'}} | -",
                "customer.updated | {'id':'cus_1','metadata':{'user_id':'USER'}} | -",
                "checkout.session.completed | {'customer':'cus_1','client_reference_id':'USER'} | -",
                "charge.succeeded | {'customer':'cus_1','payment_method_details':{'card':{'fingerprint':'f1'},'type':'card'}} | -",
                "account.updated | {'id':'acct_1','external_accounts':{'data':[{'fingerprint':'f1'}]}} | acct_1 - f1",
                "account.external_account.created | {'account':'acct_1','fingerprint':'f1'} | acct_1 - f1",
            })
    void passesOverTheCustomersOfReceivers(String type, String object, @Nullable String expected) {
        String body = "{\"account\": \"acct_1\", \"data\": {\"object\": %s}}".formatted(json(object));

        assertThat(inWords(read(type, body))).isEqualTo(expected);
    }

    @Test
    void refusesWhatIsNoJson() {
        assertThatThrownBy(() -> read("charge.succeeded", "{")).isInstanceOf(UnreadableRecordException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "1", "{\"data\": {\"object\": []}}"})
    void findsNothingWhereNothingIs(String body) {
        for (String type : Set.of("charge.succeeded", "account.updated", "checkout.session.completed")) {
            assertThat(read(type, body)).isNull();
        }
    }

    private static String json(String object) {
        return object.replace('\'', '"').replace("USER", USER.toString());
    }

    private static @Nullable InstrumentReport read(String type, String body) {
        return StripeInstrumentEvents.read(new StripeEvent("stripe." + type, body.getBytes(StandardCharsets.UTF_8)));
    }

    private static @Nullable String inWords(@Nullable InstrumentReport report) {
        if (report == null) {
            return null;
        }
        String user = USER.equals(report.userId()) ? "USER" : "-";
        String used = String.join(" ", new TreeSet<>(report.fingerprints()));
        return (report.holder() + " " + user + " " + used).strip();
    }
}
