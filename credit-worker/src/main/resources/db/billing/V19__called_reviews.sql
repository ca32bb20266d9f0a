-- When a review was last called for, so that a call doesn't make it look as if the payment had just changed: the proof takes what
-- has just changed to be under review. Workers of the version before don't write it, and
-- search without the index meanwhile.
ALTER TABLE billing.payment ADD COLUMN called_at timestamptz NOT NULL DEFAULT now();
UPDATE billing.payment SET called_at = changed_at WHERE open;
DROP INDEX billing.payment_open;
CREATE INDEX payment_open ON billing.payment (called_at)
    WHERE open AND (invoice_id IS NOT NULL OR session_id IS NOT NULL);
