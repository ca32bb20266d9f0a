-- What lapsed of a user's lots. A refund goes by it, and a user's history may be long, while little of it lapses.
CREATE INDEX transfer_expire ON ledger.transfer (user_id) WHERE kind = 'expire';
