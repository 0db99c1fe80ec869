-- A second wall between organizations, behind the condition in every statement: rows of an organization that a transaction
-- has not declared do not exist for it. It declares one, or 'all' for the service's own work, with
-- set_config('runbell.organization', …, true), which holds until the transaction ends.

-- Nodes of the versions before declare nothing and would see nothing, so they all have to be stopped. They hold this lock.
DO $$ BEGIN
    SET LOCAL lock_timeout = '3s';
    PERFORM pg_advisory_xact_lock(1381322306, 3);
    -- For the tables: before a server looks for deadlocks, and refuses a reader.
    SET LOCAL lock_timeout = '900ms';
EXCEPTION WHEN lock_not_available THEN
    RAISE EXCEPTION 'nodes of an earlier version are running; this version needs all of them to be stopped first';
END $$;

-- On every table with an organization; tables of later steps need the same. FORCE is for the owner of the tables, as which
-- the service connects. No policy has a subquery: a distributed database may not take one. With IS NOT NULL, planners expect
-- nearly all rows to pass: the statement's own condition has chosen them before.
DO $$ DECLARE name text; BEGIN
    FOR name IN
        SELECT t.relname FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
        WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND a.attname = 'organization_id'
        ORDER BY t.relname
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format($policy$
            CREATE POLICY of_organization ON %I USING (
                CASE current_setting('runbell.organization', true)
                    WHEN 'all' THEN true
                    WHEN '' THEN NULL
                    ELSE nullif(organization_id = current_setting('runbell.organization', true)::bigint, false)
                END IS NOT NULL)
            $policy$, name);
    END LOOP;
END $$;
