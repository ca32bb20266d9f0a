package dev.paymaster.payout.transfer;

/** A call is not made, because it could outlive its lease; somebody else may have claimed the payout in the meantime. */
final class LeaseOver extends RuntimeException {
    LeaseOver() {
        super("the lease is over", null, false, false);
    }
}
