-- Things that few databases hold; each row tells what one of whole.sql tells. What no statement is
-- known for comes too, so that its difference is named.

-- Aggregates.
SELECT 'aggregate', here.shown, NULL,
       format('%I(%s)', entry.proname, oidvectortypes(entry.proargtypes)),
       format('CREATE AGGREGATE %s%I(%s) (%s)', here.prefix, entry.proname,
              CASE WHEN entry.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(entry.oid) END,
              concat_ws(', ',
                  'SFUNC = ' || rule.aggtransfn::regproc,
                  'STYPE = ' || rule.aggtranstype::regtype,
                  'SSPACE = ' || nullif(rule.aggtransspace, 0),
                  'FINALFUNC = ' || nullif(rule.aggfinalfn::oid, 0)::regproc,
                  CASE WHEN rule.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
                  'FINALFUNC_MODIFY = ' || CASE rule.aggfinalmodify WHEN 'r' THEN 'READ_ONLY'
                      WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END,
                  'COMBINEFUNC = ' || nullif(rule.aggcombinefn::oid, 0)::regproc,
                  'SERIALFUNC = ' || nullif(rule.aggserialfn::oid, 0)::regproc,
                  'DESERIALFUNC = ' || nullif(rule.aggdeserialfn::oid, 0)::regproc,
                  'INITCOND = ' || quote_literal(rule.agginitval),
                  'MSFUNC = ' || nullif(rule.aggmtransfn::oid, 0)::regproc,
                  'MINVFUNC = ' || nullif(rule.aggminvtransfn::oid, 0)::regproc,
                  'MSTYPE = ' || nullif(rule.aggmtranstype, 0)::regtype,
                  'MSSPACE = ' || nullif(rule.aggmtransspace, 0),
                  'MFINALFUNC = ' || nullif(rule.aggmfinalfn::oid, 0)::regproc,
                  CASE WHEN rule.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
                  CASE WHEN rule.aggmtransfn <> 0
                       THEN 'MFINALFUNC_MODIFY = ' || CASE rule.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY'
                           WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
                  'MINITCOND = ' || quote_literal(rule.aggminitval),
                  (SELECT format('SORTOP = OPERATOR(%I.%s)', home.nspname, sorting.oprname)
                   FROM pg_operator sorting JOIN pg_namespace home ON home.oid = sorting.oprnamespace
                   WHERE sorting.oid = rule.aggsortop),
                  'PARALLEL = ' || CASE entry.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED'
                      ELSE 'UNSAFE' END,
                  CASE WHEN rule.aggkind = 'h' THEN 'HYPOTHETICAL' END)),
       NULL, 'p' || entry.oid, NULL, format('DROP AGGREGATE %s%I(%s)', here.prefix, entry.proname,
           CASE WHEN entry.pronargs = 0 THEN '*' ELSE pg_get_function_identity_arguments(entry.oid) END), ''
FROM pg_proc entry
JOIN here ON entry.pronamespace = here.oid
JOIN pg_aggregate rule ON rule.aggfnoid = entry.oid
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_proc'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Operators. One that is only named by another is none yet.
SELECT 'operator', here.shown, NULL,
       format('%s (%s, %s)', entry.oprname, coalesce(nullif(entry.oprleft, 0)::regtype::text, 'NONE'),
              entry.oprright::regtype),
       format('CREATE OPERATOR %s%s (%s)', here.prefix, entry.oprname,
              concat_ws(', ',
                  'FUNCTION = ' || entry.oprcode::regproc,
                  'LEFTARG = ' || nullif(entry.oprleft, 0)::regtype,
                  'RIGHTARG = ' || entry.oprright::regtype,
                  (SELECT format('COMMUTATOR = OPERATOR(%I.%s)', home.nspname, other.oprname)
                   FROM pg_operator other JOIN pg_namespace home ON home.oid = other.oprnamespace
                   WHERE other.oid = entry.oprcom),
                  (SELECT format('NEGATOR = OPERATOR(%I.%s)', home.nspname, other.oprname)
                   FROM pg_operator other JOIN pg_namespace home ON home.oid = other.oprnamespace
                   WHERE other.oid = entry.oprnegate),
                  'RESTRICT = ' || nullif(entry.oprrest::oid, 0)::regproc,
                  'JOIN = ' || nullif(entry.oprjoin::oid, 0)::regproc,
                  CASE WHEN entry.oprcanhash THEN 'HASHES' END,
                  CASE WHEN entry.oprcanmerge THEN 'MERGES' END)),
       NULL, 'operator' || entry.oid, NULL,
       format('DROP OPERATOR %s%s (%s, %s)', here.prefix, entry.oprname,
              coalesce(nullif(entry.oprleft, 0)::regtype::text, 'NONE'), entry.oprright::regtype), ''
FROM pg_operator entry
JOIN here ON entry.oprnamespace = here.oid
WHERE entry.oprcode <> 0
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_operator'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Conversions between encodings.
SELECT 'conversion', here.shown, NULL, entry.conname,
       format('CREATE %sCONVERSION %s%I FOR %L TO %L FROM %s',
              CASE WHEN entry.condefault THEN 'DEFAULT ' ELSE '' END, here.prefix, entry.conname,
              pg_encoding_to_char(entry.conforencoding), pg_encoding_to_char(entry.contoencoding),
              entry.conproc::regproc),
       NULL, 'conversion' || entry.oid, NULL, format('DROP CONVERSION %s%I', here.prefix, entry.conname), ''
FROM pg_conversion entry
JOIN here ON entry.connamespace = here.oid
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_conversion'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Dictionaries of searches in text.
SELECT 'text search dictionary', here.shown, NULL, entry.dictname,
       format('CREATE TEXT SEARCH DICTIONARY %s (TEMPLATE = %I.%I%s)', entry.oid::regdictionary,
              home.nspname, template.tmplname, ', ' || nullif(entry.dictinitoption, '')),
       NULL, 'text ' || entry.oid, NULL,
       format('DROP TEXT SEARCH DICTIONARY %s', entry.oid::regdictionary), ''
FROM pg_ts_dict entry
JOIN here ON entry.dictnamespace = here.oid
JOIN pg_ts_template template ON template.oid = entry.dicttemplate
JOIN pg_namespace home ON home.oid = template.tmplnamespace
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_ts_dict'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- How texts are taken apart for searches.
SELECT 'text search configuration', here.shown, NULL, entry.cfgname,
       concat_ws('; ',
           format('CREATE TEXT SEARCH CONFIGURATION %s (PARSER = %I.%I)', entry.oid::regconfig,
                  home.nspname, parser.prsname),
           (SELECT string_agg(format('ALTER TEXT SEARCH CONFIGURATION %s ADD MAPPING FOR %I WITH %s',
                                     entry.oid::regconfig, mapped.alias, mapped.dictionaries),
                              '; ' ORDER BY mapped.alias)
            FROM (SELECT kind.alias,
                         string_agg(member.mapdict::regdictionary::text, ', ' ORDER BY member.mapseqno)
                             AS dictionaries
                  FROM pg_ts_config_map member
                  JOIN ts_token_type(entry.cfgparser) kind ON kind.tokid = member.maptokentype
                  WHERE member.mapcfg = entry.oid
                  GROUP BY kind.alias) mapped)),
       NULL, 'configuration' || entry.oid, NULL,
       format('DROP TEXT SEARCH CONFIGURATION %s', entry.oid::regconfig), ''
FROM pg_ts_config entry
JOIN here ON entry.cfgnamespace = here.oid
JOIN pg_ts_parser parser ON parser.oid = entry.cfgparser
JOIN pg_namespace home ON home.oid = parser.prsnamespace
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_ts_config'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Casts, which belong to the database.
SELECT 'cast', NULL, NULL, format('%s AS %s', entry.castsource::regtype, entry.casttarget::regtype),
       format('CREATE CAST (%s AS %s) %s%s', entry.castsource::regtype, entry.casttarget::regtype,
              CASE entry.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || entry.castfunc::regprocedure
                   WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
              CASE entry.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT'
                   ELSE '' END),
       NULL, 'b' || entry.oid, NULL,
       format('DROP CAST (%s AS %s)', entry.castsource::regtype, entry.casttarget::regtype), ''
FROM pg_cast entry
WHERE entry.oid >= 16384
    AND NOT EXISTS (SELECT 1 FROM pg_depend
                    WHERE classid = 'pg_cast'::regclass AND objid = entry.oid AND deptype IN ('e', 'i'))
ORDER BY entry.oid;

-- What happens when a schema is changed.
SELECT 'event trigger', NULL, NULL, entry.evtname,
       concat(format('CREATE EVENT TRIGGER %I ON %s', entry.evtname, entry.evtevent),
              (SELECT format(' WHEN TAG IN (%s)', string_agg(quote_literal(tag), ', ' ORDER BY tag))
               FROM unnest(entry.evttags) tag HAVING count(*) > 0),
              format(' EXECUTE FUNCTION %s()', entry.evtfoid::regproc),
              CASE entry.evtenabled WHEN 'O' THEN NULL
                   ELSE format('; ALTER EVENT TRIGGER %I %s', entry.evtname,
                               CASE entry.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                                    ELSE 'ENABLE ALWAYS' END) END),
       NULL, 'event' || entry.oid, NULL, format('DROP EVENT TRIGGER %I', entry.evtname), ''
FROM pg_event_trigger entry
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_event_trigger'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Whose changes others may follow.
SELECT 'publication', NULL, NULL, entry.pubname,
       concat(format('CREATE PUBLICATION %I', entry.pubname),
              CASE WHEN entry.puballtables THEN ' FOR ALL TABLES' END,
              ' FOR ' || parts.words,
              format(' WITH (publish = %L%s)',
                     concat_ws(', ', CASE WHEN entry.pubinsert THEN 'insert' END,
                               CASE WHEN entry.pubupdate THEN 'update' END,
                               CASE WHEN entry.pubdelete THEN 'delete' END,
                               CASE WHEN entry.pubtruncate THEN 'truncate' END),
                     CASE WHEN (to_jsonb(entry) ->> 'pubviaroot')::boolean
                          THEN ', publish_via_partition_root = true' ELSE '' END)),
       NULL, 'publication' || entry.oid, NULL, format('DROP PUBLICATION %I', entry.pubname), ''
FROM pg_publication entry
CROSS JOIN LATERAL (
    SELECT string_agg(part.words, ', ' ORDER BY part.words) AS words
    FROM (SELECT concat('TABLE ONLY ', member.prrelid::regclass,
                        (SELECT format(' (%s)', string_agg(quote_ident(attname), ', ' ORDER BY attnum))
                         FROM pg_attribute
                         WHERE attrelid = member.prrelid
                             AND to_jsonb(member) -> 'prattrs' @> to_jsonb(attnum)
                         HAVING count(*) > 0),
                        (SELECT ' WHERE ' || (to_jsonb(told) ->> 'rowfilter')
                         FROM pg_publication_tables told
                         JOIN pg_namespace home ON home.nspname = told.schemaname
                         JOIN pg_class owner
                             ON owner.relnamespace = home.oid AND owner.relname = told.tablename
                         WHERE told.pubname = entry.pubname AND owner.oid = member.prrelid))
          FROM pg_publication_rel member WHERE member.prpubid = entry.oid
          UNION ALL
          SELECT format('TABLES IN SCHEMA %I', home.nspname)
          FROM pg_depend member
          JOIN pg_depend other ON other.classid = member.classid AND other.objid = member.objid
              AND other.refclassid = 'pg_namespace'::regclass
          JOIN pg_namespace home ON home.oid = other.refobjid
          WHERE member.classid = to_regclass('pg_catalog.pg_publication_namespace')
              AND member.refclassid = 'pg_publication'::regclass AND member.refobjid = entry.oid)
          part (words)
) parts
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_publication'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Ways to data elsewhere.
SELECT 'foreign data wrapper', NULL, NULL, entry.fdwname,
       concat(format('CREATE FOREIGN DATA WRAPPER %I', entry.fdwname),
              ' HANDLER ' || nullif(entry.fdwhandler, 0)::regproc,
              ' VALIDATOR ' || nullif(entry.fdwvalidator, 0)::regproc,
              (SELECT format(' OPTIONS (%s)',
                             string_agg(format('%I %L', option_name, option_value), ', ' ORDER BY option_name))
               FROM pg_options_to_table(entry.fdwoptions) HAVING count(*) > 0)),
       NULL, 'wrapper' || entry.oid, NULL, format('DROP FOREIGN DATA WRAPPER %I', entry.fdwname), ''
FROM pg_foreign_data_wrapper entry
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_foreign_data_wrapper'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

SELECT 'foreign server', NULL, NULL, entry.srvname,
       concat(format('CREATE SERVER %I', entry.srvname), ' TYPE ' || quote_literal(entry.srvtype),
              ' VERSION ' || quote_literal(entry.srvversion),
              format(' FOREIGN DATA WRAPPER %I', wrapper.fdwname),
              (SELECT format(' OPTIONS (%s)',
                             string_agg(format('%I %L', option_name, option_value), ', ' ORDER BY option_name))
               FROM pg_options_to_table(entry.srvoptions) HAVING count(*) > 0)),
       NULL, 'server' || entry.oid, NULL, format('DROP SERVER %I', entry.srvname), ''
FROM pg_foreign_server entry
JOIN pg_foreign_data_wrapper wrapper ON wrapper.oid = entry.srvfdw
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_foreign_server'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- What is only looked at. The options of a mapping hold secrets, so nobody sees them.
SELECT 'user mapping', NULL, NULL, format('%s for %s', entry.srvname, coalesce(entry.usename, 'PUBLIC')),
       md5(entry.umoptions::text), ''
FROM pg_user_mappings entry
UNION ALL
SELECT 'operator class', here.shown, NULL, format('%s for %s', entry.opcname, reached.amname),
       concat_ws(' ', entry.opcintype::regtype, nullif(entry.opckeytype, 0)::regtype, entry.opcdefault,
                 family.opfname), ''
FROM pg_opclass entry
JOIN here ON entry.opcnamespace = here.oid
JOIN pg_am reached ON reached.oid = entry.opcmethod
JOIN pg_opfamily family ON family.oid = entry.opcfamily
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_opclass'::regclass AND objid = entry.oid)
UNION ALL
SELECT 'operator family', here.shown, NULL, format('%s for %s', entry.opfname, reached.amname),
       concat_ws(' / ',
           (SELECT string_agg(concat_ws(' ', amopstrategy, amopopr::regoperator, amoppurpose), ', '
                              ORDER BY amopstrategy, amopopr::regoperator::text)
            FROM pg_amop WHERE amopfamily = entry.oid),
           (SELECT string_agg(concat_ws(' ', amprocnum, amproclefttype::regtype, amprocrighttype::regtype,
                                        amproc::regprocedure), ', '
                              ORDER BY amprocnum, amproclefttype::regtype::text, amprocrighttype::regtype::text)
            FROM pg_amproc WHERE amprocfamily = entry.oid)), ''
FROM pg_opfamily entry
JOIN here ON entry.opfnamespace = here.oid
JOIN pg_am reached ON reached.oid = entry.opfmethod
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_opfamily'::regclass AND objid = entry.oid)
UNION ALL
SELECT 'text search parser', here.shown, NULL, entry.prsname,
       concat_ws(' ', entry.prsstart, entry.prstoken, entry.prsend, entry.prsheadline, entry.prslextype), ''
FROM pg_ts_parser entry JOIN here ON entry.prsnamespace = here.oid
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_ts_parser'::regclass AND objid = entry.oid)
UNION ALL
SELECT 'text search template', here.shown, NULL, entry.tmplname,
       concat_ws(' ', entry.tmplinit, entry.tmpllexize), ''
FROM pg_ts_template entry JOIN here ON entry.tmplnamespace = here.oid
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_ts_template'::regclass AND objid = entry.oid)
UNION ALL
SELECT 'language', NULL, NULL, entry.lanname,
       concat_ws(' ', entry.lanpltrusted, entry.lanplcallfoid::regproc, entry.laninline::regproc,
                 entry.lanvalidator::regproc), ''
FROM pg_language entry
WHERE entry.oid >= 16384
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_language'::regclass AND objid = entry.oid)
UNION ALL
SELECT 'access method', NULL, NULL, entry.amname, concat_ws(' ', entry.amtype, entry.amhandler), ''
FROM pg_am entry
WHERE entry.oid >= 16384
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_am'::regclass AND objid = entry.oid)
UNION ALL
SELECT 'transform', NULL, NULL, format('for %s language %s', entry.trftype::regtype, language.lanname),
       concat_ws(' ', entry.trffromsql, entry.trftosql), ''
FROM pg_transform entry JOIN pg_language language ON language.oid = entry.trflang
WHERE NOT EXISTS (SELECT 1 FROM brought
                  WHERE classid = 'pg_transform'::regclass AND objid = entry.oid)
UNION ALL
SELECT 'subscription', NULL, NULL, entry.subname, concat_ws(' ', entry.subenabled, entry.subpublications::text), ''
FROM pg_subscription entry
WHERE entry.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database());
