package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.model.Event;
import com.stripe.param.EventListParams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The list of events, as a client reads it that has missed some. */
class EventListTest {
    private Running running;

    @BeforeEach
    void start() throws Exception {
        running = new Running();
        running.paid(running.customer().getId());
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void choosesByOneTypeOrSeveral() throws Exception {
        assertThat(types(EventListParams.builder().setType("invoice.paid"))).containsExactly("invoice.paid");
        assertThat(types(EventListParams.builder().addType("invoice.paid").addType("customer.created")))
                .containsExactly("invoice.paid", "customer.created");
        assertThat(types(EventListParams.builder().setType("invoice.*")))
                .contains("invoice.paid", "invoice.finalized")
                .allMatch(type -> type.startsWith("invoice."));
    }

    @Test
    void choosesByTime() throws Exception {
        running.advance(Duration.ofDays(31));
        Event renewal = running.stripe
                .v1()
                .events()
                .list(EventListParams.builder().setType("invoice.paid").build())
                .getData()
                .getFirst();

        EventListParams.Created since =
                EventListParams.Created.builder().setGte(renewal.getCreated()).build();
        EventListParams.Created before =
                EventListParams.Created.builder().setLt(renewal.getCreated()).build();

        assertThat(types(EventListParams.builder().setType("invoice.paid").setCreated(since)))
                .hasSize(1);
        assertThat(types(EventListParams.builder().setType("invoice.paid").setCreated(before)))
                .hasSize(1);
    }

    @Test
    void pagesThroughAll() throws Exception {
        List<String> ids = new ArrayList<>();
        for (Event event : running.stripe
                .v1()
                .events()
                .list(EventListParams.builder().setLimit(3L).build())
                .autoPagingIterable()) {
            ids.add(event.getId());
        }

        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(9);
    }

    private List<String> types(EventListParams.Builder params) throws StripeException {
        return running.stripe.v1().events().list(params.build()).getData().stream()
                .map(Event::getType)
                .toList();
    }
}
