package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaDoorTest {
    /** Else a run ends by whoever writes, though everything that it checks is as it should be. */
    @Test
    void waitsForABrokerForLongerThanAnyFaultLasts() {
        Map<String, Object> settings = KafkaDoor.settings("127.0.0.1:1");

        assertThat(List.of("max.block.ms", "delivery.timeout.ms"))
                .allSatisfy(name -> assertThat(Long.parseLong(String.valueOf(settings.get(name))))
                        .as(name)
                        .isGreaterThan(FaultPlan.LONGEST_FAULT.toMillis()));
    }
}
