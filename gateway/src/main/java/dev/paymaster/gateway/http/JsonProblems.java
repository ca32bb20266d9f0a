package dev.paymaster.gateway.http;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** What is wrong with a body, in words that name the field and repeat nothing of our inside. */
final class JsonProblems {
    /** A name of the client's own making is repeated no further than this. */
    private static final int MAX_SHOWN = 100;

    private JsonProblems() {}

    static Problem of(JacksonException failure) {
        String field = path(failure.getPath());
        if (failure instanceof UnrecognizedPropertyException unknown) {
            String name = field == null ? unknown.getPropertyName() : field;
            return unknown(name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN) + "…");
        }
        if (field == null) {
            return Problem.badRequest("invalid_json", syntax(failure));
        }
        return Problem.invalidField(field, field + " " + mistake(failure));
    }

    private static Problem unknown(String name) {
        return Problem.invalidField(name, name + " is not a field of this call");
    }

    private static String syntax(JacksonException failure) {
        if (failure instanceof MismatchedInputException) {
            return "the body must be one JSON object";
        }
        if (failure instanceof StreamConstraintsException) {
            return "the body has a number, name or nesting beyond all measure";
        }
        String message = failure.getOriginalMessage();
        if (message != null && message.startsWith("Duplicate Object property")) {
            return message.replace("Object property", "field");
        }
        return "the body is not well-formed JSON";
    }

    private static String mistake(JacksonException failure) {
        if (failure instanceof InputCoercionException) {
            return "is out of range";
        }
        if (failure instanceof InvalidFormatException || failure instanceof MismatchedInputException) {
            Class<?> target = ((MismatchedInputException) failure).getTargetType();
            return "is not " + expected(target);
        }
        String message = failure.getOriginalMessage();
        return message != null && message.startsWith("Duplicate") ? "stands there twice" : "cannot be read";
    }

    private static String expected(@Nullable Class<?> target) {
        if (target == null) {
            return "of the right type";
        }
        if (target == Long.class || target == long.class || target == Integer.class || target == int.class) {
            return "a whole number in range, written without quotes, fraction or exponent";
        }
        return switch (target.getSimpleName()) {
            case "String" -> "a string";
            case "Boolean", "boolean" -> "true or false";
            case "UUID" -> "a UUID";
            case "Instant" -> "an RFC 3339 time";
            case "Double", "double" -> "a number";
            case "List" -> "an array";
            case "Map" -> "an object";
            default -> "of the right type";
        };
    }

    private static @Nullable String path(List<JacksonException.Reference> path) {
        if (path.isEmpty()) {
            return null;
        }
        return path.stream()
                .map(part -> part.getPropertyName() == null ? "[" + part.getIndex() + "]" : part.getPropertyName())
                .collect(Collectors.joining("."));
    }
}
