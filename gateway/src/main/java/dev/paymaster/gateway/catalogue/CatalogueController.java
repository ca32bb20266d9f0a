package dev.paymaster.gateway.catalogue;

import dev.paymaster.events.credit.Tier;
import dev.paymaster.events.job.Skill;
import dev.paymaster.gateway.catalogue.TopUpSettings.Pack;
import dev.paymaster.gateway.http.Page;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What can be bought and asked for. */
@RestController
@EnableConfigurationProperties({CatalogueSettings.class, TopUpSettings.class})
final class CatalogueController {
    private final Page<Tier> tiers;
    private final Page<Pack> topUps;
    private final Page<Skill> skills;

    CatalogueController(
            CatalogueSettings catalogue,
            TopUpSettings topUps,
            @Value("${payouts.cents-per-credit:50}") long centsPerCredit) {
        this.tiers = new Page<>(catalogue.tierList(), null);
        this.topUps = new Page<>(topUps.packList(), null);
        this.skills = new Page<>(catalogue.skillList(centsPerCredit), null);
    }

    @GetMapping("/api/tiers")
    Page<Tier> tiers() {
        return tiers;
    }

    @GetMapping("/api/topups")
    Page<Pack> topUps() {
        return topUps;
    }

    @GetMapping("/api/skills")
    Page<Skill> skills() {
        return skills;
    }
}
