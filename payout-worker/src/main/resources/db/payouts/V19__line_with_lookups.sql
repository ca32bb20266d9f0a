-- What is looked for before its call stands in the line of payouts, too.
CREATE INDEX payout_in_line ON payouts.payout (created_at, id) WHERE status = 'due' AND step IN ('call', 'lookup');
