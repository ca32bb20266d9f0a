package dev.paymaster.system.house.planted;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.Callable;

/** A timer that says nothing, and has somebody write. */
final class ActsByItself implements Runnable {
    private final Connection connection;
    private final Callable<Integer> deed = this::take;

    ActsByItself(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void run() {
        try {
            deed.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private int take() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("UPDATE ledger.account SET available = 0")) {
            return statement.executeUpdate();
        }
    }
}
