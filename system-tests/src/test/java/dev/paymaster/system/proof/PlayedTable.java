package dev.paymaster.system.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.world.World;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** A table whose rows are played in a world of its own, all at once: each is shown as a test, and everything adds up. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public interface PlayedTable {
    World world();

    /** What went wrong with each row, in words, by what the row says; empty: nothing. */
    Map<String, String> failures();

    /** What the administrator's proof has to find, as rule and subject. */
    default Set<String> differences() {
        return Set.of();
    }

    @TestFactory
    default Stream<DynamicTest> rows() {
        return failures().entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.getKey(), () -> assertThat(row.getValue()).isEmpty()));
    }

    @Test
    default void everythingAddsUp() {
        Invariants.of(world()).check(differences());
    }

    @AfterAll
    default void end() {
        world().close();
    }
}
