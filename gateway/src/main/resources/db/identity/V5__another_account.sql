-- Whoever has disconnected an account from the platform opens another one, which takes its place.
GRANT UPDATE (account_id, created_at) ON identity.connected_account TO ${role};
