-- V19's index stands for it. By itself, since dropping it locks out readers, who needn't wait for the building of the other.
DROP INDEX payouts.payout_callable;
