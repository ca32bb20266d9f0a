package dev.paymaster.events.credit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an account's credits: one event per ledger entry, with the entry's number as the envelope's
 * sequence. Two services write entries (grants; holds), so two events of one account may arrive out of order; their
 * sequence tells.
 */
public sealed interface CreditEvent {

    /**
     * Credits were bought or given: available grows.
     *
     * @param revenueCents the cash that bought them, in cents of a US dollar; absent: none, or told by an older version
     */
    record CreditsGranted(LedgerEntry entry, @Nullable Long revenueCents) implements CreditEvent {}

    /**
     * An invoice was paid for a period whose credits others had granted by then, such as that of an upgrade: its cash is in no
     * lot. Told once for each such period of an invoice; the envelope has no sequence.
     *
     * @param ref what the invoice's lot would be known by: {@code invoice:in_1}
     * @param revenueCents the cash, in cents of a US dollar
     */
    record CashReceived(UUID userId, String ref, long revenueCents) implements CreditEvent {}

    /**
     * Of the cash that a purchase brought in, so much has come back by now and stays away: by refunds, and by disputes that aren't
     * won. Told whenever it has been reckoned anew; the envelope has no sequence.
     *
     * @param ref of the purchase: {@code invoice:in_1}, {@code session:cs_1}
     * @param returnedCents cents of a US dollar, all in all; 0 when all of it has come again
     * @param review rises from one reckoning to the next: of what is told of one purchase, the largest counts, whatever comes last
     */
    record CashReturned(UUID userId, String ref, long returnedCents, long review) implements CreditEvent {}

    /** A grant, or part of it, paid off debt: available and debt shrink alike. */
    record DebtRepaid(LedgerEntry entry) implements CreditEvent {}

    /** A job was created: available becomes held. */
    record CreditsHeld(LedgerEntry entry) implements CreditEvent {}

    /** A job was verified: held is consumed. */
    record CreditsCaptured(LedgerEntry entry) implements CreditEvent {}

    /** A job was rejected or cancelled: held becomes available again, in the lot it came from. */
    record CreditsReleased(LedgerEntry entry) implements CreditEvent {}

    /** A payment was taken back: available shrinks, and what isn't there becomes debt. */
    record CreditsRevoked(LedgerEntry entry) implements CreditEvent {}

    /** A payment that had been taken back has come again. */
    record CreditsReinstated(LedgerEntry entry) implements CreditEvent {}

    /** What was left of a lot has lapsed. */
    record CreditsExpired(LedgerEntry entry) implements CreditEvent {}

    /**
     * The credits that can be spent have fallen below what the user has set; told once each time, after the events of the
     * entries that did it. The envelope has no sequence.
     *
     * @param threshold what was set
     * @param available what is left
     */
    record BalanceLow(UUID userId, long threshold, long available) implements CreditEvent {}

    /**
     * The outcome of setting a threshold; the envelope has no sequence.
     *
     * @param credits below which the user is told; absent: never
     */
    record BalanceThresholdSet(UUID userId, @Nullable Long credits) implements CreditEvent {}

    /**
     * The outcome of a manual grant or adjustment, after the events of the entries that it made; the envelope has no
     * sequence.
     *
     * @param amount whole credits, negative when they were taken
     * @param available credits that can be spent, after all of it
     * @param held credits held for open jobs, after all of it
     * @param debt credits owed, after all of it
     */
    record GrantApplied(UUID userId, long amount, String reason, long available, long held, long debt)
            implements CreditEvent {}

    /**
     * A command was refused and nothing has changed; the envelope has no sequence.
     *
     * @param code stable, for programs: {@code idempotency_mismatch}
     */
    record GrantRefused(UUID userId, String code, String detail) implements CreditEvent {}
}
