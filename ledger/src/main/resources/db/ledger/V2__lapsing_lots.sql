-- Finds lots that have lapsed. Not by what is left of them: that would cost every update of a lot.
CREATE INDEX lot_lapse ON ledger.lot (expires_at) WHERE expires_at IS NOT NULL;
