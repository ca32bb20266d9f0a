package dev.paymaster.gateway.margin;

import dev.paymaster.gateway.catalogue.CatalogueSettings;
import dev.paymaster.gateway.catalogue.TopUpSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Says once, when the service starts, that the tariff can lose money. */
@Configuration(proxyBeanMethods = false)
class TariffCheck {
    private static final Logger LOG = LoggerFactory.getLogger(TariffCheck.class);

    @Bean
    Tariff tariff(
            CatalogueSettings catalogue,
            TopUpSettings topUps,
            @Value("${payouts.cents-per-credit:50}") long centsPerCredit) {
        Tariff tariff = new Tariff(catalogue.tierList(), topUps.packList(), catalogue.skillList(centsPerCredit));
        tariff.loss().ifPresent(loss -> LOG.warn("{}. GET /api/admin/margin tells what has come of it", loss));
        return tariff;
    }
}
