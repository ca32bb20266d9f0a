package dev.paymaster.payout.stripe;

import com.stripe.exception.ApiException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.payout.transfer.AccountAnswer;
import dev.paymaster.payout.transfer.Answer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a failed call means for the money. Only an error that Stripe itself has worded is a refusal; everything else, a
 * proxy's error page included, leaves open whether the transfer was made.
 */
final class Answers {
    private static final int CONFLICT = 409;

    private static final String NO_FUNDS = "balance_insufficient";

    /** The codes with which Stripe says that the destination cannot take transfers, now or ever. */
    private static final Set<String> NOT_PAYABLE = Set.of(
            "insufficient_capabilities_for_transfer", "account_closed", "account_invalid", "transfers_not_allowed");

    /** The codes with which Stripe says that the platform has no such account, or has it no more. */
    private static final Set<String> GONE = Set.of("account_invalid", "resource_missing");

    private Answers() {}

    /** What the failure of an attempt to make a transfer means. */
    static Answer toTransfer(Exception failure) {
        return Answer.of(transferOutcome(failure), described(failure));
    }

    /** What the failure of an attempt to take a transfer back means. */
    static Answer toReversal(Exception failure) {
        return Answer.of(transferOutcome(failure), "not taken back: " + described(failure));
    }

    /**
     * What the failure of a lookup means: it never says anything of the transfer. Least of all a refusal, which would be
     * taken for the transfer's.
     */
    static Answer toLookup(Exception failure) {
        Outcome outcome = transferOutcome(failure) == Outcome.NOT_YET ? Outcome.NOT_YET : Outcome.UNKNOWN;
        return Answer.of(outcome, "lookup failed: " + described(failure));
    }

    /** What the failure of a question about an account means: nothing is known of the account. */
    static AccountAnswer toQuestion(Exception failure) {
        return new AccountAnswer.NotTold(transferOutcome(failure) == Outcome.UNKNOWN, described(failure));
    }

    /** Whether the failure of a question about an account means that its owner has closed or disconnected it. */
    static boolean saysGone(Exception failure) {
        return failure instanceof StripeException stripe
                && stripe.getStripeError() != null
                && stripe.getCode() != null
                && GONE.contains(stripe.getCode());
    }

    private static Outcome transferOutcome(Exception failure) {
        if (!(failure instanceof StripeException stripe) || stripe.getStripeError() == null) {
            return Outcome.UNKNOWN;
        }
        return switch (stripe) {
            case RateLimitException _ -> Outcome.NOT_YET;
            case ApiException api when status(api) == CONFLICT -> Outcome.NOT_YET;
            case InvalidRequestException invalid -> refusal(invalid.getCode(), invalid.getParam());
            case CardException declined -> refusal(declined.getCode(), declined.getParam());
            case PermissionException forbidden -> refusal(forbidden.getCode(), null);
            case AuthenticationException _ -> Outcome.REFUSED;
            // A key that was used with another body (which must not happen), a 5xx, and what is yet to be invented.
            default -> Outcome.UNKNOWN;
        };
    }

    private static Outcome refusal(@Nullable String code, @Nullable String parameter) {
        if (NO_FUNDS.equals(code)) {
            return Outcome.INSUFFICIENT_FUNDS;
        }
        boolean ofDestination = "destination".equals(parameter) || (code != null && NOT_PAYABLE.contains(code));
        return ofDestination ? Outcome.NOT_PAYABLE : Outcome.REFUSED;
    }

    private static int status(StripeException failure) {
        Integer status = failure.getStatusCode();
        return status == null ? 0 : status;
    }

    /** Stripe's message carries code and request id; keys stand in it only in Stripe's own masked form. */
    private static String described(Exception failure) {
        if (failure instanceof StripeException stripe) {
            int status = status(stripe);
            return (status == 0 ? "no answer" : "HTTP " + status) + ": " + stripe.getMessage();
        }
        return "unreadable answer: " + failure;
    }
}
