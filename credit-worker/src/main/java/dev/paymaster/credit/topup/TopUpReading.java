package dev.paymaster.credit.topup;

/** What a checkout in mode {@code payment} turns out to be. */
public sealed interface TopUpReading {

    /** One of ours that is paid. */
    record Paid(PaidTopUp topUp) implements TopUpReading {}

    /** One of ours whose payment takes its time; another event tells how it ends. */
    record NotPaidYet() implements TopUpReading {}

    /** One that sells something else. */
    record NotOurs() implements TopUpReading {}
}
