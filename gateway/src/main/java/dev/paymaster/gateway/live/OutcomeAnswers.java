package dev.paymaster.gateway.live;

import java.util.Set;
import org.springframework.http.ResponseEntity;

/** What one subject's outcomes are over HTTP. Thread-safe. */
public interface OutcomeAnswers {

    /** The types of events that are outcomes of commands; whatever else a command causes is not waited for. */
    Set<String> types();

    /**
     * The answer to the client whose command had this outcome.
     *
     * @throws dev.paymaster.gateway.http.Problem when the command was refused
     */
    ResponseEntity<Object> answer(Outcome outcome);
}
