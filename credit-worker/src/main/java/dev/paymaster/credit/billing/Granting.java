package dev.paymaster.credit.billing;

import dev.paymaster.credit.billing.Invoices.Applied;
import dev.paymaster.credit.invoice.Claim;
import dev.paymaster.credit.invoice.Claim.Period;
import dev.paymaster.credit.invoice.Entitlements;
import dev.paymaster.credit.invoice.Entitlements.Award;
import dev.paymaster.credit.invoice.PaidInvoice;
import dev.paymaster.credit.payment.LotRefs;
import dev.paymaster.credit.statement.EntryEvents;
import dev.paymaster.events.credit.CreditEvent.CashReceived;
import dev.paymaster.ledger.Grant;
import dev.paymaster.ledger.Ledger;
import dev.paymaster.ledger.LedgerBatch;
import dev.paymaster.ledger.LedgerScope;
import dev.paymaster.messaging.outbox.Outbox;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Gives each paid invoice and top-up its effect, once. Thread-safe. */
final class Granting {
    private static final String SOURCE = "invoice";

    private final Invoices invoices;
    private final TopUps topUps;
    private final Ledger ledger;
    private final EntryEvents events;

    Granting(Invoices invoices, TopUps topUps, Ledger ledger, EntryEvents events) {
        this.invoices = invoices;
        this.topUps = topUps;
        this.ledger = ledger;
        this.events = events;
    }

    /** What one invoice has been awarded: for each of its claims, by the reference that the ledger is to know its lot by. */
    private record Awarded(Due due, Map<String, Award> byRef) {
        List<Award> awards() {
            return List.copyOf(byRef.values());
        }
    }

    /**
     * What a batch has applied.
     *
     * @param fresh those that had not been applied before
     * @param reversed those of them for whose periods something is to be taken back otherwise than before: they give money
     *     back, or add to periods of which money came back
     */
    record Outcome(List<Due> fresh, List<Due> reversed) {}

    /**
     * Applies invoices and top-ups, in order, inside the caller's transaction; those applied before, or twice here, do
     * nothing.
     */
    Outcome apply(List<Due> due, List<DueTopUp> dueTopUps, Outbox outbox, Instant now) {
        Collection<Due> fresh = fresh(due);
        List<DueTopUp> bought = topUps.fresh(dueTopUps);
        if (fresh.isEmpty() && bought.isEmpty()) {
            return new Outcome(List.of(), List.of());
        }
        Entitlements entitlements = new Entitlements(invoices.entitlements(periodsOf(fresh)));
        List<Awarded> awarded = fresh.stream()
                .map(each -> new Awarded(each, byRef(each.invoice(), entitlements)))
                .toList();
        grant(awarded, bought, outbox, now);
        invoices.create(entitlements.created());
        invoices.raise(entitlements.raised());
        invoices.record(awarded.stream().map(each -> applied(each, now)).toList());
        topUps.record(bought, now);
        Set<Period> givenBack = invoices.givenBackFor(periodsOf(fresh));
        return new Outcome(
                List.copyOf(fresh),
                fresh.stream()
                        .filter(each -> isReversed(each.invoice(), entitlements, givenBack))
                        .toList());
    }

    /** It may come before the invoices for whose periods it gives back, or after them. */
    private static boolean isReversed(PaidInvoice invoice, Entitlements entitlements, Set<Period> givenBack) {
        return !invoice.givenBack().isEmpty()
                || entitlements.touchReversed(invoice.claims())
                || invoice.claims().stream().map(Claim::period).anyMatch(givenBack::contains);
    }

    private Collection<Due> fresh(List<Due> due) {
        Map<String, Due> byInvoice = new LinkedHashMap<>();
        due.forEach(each -> byInvoice.putIfAbsent(each.invoice().id(), each));
        if (!byInvoice.isEmpty()) {
            byInvoice.keySet().removeAll(invoices.applied(byInvoice.keySet()));
        }
        return byInvoice.values();
    }

    private static Set<Period> periodsOf(Collection<Due> due) {
        return due.stream()
                .flatMap(each -> each.invoice().claims().stream())
                .map(Claim::period)
                .collect(Collectors.toSet());
    }

    private static Map<String, Award> byRef(PaidInvoice invoice, Entitlements entitlements) {
        Map<String, Award> byRef = new LinkedHashMap<>();
        for (Award award : entitlements.award(invoice.claims())) {
            byRef.put(LotRefs.ofInvoice(invoice.id(), byRef.size() + 1), award);
        }
        return byRef;
    }

    private void grant(List<Awarded> awarded, List<DueTopUp> bought, Outbox outbox, Instant now) {
        Set<UUID> userIds = new HashSet<>();
        Set<String> refs = new HashSet<>();
        for (Awarded each : awarded) {
            each.byRef().forEach((ref, award) -> {
                if (award.opensLot()) {
                    userIds.add(each.due().userId());
                    refs.add(ref);
                }
            });
        }
        for (DueTopUp each : bought) {
            userIds.add(each.topUp().userId());
            refs.add(each.purchase().ref());
        }
        LedgerBatch accounts = ledger.open(new LedgerScope(userIds, Set.of(), refs));
        for (Awarded each : awarded) {
            each.byRef().forEach((ref, award) -> give(each.due(), ref, award, accounts, outbox, now));
        }
        for (DueTopUp each : bought) {
            events.publish(accounts, accounts.grant(each.topUp().userId(), each.grant(now), now), each.cause(), outbox);
        }
        accounts.save();
    }

    /** A claim to what others have granted by now opens no lot, but its cash counts all the same. */
    private void give(Due due, String ref, Award award, LedgerBatch accounts, Outbox outbox, Instant now) {
        if (award.opensLot()) {
            events.publish(accounts, accounts.grant(due.userId(), grantOf(ref, award), now), due.cause(), outbox);
        } else if (award.claim().revenueCents() > 0) {
            CashReceived cash =
                    new CashReceived(due.userId(), ref, award.claim().revenueCents());
            events.received(cash, due.cause(), outbox);
        }
    }

    private static Grant grantOf(String ref, Award award) {
        Claim claim = award.claim();
        return new Grant(SOURCE, ref, award.credits(), claim.periodStart(), claim.expiresAt(), claim.revenueCents());
    }

    private static Applied applied(Awarded awarded, Instant now) {
        Due due = awarded.due();
        PaidInvoice invoice = due.invoice();
        return new Applied(
                invoice.id(),
                invoice.customerId(),
                due.userId(),
                due.cause().envelope().id(),
                invoice.paidCents(),
                invoice.cashCents(),
                awarded.awards(),
                invoice.givenBack(),
                now);
    }
}
