package dev.paymaster.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the tables refuse, whoever comes past the code. */
class JobsSchemaTest {
    private static final ServiceDatabase DATABASE = ServiceDatabase.migrated("job_schema");

    private final JdbcTemplate service = DATABASE.jdbc();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status = 'accepted'",
                "status = 'lost'",
                "receiver = sender, status = 'accepted'",
                "receiver = gen_random_uuid(), status = 'submitted'",
                "receiver = gen_random_uuid(), status = 'verified', output = 'Found'",
                "output = 'Found'",
                "verification = '{}'",
                "verification = '{}', receiver = gen_random_uuid(), status = 'accepted', requeues = 1",
                "receiver = gen_random_uuid(), status = 'rejected', output = 'Found'",
                "requeues = -1",
                "charged = true",
                "cancellation = 'not_accepted'",
                "cancellation = 'bored', status = 'cancelled'",
                "sequence = 0",
                "updated_at = created_at - interval '1 second'"
            })
    void refusesAStateThatContradictsItself(String change) {
        UUID job = insert();

        assertThatThrownBy(() -> service.update("UPDATE jobs.job SET " + change + " WHERE id = ?", job))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE jobs.job SET credit_cost = 1",
                "UPDATE jobs.job SET shadow = true",
                "DELETE FROM jobs.job",
                "DELETE FROM jobs.command_log",
                "UPDATE jobs.command_log SET outcome = ''",
                "CREATE TABLE jobs.other (id uuid)"
            })
    void givesTheServiceNoRightItDoesNotNeed(String statement) {
        assertThatThrownBy(() -> service.execute(statement))
                .isInstanceOf(BadSqlGrammarException.class)
                .rootCause()
                .hasMessageContaining("permission denied");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT * FROM jobs.job", "DELETE FROM api.job", "SELECT * FROM jobs.command_log"})
    void letsTheGatewayOnlyReadItsViews(String statement) {
        assertThatThrownBy(() -> DATABASE.asGateway().execute(statement))
                .isInstanceOf(BadSqlGrammarException.class)
                .rootCause()
                .hasMessageContaining("permission denied");
    }

    /** Or each list would read the whole table. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sender = '00000000-0000-0000-0000-000000000001'",
                "receiver = '00000000-0000-0000-0000-000000000001'",
                "status = 'queued'"
            })
    void listsNewestFirstByAnIndex(String whose) {
        List<String> plan = DATABASE.transactions().execute(_ -> {
            service.execute("SET LOCAL enable_seqscan = off");
            return service.queryForList(
                    "EXPLAIN SELECT * FROM jobs.job WHERE " + whose
                            + " AND id < gen_random_uuid() ORDER BY id DESC LIMIT 20",
                    String.class);
        });

        assertThat(plan).anyMatch(line -> line.contains("Index Scan Backward using job_"));
        assertThat(plan).noneMatch(line -> line.contains("Sort"));
    }

    private UUID insert() {
        UUID id = UUID.randomUUID();
        service.update("""
                INSERT INTO jobs.job (id, sender, status, skill, credit_cost, payout_cents, shadow, prompt, sequence,
                                      created_at, updated_at)
                VALUES (?, gen_random_uuid(), 'queued', 'research', 2, 100, false, 'Find out', 1, now(), now())""", id);
        return id;
    }
}
