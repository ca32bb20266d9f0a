package dev.paymaster.messaging;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The first COMMIT is under way at the server when its caller hears that the connection is gone; later ones are as usual. */
final class LateCommit implements TransactionOperations {
    private final HikariDataSource pool;
    private final DataSourceTransactionManager manager;
    private final TransactionTemplate usual;
    private @Nullable TransactionStatus late;
    private @Nullable Object resource;

    LateCommit(HikariDataSource pool) {
        this.pool = pool;
        this.manager = new DataSourceTransactionManager(pool);
        this.usual = new TransactionTemplate(manager);
    }

    @Override
    public <T extends @Nullable Object> T execute(TransactionCallback<T> action) {
        if (late != null) {
            return usual.execute(action);
        }
        TransactionStatus begun = manager.getTransaction(new DefaultTransactionDefinition());
        late = begun;
        action.doInTransaction(begun);
        resource = TransactionSynchronizationManager.unbindResource(pool);
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.clear();
        }
        throw new TransactionSystemException("the connection was lost while COMMIT was under way");
    }

    /** Now the server is done with it. */
    void commit() {
        if (late == null || resource == null) {
            throw new IllegalStateException("nothing has been left to commit");
        }
        TransactionSynchronizationManager.bindResource(pool, resource);
        TransactionSynchronizationManager.initSynchronization();
        manager.commit(late);
    }
}
