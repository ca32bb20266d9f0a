package dev.paymaster.gateway.margin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.gateway.catalogue.CatalogueSettings;
import dev.paymaster.gateway.catalogue.TopUpSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class TariffCheckTest {
    private final ApplicationContextRunner gateway =
            new ApplicationContextRunner().withUserConfiguration(Settings.class, TariffCheck.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({CatalogueSettings.class, TopUpSettings.class})
    static class Settings {}

    @Test
    void saysOnceAtTheStartThatTheTariffCanLoseMoney(CapturedOutput output) {
        gateway.run(context -> assertThat(context).hasNotFailed());

        assertThat(output.getAll()).containsOnlyOnce("the tariff can pay out more than it takes in");
    }

    @Test
    void saysNothingOfATariffThatCanNot(CapturedOutput output) {
        gateway.withPropertyValues("payouts.cents-per-credit=10")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output.getAll()).doesNotContain("the tariff can pay out");
    }
}
