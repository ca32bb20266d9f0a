-- A job may also be cancelled by a time-out.
ALTER TABLE jobs.job
    ADD COLUMN cancellation text CHECK (cancellation IN ('not_accepted', 'not_submitted')), -- null: by its sender
    ADD CONSTRAINT job_cancelled_check CHECK (cancellation IS NULL OR status = 'cancelled') NOT VALID;

GRANT UPDATE (cancellation) ON jobs.job TO paymaster_job;

CREATE OR REPLACE VIEW api.job AS
    SELECT id, status, skill, credit_cost, payout_cents, shadow, prompt, title, criteria, sender, receiver, output,
           verification, sequence, created_at, updated_at, deadline_at, requeues, charged, cancellation
    FROM jobs.job;
