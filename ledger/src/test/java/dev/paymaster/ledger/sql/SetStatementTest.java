package dev.paymaster.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What a statement sends is what PostgreSQL reads, whatever form it travels in. */
class SetStatementTest {
    private static final String ECHO = "SELECT * FROM unnest(?, ?, ?, ?, ?)";

    private final JdbcTemplate jdbc = new JdbcTemplate(dataSource());

    record Row(
            @Nullable UUID id,
            @Nullable Instant time,
            @Nullable String text,
            long number,
            String bytes) {}

    @Test
    void sendsEachTypeAsItIs() {
        List<Row> rows = List.of(
                new Row(new UUID(0, 0), Instant.EPOCH, "", 0, ""),
                new Row(new UUID(-1, -1), Instant.parse("1969-12-31T23:59:59.999999Z"), "ä'\"\\{},NULL", -1, "\0"),
                new Row(
                        UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"),
                        Instant.parse("2000-01-01T00:00:00Z"),
                        "null",
                        Long.MAX_VALUE,
                        "x"),
                new Row(null, Instant.parse("2038-01-19T03:14:08.000001Z"), null, Long.MIN_VALUE, "y"),
                new Row(UUID.fromString("ffffffff-0000-4000-8000-000000000001"), null, "😀", 7, "z"));

        assertThat(echo(rows)).isEqualTo(rows);
    }

    @Test
    void sendsManyRowsAndNone() {
        Random random = new Random(11);
        List<Row> many = IntStream.range(0, 3_000)
                .mapToObj(n -> new Row(
                        new UUID(random.nextLong(), random.nextLong()),
                        Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000L),
                        "text " + random.nextInt(),
                        random.nextLong(),
                        "bytes " + n))
                .toList();

        assertThat(echo(many)).isEqualTo(many);
        assertThat(echo(List.of())).isEmpty();
    }

    private List<Row> echo(List<Row> rows) {
        return jdbc.query(
                new SetStatement<>(ECHO, rows)
                        .with("uuid", Row::id)
                        .with("timestamptz", Row::time)
                        .with("text", Row::text)
                        .withLongs(Row::number)
                        .withBytes(row -> row.bytes().getBytes(StandardCharsets.UTF_8)),
                (row, number) -> new Row(
                        row.getObject(1, UUID.class),
                        instant(row.getObject(2, OffsetDateTime.class)),
                        row.getString(3),
                        row.getLong(4),
                        new String(row.getBytes(5), StandardCharsets.UTF_8)));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static DriverManagerDataSource dataSource() {
        Database database = EmbeddedDatabase.shared().createDatabase("set_statement");
        return new DriverManagerDataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword());
    }
}
