package dev.paymaster.system.fault;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.standalone.Service;
import dev.paymaster.system.fuzz.LogWatch;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Api;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.Person.Balance;
import dev.paymaster.system.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;

/** Something that job creation needs goes away in the middle of it. */
class OutageTest implements Scenario {
    private static final int JOBS = 300;
    private static final int FIRST = 50;

    private final World world = World.forFaults();
    private final Person sender = world.newPersonWith(2 * JOBS + 1);

    @Override
    public World world() {
        return world;
    }

    @Test
    void everythingCreatedIsThereOnceAfterTheDatabaseCrashed() {
        World.requireEmbedded();
        createThrough(load -> {
            world.standalone().databaseServer().crash();
            load.awaitRefusal();
            assertThat(healthOfDatabases()).containsOnly(Status.DOWN);
            world.standalone().databaseServer().start();
            eventually("all of them have it back")
                    .until(() -> Set.copyOf(healthOfDatabases()), Set.of(Status.UP)::equals);
        });
    }

    /** As whoever probes a service hears it; of workers, which have no ports here, from inside. */
    private List<Status> healthOfDatabases() {
        List<Status> all = new ArrayList<>();
        for (Service service : Service.values()) {
            ConfigurableApplicationContext context = world.standalone().context(service);
            context.getBeansOfType(DataSourceHealthIndicator.class)
                    .values()
                    .forEach(each -> all.add(each.health().getStatus()));
        }
        assertThat(all).as("workers that were asked").hasSize(3);
        Api gateway = new Api(world.standalone().managementUrl(), null);
        all.add(new Status(gateway.get("/actuator/health").text("/components/r2dbc/status")));
        return all;
    }

    /** Nobody need notice: it is back before a client loses its patience. */
    @Test
    void everythingCreatedIsThereOnceAfterTheDatabaseRestarted() {
        World.requireEmbedded();
        createThrough(_ -> world.standalone().databaseServer().restart());
    }

    @Test
    void everythingCreatedIsThereOnceAfterKafkaWentAway() {
        World.requireEmbedded();
        createThrough(load -> {
            world.standalone().broker().stop();
            load.awaitRefusal();
            world.standalone().broker().start();
        });
    }

    @Test
    void everythingCreatedIsThereOnceAfterTheWorkerWasAway() {
        createThrough(load -> {
            world.standalone().stop(Service.JOB_SERVICE);
            load.awaitRefusal();
            world.standalone().start(Service.JOB_SERVICE);
        });
    }

    private void createThrough(Consumer<Load> outage) {
        try (Load load = Load.of(sender, JOBS);
                LogWatch log = new LogWatch(List.of(world.standalone().adminKey()))) {
            load.awaitAnswered(FIRST);
            outage.accept(load);

            List<String> created = load.finish();

            assertThat(log.traces())
                    .as("what services log, and not the broker beside them")
                    .filteredOn(trace -> !trace.matches("(?s)\\w+ (kafka\\.|org\\.apache\\.kafka\\.(?!clients)).*"))
                    .isEmpty();
            assertThat(log.leaks()).isEmpty();
            assertThat(sender.credits()).isEqualTo(new Balance(1, 2 * JOBS, 0));
            assertThat(JobPages.ids(sender.api())).containsExactlyInAnyOrderElementsOf(created);
        }
    }
}
