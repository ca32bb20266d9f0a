package dev.paymaster.gateway;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.EmbeddedDatabase;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A gateway on a real broker and a real database. The workers' views are tables here, which a test fills as a worker
 * would.
 */
final class RunningGateway implements AutoCloseable {
    static final String ADMIN_KEY = "admin-key-of-a-test-that-nobody-guesses";
    static final String WEBHOOK_SECRET = "whsec_test";

    private static final String VIEWS = """
            CREATE SCHEMA api;
            GRANT USAGE ON SCHEMA api TO paymaster_gateway;
            CREATE TABLE api.balance (user_id uuid, available bigint, held bigint, debt bigint);
            CREATE TABLE api.lot (user_id uuid, remaining bigint, expires_at timestamptz);
            CREATE TABLE api.job (id uuid, status text, sender uuid, skill text, credit_cost bigint, payout_cents bigint,
                shadow boolean, prompt text, title text, criteria text, receiver uuid, output text, verification jsonb,
                created_at timestamptz, updated_at timestamptz, deadline_at timestamptz, requeues integer, charged boolean,
                cancellation text);
            CREATE TABLE api.lot_cash (user_id uuid, id uuid, source text, source_ref text, granted bigint, remaining bigint,
                revenue_cents bigint, opened bigint);
            CREATE TABLE api.entry (user_id uuid, sequence bigint, kind text, amount bigint, lot_id uuid, job_id uuid,
                recorded_at timestamptz);
            CREATE TABLE api.payout (job_id uuid, amount_cents bigint, status text, back_cents bigint, transfer_id text,
                reversed_cents bigint, taken_back text[] NOT NULL DEFAULT '{}');
            CREATE TABLE api.receiver_account (receiver uuid, account_id text, status text, details_submitted boolean,
                transfers text, payouts_enabled boolean, requirements text[], as_of timestamptz);
            CREATE TABLE api.returned_cash (source_ref text, cash_cents bigint, returned_cash_cents bigint);
            CREATE TABLE api.further_cash (source_ref text, lot_ref text, revenue_cents bigint);
            CREATE TABLE api.invoice_claim (invoice_id text, number integer, tier text, subscription_id text,
                period_end timestamptz, credits bigint, above bigint);
            CREATE TABLE api.given_back (subscription_id text, period_end timestamptz, cents bigint, invoice_id text);
            CREATE TABLE api.applied_invoice (invoice_id text, user_id uuid, cash_cents bigint,
                applied_at timestamptz DEFAULT now());
            CREATE TABLE api.parked_invoice (invoice_id text, customer_id text, parked_at timestamptz);
            CREATE TABLE api.top_up (session_id text, user_id uuid, credits bigint, paid_cents bigint);
            CREATE TABLE api.reversal (payment_id text, reversal_id text, amount_cents bigint, taken boolean, returned boolean);
            CREATE TABLE api.job_outcome (command_id text PRIMARY KEY, request_hash bytea, outcome bytea);
            CREATE TABLE api.credit_outcome (command_id text PRIMARY KEY, request_hash bytea, outcome bytea);
            CREATE TABLE api.payout_outcome (command_id text PRIMARY KEY, request_hash bytea, outcome bytea);
            GRANT SELECT ON ALL TABLES IN SCHEMA api TO paymaster_gateway;""";

    final EmbeddedBroker broker;
    final JdbcTemplate owner;
    private final ConfigurableApplicationContext context;

    private RunningGateway(EmbeddedBroker broker, Database database, ConfigurableApplicationContext context) {
        this.broker = broker;
        this.owner = owner(database);
        this.context = context;
    }

    static RunningGateway start(String databaseName, EmbeddedBroker broker, String... more) {
        return start(databaseName, broker, Clock.systemUTC(), more);
    }

    /** With a clock of its own, which may be wrong. */
    static RunningGateway start(String databaseName, EmbeddedBroker broker, Clock clock, String... more) {
        Database database = EmbeddedDatabase.shared().createDatabase(databaseName);
        owner(database).execute(VIEWS);
        List<String> arguments = new ArrayList<>(settings(broker, database));
        for (String argument : more) {
            // The same option twice would be a list of both.
            arguments.removeIf(other -> other.startsWith(argument.substring(0, argument.indexOf('=') + 1)));
            arguments.add(argument);
        }
        return new RunningGateway(
                broker,
                database,
                GatewayApplication.application()
                        .initializers(
                                application -> application.getBeanFactory().registerSingleton("clock", clock))
                        .run(arguments.toArray(String[]::new)));
    }

    private static List<String> settings(EmbeddedBroker broker, Database database) {
        return List.of(
                "--KAFKA_BOOTSTRAP_SERVERS=" + broker.bootstrapServers(),
                "--DATABASE_HOST=" + database.host(),
                "--DATABASE_PORT=" + database.port(),
                "--DATABASE_NAME=" + database.database(),
                "--server.port=0",
                "--management.server.port=0",
                "--messaging.partitions=2",
                "--paymaster.stop-delay=0s",
                "--spring.reactor.netty.shutdown-quiet-period=0s",
                "--paymaster.admin-key=" + ADMIN_KEY,
                "--stripe.secret-key=sk_test_1",
                "--stripe.webhook-secret=" + WEBHOOK_SECRET,
                "--stripe.prices.starter=price_1",
                "--stripe.prices.pro=price_2",
                "--stripe.prices.team=price_3",
                // By then every test is over; Stripe itself is not to be called.
                "--reconcile.first-after=1h");
    }

    private static JdbcTemplate owner(Database database) {
        return new JdbcTemplate(
                new DriverManagerDataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword()));
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    /** What it tells of itself, on a port of its own. */
    Http management() {
        return new Http(
                URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.management.port")), "");
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    @Override
    public void close() {
        context.close();
    }
}
