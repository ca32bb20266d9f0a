-- When Stripe is next asked for an account that is paid, though no payout waits for it: what was told of it may have been lost.
ALTER TABLE payouts.account ADD COLUMN look_at timestamptz NOT NULL DEFAULT '-infinity';
CREATE INDEX account_look_at ON payouts.account (look_at) WHERE transfers = 'active';
