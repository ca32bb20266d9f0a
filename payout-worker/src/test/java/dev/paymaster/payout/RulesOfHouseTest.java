package dev.paymaster.payout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use what in this module. */
class RulesOfHouseTest {
    private static final String ROOT = "dev.paymaster.payout";
    private static final String STRIPE = ROOT + ".stripe";

    private final JavaClasses classes =
            new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests())).importPackages(ROOT);

    @ParameterizedTest
    @ValueSource(strings = {"obligation", "recovery", "account", "instrument"})
    void keepsRulesPure(String name) {
        String purePackage = ROOT + "." + name;
        assertThat(classes.containPackage(purePackage)).isTrue();

        noClasses()
                .that()
                .resideInAPackage(purePackage)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "org.apache.kafka..",
                        "com.stripe..",
                        "io.github..",
                        "java.sql..",
                        "java.io..",
                        "java.net..",
                        "javax.sql..",
                        "io.micrometer..")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .check(classes);
    }

    @Test
    void letsOnlyOnePackageKnowStripesClient() {
        assertThat(classes.containPackage(STRIPE)).isTrue();

        noClasses()
                .that()
                .resideOutsideOfPackage(STRIPE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.stripe..")
                .check(classes);
    }

    @Test
    void hasNoCirclesBetweenPackages() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(classes);
    }
}
