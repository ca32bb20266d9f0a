package dev.paymaster.job.catalogue;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads the catalogue from the settings; a wrong setting ends the start. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({CatalogueSettings.class, PayoutSettings.class})
class CatalogueConfiguration {
    @Bean
    Catalogue catalogue(CatalogueSettings settings, PayoutSettings payouts) {
        return Catalogue.of(settings, payouts);
    }
}
