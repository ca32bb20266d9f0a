package dev.paymaster.messaging.lifetime;

import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What every service imports, so that it waits for its database instead of ending. */
@Configuration(proxyBeanMethods = false)
public class LifetimeConfiguration {
    /** What a service migrates; its own schema, if it has no such bean. */
    @FunctionalInterface
    public interface Migrations extends Consumer<Flyway> {}

    @Bean
    StartWaits startWaits(ApplicationContext application) {
        return new StartWaits(application);
    }

    /** {@link DatabaseSetup} migrates: while beans are made, nobody can ask for health yet. */
    @Bean
    FlywayMigrationStrategy notYet() {
        return _ -> {};
    }

    @Bean
    DatabaseSetup databaseSetup(
            Flyway flyway,
            ObjectProvider<Migrations> migrations,
            @Value("${spring.flyway.url}") String url,
            StartWaits waits) {
        return new DatabaseSetup(flyway, migrations.getIfAvailable(() -> Flyway::migrate), url, waits);
    }
}
