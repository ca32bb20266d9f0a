package dev.paymaster.system.earning;

import static dev.paymaster.system.earning.Step.*;
import static dev.paymaster.system.proof.Row.row;
import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The first payouts of somebody new are held for a while, here for longer than anybody waits; accounts are opened by v2. */
@Tag("long")
class NewReceiverTableTest implements PlayedTable {
    private static final Duration HOLD = Duration.ofDays(7);

    private static final List<Row<Step>> ROWS = List.of(
            row(
                    "who is new waits, until an administrator pays all the same",
                    canBePaid(),
                    doesAJob(),
                    has(1, "held new_receiver", 0),
                    isRetried(),
                    has(1, "paid", 100)),
            row(
                    "who is new is paid on the day that was told",
                    canBePaid(),
                    doesAJob(),
                    has(1, "held new_receiver", 0),
                    theHoldIsOver(),
                    has(1, "paid", 100)),
            row(
                    "who was not known yet is new when the account can be paid",
                    doesAJob(),
                    has(1, "held account_not_active", 0),
                    canBePaid(),
                    has(1, "held new_receiver", 0),
                    isRetried(),
                    has(1, "paid", 100)),
            row(
                    "who is restricted while new isn't paid meanwhile, whoever wants it",
                    canBePaid(),
                    doesAJob(),
                    has(1, "held new_receiver", 0),
                    onboarding("restrict"),
                    has(1, "held new_receiver", 0),
                    isRetried(),
                    has(1, "held new_receiver", 0),
                    onboarding("complete"),
                    has(1, "held new_receiver", 0),
                    isRetried(),
                    has(1, "paid", 100)));

    private final World world = PayoutTable.world(Map.of("payouts.new-receiver-hold", "7d", "connect.api", "v2"));
    private final PayoutTable table = new PayoutTable(world, ROWS);

    @BeforeAll
    void play() {
        table.play();
    }

    @Test
    void tellsWhenAPayoutIsToBeReleased() {
        Person receiver = world.newPerson("Robin");
        world.onboard(receiver);
        Instant before = Instant.now().minusSeconds(60);

        world.verifiedJob(world.newPersonWith(10), receiver);

        eventually("held payout")
                .untilAsserted(
                        () -> assertThat(payouts(receiver).at("/data/0/reason").asString(""))
                                .isEqualTo("new_receiver"));
        JsonNode payout = payouts(receiver).at("/data/0");
        Instant releaseAt = Instant.parse(payout.path("release_at").stringValue());
        assertThat(releaseAt).isBetween(before.plus(HOLD), Instant.now().plus(HOLD));
        assertThat(world.admin()
                        .get("/api/payouts/" + payout.path("id").stringValue())
                        .expect(200)
                        .text("/release_at"))
                .isEqualTo(payout.path("release_at").stringValue());
    }

    private static JsonNode payouts(Person receiver) {
        return receiver.api().get("/api/payouts").expect(200).json();
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public Map<String, String> failures() {
        return table.failures();
    }
}
