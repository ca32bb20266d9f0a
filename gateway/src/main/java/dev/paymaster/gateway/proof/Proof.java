package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.stripe.StripeSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Proves as much as it has time for, and says where to go on. Thread-safe. */
@Component
class Proof {
    private static final UUID BEGINNING = new UUID(0, 0);

    private final Books books;
    private final StripeSide stripeSide;
    private final StripeSettings stripe;
    private final Clock clock;

    Proof(Books books, StripeSide stripeSide, StripeSettings stripe, Clock clock) {
        this.books = books;
        this.stripeSide = stripeSide;
        this.stripe = stripe;
        this.clock = clock;
    }

    /**
     * What is wanted.
     *
     * @param cursor where the answer before ended; null: from the beginning, with Stripe
     * @param time after which no other piece is begun
     * @param stripePages of Stripe's lists, a hundred each
     */
    record Wanted(@Nullable UUID cursor, Duration time, int stripePages) {}

    /**
     * What was proved.
     *
     * @param nextCursor where to go on; absent when all users have been looked at
     * @param differences what is not as it must be; empty: everything adds up
     * @param stripe how much was compared with Stripe; absent while it is off, and after the first answer
     */
    record Report(
            boolean complete,
            @Nullable UUID nextCursor,
            long users,
            long transfers,
            List<Difference> differences,
            @Nullable AtStripe stripe) {
        private Report plus(Books.Piece piece) {
            return new Report(
                    piece.upto() == null,
                    piece.upto(),
                    users + piece.users(),
                    transfers + piece.transfers(),
                    joined(differences, piece.differences()),
                    stripe);
        }
    }

    /** How many of each were compared. */
    record AtStripe(long transfers, long invoices, long payouts) {}

    Mono<Report> prove(Wanted wanted) {
        Instant until = clock.instant().plus(wanted.time());
        UUID after = wanted.cursor() == null ? BEGINNING : wanted.cursor();
        return first(wanted).flatMap(begun -> pieces(begun, after, until));
    }

    private Mono<Report> first(Wanted wanted) {
        Report nothing = new Report(false, null, 0, 0, List.of(), null);
        return wanted.cursor() != null || !stripe.isOn() || wanted.stripePages() == 0
                ? Mono.just(nothing)
                : stripeSide
                        .compare(wanted.stripePages())
                        .map(compared -> new Report(
                                false,
                                null,
                                0,
                                0,
                                compared.differences(),
                                new AtStripe(compared.transfers(), compared.invoices(), compared.payouts())));
    }

    private Mono<Report> pieces(Report sofar, UUID after, Instant until) {
        return books.check(after).flatMap(piece -> {
            Report report = sofar.plus(piece);
            return piece.upto() == null || !clock.instant().isBefore(until)
                    ? Mono.just(report)
                    : pieces(report, piece.upto(), until);
        });
    }

    private static List<Difference> joined(List<Difference> some, List<Difference> more) {
        List<Difference> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }
}
