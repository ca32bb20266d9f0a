-- While payouts wait for an account, Stripe is asked how it stands: when it is next; absent: as soon as they have waited for a while.
ALTER TABLE payouts.account ADD COLUMN ask_at timestamptz;
CREATE INDEX payout_unpayable ON payouts.payout (receiver, updated_at) WHERE status = 'held' AND reason = 'account_not_active';
