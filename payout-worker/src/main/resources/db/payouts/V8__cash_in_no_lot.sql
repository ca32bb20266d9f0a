-- Cash that sender_cash.cash_cents counts and that is in no lot: of an invoice whose credits others had granted before. Each counts
-- once.
CREATE TABLE payouts.further_cash (
    ref           text   PRIMARY KEY,
    sender        uuid   NOT NULL,
    revenue_cents bigint NOT NULL CHECK (revenue_cents > 0)
);

GRANT SELECT, INSERT ON payouts.further_cash TO ${role};
