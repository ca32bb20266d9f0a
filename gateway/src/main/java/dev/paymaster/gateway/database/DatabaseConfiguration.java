package dev.paymaster.gateway.database;

import io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider;
import org.springframework.boot.r2dbc.autoconfigure.ConnectionFactoryOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.tcp.TcpResources;

@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
    /** The driver has no time-out for a server that is gone without a word. */
    @Bean
    ConnectionFactoryOptionsBuilderCustomizer endingConnections() {
        return options -> options.option(
                PostgresqlConnectionFactoryProvider.LOOP_RESOURCES, new EndingConnections(TcpResources.get()));
    }
}
