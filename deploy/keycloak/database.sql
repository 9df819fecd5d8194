-- A role and a database of its own for the identity provider. Run at every start: what is there stays, the password is
-- set to that of the secrets.
\set ON_ERROR_STOP on
\set password `cat /run/secrets/keycloak_database_password`
SELECT 'CREATE ROLE keycloak LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'keycloak') \gexec
ALTER ROLE keycloak PASSWORD :'password';
SELECT 'CREATE DATABASE keycloak OWNER keycloak' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'keycloak') \gexec
REVOKE CONNECT ON DATABASE keycloak FROM PUBLIC;
