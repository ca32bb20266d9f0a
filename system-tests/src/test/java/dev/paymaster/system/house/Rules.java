package dev.paymaster.system.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The rules, about any packages, so that they can be tried on planted violations too. */
final class Rules {
    private Rules() {}

    /** What decides about money knows no technology, and neither clock nor chance. */
    static ArchRule decidesWithoutTheOutside(DescribedPredicate<JavaClass> pure) {
        return noClasses()
                .that(pure)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Modules.OUTSIDE)
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(UUID.class, "randomUUID");
    }

    /** A module uses, of ours, only itself and what it is allowed to. */
    static ArchRule usesOnly(String module, Collection<String> allowed) {
        String[] ours = Stream.concat(Stream.of(module), allowed.stream())
                .map(name -> name + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(module + "..")
                .should()
                .dependOnClassesThat(describe(
                        "are another module's",
                        (JavaClass used) -> used.getPackageName().startsWith(Modules.ROOT)
                                && !resideInAnyPackage(ours).test(used)));
    }

    /** Stripe's types stop in the adapters. */
    static ArchRule knowsStripeOnlyIn(List<String> adapters) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(adapters.toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.stripe..");
    }

    /** No packages for what has no home. */
    static ArchRule hasNoTechnicalPackages() {
        return noClasses().should().resideInAnyPackage("..util..", "..utils..", "..service..", "..dto..", "..impl..");
    }

    /** Fields are set once, by the constructor. */
    static ArchRule injectsByConstructor() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.springframework.beans.factory.annotation.Autowired");
    }

    /** Waiting for a reactive result would stop an event loop. */
    static ArchRule neverBlocks() {
        DescribedPredicate<JavaClass> reactive = resideInAnyPackage("reactor.core.publisher..");
        return noClasses()
                .should()
                .callMethodWhere(describe(
                        "call block() of a reactive type",
                        call -> call.getTarget().getName().startsWith("block")
                                && reactive.test(call.getTarget().getOwner())));
    }

    /** A reactive transaction that is cancelled would leave its connection with others: one class sees to it that none is. */
    static ArchRule beginsReactiveTransactionsOnlyIn(String guardian) {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName(guardian)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.transaction.reactive..");
    }

    /** A name says what a class is, not that it is the class of an interface. */
    static ArchRule namesHaveNoImpl() {
        return classes().should().haveSimpleNameNotEndingWith("Impl");
    }
}
