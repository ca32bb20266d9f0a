package dev.paymaster.system.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may depend on whom, seen from the class files of all modules. */
class ArchitectureTest {
    private static final String PLANTED = "dev.paymaster.system.house.planted";
    private static final DescribedPredicate<JavaClass> ALL_PLANTED = resideInAPackage(PLANTED);

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(Modules.MAY_USE.keySet().toArray(String[]::new));

    private static final JavaClasses VIOLATIONS = new ClassFileImporter().importPackages(PLANTED);

    @ParameterizedTest
    @MethodSource("packages")
    void everyPackageThatARuleNamesHasClasses(String name) {
        assertThat(OURS.stream().filter(resideInAPackage(name))).as(name).isNotEmpty();
    }

    static Stream<String> packages() {
        return Stream.of(
                        Modules.MAY_USE.keySet().stream().map(module -> module + ".."),
                        Modules.PURE_PACKAGES.stream(),
                        Modules.STRIPE_ADAPTERS.stream())
                .flatMap(names -> names);
    }

    @Test
    void everyClassThatARuleNamesIsThere() {
        assertThat(Modules.PURE_CLASSES).allMatch(OURS::contain);
    }

    @Test
    void everyClassOfOursBelongsToAModule() {
        String[] known =
                Modules.MAY_USE.keySet().stream().map(module -> module + "..").toArray(String[]::new);
        JavaClasses everything = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.paymaster");

        assertThat(everything.stream()
                        .filter(resideInAnyPackage(known).negate())
                        .filter(each -> !each.getPackageName().startsWith("dev.paymaster.system"))
                        .map(JavaClass::getName))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleUsesOnlyWhatItMay(String module) {
        Rules.usesOnly(module, Modules.MAY_USE.getOrDefault(module, Set.of())).check(OURS);
    }

    static Stream<String> modules() {
        return Modules.MAY_USE.keySet().stream().sorted();
    }

    @Test
    void decisionsKnowNoOutside() {
        DescribedPredicate<JavaClass> pure = describe(
                "decide",
                each -> resideInAnyPackage(Modules.PURE_PACKAGES.toArray(String[]::new))
                                .test(each)
                        || Modules.PURE_CLASSES.contains(each.getName()));

        Rules.decidesWithoutTheOutside(pure).check(OURS);
    }

    @Test
    void onlyAdaptersKnowStripe() {
        Rules.knowsStripeOnlyIn(Modules.STRIPE_ADAPTERS).check(OURS);
    }

    @Test
    void timersPublishAndTouchNothing() {
        DescribedPredicate<JavaClass> services = resideInAnyPackage(
                Modules.GATEWAY + "..", Modules.CREDIT + "..", Modules.JOB + "..", Modules.PAYOUT + "..");

        Timers.publishAndTouchNothing(services, Timers.DOORS).check(OURS);
    }

    /** The rule for timers finds them; and a door that nobody needs any more is shut. */
    @Test
    void everyTimerIsSeenAndEveryDoorNeeded() {
        assertThat(OURS.stream().filter(Timers::isTimer).map(JavaClass::getSimpleName))
                .contains("DeadlineTimer", "Expiry", "MissedReviews", "SearchRound", "ReconcileSchedule");
        assertThat(Timers.DOORS)
                .allSatisfy(door -> assertThat(OURS.stream().flatMap(Timers::asking))
                        .anyMatch(method -> Timers.isIn(door, method)));
    }

    @Test
    void nothingBlocksOnAReactiveResult() {
        Rules.neverBlocks().check(OURS);
    }

    @Test
    void nobodyCancelsATransaction() {
        Rules.beginsReactiveTransactionsOnlyIn(Modules.GATEWAY + ".database.Transactions")
                .check(OURS);
    }

    @Test
    void packagesAreFeaturesAndNamesSayWhatTheyMean() {
        Rules.hasNoTechnicalPackages().check(OURS);
        Rules.namesHaveNoImpl().check(OURS);
        Rules.injectsByConstructor().check(OURS);
    }

    @Test
    void rulesSeePlantedViolations() {
        sees(Rules.decidesWithoutTheOutside(ALL_PLANTED), "DecidesWithAClock", "DecidesWithTheDatabase");
        sees(Rules.usesOnly(PLANTED, Set.of(Modules.EVENTS)), "KnowsEveryModule");
        sees(Rules.knowsStripeOnlyIn(Modules.STRIPE_ADAPTERS), "KnowsStripe");
        sees(Rules.neverBlocks(), "BlocksAnEventLoop");
        sees(Rules.beginsReactiveTransactionsOnlyIn("nobody"), "BeginsATransaction");
        sees(Timers.publishAndTouchNothing(ALL_PLANTED, Timers.DOORS), "ActsByItself.take");
        Rules.usesOnly(PLANTED, Set.of(Modules.LEDGER)).check(VIOLATIONS);
    }

    private static void sees(ArchRule rule, String... violators) {
        assertThatThrownBy(() -> rule.check(VIOLATIONS))
                .isInstanceOf(AssertionError.class)
                .satisfies(failure -> assertThat(failure.getMessage()).contains(violators));
    }
}
