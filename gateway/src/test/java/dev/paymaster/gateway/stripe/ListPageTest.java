package dev.paymaster.gateway.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListPageTest {
    private static final String FIRST =
            "{ \"created\" : 12,\n  \"id\":\"evt_1\", \"data\": {\"id\": \"in_1\", \"created\": 9,"
                    + " \"name\": \"Zoë \\u20ac €\"} }";
    private static final String SECOND = "{\"id\":\"evt_2\",\"data\":[{\"id\":\"x\"}],\"created\":11}";

    @Test
    void keepsEveryObjectByteForByte() {
        ListPage page = read("{\"object\":\"list\",\"data\":[ " + FIRST + " ,\n" + SECOND
                + "],\"has_more\":true,\"url\":\"/v1/events\"}");

        assertThat(page.hasMore()).isTrue();
        assertThat(page.items()).extracting(ListPage.Item::id).containsExactly("evt_1", "evt_2");
        assertThat(page.items()).extracting(ListPage.Item::created).containsExactly(12L, 11L);
        assertThat(page.items())
                .extracting(item -> new String(item.json(), StandardCharsets.UTF_8))
                .containsExactly(FIRST, SECOND);
    }

    @Test
    void readsAnEmptyList() {
        ListPage page = read("{\"data\":[],\"has_more\":false}");

        assertThat(page.items()).isEmpty();
        assertThat(page.hasMore()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "<html>", "{}", "{\"data\":[{\"id\":\"evt_1\"}]}", "{\"data\":[{\"created\":1}]}"})
    void refusesWhatIsNoList(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(IllegalStateException.class);
    }

    private static ListPage read(String body) {
        return ListPage.read(body.getBytes(StandardCharsets.UTF_8));
    }
}
