-- Payments of somebody else's, on an account that is shared with another product, are not asked for for ever.

-- asked_at: when the newest fact came for which this is asked. not_ours_since: since when Stripe's answers have shown that a payment
-- is somebody else's; null: the last one didn't. When both are long enough ago, due_at is 'infinity', until a new fact comes.
ALTER TABLE billing.lookup
    ADD COLUMN asked_at       timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN not_ours_since timestamptz;

-- Only what was paid for something can be reviewed.
DROP INDEX billing.payment_open;
CREATE INDEX payment_open ON billing.payment (changed_at)
    WHERE open AND (invoice_id IS NOT NULL OR session_id IS NOT NULL);
