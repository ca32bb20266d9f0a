-- Transfers that were taken back are caught up with, too.
ALTER TABLE identity.reconcile_cursor
    DROP CONSTRAINT reconcile_cursor_list_check,
    ADD CONSTRAINT reconcile_cursor_list_check
        CHECK (list IN ('events', 'invoices', 'sessions', 'refunds', 'disputes', 'credit_notes', 'transfers'));
