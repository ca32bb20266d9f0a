-- When Stripe told the sum in refunded_cents, and when refunds were made and failed, in seconds since 1970: a sum says nothing of
-- a refund that was made after it, and leaves out one that failed before. 0: nobody knows.
ALTER TABLE billing.payment ADD COLUMN refunded_seconds bigint NOT NULL DEFAULT 0;

-- returned_seconds: the greatest there is while nobody knows.
ALTER TABLE billing.reversal
    ADD COLUMN made_seconds     bigint NOT NULL DEFAULT 0,
    ADD COLUMN returned_seconds bigint NOT NULL DEFAULT 9223372036854775807;
