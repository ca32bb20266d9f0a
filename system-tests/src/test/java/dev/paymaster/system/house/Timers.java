package dev.paymaster.system.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.scheduling.annotation.Scheduled;

/** Whoever acts because its time has come: it says so, and leaves the deed to who owns what it is about. */
final class Timers {
    /** What they see of the database. */
    private static final List<String> LOOKS = List.of(
            "gateway.deadletter.DeadLetterStore.waiting",
            "gateway.proof.OurSide",
            "gateway.reconcile.ParkedInvoices.look",
            "job.OverdueJobs.find",
            "ledger.LedgerStore.findLapsed",
            "payout.WaitingForFunds.look");

    /** Where they note what they have asked and said, and how far they have come; nobody's credits, jobs or payouts. */
    private static final List<String> NOTES = List.of(
            "credit.lookup.Lookups",
            "credit.payment.Payments.callOpen",
            "gateway.http.AnsweredCalls.forgetOld",
            "gateway.reconcile.Lease",
            "gateway.reconcile.Published");

    /** All of the database that a timer may lead to: classes and methods, without the package that all of ours have. */
    static final List<String> DOORS =
            Stream.of(LOOKS, NOTES).flatMap(List::stream).toList();

    /** Whoever has these has asked before. */
    private static final Set<String> ANSWERS = Set.of(
            "java.sql.ResultSet",
            "io.r2dbc.spi.Readable",
            "org.springframework.r2dbc.core.DatabaseClient$GenericExecuteSpec");

    private static final DescribedPredicate<JavaClass> DATABASE = JavaClass.Predicates.resideInAnyPackage(
                    "java.sql..",
                    "javax.sql..",
                    "org.springframework.jdbc..",
                    "org.springframework.r2dbc..",
                    "io.r2dbc..")
            .and(DescribedPredicate.describe("are asked", each -> !ANSWERS.contains(each.getName())));

    private Timers() {}

    /** What timers lead to, by any number of calls, asks the database by these doors alone. */
    static ArchRule publishAndTouchNothing(DescribedPredicate<JavaClass> where, Collection<String> doors) {
        return classes()
                .that(where)
                .should(new ArchCondition<JavaClass>("reach the database from timers only by " + doors) {
                    @Override
                    public void check(JavaClass each, ConditionEvents events) {
                        asking(each)
                                .filter(method -> doors.stream().noneMatch(door -> isIn(door, method)))
                                .forEach(method -> events.add(SimpleConditionEvent.violated(
                                        method,
                                        each.getSimpleName() + " leads to " + method.getFullName()
                                                + ", which asks the database")));
                    }
                });
    }

    /** The methods that ask the database, of those that a class leads to as a timer. */
    static Stream<JavaCodeUnit> asking(JavaClass each) {
        return Reach.of(begins(each)).stream()
                .filter(method -> method.getAccessesFromSelf().stream()
                        .anyMatch(access -> DATABASE.test(access.getTarget().getOwner())));
    }

    /** Whether a method is the one that a door names, or one of its class. */
    static boolean isIn(String door, JavaCodeUnit method) {
        String owner = method.getOwner().getName();
        return owner.equals(Modules.ROOT + door) || (owner + "." + method.getName()).equals(Modules.ROOT + door);
    }

    /** Whether a class does anything as a timer. */
    static boolean isTimer(JavaClass each) {
        return !begins(each).isEmpty();
    }

    /** What begins when the time has come; empty for whoever is no timer. */
    private static Set<JavaCodeUnit> begins(JavaClass each) {
        return each.isAssignableTo(Runnable.class) || each.getSimpleName().endsWith("Timer")
                ? each.getCodeUnits()
                : each.getMethods().stream()
                        .filter(method -> method.isAnnotatedWith(Scheduled.class))
                        .collect(Collectors.toSet());
    }
}
