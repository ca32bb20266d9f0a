-- Which cards and bank accounts are whose, as Stripe has told. Nothing is ever changed or taken out: that two have used
-- the same one stays true.
CREATE TABLE payouts.holder (
    id      text PRIMARY KEY,   -- a customer or a connected account of Stripe's
    user_id uuid NOT NULL
);
CREATE INDEX holder_user ON payouts.holder (user_id);

CREATE TABLE payouts.instrument (
    holder      text NOT NULL,  -- whose user may become known later
    fingerprint text NOT NULL,  -- Stripe's: the same for the same card or bank account
    PRIMARY KEY (holder, fingerprint)
);

GRANT SELECT, INSERT ON payouts.holder, payouts.instrument TO ${role};

INSERT INTO payouts.holder (id, user_id) SELECT account_id, receiver FROM payouts.account;

CREATE VIEW payouts.same_instrument AS
    SELECT h.user_id AS one, g.user_id AS other
    FROM payouts.holder h
    JOIN payouts.instrument i ON i.holder = h.id
    JOIN payouts.instrument j ON j.fingerprint = i.fingerprint
    JOIN payouts.holder g ON g.id = j.holder;

-- shared_fingerprint: derived when it is read, so it is right whatever was told first. Not EXISTS, which the planner may
-- answer from a list of all pairs there are. A batch has no sender of its own.
CREATE OR REPLACE VIEW api.payout AS
    SELECT id, job_id, receiver, amount_cents, status, reason, detail, attempt, next_attempt_at, account_id,
           transfer_id, created_at, updated_at, nullif(reversed_cents, 0) AS reversed_cents,
           CASE WHEN reason = 'new_receiver' THEN next_attempt_at END AS release_at,
           batch_id, CASE WHEN id = job_id THEN jobs END AS jobs,
           coalesce(CASE WHEN id = job_id
               THEN (SELECT true FROM payouts.payout m
                     JOIN payouts.same_instrument s ON s.one = m.sender AND s.other = m.receiver
                     WHERE m.batch_id = p.id LIMIT 1)
               ELSE (SELECT true FROM payouts.same_instrument s WHERE s.one = p.sender AND s.other = p.receiver LIMIT 1)
               END, false) AS shared_fingerprint
    FROM payouts.payout p;
