package dev.paymaster.gateway.live;

import dev.paymaster.gateway.http.Rows;
import dev.paymaster.gateway.limits.AnswerInHand;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.OutgoingCodec;
import io.r2dbc.spi.Readable;
import java.util.Arrays;
import java.util.Objects;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The outcomes that the workers keep in their command logs. Thread-safe. */
final class Outcomes {
    private final DatabaseClient database;

    Outcomes(DatabaseClient database) {
        this.database = database;
    }

    /** What a command log says. */
    record Logged(byte[] requestHash, Outcome outcome) {
        /** Whether it was this command's content that the id stands for. */
        boolean isOf(Command command) {
            return Arrays.equals(requestHash, command.requestHash());
        }
    }

    /** What came of the command with a command's id; empty while nothing has. */
    Mono<Logged> find(Command command) {
        return find(command.id(), command.channel());
    }

    /** What came of the command with this id, whoever it was sent to; empty while nothing has. */
    Mono<Logged> find(String commandId) {
        return Flux.fromArray(Channel.values())
                .concatMap(channel -> find(commandId, channel))
                .next();
    }

    private Mono<Logged> find(String commandId, Channel channel) {
        return AnswerInHand.rows(
                        database.sql("SELECT request_hash, outcome FROM " + channel.outcomes()
                                        + " WHERE command_id = $1")
                                .bind(0, commandId),
                        row -> OutgoingCodec.plainLength(stored(row)),
                        row -> new Logged(Rows.required(row, "request_hash", byte[].class), outcome(stored(row))))
                .singleOrEmpty();
    }

    private static byte[] stored(Readable row) {
        return Rows.required(row, "outcome", byte[].class);
    }

    private static Outcome outcome(byte[] stored) {
        Outgoing event = OutgoingCodec.decode(stored).getFirst();
        return new Outcome(event.envelope().type(), Objects.requireNonNull(event.value()), false);
    }
}
