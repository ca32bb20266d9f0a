-- Runs once, when the volume is new, as the superuser. The owner runs the migrations and owns every schema; each service
-- logs in with a role of its own, to which the migrations grant what it needs and no more.
\getenv owner_password DATABASE_OWNER_PASSWORD
\getenv service_password DATABASE_PASSWORD

CREATE ROLE paymaster LOGIN PASSWORD :'owner_password';
CREATE ROLE paymaster_gateway LOGIN PASSWORD :'service_password';
CREATE ROLE paymaster_credit LOGIN PASSWORD :'service_password';
CREATE ROLE paymaster_job LOGIN PASSWORD :'service_password';
CREATE ROLE paymaster_payout LOGIN PASSWORD :'service_password';

CREATE DATABASE paymaster OWNER paymaster;
REVOKE ALL ON DATABASE paymaster FROM PUBLIC;
GRANT CONNECT ON DATABASE paymaster TO paymaster_gateway, paymaster_credit, paymaster_job, paymaster_payout;
