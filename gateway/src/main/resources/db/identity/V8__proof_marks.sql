-- How far the proof has come with each of Stripe's lists: what Stripe made before was as it must be when a run last went through it.
CREATE TABLE identity.proof_mark (
    list text   PRIMARY KEY,
    upto bigint NOT NULL        -- in Stripe's seconds
);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.proof_mark TO ${role};
