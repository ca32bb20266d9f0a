-- What was paid when, for the proof, which compares it with Stripe's transfers of that time. A batch's jobs are paid by its transfer.
CREATE INDEX payout_paid ON payouts.payout (updated_at) WHERE status = 'paid' AND batch_id IS NULL;

-- Cash that has come back, which sender_cash.cash_cents doesn't count any more: of each purchase, as it was told last.
CREATE TABLE payouts.returned_cash (
    ref    text   PRIMARY KEY,
    sender uuid   NOT NULL,
    cents  bigint NOT NULL CHECK (cents >= 0)
);
GRANT SELECT, INSERT, UPDATE ON payouts.returned_cash TO ${role};

-- What came back may be told before the purchase.
ALTER TABLE payouts.sender_cash DROP CONSTRAINT sender_cash_cash_cents_check;
