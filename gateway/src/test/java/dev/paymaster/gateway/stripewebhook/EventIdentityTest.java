package dev.paymaster.gateway.stripewebhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.paymaster.gateway.http.Problem;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdentityTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'object':'invoice','id':'in_1','customer':'cus_1'} | | cus_1",
                "{'object':'invoice','customer':{'metadata':{'id':'no'},'id':'cus_1','email':null},'id':'in_1'} | | cus_1",
                "{'object':'customer','id':'cus_1'} | | cus_1",
                "{'object':'account','id':'acct_1'} | acct_1 | acct_1",
                "{'object':'transfer','id':'tr_1','customer':null} | | tr_1",
                "{'object':'payout','id':'po_1','customer':7} | acct_1 | acct_1",
                "{'object':'thing','nested':{'id':'x','customer':'cus_9'},'id':'th_1'} | | th_1",
            })
    void keepsEventsOfOneCustomerTogether(String object, String account, String key) {
        String event = "{'id':'evt_1'," + (account == null ? "" : "'account':'" + account + "',")
                + "'data':{'previous_attributes':{'id':'no'},'object':" + object + "},'type':'a.b'}";

        assertThat(read(event).key()).isEqualTo(key);
    }

    @Test
    void namesTheObjectAndTheType() {
        assertThat(read("{'type':'invoice.paid','data':{'object':{'id':'in_1'}},'id':'evt_1'}"))
                .isEqualTo(new EventIdentity("evt_1", "invoice.paid", "in_1", "in_1"));
    }

    @Test
    void takesAnEventWithoutAnObject() {
        assertThat(read("{'id':'evt_1','type':'x','data':null}").key()).isEqualTo("evt_1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{",
                "{}",
                "{'id':'evt_1'}",
                "{'id':'','type':'x'}",
                "{'id':7,'type':'x'}",
                "{'id':'evt_1','type':'a\\u0000'}",
                "{'id':'\\ud800','type':'x'}",
                "{'id':'evt_1','type':'x'} {}",
                "{'id':'evt_1','type':'x','data':{'object':{'id':'in_1'}",
            })
    void refusesWhatIsNoEvent(String body) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> read(body))
                .matches(problem -> problem.code().equals("malformed_event"));
    }

    private static EventIdentity read(String event) {
        return EventIdentity.read(event.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
