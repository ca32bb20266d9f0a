package dev.paymaster.system.proof;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Envelope;
import dev.paymaster.system.proof.AdminProof.Difference;
import dev.paymaster.system.world.KafkaLog;
import dev.paymaster.system.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** That all rules hold in a world, and that the administrator's proof, over everything there is, finds no difference. */
public final class Invariants {
    /** Events follow their commit by a moment, but not by more. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Map<World, Invariants> KNOWN = new ConcurrentHashMap<>();

    private final World world;
    private final Findings findings;
    private volatile boolean wereBroken;

    private Invariants(World world) {
        this.world = world;
        this.findings = new Findings(world.database(), world.kafka(), world.stripeIfOn());
    }

    /** Those of a Paymaster; the same until it is closed, as what is broken once stays so. */
    public static Invariants of(World world) {
        return KNOWN.computeIfAbsent(world, opened -> {
            opened.whenClosed(() -> KNOWN.remove(opened));
            return new Invariants(opened);
        });
    }

    /** Fails, with every broken rule, unless all of them hold, soon at the latest; at once when they were broken before. */
    public void check() {
        check(Set.of());
    }

    /** The same in a world where the proof finds these differences, as rule and subject, and no other. */
    public void check(Set<String> differences) {
        Duration patience = wereBroken ? Duration.ofSeconds(1) : PATIENCE;
        wereBroken = true;
        eventually("invariants").atMost(patience).untilAsserted(() -> {
            assertThat(findings.broken(this::isMeantToFail)).isEmpty();
            List<Difference> found = AdminProof.differences(world.admin());
            assertThat(found)
                    .filteredOn(difference -> !differences.contains(difference.what()))
                    .isEmpty();
            assertThat(found).extracting(Difference::what).containsAll(differences);
        });
        wereBroken = false;
    }

    private boolean isMeantToFail(ConsumerRecord<byte[], byte[]> letter) {
        return world.meantToFail().contains(KafkaLog.header(letter, Envelope.HEADER_ID));
    }
}
