package dev.paymaster.standalone;

import dev.paymaster.embedded.Database;

/**
 * A Kafka and a PostgreSQL for the services.
 *
 * @param bootstrapServers as Kafka's clients take it
 * @param database with the owner's and the services' roles
 */
public record Infrastructure(String bootstrapServers, Database database) {}
