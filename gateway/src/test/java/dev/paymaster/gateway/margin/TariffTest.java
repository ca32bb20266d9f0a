package dev.paymaster.gateway.margin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.credit.Tier;
import dev.paymaster.events.job.Skill;
import dev.paymaster.gateway.catalogue.TopUpSettings;
import dev.paymaster.gateway.catalogue.TopUpSettings.Pack;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TariffTest {
    private static final Tariff DEFAULTS =
            new Tariff(Tier.defaults(), new TopUpSettings(Map.of()).packList(), Skill.defaults());

    @Test
    void saysThatTheDefaultsCanPayOutMoreThanTheyTakeIn() {
        assertThat(DEFAULTS.loss())
                .contains(
                        "the tariff can pay out more than it takes in: a credit brings 15.00 cents with tier team, and a"
                                + " job of skill research pays 50.00 cents for it; so it is with 6 of 6 offers");
    }

    @ParameterizedTest
    @CsvSource({
        // cents, credits, cost, payout, loses
        "1000, 50, 2, 40, false",
        "1000, 50, 2, 41, true",
        "1000, 51, 2, 40, true",
        "1000, 3, 3, 1000, false",
        "1000, 3, 3, 1001, true",
        "0, 50, 2, 40, false"
    })
    void comparesToTheCent(long cents, long credits, long cost, long payout, boolean loses) {
        Tariff tariff = new Tariff(
                List.of(new Tier("pro", cents, credits)), List.of(), List.of(new Skill("research", cost, payout)));

        assertThat(tariff.loss().isPresent()).isEqualTo(loses);
    }

    @Test
    void seesALosingPackAndTheDearestSkill() {
        Tariff tariff = new Tariff(
                List.of(new Tier("pro", 1_000, 10)),
                List.of(new Pack("small", 10, 100)),
                List.of(new Skill("cheap", 1, 1), new Skill("dear", 2, 50)));

        assertThat(tariff.loss())
                .hasValueSatisfying(loss ->
                        assertThat(loss).contains("10.00 cents with pack small", "skill dear pays 25.00", "1 of 2"));
    }
}
