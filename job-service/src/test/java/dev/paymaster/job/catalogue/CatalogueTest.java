package dev.paymaster.job.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.job.Skill;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class CatalogueTest {
    private final ApplicationContextRunner service =
            new ApplicationContextRunner().withUserConfiguration(CatalogueConfiguration.class);

    @Test
    void isTheContractsWithoutSettings() {
        service.run(context -> assertThat(context.getBean(Catalogue.class).skills())
                .containsOnlyKeys("research")
                .containsValue(Skill.defaults().getFirst()));
    }

    @Test
    void paysTheConfiguredCentsPerCredit() {
        service.withPropertyValues("payouts.cents-per-credit=60")
                .run(context -> assertThat(context.getBean(Catalogue.class).skills())
                        .containsValue(new Skill("research", 2, 120)));
    }

    @Test
    void takesSkillsFromTheSettings() {
        service.withPropertyValues(
                        "paymaster.skills[0].name=review",
                        "paymaster.skills[0].credit-cost=3",
                        "paymaster.skills[1].name=translation",
                        "paymaster.skills[1].credit-cost=4",
                        "paymaster.skills[1].payout-cents=0")
                .run(context -> assertThat(context.getBean(Catalogue.class).skills())
                        .hasSize(2)
                        .containsValues(new Skill("review", 3, 150), new Skill("translation", 4, 0)));
    }

    @Test
    void refusesASkillThatCostsNothing() {
        service.withPropertyValues("paymaster.skills[0].name=review", "paymaster.skills[0].credit-cost=0")
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void refusesANameThatStandsTwice() {
        service.withPropertyValues(
                        "paymaster.skills[0].name=review",
                        "paymaster.skills[0].credit-cost=3",
                        "paymaster.skills[1].name=review",
                        "paymaster.skills[1].credit-cost=4")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessage("paymaster.skills names review twice"));
    }
}
