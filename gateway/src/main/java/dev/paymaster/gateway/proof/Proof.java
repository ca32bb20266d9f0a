package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.proof.Place.AmongPayouts;
import dev.paymaster.gateway.proof.Place.AmongUsers;
import dev.paymaster.gateway.proof.Place.AtStripe;
import dev.paymaster.gateway.stripe.StripeSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Proves as much as it has time for, and says where to go on. Thread-safe. */
@Component
@EnableConfigurationProperties(ProofSettings.class)
class Proof {
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
     * @param from where the answer before ended; null: from the beginning
     * @param time after which no other piece is begun
     * @param stripePages of Stripe's lists that are read at most, a hundred each; 0: without Stripe
     * @param all what Stripe made long ago is compared, too, though it was in order before
     * @param differences how many are named of each rule in a piece of users or payouts
     */
    record Wanted(@Nullable Place from, Duration time, int stripePages, boolean all, int differences) {}

    /**
     * What was proved.
     *
     * @param nextCursor where to go on; absent when all of Stripe's lists, all payouts and all users have been looked at
     * @param differences what is not as it must be; empty: everything adds up
     * @param stripe how much was compared with Stripe; absent if nothing was
     */
    record Report(
            boolean complete,
            @Nullable String nextCursor,
            long users,
            long transfers,
            List<Difference> differences,
            @Nullable AtStripeCounts stripe) {
        static final Report NOTHING = new Report(false, null, 0, 0, List.of(), null);

        private Report plus(Books.Piece piece, @Nullable Place next) {
            return new Report(
                    next == null,
                    next == null ? null : next.cursor(),
                    users + piece.users(),
                    transfers + piece.transfers(),
                    Difference.joined(differences, piece.differences()),
                    stripe);
        }

        private Report plus(StripeSide.Compared page) {
            return new Report(
                    false,
                    page.next().cursor(),
                    users,
                    transfers,
                    Difference.joined(differences, page.differences()),
                    stripe == null ? page.counts() : stripe.plus(page.counts()));
        }
    }

    /** A run on its way: what is wanted, what comes next, null for nothing, and how many pages it may still read. */
    private record Progress(
            Wanted wanted, Report report, @Nullable Place next, int pagesLeft) {
        private Progress with(Report more, @Nullable Place place, int pagesRead) {
            return new Progress(wanted, more, place, pagesLeft - pagesRead);
        }

        /** Whether it may begin something else. */
        boolean mayGoOn() {
            return next != null && (pagesLeft > 0 || !(next instanceof AtStripe));
        }
    }

    /** One piece at least, and as many as there is time for. */
    Mono<Report> prove(Wanted wanted) {
        Instant until = clock.instant().plus(wanted.time());
        Progress start = new Progress(wanted, Report.NOTHING, placeOf(wanted), wanted.stripePages());
        return step(start)
                .expand(before -> before.mayGoOn() && clock.instant().isBefore(until) ? step(before) : Mono.empty())
                .last()
                .map(Progress::report);
    }

    private Place placeOf(Wanted wanted) {
        boolean withStripe = stripe.isOn() && wanted.stripePages() > 0;
        Place from = wanted.from() == null ? new AtStripe(StripeList.TRANSFERS) : wanted.from();
        return from instanceof AtStripe && !withStripe ? Place.PAYOUTS : from;
    }

    private Mono<Progress> step(Progress before) {
        return switch (Objects.requireNonNull(before.next())) {
            case AtStripe at ->
                stripeSide
                        .compare(at, before.wanted().all())
                        .map(page -> before.with(before.report().plus(page), page.next(), 1));
            case AmongPayouts(var after) ->
                books.checkPayouts(after, before.wanted().differences()).map(piece -> {
                    Place next = piece.upto() == null ? Place.USERS : new AmongPayouts(piece.upto());
                    return before.with(before.report().plus(piece, next), next, 0);
                });
            case AmongUsers(var after) ->
                books.checkUsers(after, before.wanted().differences()).map(piece -> {
                    Place next = piece.upto() == null ? null : new AmongUsers(piece.upto());
                    return before.with(before.report().plus(piece, next), next, 0);
                });
        };
    }
}
