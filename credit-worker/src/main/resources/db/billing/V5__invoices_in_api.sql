-- Which paid invoices have had their effect, or wait for their user, for reports of the gateway and for what it looks up at
-- Stripe. The schema's name is hashed as in V1: whoever changes api does it alone.
SELECT pg_advisory_xact_lock(hashtext('api'));

CREATE VIEW api.applied_invoice AS
    SELECT invoice_id, customer_id, user_id, event_id, granted, revenue_cents, applied_at FROM billing.invoice;

CREATE VIEW api.parked_invoice AS
    SELECT invoice_id, customer_id, parked_at FROM billing.parked_invoice;

GRANT SELECT ON api.applied_invoice, api.parked_invoice TO paymaster_gateway;
