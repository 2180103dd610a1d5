-- Which thing cannot be without which other, by what others call them.
SELECT DISTINCT 'needs', link_ends.dependent, link_ends.needed
FROM pg_depend link
CROSS JOIN LATERAL (
    SELECT max(named.id) FILTER (WHERE an_end.is_dependent) AS dependent,
           max(named.id) FILTER (WHERE NOT an_end.is_dependent) AS needed
    FROM (VALUES (true, link.classid, link.objid, link.objsubid),
                 (false, link.refclassid, link.refobjid, link.refobjsubid))
        AS an_end (is_dependent, class, object, part)
    CROSS JOIN LATERAL (SELECT coalesce(
        (SELECT 'x' || extension.refobjid FROM pg_depend extension
         WHERE extension.classid = an_end.class AND extension.objid = an_end.object
             AND extension.deptype = 'e'),
        CASE an_end.class
        WHEN 'pg_rewrite'::regclass THEN
            (SELECT CASE rulename WHEN '_RETURN' THEN 'c' || ev_class ELSE 'r' || oid END
             FROM pg_rewrite WHERE oid = an_end.object)
        WHEN 'pg_attrdef'::regclass THEN
            (SELECT format('d%s.%s', adrelid, adnum) FROM pg_attrdef WHERE oid = an_end.object)
        WHEN 'pg_class'::regclass THEN
            coalesce(
                (SELECT 'k' || made.refobjid FROM pg_depend made
                 WHERE made.classid = an_end.class AND made.objid = an_end.object
                     AND made.refclassid = 'pg_constraint'::regclass AND made.deptype = 'i'),
                (SELECT 't' || reltype FROM pg_class WHERE oid = an_end.object AND relkind = 'c'))
        WHEN 'pg_type'::regclass THEN
            (SELECT CASE WHEN element.typrelid <> 0 AND owner.relkind <> 'c' THEN 'c' || owner.oid
                         ELSE 't' || element.oid END
             FROM pg_type entry
             JOIN pg_type element
                 ON element.oid = CASE WHEN entry.typelem <> 0 THEN entry.typelem ELSE entry.oid END
             LEFT JOIN pg_class owner ON owner.oid = element.typrelid
             WHERE entry.oid = an_end.object)
        END,
        CASE an_end.class
        WHEN 'pg_class'::regclass THEN
            (SELECT concat('c', oid, CASE WHEN an_end.part <> 0 AND relkind NOT IN ('v', 'm')
                                     THEN '.' || an_end.part END)
             FROM pg_class WHERE oid = an_end.object)
        WHEN 'pg_constraint'::regclass THEN 'k' || an_end.object
        WHEN 'pg_proc'::regclass THEN 'p' || an_end.object
        WHEN 'pg_trigger'::regclass THEN 'g' || an_end.object
        WHEN 'pg_policy'::regclass THEN 'y' || an_end.object
        WHEN 'pg_statistic_ext'::regclass THEN 's' || an_end.object
        WHEN 'pg_extension'::regclass THEN 'x' || an_end.object
        WHEN 'pg_namespace'::regclass THEN 'n' || an_end.object
        WHEN 'pg_collation'::regclass THEN 'l' || an_end.object
        WHEN 'pg_cast'::regclass THEN 'b' || an_end.object
        WHEN 'pg_operator'::regclass THEN 'operator' || an_end.object
        WHEN 'pg_conversion'::regclass THEN 'conversion' || an_end.object
        WHEN 'pg_ts_dict'::regclass THEN 'text ' || an_end.object
        WHEN 'pg_ts_config'::regclass THEN 'configuration' || an_end.object
        WHEN 'pg_event_trigger'::regclass THEN 'event' || an_end.object
        WHEN 'pg_publication'::regclass THEN 'publication' || an_end.object
        WHEN 'pg_publication_rel'::regclass THEN
            (SELECT 'publication' || prpubid FROM pg_publication_rel WHERE oid = an_end.object)
        WHEN 'pg_foreign_data_wrapper'::regclass THEN 'wrapper' || an_end.object
        WHEN 'pg_foreign_server'::regclass THEN 'server' || an_end.object
        END) AS id) named
) link_ends
WHERE link.objid >= 16384 AND link.deptype IN ('n', 'a', 'i')
    AND (link.refobjid >= 12000 OR link.refclassid = 'pg_namespace'::regclass)
    -- That a column needs its table is told where the column is.
    AND link_ends.dependent <> link_ends.needed AND link_ends.dependent NOT LIKE link_ends.needed || '.%'
    -- A counter is made before the column that it counts up for.
    AND NOT (link.deptype IN ('a', 'i') AND link.classid = 'pg_class'::regclass
             AND EXISTS (SELECT 1 FROM pg_class WHERE oid = link.objid AND relkind = 'S'))
