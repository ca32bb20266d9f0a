-- Until when a job may stay in its state, fixed when it enters it; null: for ever. Jobs that are finished have none. No
-- CHECK says so, because a version that doesn't know the column leaves the deadline as it was.
ALTER TABLE jobs.job ADD COLUMN deadline_at timestamptz;

-- For whoever looks for overdue jobs; jobs without a deadline cost nothing.
CREATE INDEX job_deadline ON jobs.job (status, deadline_at, id) WHERE deadline_at IS NOT NULL;

GRANT UPDATE (deadline_at) ON jobs.job TO paymaster_job;

CREATE OR REPLACE VIEW api.job AS
    SELECT id, status, skill, credit_cost, payout_cents, shadow, prompt, title, criteria, sender, receiver, output,
           verification, sequence, created_at, updated_at, deadline_at
    FROM jobs.job;
