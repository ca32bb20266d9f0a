package dev.paymaster.gateway.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import dev.paymaster.gateway.http.Problem;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** Calls Stripe on virtual threads, a bounded number at once, and says what its failures mean. Thread-safe. */
public final class StripeCalls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StripeCalls.class);

    /** Checkout and onboarding are seldom; more than this means that Stripe is slow, and then waiting helps nobody. */
    private static final int MAX_CALLS = 64;

    private static final String STRIPE_CODE = "stripe_code";
    private static final Set<String> MISSING = Set.of("resource_missing", "account_invalid");

    /** Whoever made the user can help it, and not whoever runs this (docs.stripe.com/error-codes). */
    private static final String EMAIL_INVALID = "email_invalid";

    private static final String IN_USE = "idempotency_key_in_use";

    /** An equal call at the same moment has the key, and will have its answer in some hundred milliseconds. */
    private static final Retry WHILE_IN_USE = Retry.backoff(5, Duration.ofMillis(100))
            .filter(failure -> failure instanceof StripeException refused && IN_USE.equals(refused.getCode()))
            .onRetryExhaustedThrow((_, last) -> last.failure());

    private final @Nullable StripeClient client;
    private final Semaphore places = new Semaphore(MAX_CALLS);
    private final Scheduler threads =
            Schedulers.fromExecutorService(Executors.newVirtualThreadPerTaskExecutor(), "stripe");

    /** @param client null: Stripe is off */
    StripeCalls(@Nullable StripeClient client) {
        this.client = client;
    }

    /** Something to ask of Stripe; it may block. */
    @FunctionalInterface
    public interface Call<T> {
        T on(StripeClient client) throws StripeException;
    }

    /** What every call to {@code /api/stripe} answers while Stripe is off. */
    public static Problem notConfigured() {
        return new Problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "stripe_not_configured",
                "Stripe is off: this service runs without STRIPE_SECRET_KEY");
    }

    /** The result of a call; ends with a {@link Problem} when Stripe can't be asked or refuses. */
    public <T> Mono<T> call(Call<T> call) {
        StripeClient stripe = client;
        if (stripe == null) {
            return Mono.error(notConfigured());
        }
        return Mono.defer(() -> places.tryAcquire()
                ? Mono.fromCallable(() -> call.on(stripe))
                        .subscribeOn(threads)
                        .retryWhen(WHILE_IN_USE)
                        .doFinally(_ -> places.release())
                        .onErrorMap(failure -> !(failure instanceof Problem), StripeCalls::meaning)
                : Mono.error(Problem.unavailable("overloaded", "too many calls to Stripe are under way; try again")));
    }

    /**
     * Whether Stripe has refused because there is no such object for this platform: it was deleted, or its owner has
     * disconnected it (docs.stripe.com/error-codes: resource_missing, account_invalid).
     */
    public static boolean saysMissing(Throwable failure) {
        String code = failure instanceof Problem problem ? problem.text(STRIPE_CODE) : null;
        return code != null && MISSING.contains(code);
    }

    private static Problem meaning(Throwable failure) {
        LOG.warn("a call to Stripe failed: {}", described(failure));
        boolean isRefusal = failure instanceof InvalidRequestException || failure instanceof PermissionException;
        if (isRefusal && failure instanceof StripeException refused && EMAIL_INVALID.equals(refused.getCode())) {
            return Problem.conflict(
                    EMAIL_INVALID,
                    "Stripe does not take this user's e-mail address: make the user anew with another one");
        }
        if (isRefusal && failure instanceof StripeException refused && refused.getCode() != null) {
            return new Problem(HttpStatus.BAD_GATEWAY, "stripe_refused", "Stripe refused the request")
                    .with(STRIPE_CODE, refused.getCode());
        }
        if (failure instanceof RateLimitException) {
            return Problem.unavailable("stripe_busy", "Stripe is being called too often; try again");
        }
        return Problem.unavailable("stripe_unavailable", "Stripe did not answer as it should; try again");
    }

    /** Without Stripe's message, which may repeat what was sent, such as an address; the request's id finds it in the dashboard. */
    private static String described(Throwable failure) {
        return failure instanceof StripeException refused && !(failure instanceof ApiConnectionException)
                ? refused.getClass().getSimpleName() + ", code " + refused.getCode() + ", status "
                        + refused.getStatusCode() + ", request " + refused.getRequestId()
                : failure.toString();
    }

    @Override
    public void close() {
        threads.dispose();
    }
}
