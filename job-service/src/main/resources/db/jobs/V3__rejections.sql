-- A rejected job may cost its credits all the same, or wait again, for another receiver, who sees why the last result was
-- rejected.
ALTER TABLE jobs.job
    ADD COLUMN requeues integer NOT NULL DEFAULT 0 CHECK (requeues >= 0), -- how often it went back to wait
    ADD COLUMN charged  boolean NOT NULL DEFAULT false,                   -- rejected, and captured all the same
    ADD CONSTRAINT job_charged_check CHECK (NOT charged OR (status = 'rejected' AND NOT shadow)) NOT VALID,
    DROP CONSTRAINT job_check2, -- a verification exactly where there is a verdict
    ADD CONSTRAINT job_verification_check CHECK (
        CASE status
            WHEN 'verified' THEN verification IS NOT NULL
            WHEN 'rejected' THEN verification IS NOT NULL
            WHEN 'queued' THEN verification IS NULL OR requeues > 0
            ELSE verification IS NULL
        END) NOT VALID; -- what is there obeys the stricter one

GRANT UPDATE (requeues, charged) ON jobs.job TO paymaster_job;

CREATE OR REPLACE VIEW api.job AS
    SELECT id, status, skill, credit_cost, payout_cents, shadow, prompt, title, criteria, sender, receiver, output,
           verification, sequence, created_at, updated_at, deadline_at, requeues, charged
    FROM jobs.job;
