package dev.paymaster.gateway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.gateway.stripe.ListPage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CursorTest {
    private static final Instant FIRST = Instant.ofEpochSecond(50);

    @Test
    void startsTheNextSweepWhereThisOneStarted() {
        Cursor half = Cursor.START.after(page(true, 90, 80));
        Cursor whole = half.after(page(false, 70, 60));

        assertThat(half).isEqualTo(new Cursor(null, 90L, "id_80"));
        assertThat(whole).isEqualTo(new Cursor(90L, null, null));
        assertThat(whole.from(Duration.ofSeconds(30), FIRST)).isEqualTo(60);
        assertThat(whole.from(Duration.ofDays(1), FIRST)).isZero();
        assertThat(half.from(Duration.ofDays(1), FIRST)).isEqualTo(50);
    }

    @Test
    void neverGoesBack() {
        Cursor known = new Cursor(90L, null, null);

        assertThat(known.after(page(false))).isEqualTo(known);
        assertThat(known.after(page(false, 85))).isEqualTo(known);
        assertThat(known.after(page(true, 95)).again()).isEqualTo(known);
    }

    private static ListPage page(boolean hasMore, long... created) {
        List<ListPage.Item> items = LongStream.of(created)
                .mapToObj(time -> new ListPage.Item("id_" + time, time, new byte[0]))
                .toList();
        return new ListPage(items, hasMore);
    }
}
