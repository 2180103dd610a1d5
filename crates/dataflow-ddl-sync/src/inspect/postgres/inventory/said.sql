-- What is said of things and who may use them.

-- Comments; the name is what COMMENT ON calls the thing.
SELECT 'comment', here.shown, thing.owner, thing.name, said.description, NULL, NULL, thing.id
FROM (SELECT * FROM pg_description WHERE objoid >= 16384 OFFSET 0) said
CROSS JOIN here
CROSS JOIN LATERAL (
    SELECT entry.relname AS owner, format('COLUMN %s"%s"."%s"', here.prefix, replace(entry.relname, '"', '""'), replace(member.attname, '"', '""')) AS name,
           CASE WHEN entry.relkind IN ('v', 'm') THEN 'c' || entry.oid
                WHEN entry.relkind = 'c' THEN 't' || entry.reltype
                ELSE format('c%s.%s', entry.oid, member.attnum) END AS id
    FROM pg_class entry
    JOIN pg_attribute member ON member.attrelid = entry.oid AND member.attnum = said.objsubid
    WHERE said.classoid = 'pg_class'::regclass AND said.objsubid > 0 AND entry.oid = said.objoid
        AND entry.relnamespace = here.oid
    UNION ALL
    SELECT CASE WHEN entry.relkind IN ('i', 'I')
                THEN (SELECT owner.relname FROM pg_index use JOIN pg_class owner ON owner.oid = use.indrelid
                      WHERE use.indexrelid = entry.oid)
                WHEN entry.relkind IN ('r', 'p', 'f') THEN entry.relname END,
           format('%s %s"%s"', CASE entry.relkind WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX'
                  WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                  WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END,
                  here.prefix, replace(entry.relname, '"', '""')),
           coalesce((SELECT 'k' || link.refobjid FROM pg_depend link
                     WHERE link.classid = 'pg_class'::regclass AND link.objid = entry.oid
                         AND link.refclassid = 'pg_constraint'::regclass AND link.deptype = 'i'),
                    'c' || entry.oid)
    FROM pg_class entry
    WHERE said.classoid = 'pg_class'::regclass AND said.objsubid = 0 AND entry.oid = said.objoid
        AND entry.relnamespace = here.oid
    UNION ALL
    SELECT owner.relname, format('CONSTRAINT %I ON %s', entry.conname, owner.oid::regclass), 'k' || entry.oid
    FROM pg_constraint entry
    JOIN pg_class owner ON owner.oid = entry.conrelid
    WHERE said.classoid = 'pg_constraint'::regclass AND entry.oid = said.objoid
        AND owner.relnamespace = here.oid
    UNION ALL
    SELECT NULL, format('CONSTRAINT %I ON DOMAIN %s', entry.conname, owner.oid::regtype), 'k' || entry.oid
    FROM pg_constraint entry
    JOIN pg_type owner ON owner.oid = entry.contypid
    WHERE said.classoid = 'pg_constraint'::regclass AND entry.oid = said.objoid
        AND owner.typnamespace = here.oid
    UNION ALL
    SELECT NULL, format('%s %s', CASE entry.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, entry.oid::regtype),
           't' || entry.oid
    FROM pg_type entry
    WHERE said.classoid = 'pg_type'::regclass AND entry.oid = said.objoid
        AND entry.typnamespace = here.oid
    UNION ALL
    SELECT NULL, format('%s %s', CASE entry.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE'
                                                    ELSE 'FUNCTION' END, entry.oid::regprocedure),
           'p' || entry.oid
    FROM pg_proc entry
    WHERE said.classoid = 'pg_proc'::regclass AND entry.oid = said.objoid
        AND entry.pronamespace = here.oid
    UNION ALL
    SELECT owner.relname, format('TRIGGER %I ON %s', entry.tgname, owner.oid::regclass), 'g' || entry.oid
    FROM pg_trigger entry
    JOIN pg_class owner ON owner.oid = entry.tgrelid
    WHERE said.classoid = 'pg_trigger'::regclass AND entry.oid = said.objoid
        AND owner.relnamespace = here.oid
    UNION ALL
    SELECT owner.relname, format('POLICY %I ON %s', entry.polname, owner.oid::regclass), 'y' || entry.oid
    FROM pg_policy entry
    JOIN pg_class owner ON owner.oid = entry.polrelid
    WHERE said.classoid = 'pg_policy'::regclass AND entry.oid = said.objoid
        AND owner.relnamespace = here.oid
    UNION ALL
    SELECT owner.relname, format('RULE %I ON %s', entry.rulename, owner.oid::regclass), 'r' || entry.oid
    FROM pg_rewrite entry
    JOIN pg_class owner ON owner.oid = entry.ev_class
    WHERE said.classoid = 'pg_rewrite'::regclass AND entry.oid = said.objoid
        AND owner.relnamespace = here.oid
    UNION ALL
    SELECT NULL, format('COLLATION %s', entry.oid::regcollation), 'l' || entry.oid
    FROM pg_collation entry
    WHERE said.classoid = 'pg_collation'::regclass AND entry.oid = said.objoid
        AND entry.collnamespace = here.oid
    UNION ALL
    SELECT NULL, format('STATISTICS %s%I', here.prefix, entry.stxname), 's' || entry.oid
    FROM pg_statistic_ext entry
    WHERE said.classoid = 'pg_statistic_ext'::regclass AND entry.oid = said.objoid
        AND entry.stxnamespace = here.oid
) thing
WHERE NOT EXISTS (SELECT 1 FROM brought WHERE classid = said.classoid AND objid = said.objoid)
ORDER BY thing.name;

-- Comments on the schemas, one of which is made with a comment.
SELECT 'comment', here.shown, NULL, format('SCHEMA %I', here.name), coalesce(said.description, ''),
       NULL, NULL, 'n' || here.oid,
       format('COMMENT ON SCHEMA %I IS %L', here.name,
              CASE here.name WHEN 'public' THEN 'standard public schema' END)
FROM here
CROSS JOIN LATERAL (SELECT obj_description(here.oid, 'pg_namespace') AS description) said
WHERE CASE here.name WHEN 'public' THEN said.description IS DISTINCT FROM 'standard public schema'
                     ELSE said.description IS NOT NULL END;

-- Comments on all else.
SELECT 'comment', here.shown, NULL, format('%s %s', thing.word, thing.identity), said.description,
       NULL, NULL,
       concat(CASE said.classoid WHEN 'pg_cast'::regclass THEN 'b'
                                 WHEN 'pg_operator'::regclass THEN 'operator'
                                 WHEN 'pg_conversion'::regclass THEN 'conversion'
                                 WHEN 'pg_ts_dict'::regclass THEN 'text '
                                 WHEN 'pg_ts_config'::regclass THEN 'configuration'
                                 WHEN 'pg_event_trigger'::regclass THEN 'event'
                                 WHEN 'pg_publication'::regclass THEN 'publication'
                                 WHEN 'pg_foreign_data_wrapper'::regclass THEN 'wrapper'
                                 WHEN 'pg_foreign_server'::regclass THEN 'server' END, said.objoid)
FROM pg_description said
CROSS JOIN LATERAL (
    SELECT upper(replace(type, 'foreign-data', 'foreign data')) AS word, identity, schema
    FROM pg_identify_object(said.classoid, said.objoid, said.objsubid)
) thing
LEFT JOIN here ON thing.schema = quote_ident(here.name)
WHERE said.objoid >= 16384 AND (thing.schema IS NULL OR here.oid IS NOT NULL)
    AND said.classoid NOT IN ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_type'::regclass,
                              'pg_proc'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass,
                              'pg_rewrite'::regclass, 'pg_statistic_ext'::regclass,
                              'pg_collation'::regclass, 'pg_namespace'::regclass,
                              'pg_extension'::regclass, 'pg_language'::regclass)
    AND NOT EXISTS (SELECT 1 FROM brought WHERE classid = said.classoid AND objid = said.objoid)
ORDER BY thing.identity;

-- Owners, where they are not the role that asks: that role owns what it makes. What counts up for a
-- column is owned with its table, and the first schema by whoever owns the database.
SELECT 'owner', here.shown, thing.owner, thing.name,
       format('ALTER %s OWNER TO %I', thing.name, role.rolname), NULL, NULL, thing.id,
       format('ALTER %s OWNER TO CURRENT_USER', thing.name), ''
FROM here
CROSS JOIN LATERAL (
    SELECT CASE WHEN relkind IN ('r', 'p', 'f') THEN relname END AS owner,
           format('%s %s', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
                                WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE'
                                ELSE 'TABLE' END, oid::regclass) AS name,
           'c' || oid AS id, relowner AS role, 'pg_class'::regclass AS class, oid
    FROM pg_class
    WHERE relnamespace = here.oid AND relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
        AND NOT EXISTS (SELECT 1 FROM pg_depend
                        WHERE relkind = 'S' AND classid = 'pg_class'::regclass
                            AND objid = pg_class.oid AND refclassid = 'pg_class'::regclass
                            AND deptype IN ('a', 'i'))
    UNION ALL
    SELECT NULL, format('%s %s', CASE prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE'
                                              ELSE 'FUNCTION' END, oid::regprocedure),
           'p' || oid, proowner, 'pg_proc', oid
    FROM pg_proc WHERE pronamespace = here.oid
    UNION ALL
    SELECT NULL, format('%s %s', CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, oid::regtype),
           't' || oid, typowner, 'pg_type', oid
    FROM pg_type
    WHERE typnamespace = here.oid
        AND (typtype IN ('d', 'e', 'r')
             OR typrelid IN (SELECT made.oid FROM pg_class made WHERE made.relkind = 'c'))
    UNION ALL
    SELECT NULL, format('COLLATION %s', oid::regcollation), 'l' || oid, collowner, 'pg_collation', oid
    FROM pg_collation WHERE collnamespace = here.oid
    UNION ALL
    SELECT NULL, format('STATISTICS %s%I', here.prefix, stxname), 's' || oid, stxowner,
           'pg_statistic_ext', oid
    FROM pg_statistic_ext WHERE stxnamespace = here.oid
    UNION ALL
    SELECT NULL, format('SCHEMA %I', nspname), 'n' || oid, nspowner, 'pg_namespace', oid
    FROM pg_namespace WHERE pg_namespace.oid = here.oid
) thing
JOIN pg_roles role ON role.oid = thing.role
WHERE role.rolname NOT IN (current_user, 'pg_database_owner')
    AND NOT EXISTS (SELECT 1 FROM brought WHERE classid = thing.class AND objid = thing.oid)
ORDER BY thing.name;

-- Privileges that differ from those that everything of a kind begins with, a role each.
SELECT 'privilege', here.shown, thing.owner,
       format('%s on %s%s', coalesce(given.role, 'PUBLIC'), thing.name, thing.columns),
       concat_ws('; ',
           CASE WHEN given.usual IS NOT NULL
                THEN format('REVOKE ALL%s ON %s FROM %s', thing.columns, thing.name,
                            coalesce(given.role, 'PUBLIC')) END,
           CASE WHEN given.plain IS NOT NULL
                THEN format('GRANT %s ON %s TO %s', given.plain, thing.name, coalesce(given.role, 'PUBLIC')) END,
           CASE WHEN given.grantable IS NOT NULL
                THEN format('GRANT %s ON %s TO %s WITH GRANT OPTION', given.grantable, thing.name,
                            coalesce(given.role, 'PUBLIC')) END),
       NULL, format('a%s.%s', thing.id, given.grantee), coalesce(thing.whole, thing.id),
       concat_ws('; ',
           format('REVOKE ALL%s ON %s FROM %s', thing.columns, thing.name, coalesce(given.role, 'PUBLIC')),
           CASE WHEN given.usual IS NOT NULL
                THEN format('GRANT %s ON %s TO %s', given.usual, thing.name, coalesce(given.role, 'PUBLIC')) END),
       ''
FROM here
CROSS JOIN LATERAL (
    SELECT CASE WHEN relkind IN ('r', 'p', 'f') THEN relname END AS owner,
           format('%s %s', CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass) AS name,
           '' AS columns, 'c' || oid AS id, relacl AS held,
           acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner) AS begun,
           NULL AS whole
    FROM pg_class
    WHERE relnamespace = here.oid AND relacl IS NOT NULL AND relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
        AND NOT EXISTS (SELECT 1 FROM brought
                        WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid)
    UNION ALL
    SELECT CASE WHEN relkind IN ('r', 'p', 'f') THEN relname END, format('TABLE %s', pg_class.oid::regclass),
           format(' (%I)', attname), format('c%s.%s', pg_class.oid, attnum),
           attacl, NULL, CASE WHEN relkind IN ('v', 'm') THEN 'c' || pg_class.oid END
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = here.oid AND attacl IS NOT NULL AND NOT attisdropped
        AND NOT EXISTS (SELECT 1 FROM brought
                        WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid)
    UNION ALL
    SELECT NULL, format('%s %s', CASE prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
                        oid::regprocedure),
           '', 'p' || oid, proacl, acldefault('f', proowner), NULL
    FROM pg_proc
    WHERE pronamespace = here.oid AND proacl IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM brought
                        WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid)
    UNION ALL
    SELECT NULL, format('TYPE %s', oid::regtype), '', 't' || oid, typacl, acldefault('T', typowner), NULL
    FROM pg_type
    WHERE typnamespace = here.oid AND typacl IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM brought
                        WHERE classid = 'pg_type'::regclass AND objid = pg_type.oid)
    UNION ALL
    SELECT NULL, format('SCHEMA %I', nspname), '', 'n' || oid, nspacl,
           coalesce((SELECT initprivs FROM pg_init_privs
                     WHERE classoid = 'pg_namespace'::regclass AND objoid = pg_namespace.oid),
                    acldefault('n', nspowner)), NULL
    FROM pg_namespace WHERE pg_namespace.oid = here.oid AND nspacl IS NOT NULL
) thing
CROSS JOIN LATERAL (
    SELECT held.grantee, quote_ident(role.rolname) AS role,
           string_agg(held.type || thing.columns, ', ' ORDER BY held.type)
               FILTER (WHERE held.is_held AND NOT held.is_grantable) AS plain,
           string_agg(held.type || thing.columns, ', ' ORDER BY held.type)
               FILTER (WHERE held.is_held AND held.is_grantable) AS grantable,
           string_agg(held.type || thing.columns, ', ' ORDER BY held.type)
               FILTER (WHERE NOT held.is_held) AS usual
    FROM (SELECT grantee, privilege_type AS type, is_grantable, true AS is_held FROM aclexplode(thing.held)
          UNION
          SELECT grantee, privilege_type, is_grantable, false FROM aclexplode(thing.begun)) held
    LEFT JOIN pg_roles role ON role.oid = held.grantee
    GROUP BY held.grantee, role.rolname
) given
WHERE given.grantable IS NOT NULL OR given.plain IS DISTINCT FROM given.usual
ORDER BY thing.columns, thing.name, given.role;

-- What is taken from a role on a table is taken from it on all of its columns.
SELECT 'needs', format('ac%s.%s.%s', member.attrelid, member.attnum, given.grantee),
       format('ac%s.%s', member.attrelid, given.grantee)
FROM pg_attribute member, aclexplode(member.attacl) given
WHERE member.attacl IS NOT NULL;

-- Privileges that what is made later begins with.
SELECT 'default privilege', thing.shown, NULL,
       format('%s on %s of %I', coalesce(given.role, 'PUBLIC'), thing.label, thing.maker),
       concat_ws('; ',
           format('%s REVOKE ALL ON %s FROM %s', thing.words, thing.name, coalesce(given.role, 'PUBLIC')),
           CASE WHEN given.plain IS NOT NULL
                THEN format('%s GRANT %s ON %s TO %s', thing.words, given.plain, thing.name,
                            coalesce(given.role, 'PUBLIC')) END,
           CASE WHEN given.grantable IS NOT NULL
                THEN format('%s GRANT %s ON %s TO %s WITH GRANT OPTION', thing.words, given.grantable,
                            thing.name, coalesce(given.role, 'PUBLIC')) END),
       NULL, NULL, thing.id,
       concat_ws('; ',
           format('%s REVOKE ALL ON %s FROM %s', thing.words, thing.name, coalesce(given.role, 'PUBLIC')),
           CASE WHEN given.usual IS NOT NULL
                THEN format('%s GRANT %s ON %s TO %s', thing.words, given.usual, thing.name,
                            coalesce(given.role, 'PUBLIC')) END),
       ''
FROM (
    SELECT here.shown, 'n' || here.oid AS id, maker.rolname AS maker,
           concat_ws(' ', format('ALTER DEFAULT PRIVILEGES FOR ROLE %I', maker.rolname),
                     CASE WHEN entry.defaclnamespace <> 0 THEN format('IN SCHEMA %I', here.name) END) AS words,
           CASE entry.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
                WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END
               || CASE WHEN entry.defaclnamespace = 0 THEN ' of any schema' ELSE '' END AS label,
           CASE entry.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
                WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END AS name,
           entry.defaclacl AS held,
           CASE WHEN entry.defaclnamespace = 0
                THEN acldefault(CASE entry.defaclobjtype WHEN 'S' THEN 's'::"char"
                                ELSE entry.defaclobjtype END, entry.defaclrole)
           END AS begun
    FROM pg_default_acl entry
    JOIN pg_roles maker ON maker.oid = entry.defaclrole
    LEFT JOIN here ON here.oid = entry.defaclnamespace
    WHERE entry.defaclnamespace = 0 OR here.oid IS NOT NULL
) thing
CROSS JOIN LATERAL (
    SELECT quote_ident(role.rolname) AS role,
           string_agg(held.type, ', ' ORDER BY held.type)
               FILTER (WHERE held.is_held AND NOT held.is_grantable) AS plain,
           string_agg(held.type, ', ' ORDER BY held.type)
               FILTER (WHERE held.is_held AND held.is_grantable) AS grantable,
           string_agg(held.type, ', ' ORDER BY held.type) FILTER (WHERE NOT held.is_held) AS usual
    FROM (SELECT grantee, privilege_type AS type, is_grantable, true AS is_held FROM aclexplode(thing.held)
          UNION
          SELECT grantee, privilege_type, is_grantable, false FROM aclexplode(thing.begun)) held
    LEFT JOIN pg_roles role ON role.oid = held.grantee
    GROUP BY held.grantee, role.rolname
) given
WHERE given.grantable IS NOT NULL OR given.plain IS DISTINCT FROM given.usual
ORDER BY thing.name, given.role;
