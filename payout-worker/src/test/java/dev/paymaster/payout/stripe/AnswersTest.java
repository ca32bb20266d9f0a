package dev.paymaster.payout.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonSyntaxException;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.StripeError;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import java.net.SocketTimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AnswersTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                row("time-out", new ApiConnectionException("timed out", new SocketTimeoutException()), Outcome.UNKNOWN),
                row("empty body", new NullPointerException("responseBody is null"), Outcome.UNKNOWN),
                row("HTML", new JsonSyntaxException("Expected BEGIN_OBJECT"), Outcome.UNKNOWN),
                row(
                        "HTML of a proxy, 409",
                        new ApiException("Invalid response", null, null, 409, null),
                        Outcome.UNKNOWN),
                row(
                        "HTML of a proxy, 400",
                        new ApiException("Invalid response", null, null, 400, null),
                        Outcome.UNKNOWN),
                row("500", said(new ApiException("oops", "req_1", null, 500, null)), Outcome.UNKNOWN),
                row("503", said(new ApiException("oops", "req_1", null, 503, null)), Outcome.UNKNOWN),
                row(
                        "409 in use",
                        said(new ApiException("in use", "req_1", "idempotency_key_in_use", 409, null)),
                        Outcome.NOT_YET),
                row(
                        "429",
                        said(new RateLimitException("slow down", null, "req_1", "rate_limit", 429, null)),
                        Outcome.NOT_YET),
                row(
                        "429 lock",
                        said(new RateLimitException("locked", null, "req_1", "lock_timeout", 429, null)),
                        Outcome.NOT_YET),
                row(
                        "key of another body",
                        said(new IdempotencyException("other", "req_1", null, 400)),
                        Outcome.UNKNOWN),
                row("balance", invalid("balance_insufficient", null, 400), Outcome.INSUFFICIENT_FUNDS),
                row("capability", invalid("insufficient_capabilities_for_transfer", null, 400), Outcome.NOT_PAYABLE),
                row("no such account", invalid("resource_missing", "destination", 400), Outcome.NOT_PAYABLE),
                row("no such account, 404", invalid("resource_missing", "destination", 404), Outcome.NOT_PAYABLE),
                row("closed", invalid("account_closed", null, 400), Outcome.NOT_PAYABLE),
                row("parameter", invalid("parameter_invalid_integer", "amount", 400), Outcome.REFUSED),
                row("no code", invalid(null, null, 400), Outcome.REFUSED),
                row(
                        "402",
                        said(new CardException("declined", "req_1", "card_declined", null, null, null, 402, null)),
                        Outcome.REFUSED),
                row("401", said(new AuthenticationException("no", "req_1", null, 401)), Outcome.REFUSED),
                row("403", said(new PermissionException("no", "req_1", null, 403)), Outcome.REFUSED),
                row(
                        "403 account",
                        said(new PermissionException("no", "req_1", "account_invalid", 403)),
                        Outcome.NOT_PAYABLE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void knowsWhatItMeansForATransfer(String name, Exception failure, Outcome expected) {
        assertThat(Answers.toTransfer(failure).outcome()).as(name).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void learnsNothingOfTheTransferFromAFailedLookup(String name, Exception failure, Outcome ofTransfer) {
        Outcome expected = ofTransfer == Outcome.NOT_YET ? Outcome.NOT_YET : Outcome.UNKNOWN;

        assertThat(Answers.toLookup(failure).outcome()).as(name).isEqualTo(expected);
    }

    /** Another refusal says nothing of the account, nor does one that Stripe hasn't worded. */
    @Test
    void knowsAnAccountThatIsGoneByItsCode() {
        assertThat(Answers.saysGone(said(new PermissionException("no", "req_1", "account_invalid", 403))))
                .isTrue();
        assertThat(Answers.saysGone(invalid("resource_missing", "id", 404))).isTrue();
        assertThat(Answers.saysGone(said(new PermissionException("no", "req_1", null, 403))))
                .isFalse();
        assertThat(Answers.saysGone(invalid("parameter_unknown", "id", 400))).isFalse();
        assertThat(Answers.saysGone(new PermissionException("no", "req_1", "account_invalid", 403)))
                .isFalse();
    }

    @Test
    void saysThatThereWasNoAnswer() {
        assertThat(Answers.toTransfer(new ApiConnectionException("connection reset"))
                        .detail())
                .isEqualTo("no answer: connection reset");
    }

    @Test
    void saysInOneBoundedLineWhatStripeSaid() {
        String page = "<html>\n\u0000" + "x".repeat(499) + "\ud83d\ude00".repeat(10_000) + "</html>";

        String detail = Answers.toTransfer(new ApiException(page, null, null, 502, null))
                .detail();

        assertThat(detail)
                .hasSizeLessThanOrEqualTo(501)
                .startsWith("HTTP 502: <html> x")
                .doesNotContain("\n", "\u0000");
        assertThat(detail.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF))
                .isTrue();
    }

    private static Arguments row(String name, Exception failure, Outcome expected) {
        return Arguments.of(name, failure, expected);
    }

    private static Exception invalid(@Nullable String code, @Nullable String parameter, int status) {
        return said(new InvalidRequestException("no", parameter, "req_1", code, status, null));
    }

    /** As when Stripe itself has worded the error. */
    private static Exception said(StripeException failure) {
        failure.setStripeError(new StripeError());
        return failure;
    }
}
