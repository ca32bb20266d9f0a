package dev.paymaster.gateway.http;

import io.netty.channel.ChannelException;
import io.r2dbc.spi.R2dbcBadGrammarException;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.R2dbcException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.server.ContentTooLargeException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import tools.jackson.core.JacksonException;

/** What a failure is to the client. */
final class Failures {
    /** Deep enough for every wrapping in use; a cycle of causes ends here. */
    private static final int MAX_CAUSES = 16;

    private Failures() {}

    static Problem toProblem(Throwable failure) {
        Problem problem = find(failure, Problem.class);
        if (problem != null) {
            return problem;
        }
        if (find(failure, DataBufferLimitException.class) != null) {
            return Problem.tooLarge();
        }
        return switch (failure) {
            case ServerWebInputException input -> ofInput(input);
            case MethodNotAllowedException wrong -> methodNotAllowed(wrong);
            case NotAcceptableStatusException _ ->
                new Problem(
                        HttpStatus.NOT_ACCEPTABLE, "not_acceptable", "this call answers with application/json only");
            case UnsupportedMediaTypeStatusException _ -> unsupportedMediaType();
            case ContentTooLargeException _ -> Problem.tooLarge();
            // Netty's own for a body that took too long, and for a connection that broke meanwhile.
            case ChannelException _ ->
                new Problem(HttpStatus.REQUEST_TIMEOUT, "too_slow", "the body did not arrive in time");
            case ResponseStatusException refused -> ofStatus(refused.getStatusCode());
            case Throwable outage
            when isOutage(outage) ->
                Problem.unavailable("database_unavailable", "the database did not answer; try again");
            default -> internalError();
        };
    }

    private static Problem internalError() {
        return new Problem(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal_error",
                "something went wrong here; the request id finds it");
    }

    /** A statement that the database understands and refuses is a bug, and repeating it helps nobody. */
    private static boolean isOutage(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return true;
        }
        R2dbcException refused = find(failure, R2dbcException.class);
        if (refused instanceof R2dbcBadGrammarException || refused instanceof R2dbcDataIntegrityViolationException) {
            return false;
        }
        return refused != null || failure instanceof DataAccessException || failure instanceof TransactionException;
    }

    /** What Spring refuses with nothing but a status; to it, an address that nobody serves is that, too. */
    private static Problem ofStatus(HttpStatusCode code) {
        HttpStatus status = HttpStatus.resolve(code.value());
        return switch (status) {
            case NOT_FOUND -> new Problem(status, "not_found", "there is nothing at this address");
            case UNSUPPORTED_MEDIA_TYPE -> unsupportedMediaType();
            case BAD_REQUEST -> Problem.badRequest("invalid_request", "the request could not be read");
            case null -> internalError();
            default -> new Problem(status, status.name().toLowerCase(Locale.ROOT), "the request was refused");
        };
    }

    private static Problem methodNotAllowed(MethodNotAllowedException refused) {
        String allowed = refused.getSupportedMethods().stream()
                .map(Object::toString)
                .sorted()
                .collect(Collectors.joining(", "));
        return new Problem(HttpStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "this address takes only " + allowed)
                .withHeader(HttpHeaders.ALLOW, allowed);
    }

    private static Problem unsupportedMediaType() {
        return new Problem(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "unsupported_media_type",
                        "send the body as application/json")
                .withHeader(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
    }

    private static Problem ofInput(ServerWebInputException input) {
        JacksonException json = find(input, JacksonException.class);
        if (json != null) {
            return JsonProblems.of(json);
        }
        MethodParameter parameter = input.getMethodParameter();
        if (parameter != null
                && parameter.getParameterName() != null
                && !parameter.hasParameterAnnotation(RequestBody.class)) {
            String name = parameter.getParameterName();
            return Problem.invalidField(name, name + " is missing or cannot be read");
        }
        return Problem.badRequest("invalid_request", "the request needs a JSON object as its body");
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }
}
