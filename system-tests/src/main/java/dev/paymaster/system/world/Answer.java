package dev.paymaster.system.world;

import java.net.http.HttpResponse;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a call was answered, in a form that tells a failing test all of it. */
public final class Answer {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpResponse<String> response;

    /** Another answer than the one that was expected. */
    public static final class Unexpected extends AssertionError {
        private static final long serialVersionUID = 1L;

        private final int status;

        private Unexpected(int expected, Answer answer) {
            super("expected " + expected + " from " + answer);
            this.status = answer.status();
        }

        /** What it was instead. */
        public int status() {
            return status;
        }
    }

    Answer(HttpResponse<String> response) {
        this.response = response;
    }

    public int status() {
        return response.statusCode();
    }

    public String body() {
        return response.body();
    }

    public Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    public JsonNode json() {
        return JSON.readTree(response.body());
    }

    /** This answer, if it has the status. */
    public Answer expect(int status) {
        if (status() != status) {
            throw new Unexpected(status, this);
        }
        return this;
    }

    /** The text at a path like {@code /user/id}. */
    public String text(String path) {
        JsonNode value = json().at(path);
        if (!value.isString()) {
            throw new AssertionError("no text at " + path + " in " + this);
        }
        return value.stringValue();
    }

    /** The whole number at a path like {@code /available}. */
    public long number(String path) {
        JsonNode value = json().at(path);
        if (!value.isIntegralNumber()) {
            throw new AssertionError("no whole number at " + path + " in " + this);
        }
        return value.longValue();
    }

    @Override
    public String toString() {
        return response.request().method() + " " + response.uri() + " -> " + status() + " "
                + response.headers().map() + " " + body();
    }
}
