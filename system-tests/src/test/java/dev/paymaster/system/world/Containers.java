package dev.paymaster.system.world;

import dev.paymaster.embedded.Database;
import dev.paymaster.standalone.Infrastructure;
import java.nio.file.Path;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.MountableFile;

/** With {@code -Dinfra=containers}, Kafka and PostgreSQL are the images that production uses, not the embedded ones. */
public final class Containers {
    private static final String KAFKA = "apache/kafka:4.2.1";
    private static final String POSTGRES = "postgres:18";
    private static final int POSTGRES_PORT = 5432;

    private Containers() {}

    public static boolean areWanted() {
        String infra = System.getProperty("infra", "embedded");
        return switch (infra) {
            case "embedded" -> false;
            case "containers" -> true;
            default -> throw new IllegalArgumentException("-Dinfra is embedded or containers, not " + infra);
        };
    }

    /** A fresh pair, which ends with this JVM. The database gets its roles as in the compose file, by the same script. */
    static Infrastructure start() {
        // As in production: a topic that is made by being asked for has too few partitions.
        KafkaContainer kafka = new KafkaContainer(KAFKA).withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        kafka.start();
        PostgreSQLContainer postgres = new PostgreSQLContainer(POSTGRES)
                .withEnv("DATABASE_OWNER_PASSWORD", Database.PASSWORD)
                .withEnv("DATABASE_PASSWORD", Database.PASSWORD)
                .withCopyFileToContainer(
                        MountableFile.forHostPath(roles()), "/docker-entrypoint-initdb.d/10-roles.sql");
        postgres.start();
        stopAtTheEnd(kafka::stop);
        stopAtTheEnd(postgres::stop);
        Database database = new Database(postgres.getHost(), postgres.getMappedPort(POSTGRES_PORT), Database.OWNER);
        return new Infrastructure(kafka.getBootstrapServers(), database);
    }

    private static Path roles() {
        return Path.of("..", "docker", "postgres", "10-roles.sql");
    }

    private static void stopAtTheEnd(Runnable stop) {
        Runtime.getRuntime().addShutdownHook(new Thread(stop, "container-stop"));
    }
}
