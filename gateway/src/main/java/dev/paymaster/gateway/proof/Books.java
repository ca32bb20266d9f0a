package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.database.LongReads;
import dev.paymaster.gateway.http.Rows;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tries the rules on users or on payouts, some at a time, all rules at one moment. Thread-safe. */
@Repository
class Books {
    /** For one statement: a user with ten million transfers is summed within it. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The last one takes up what lies behind it: transfers without an account have no place of their own. */
    private static final UUID END = new UUID(-1, -1);

    /** In how far the piece goes: up to the last user with whom it is not too many transfers, but one user at least. */
    private static final String PIECE = """
            SELECT user_id, users, transfers,
                   NOT EXISTS (SELECT FROM api.account_state next WHERE next.user_id > piece.user_id) AS last
            FROM (SELECT user_id, sequence, row_number() OVER byid AS users, (sum(sequence) OVER byid)::bigint AS transfers
                  FROM api.account_state WHERE user_id > :after
                  WINDOW byid AS (ORDER BY user_id) ORDER BY user_id LIMIT :users) piece
            WHERE transfers - sequence < :transfers OR users = 1
            ORDER BY user_id DESC LIMIT 1""";

    private static final String PIECE_OF_PAYOUTS = """
            SELECT id, number < :payouts AS last
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS number
                  FROM api.payout WHERE id > :after ORDER BY id LIMIT :payouts) piece
            ORDER BY id DESC LIMIT 1""";

    private final DatabaseClient database;
    private final LongReads reads;
    private final ProofSettings settings;

    Books(DatabaseClient database, LongReads reads, ProofSettings settings) {
        this.database = database;
        this.reads = reads;
        this.settings = settings;
    }

    /**
     * What came of one piece.
     *
     * @param upto the last user or payout in it; null: there are no more
     */
    record Piece(@Nullable UUID upto, long users, long transfers, List<Difference> differences) {}

    private record Range(UUID upto, boolean last, long users, long transfers) {}

    /**
     * The users after this one.
     *
     * @param shown how many differences of each rule are named; of the rest, that they are there
     */
    Mono<Piece> checkUsers(UUID after, int shown) {
        return check(users(after), Rule.OF_USERS, after, shown);
    }

    /** The payouts after this one, as users are. */
    Mono<Piece> checkPayouts(UUID after, int shown) {
        return check(payouts(after), Rule.OF_PAYOUTS, after, shown);
    }

    private Mono<Piece> check(Mono<Range> next, List<Rule> rules, UUID after, int shown) {
        return reads.of(
                LIMIT,
                () -> next.flatMap(range -> differences(rules, after, range, shown)
                        .map(found -> new Piece(
                                range.last() ? null : range.upto(), range.users(), range.transfers(), found))));
    }

    private Mono<Range> users(UUID after) {
        return database.sql(PIECE)
                .bind("after", after)
                .bind("users", settings.usersAtOnce())
                .bind("transfers", settings.transfersAtOnce())
                .map(row -> new Range(
                        Rows.required(row, "user_id", UUID.class),
                        Rows.required(row, "last", Boolean.class),
                        Rows.number(row, "users"),
                        Rows.number(row, "transfers")))
                .one()
                .defaultIfEmpty(new Range(END, true, 0, 0));
    }

    private Mono<Range> payouts(UUID after) {
        return database.sql(PIECE_OF_PAYOUTS)
                .bind("after", after)
                .bind("payouts", settings.payoutsAtOnce())
                .map(row -> new Range(
                        Rows.required(row, "id", UUID.class), Rows.required(row, "last", Boolean.class), 0, 0))
                .one()
                .defaultIfEmpty(new Range(END, true, 0, 0));
    }

    private Mono<List<Difference>> differences(List<Rule> rules, UUID after, Range range, int shown) {
        return Flux.fromIterable(rules)
                .concatMap(rule -> bound(rule, after, range.last() ? END : range.upto(), shown)
                        .map(row -> new Difference(rule.name(), Rows.text(row, "subject"), Rows.text(row, "detail")))
                        .all()
                        .collectList()
                        .flatMapIterable(broken -> Difference.first(shown, broken)))
                .collectList();
    }

    private GenericExecuteSpec bound(Rule rule, UUID after, UUID upto, int shown) {
        GenericExecuteSpec statement = database.sql("SELECT subject, detail FROM (" + rule.sql()
                        + ") broken ORDER BY subject, detail LIMIT " + (shown + 1))
                .bind("after", after)
                .bind("upto", upto);
        return rule.waits()
                ? statement.bind("grace", (double) settings.settledAfter().toSeconds())
                : statement;
    }
}
