-- Things that one statement makes and another removes, one select after another. Each row tells:
-- what the thing is, its schema where schemas are named, its table, its name, the statement that
-- makes it, what no statement makes, what others call it, what it is a part of, the statement that
-- removes it, and what has to stay for the first to change it in place.

-- Extensions, which belong to the database.
SELECT 'extension', NULL, NULL, entry.extname,
       format('CREATE EXTENSION %I%s VERSION %L', entry.extname,
              CASE WHEN home.nspname <> 'pg_catalog' AND here.prefix IS DISTINCT FROM ''
                   THEN format(' SCHEMA %I', home.nspname) END, entry.extversion),
       NULL, 'x' || entry.oid, NULL, format('DROP EXTENSION %I', entry.extname),
       -- The versions that its author wrote a way to.
       (SELECT string_agg(quote_literal(way.target), E'\n')
        FROM pg_available_extensions known
        CROSS JOIN LATERAL pg_extension_update_paths(known.name) way
        WHERE known.name = entry.extname AND way.source = entry.extversion AND way.path IS NOT NULL)
FROM pg_extension entry
JOIN pg_namespace home ON home.oid = entry.extnamespace
LEFT JOIN here ON here.oid = home.oid
ORDER BY entry.oid;

-- Domains; what they ask of values can be changed alone.
SELECT 'domain', here.shown, NULL, entry.typname,
       concat_ws(' ', format('CREATE DOMAIN %s AS', entry.oid::regtype),
                 format_type(entry.typbasetype, entry.typtypmod),
                 CASE WHEN entry.typcollation <> base.typcollation
                      THEN 'COLLATE ' || entry.typcollation::regcollation::text END),
       NULL, 't' || entry.oid, NULL, format('DROP DOMAIN %s', entry.oid::regtype),
       format_type(entry.typbasetype, entry.typtypmod)
FROM pg_type entry
JOIN here ON entry.typnamespace = here.oid
JOIN pg_type base ON base.oid = entry.typbasetype
WHERE entry.typtype = 'd'
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_type'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

SELECT 'domain rule', here.shown, NULL, format('%I %s', entry.typname, rule.name),
       format('ALTER DOMAIN %s %s', entry.oid::regtype, rule.made), NULL, rule.id, 't' || entry.oid,
       format('ALTER DOMAIN %s %s', entry.oid::regtype, rule.removed), ''
FROM pg_type entry
JOIN here ON entry.typnamespace = here.oid
CROSS JOIN LATERAL (
    SELECT 'DEFAULT' AS name, 'SET DEFAULT ' || entry.typdefault AS made,
           'DROP DEFAULT' AS removed, NULL AS id
    WHERE entry.typdefault IS NOT NULL
    UNION ALL
    SELECT 'NOT NULL', 'SET NOT NULL', 'DROP NOT NULL', NULL WHERE entry.typnotnull
    UNION ALL
    SELECT format('CONSTRAINT %I', conname),
           format('ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)),
           format('DROP CONSTRAINT %I', conname), 'k' || oid
    FROM pg_constraint WHERE contypid = entry.oid AND contype = 'c'
) rule
WHERE entry.typtype = 'd'
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_type'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Types of several values. The statement is told last, because its parts can be changed alone.
SELECT 'composite type', here.shown, NULL, entry.typname,
       format('CREATE TYPE %s AS (%s)', entry.oid::regtype, string_agg(part.clause, ', ' ORDER BY part.at)),
       NULL, 't' || entry.oid, NULL, format('DROP TYPE %s', entry.oid::regtype),
       string_agg(part.clause, E'\n' ORDER BY part.at)
FROM pg_type entry
JOIN here ON entry.typnamespace = here.oid
JOIN pg_class owner ON owner.oid = entry.typrelid AND owner.relkind = 'c'
LEFT JOIN LATERAL (
    SELECT member.attnum AS at,
           concat_ws(' ', quote_ident(member.attname), format_type(member.atttypid, member.atttypmod),
                     CASE WHEN member.attcollation <> kind.typcollation
                          THEN 'COLLATE ' || member.attcollation::regcollation::text END) AS clause
    FROM pg_attribute member
    JOIN pg_type kind ON kind.oid = member.atttypid
    WHERE member.attrelid = entry.typrelid AND member.attnum > 0 AND NOT member.attisdropped
) part ON true
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_type'::regclass AND objid = entry.oid)
GROUP BY entry.oid, entry.typname, here.shown
ORDER BY entry.oid;

-- Range types.
SELECT 'range type', here.shown, NULL, entry.typname,
       format('CREATE TYPE %s AS RANGE (%s)', entry.oid::regtype,
              concat_ws(', ', 'subtype = ' || rule.rngsubtype::regtype,
                        CASE WHEN NOT operators.opcdefault
                             THEN format('subtype_opclass = %I.%I', home.nspname, operators.opcname) END,
                        CASE WHEN rule.rngcollation <> part.typcollation
                             THEN 'collation = ' || rule.rngcollation::regcollation END,
                        'subtype_diff = ' || nullif(rule.rngsubdiff::oid, 0)::regproc,
                        'multirange_type_name = ' || (to_jsonb(rule) ->> 'rngmultitypid')::oid::regtype)),
       'canonical function ' || nullif(rule.rngcanonical::oid, 0)::regproc,
       't' || entry.oid, NULL, format('DROP TYPE %s', entry.oid::regtype), ''
FROM pg_type entry
JOIN here ON entry.typnamespace = here.oid
JOIN pg_range rule ON rule.rngtypid = entry.oid
JOIN pg_type part ON part.oid = rule.rngsubtype
JOIN pg_opclass operators ON operators.oid = rule.rngsubopc
JOIN pg_namespace home ON home.oid = operators.opcnamespace
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_type'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Collations; how a version of the library sorts is nobody's to choose.
SELECT 'collation', here.shown, NULL, entry.collname,
       format('CREATE COLLATION %s (%s)', entry.oid::regcollation,
              concat_ws(', ',
                  'provider = ' || CASE entry.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin'
                                        ELSE 'libc' END,
                  'locale = ' || quote_literal(locale.name),
                  CASE WHEN locale.name IS NULL
                       THEN format('lc_collate = %L, lc_ctype = %L', entry.collcollate, entry.collctype) END,
                  CASE WHEN NOT entry.collisdeterministic THEN 'deterministic = false' END,
                  'rules = ' || quote_literal(to_jsonb(entry) ->> 'collicurules'))),
       NULL, 'l' || entry.oid, NULL, format('DROP COLLATION %s', entry.oid::regcollation), ''
FROM pg_collation entry
JOIN here ON entry.collnamespace = here.oid
CROSS JOIN LATERAL (
    SELECT coalesce(to_jsonb(entry) ->> 'colllocale', to_jsonb(entry) ->> 'colliculocale',
                    CASE WHEN entry.collprovider = 'i' THEN entry.collcollate END) AS name
) locale
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_collation'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Functions and procedures.
SELECT lower(kind.word), here.shown, NULL,
       format('%I(%s)', entry.proname, oidvectortypes(entry.proargtypes)),
       concat('CREATE OR REPLACE ', kind.word, ' ', here.prefix,
              substr(pg_get_functiondef(entry.oid),
                     length(concat('CREATE OR REPLACE ', kind.word, ' ', quote_ident(here.name), '.')) + 1)),
       NULL, 'p' || entry.oid, NULL, format('DROP %s %s', kind.word, entry.oid::regprocedure),
       concat_ws(' / ', entry.prokind, pg_get_function_identity_arguments(entry.oid),
                 pg_get_function_result(entry.oid), entry.pronargdefaults)
FROM pg_proc entry
JOIN here ON entry.pronamespace = here.oid
CROSS JOIN LATERAL (SELECT CASE entry.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END AS word) kind
WHERE entry.prokind <> 'a'
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_proc'::regclass AND objid = entry.oid)
    AND NOT EXISTS (SELECT 1 FROM pg_depend
                    WHERE classid = 'pg_proc'::regclass AND objid = entry.oid AND deptype = 'i')
ORDER BY entry.oid;

-- Views. Columns can be added at their end in place.
SELECT 'view', here.shown, NULL, entry.relname,
       format('CREATE OR REPLACE VIEW %s%s AS %s', entry.oid::regclass,
              ' WITH (' || array_to_string(entry.reloptions, ', ') || ')',
              rtrim(pg_get_viewdef(entry.oid), ';')),
       NULL, 'c' || entry.oid, NULL, format('DROP VIEW %s', entry.oid::regclass),
       (SELECT string_agg(format('%I %s %s', attname, format_type(atttypid, atttypmod), attcollation), E'\n'
                          ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = entry.oid AND attnum > 0)
FROM pg_class entry
JOIN here ON entry.relnamespace = here.oid
WHERE entry.relkind = 'v'
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_class'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Views that are kept.
SELECT 'materialized view', here.shown, NULL, entry.relname,
       format('CREATE MATERIALIZED VIEW %s%s AS %s WITH %s', entry.oid::regclass,
              ' WITH (' || array_to_string(entry.reloptions, ', ') || ')',
              rtrim(pg_get_viewdef(entry.oid), ';'),
              CASE WHEN entry.relispopulated THEN 'DATA' ELSE 'NO DATA' END),
       concat_ws(', ',
           'in tablespace ' || (SELECT spcname FROM pg_tablespace WHERE oid = entry.reltablespace),
           'access method ' || (SELECT nullif(amname, 'heap') FROM pg_am WHERE oid = entry.relam)),
       'c' || entry.oid, NULL, format('DROP MATERIALIZED VIEW %s', entry.oid::regclass), ''
FROM pg_class entry
JOIN here ON entry.relnamespace = here.oid
WHERE entry.relkind = 'm'
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_class'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Rules.
SELECT 'rule', here.shown, owner.relname, entry.rulename,
       rtrim(pg_get_ruledef(entry.oid, true), ';')
           || CASE entry.ev_enabled WHEN 'O' THEN ''
              ELSE format('; ALTER TABLE %s %s RULE %I', owner.oid::regclass, mode.word, entry.rulename) END,
       NULL, 'r' || entry.oid, 'c' || owner.oid,
       format('DROP RULE %I ON %s', entry.rulename, owner.oid::regclass), ''
FROM pg_rewrite entry
JOIN pg_class owner ON owner.oid = entry.ev_class
JOIN here ON owner.relnamespace = here.oid
CROSS JOIN LATERAL (SELECT CASE entry.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                                ELSE 'ENABLE ALWAYS' END AS word) mode
WHERE entry.rulename <> '_RETURN'
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_class'::regclass AND objid = owner.oid)
ORDER BY entry.oid;

-- Triggers, but for those that a partition has because its parent has them.
SELECT 'trigger', here.shown, owner.relname, entry.tgname,
       pg_get_triggerdef(entry.oid, true)
           || CASE entry.tgenabled WHEN 'O' THEN ''
              ELSE format('; ALTER TABLE %s %s TRIGGER %I', owner.oid::regclass, mode.word, entry.tgname) END,
       NULL, 'g' || entry.oid, 'c' || owner.oid,
       format('DROP TRIGGER %I ON %s', entry.tgname, owner.oid::regclass), ''
FROM pg_trigger entry
JOIN pg_class owner ON owner.oid = entry.tgrelid
JOIN here ON owner.relnamespace = here.oid
CROSS JOIN LATERAL (SELECT CASE entry.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                                ELSE 'ENABLE ALWAYS' END AS word) mode
WHERE NOT entry.tgisinternal AND coalesce(to_jsonb(entry) ->> 'tgparentid', '0') = '0'
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_class'::regclass AND objid = owner.oid)
ORDER BY entry.oid;

-- Policies.
SELECT 'policy', here.shown, owner.relname, entry.polname,
       concat(format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', entry.polname, owner.oid::regclass,
                     CASE WHEN entry.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                     CASE entry.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'
                                       WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                     (SELECT string_agg(coalesce(quote_ident(role.rolname), 'PUBLIC'), ', '
                                        ORDER BY role.rolname)
                      FROM unnest(entry.polroles) AS member (oid)
                      LEFT JOIN pg_roles role ON role.oid = member.oid)),
              ' USING (' || pg_get_expr(entry.polqual, entry.polrelid) || ')',
              ' WITH CHECK (' || pg_get_expr(entry.polwithcheck, entry.polrelid) || ')'),
       NULL, 'y' || entry.oid, 'c' || owner.oid,
       format('DROP POLICY %I ON %s', entry.polname, owner.oid::regclass), ''
FROM pg_policy entry
JOIN pg_class owner ON owner.oid = entry.polrelid
JOIN here ON owner.relnamespace = here.oid
ORDER BY entry.oid;

-- Extended statistics.
SELECT 'statistics', here.shown, owner.relname, entry.stxname,
       concat('CREATE STATISTICS ', here.prefix,
              substr(pg_get_statisticsobjdef(entry.oid),
                     length(concat('CREATE STATISTICS ', quote_ident(here.name), '.')) + 1))
           || CASE WHEN target.value::int >= 0
              THEN format('; ALTER STATISTICS %s%I SET STATISTICS %s', here.prefix, entry.stxname, target.value)
              ELSE '' END,
       NULL, 's' || entry.oid, 'c' || owner.oid, format('DROP STATISTICS %s%I', here.prefix, entry.stxname), ''
FROM pg_statistic_ext entry
JOIN pg_class owner ON owner.oid = entry.stxrelid
JOIN here ON entry.stxnamespace = here.oid
CROSS JOIN LATERAL (SELECT coalesce(to_jsonb(entry) ->> 'stxstattarget', '-1') AS value) target
ORDER BY entry.oid;

-- How tables are kept; what the statement of a materialized view says is not said again.
SELECT 'setting', here.shown, owner.relname, setting.name,
       format('ALTER TABLE %s %s', owner.oid::regclass, setting.made),
       NULL, NULL, 'c' || owner.oid, format('ALTER TABLE %s %s', owner.oid::regclass, setting.removed), ''
FROM pg_class owner
JOIN here ON owner.relnamespace = here.oid
CROSS JOIN LATERAL (
    SELECT 'row level security' AS name, 'ENABLE ROW LEVEL SECURITY' AS made,
           'DISABLE ROW LEVEL SECURITY' AS removed
    WHERE owner.relrowsecurity
    UNION ALL
    SELECT 'forced row level security', 'FORCE ROW LEVEL SECURITY', 'NO FORCE ROW LEVEL SECURITY'
    WHERE owner.relforcerowsecurity
    UNION ALL
    SELECT 'unlogged', 'SET UNLOGGED', 'SET LOGGED' WHERE owner.relpersistence = 'u'
    UNION ALL
    SELECT option_name, format('SET (%s = %L)', option_name, option_value),
           format('RESET (%s)', option_name)
    FROM pg_options_to_table(owner.reloptions)
    UNION ALL
    SELECT 'toast.' || option_name, format('SET (toast.%s = %L)', option_name, option_value),
           format('RESET (toast.%s)', option_name)
    FROM pg_class toast, pg_options_to_table(toast.reloptions)
    WHERE toast.oid = owner.reltoastrelid
    UNION ALL
    SELECT 'replica identity',
           CASE owner.relreplident WHEN 'f' THEN 'REPLICA IDENTITY FULL'
                WHEN 'n' THEN 'REPLICA IDENTITY NOTHING'
                ELSE (SELECT format('REPLICA IDENTITY USING INDEX %I', made.relname)
                      FROM pg_index use JOIN pg_class made ON made.oid = use.indexrelid
                      WHERE use.indrelid = owner.oid AND use.indisreplident) END,
           'REPLICA IDENTITY DEFAULT'
    WHERE owner.relreplident <> 'd'
    UNION ALL
    SELECT 'cluster', format('CLUSTER ON %I', made.relname), 'SET WITHOUT CLUSTER'
    FROM pg_index use JOIN pg_class made ON made.oid = use.indexrelid
    WHERE use.indrelid = owner.oid AND use.indisclustered
) setting
WHERE (owner.relkind IN ('r', 'p') OR owner.relkind = 'm' AND setting.name = 'cluster')
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_class'::regclass AND objid = owner.oid)
ORDER BY owner.oid;

-- How sequences are kept, but for those of identity columns, which are kept as their tables are.
SELECT 'setting', here.shown, NULL, format('unlogged of sequence %I', entry.relname),
       format('ALTER SEQUENCE %s SET UNLOGGED', entry.oid::regclass),
       NULL, NULL, 'c' || entry.oid, format('ALTER SEQUENCE %s SET LOGGED', entry.oid::regclass), ''
FROM pg_class entry
JOIN here ON entry.relnamespace = here.oid
WHERE entry.relkind = 'S' AND entry.relpersistence = 'u'
    AND NOT EXISTS (SELECT 1 FROM pg_depend
                    WHERE classid = 'pg_class'::regclass AND objid = entry.oid AND deptype = 'i')
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_class'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- How columns are kept.
SELECT 'setting', here.shown, owner.relname, format('%s of %I', setting.name, member.attname),
       format('ALTER TABLE %s ALTER COLUMN %I %s', owner.oid::regclass, member.attname, setting.made),
       NULL, NULL, concat('c', owner.oid, CASE WHEN owner.relkind NOT IN ('v', 'm')
                                          THEN '.' || member.attnum END),
       format('ALTER TABLE %s ALTER COLUMN %I %s', owner.oid::regclass, member.attname, setting.removed), ''
FROM pg_attribute member
JOIN pg_class owner ON owner.oid = member.attrelid
JOIN here ON owner.relnamespace = here.oid
JOIN pg_type kind ON kind.oid = member.atttypid
LEFT JOIN pg_attrdef fallback
    ON owner.relkind = 'v' AND fallback.adrelid = owner.oid AND fallback.adnum = member.attnum
CROSS JOIN LATERAL (SELECT to_jsonb(member) AS words) member_words
CROSS JOIN LATERAL (
    SELECT 'compression' AS name,
           'SET COMPRESSION ' || CASE words ->> 'attcompression' WHEN 'l' THEN 'lz4' ELSE 'pglz' END AS made,
           'SET COMPRESSION default' AS removed
    WHERE words ->> 'attcompression' <> ''
    UNION ALL
    SELECT 'storage', 'SET STORAGE ' || storage_of.word, 'SET STORAGE ' || storage_of.usual
    FROM (SELECT max(word) FILTER (WHERE letter = member.attstorage) AS word,
                 max(word) FILTER (WHERE letter = kind.typstorage) AS usual
          FROM (VALUES ('p'::"char", 'PLAIN'), ('e', 'EXTERNAL'), ('m', 'MAIN'), ('x', 'EXTENDED'))
              AS known (letter, word)) storage_of
    WHERE member.attstorage <> kind.typstorage AND owner.relkind <> 'v'
    UNION ALL
    SELECT 'statistics', 'SET STATISTICS ' || (words ->> 'attstattarget'), 'SET STATISTICS -1'
    WHERE (words ->> 'attstattarget')::int >= 0
    UNION ALL
    SELECT option_name, format('SET (%s = %L)', option_name, option_value),
           format('RESET (%s)', option_name)
    FROM pg_options_to_table(member.attoptions)
    UNION ALL
    SELECT 'default', 'SET DEFAULT ' || pg_get_expr(fallback.adbin, fallback.adrelid), 'DROP DEFAULT'
    WHERE fallback.oid IS NOT NULL
) setting
WHERE owner.relkind IN ('r', 'p', 'f', 'v', 'm') AND member.attnum > 0 AND NOT member.attisdropped
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_class'::regclass AND objid = owner.oid)
ORDER BY owner.oid, member.attnum;

-- How indexes are kept: those of constraints, whose own clauses do not say it, and what is gathered
-- about the expressions of all.
SELECT 'setting', here.shown, owner.relname, format('%s of index %I', setting.name, entry.relname),
       format('ALTER INDEX %s %s', entry.oid::regclass, setting.made),
       NULL, NULL, coalesce('k' || rule.oid, 'c' || entry.oid),
       format('ALTER INDEX %s %s', entry.oid::regclass, setting.removed), ''
FROM pg_index use
JOIN pg_class entry ON entry.oid = use.indexrelid
JOIN pg_class owner ON owner.oid = use.indrelid AND owner.relkind IN ('r', 'p', 'm')
JOIN here ON owner.relnamespace = here.oid
LEFT JOIN pg_constraint rule
    ON rule.conindid = entry.oid AND rule.conrelid = owner.oid AND rule.contype IN ('p', 'u', 'x')
CROSS JOIN LATERAL (
    SELECT option_name AS name, format('SET (%s = %L)', option_name, option_value) AS made,
           format('RESET (%s)', option_name) AS removed
    FROM pg_options_to_table(entry.reloptions)
    WHERE rule.oid IS NOT NULL AND entry.relkind = 'i'
    UNION ALL
    SELECT 'statistics ' || member.attnum,
           format('ALTER COLUMN %s SET STATISTICS %s', member.attnum, target.value),
           format('ALTER COLUMN %s SET STATISTICS -1', member.attnum)
    FROM pg_attribute member
    CROSS JOIN LATERAL (SELECT (to_jsonb(member) ->> 'attstattarget')::int AS value) target
    WHERE member.attrelid = entry.oid AND target.value >= 0
) setting
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_class'::regclass AND objid = owner.oid)
ORDER BY entry.oid;
