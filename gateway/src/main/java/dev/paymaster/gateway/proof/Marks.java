package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.http.Rows;
import dev.paymaster.gateway.proof.Place.Sweep;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Table {@code identity.proof_mark}: up to when each of Stripe's lists is known to be as it must be. Thread-safe. */
@Repository
class Marks {
    private static final String SET = """
            INSERT INTO identity.proof_mark (list, upto) VALUES (:list, :upto)
            ON CONFLICT (list) DO UPDATE SET upto = excluded.upto""";

    /** Another run may have found a difference meanwhile, among what is older. */
    private static final String MOVE = "UPDATE identity.proof_mark SET upto = :upto WHERE list = :list";

    private static final String FORGET = "DELETE FROM identity.proof_mark WHERE list = :list";

    private final DatabaseClient database;

    Marks(DatabaseClient database) {
        this.database = database;
    }

    /** In Stripe's seconds; 0: nothing is known. */
    Mono<Long> of(StripeList list) {
        return database.sql("SELECT upto FROM identity.proof_mark WHERE list = :list")
                .bind("list", list.word())
                .map(row -> Rows.number(row, "upto"))
                .one()
                .defaultIfEmpty(0L);
    }

    /**
     * Takes note of a list that has been gone through, or of a difference in it. One among what is older than the mark is looked for
     * until it is gone.
     */
    Mono<Void> note(StripeList list, Sweep sweep) {
        Long upto = sweep.upto();
        if (upto != null) {
            return database.sql(sweep.since() == 0 ? SET : MOVE)
                    .bind("list", list.word())
                    .bind("upto", upto)
                    .then();
        }
        return sweep.since() == 0
                ? database.sql(FORGET).bind("list", list.word()).then()
                : Mono.empty();
    }
}
