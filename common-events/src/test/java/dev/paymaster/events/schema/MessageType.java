package dev.paymaster.events.schema;

import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.credit.CreditCommand;
import dev.paymaster.events.credit.CreditEvent;
import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobEvent;
import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.events.payout.PayoutEvent;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** One type of the contract, its record, and who depends on whom. */
record MessageType(String name, Class<?> record, Kind kind) {
    static final List<Class<?>> COMMANDS = List.of(JobCommand.class, CreditCommand.class, PayoutCommand.class);
    static final List<Class<?>> EVENTS = List.of(JobEvent.class, CreditEvent.class, PayoutEvent.class);

    enum Kind {
        /** Others write it, Paymaster reads it. */
        COMMAND,
        /** Paymaster writes it, others read it, and it is kept for ever. */
        EVENT
    }

    /** All types of all families, by name. */
    static Stream<MessageType> all() {
        return Stream.concat(of(COMMANDS, Kind.COMMAND), of(EVENTS, Kind.EVENT))
                .sorted(Comparator.comparing(MessageType::name));
    }

    static Stream<MessageType> commands() {
        return all().filter(type -> type.kind() == Kind.COMMAND);
    }

    static MessageType of(Class<?> message) {
        return all().filter(type -> type.record() == message).findFirst().orElseThrow();
    }

    private static Stream<MessageType> of(List<Class<?>> families, Kind kind) {
        return families.stream()
                .flatMap(family -> MessageTypes.of(family).entrySet().stream())
                .map(type -> new MessageType(type.getKey(), type.getValue(), kind));
    }

    String fileName() {
        return name + ".json";
    }

    @Override
    public String toString() {
        return name;
    }
}
