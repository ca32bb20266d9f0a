package dev.paymaster.gateway.http;

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
import org.springframework.http.MediaType;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.server.MethodNotAllowedException;
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
            return tooLarge();
        }
        if (failure instanceof ResponseStatusException refused) {
            return ofSpring(refused);
        }
        if (isOutage(failure)) {
            return Problem.unavailable("database_unavailable", "the database did not answer; try again");
        }
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

    static Problem tooLarge() {
        return new Problem(
                HttpStatus.CONTENT_TOO_LARGE, "too_large", "the request body is larger than this call takes");
    }

    private static Problem ofSpring(ResponseStatusException refused) {
        if (refused instanceof ServerWebInputException input) {
            return ofInput(input);
        }
        HttpStatus status = HttpStatus.resolve(refused.getStatusCode().value());
        if (status == null) {
            status = HttpStatus.INTERNAL_SERVER_ERROR;
        }
        return switch (status) {
            case NOT_FOUND -> new Problem(status, "not_found", "there is nothing at this address");
            case METHOD_NOT_ALLOWED -> methodNotAllowed((MethodNotAllowedException) refused);
            case NOT_ACCEPTABLE ->
                new Problem(status, "not_acceptable", "this call answers with application/json only");
            case UNSUPPORTED_MEDIA_TYPE -> unsupported(refused);
            case CONTENT_TOO_LARGE -> tooLarge();
            case BAD_REQUEST -> Problem.badRequest("invalid_request", "the request could not be read");
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

    private static Problem unsupported(ResponseStatusException refused) {
        Problem problem = new Problem(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "send the body as application/json");
        return refused instanceof UnsupportedMediaTypeStatusException
                ? problem.withHeader(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE)
                : problem;
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
