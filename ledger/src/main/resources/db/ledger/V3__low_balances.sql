-- Below how many available credits the user wants to be told; absent: never.
ALTER TABLE ledger.account ADD COLUMN low_below bigint CHECK (low_below > 0);
