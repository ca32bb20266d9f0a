-- What came back may be told before the purchase.
ALTER TABLE payouts.sender_cash DROP CONSTRAINT sender_cash_cash_cents_check;

-- Cash that has come back, which sender_cash.cash_cents doesn't count any more: of each purchase, by its newest review.
CREATE TABLE payouts.returned_cash (
    ref    text   PRIMARY KEY,
    sender uuid   NOT NULL,
    cents  bigint NOT NULL CHECK (cents >= 0),
    review bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON payouts.returned_cash TO ${role};
