package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whoever wants to know is told once each time that credits run low. */
class BalanceLowTest implements Scenario {
    private static final String PATH = "/api/credits/threshold";

    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @Test
    void tellsOncePerCrossingUntilItIsNoLongerWanted() {
        Person sender = world.newPersonWith(7);
        assertThat(sender.api().put(PATH, "{\"credits\": 4}").expect(200).json())
                .isEqualTo(json("""
                {"user_id": "%s", "credits": 4}""".formatted(sender.id())));

        sender.createJob();
        world.comesToRest();
        assertThat(told(sender)).isEmpty();
        sender.createJob();
        eventually("balance is low")
                .untilAsserted(() -> assertThat(told(sender)).containsExactly(json("""
                {"user_id": "%s", "threshold": 4, "available": 3}""".formatted(sender.id()))));
        sender.createJob();
        world.comesToRest();
        assertThat(told(sender)).hasSize(1);

        world.grant(sender, 9).expect(201);
        for (int i = 0; i < 5; i++) {
            sender.createJob();
        }
        world.comesToRest();
        assertThat(told(sender)).as("the second crossing").hasSize(2);

        sender.api().put(PATH, "{\"credits\": null}").expect(200);
        world.grant(sender, 9).expect(201);
        for (int i = 0; i < 4; i++) {
            sender.createJob();
        }
        world.comesToRest();
        assertThat(told(sender)).hasSize(2);
    }

    @Test
    void takesOnlySensibleNumbers() {
        Person sender = world.newPerson("Sam");

        for (String body :
                List.of("{\"credits\": 0}", "{\"credits\": -1}", "{\"credits\": \"5\"}", "{\"credit\": 5}", "5")) {
            Problems.isProblem(sender.api().put(PATH, body).expect(400));
        }
        world.stranger().put(PATH, "{\"credits\": 5}").expect(401);
    }

    private List<JsonNode> told(Person person) {
        return world.lowBalances(person);
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
