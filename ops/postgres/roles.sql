-- Roles for a ledger in PostgreSQL, each with no more than it needs. An administrator runs it in the ledger's database:
--
--     psql -v ON_ERROR_STOP=1 -d newsroom -f ops/postgres/roles.sql
--
-- before the ledger is created, and again after: the second time it takes away what only the owner needs. It may be run as often as one likes.
--
--   ledger_owner   creates the ledger ('ledger store migrate') and brings its tables to a newer version; owns the schema, and nothing else in the database
--   ledger_app     appends, keeps views, erases: what 'ledger' runs as. It cannot remove an entry, move one, or change an envelope's place. The tables of views are its own: it makes one anew
--                  for each rebuild
--   ledger_reader  reads, follows, verifies and exports
--
-- They have no passwords yet: \password ledger_app. The schema is 'ledger'; for another, replace the name here and put 'Search Path' into the connection.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['ledger_owner', 'ledger_app', 'ledger_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', name);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name);
    END LOOP;
END
$$;

-- To see that nobody reads an older state when words are erased.
GRANT pg_read_all_stats TO ledger_owner, ledger_app;

CREATE SCHEMA IF NOT EXISTS ledger AUTHORIZATION ledger_owner;
GRANT USAGE ON SCHEMA ledger TO ledger_app, ledger_reader;

-- What is there, and what the owner will make.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ledger TO ledger_app;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ledger TO ledger_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ledger TO ledger_app;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO ledger_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE ledger_owner IN SCHEMA ledger GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ledger_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ledger_owner IN SCHEMA ledger GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO ledger_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ledger_owner IN SCHEMA ledger GRANT EXECUTE ON FUNCTIONS TO ledger_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ledger_owner IN SCHEMA ledger GRANT SELECT ON TABLES TO ledger_reader;

-- Views: each making of one is a table.
GRANT CREATE ON SCHEMA ledger TO ledger_app;
GRANT ledger_app TO ledger_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE ledger_app IN SCHEMA ledger GRANT SELECT ON TABLES TO ledger_reader;

-- The log grows and is not otherwise changed; of an entry only the words can be taken away.
DO $$
BEGIN
    IF to_regclass('ledger.mt_events') IS NOT NULL THEN
        REVOKE UPDATE, DELETE ON ledger.mt_events, ledger.mt_streams, ledger.tiles, ledger.parts, ledger.meta FROM ledger_app;
        REVOKE INSERT ON ledger.meta, ledger.head FROM ledger_app;
        REVOKE DELETE ON ledger.head FROM ledger_app;
        GRANT UPDATE (data, headers) ON ledger.mt_events TO ledger_app;
        GRANT UPDATE (version, timestamp) ON ledger.mt_streams TO ledger_app;
        GRANT DELETE ON ledger.parts TO ledger_app;
        GRANT EXECUTE ON FUNCTION ledger.rewrite(text) TO ledger_app;
        -- What is computed, and can be made anew from the log.
        ALTER TABLE ledger.mt_doc_view_record OWNER TO ledger_app;
    END IF;
END
$$;
