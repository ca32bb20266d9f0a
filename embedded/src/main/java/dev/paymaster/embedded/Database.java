package dev.paymaster.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/**
 * Where one database is and who owns it. The owner runs the migrations; the four services log in with
 * {@link #SERVICE_USERS their own roles}, all with {@link #PASSWORD the same password}.
 */
public record Database(String host, int port, String database) {
    /** Owns the database and every schema in it. */
    public static final String OWNER = "paymaster";
    /** Of every role. The server listens on 127.0.0.1 only and guards no secret. */
    public static final String PASSWORD = "paymaster";

    /** The login role of each service. */
    public static final List<String> SERVICE_USERS =
            List.of("paymaster_gateway", "paymaster_credit", "paymaster_job", "paymaster_payout");

    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    public String ownerUser() {
        return OWNER;
    }

    public String ownerPassword() {
        return PASSWORD;
    }

    /** A new connection as the owner; the caller closes it. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), OWNER, PASSWORD);
    }
}
