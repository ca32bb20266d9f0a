package dev.paymaster.credit.invoice;

import dev.paymaster.credit.invoice.Claim.Period;

/**
 * What an invoice gives back for a service period: unused time, less what it bills for the same period.
 *
 * @param cents 0 when it bills as much as it gives back
 */
public record GivenBack(Period period, long cents) {
    public GivenBack {
        if (cents < 0) {
            throw new IllegalArgumentException("an invoice can't give " + cents + " cents back");
        }
    }
}
