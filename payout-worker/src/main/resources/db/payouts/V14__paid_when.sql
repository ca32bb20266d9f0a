-- What was paid when, for the proof, which compares it with Stripe's transfers of that time. A batch's jobs are paid by its transfer.
CREATE INDEX payout_paid ON payouts.payout (updated_at) WHERE status = 'paid' AND batch_id IS NULL;
