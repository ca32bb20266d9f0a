package dev.paymaster.standalone;

import dev.paymaster.embedded.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Each service's settings as Spring's command-line properties: they win over the environment and over configuration
 * files, and belong to one application context, so nothing leaks from one service to another.
 */
record ServiceArguments(
        Infrastructure infrastructure,
        StandalonePorts ports,
        StripeConnection stripe,
        String adminKey,
        Map<String, String> properties) {

    List<String> of(Service service) {
        List<String> arguments = new ArrayList<>(shared(service));
        arguments.addAll(stripe.arguments());
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        if (service == Service.GATEWAY) {
            arguments.addAll(gateway());
        } else {
            arguments.add("--spring.main.web-application-type=none");
        }
        return arguments;
    }

    private List<String> shared(Service service) {
        Database database = infrastructure.database();
        return List.of(
                "--KAFKA_BOOTSTRAP_SERVERS=" + infrastructure.bootstrapServers(),
                "--spring.kafka.bootstrap-servers=" + infrastructure.bootstrapServers(),
                "--DATABASE_HOST=" + database.host(),
                "--DATABASE_PORT=" + database.port(),
                "--DATABASE_NAME=" + database.database(),
                "--DATABASE_USER=" + service.databaseUser(),
                "--DATABASE_PASSWORD=" + Database.PASSWORD,
                "--DATABASE_OWNER_USER=" + database.ownerUser(),
                "--DATABASE_OWNER_PASSWORD=" + database.ownerPassword(),
                // After a hard stop, nobody gets the dead workers' partitions before their sessions end: 45 seconds
                // by default, as a worker might only be unreachable. Here it lives and dies with its broker.
                "--spring.kafka.consumer.properties.session.timeout.ms=6000",
                "--spring.kafka.consumer.properties.heartbeat.interval.ms=2000",
                // Several contexts of one JVM would register the same names.
                "--spring.jmx.enabled=false");
    }

    private List<String> gateway() {
        return List.of(
                "--server.port=" + ports.http(),
                "--server.address=127.0.0.1",
                // Nobody new can come in once it stops; by default it waits two seconds to see whether anybody does.
                "--spring.reactor.netty.shutdown-quiet-period=0s",
                "--paymaster.stop-delay=0s",
                "--management.server.port=" + ports.management(),
                "--management.server.address=127.0.0.1",
                "--paymaster.admin-key=" + adminKey,
                "--paymaster.public-url=http://localhost:" + ports.http());
    }
}
