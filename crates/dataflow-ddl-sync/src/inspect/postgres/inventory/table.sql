-- Tables and what they are made of, and what no statement makes. Each row tells: what the thing is,
-- its schema where schemas are named, its table, its name, the statement or clause that makes it,
-- what no statement makes, what others call it, what it is a part of, and for columns their parts.
-- What an extension brought belongs to the extension.

-- Enums.
SELECT 'enum', here.shown, NULL, entry.typname,
       (SELECT string_agg(quote_literal(label.enumlabel), ', ' ORDER BY label.enumsortorder)
        FROM pg_enum label WHERE label.enumtypid = entry.oid),
       NULL, 't' || entry.oid
FROM pg_type entry, here
WHERE entry.typnamespace = here.oid AND entry.typtype = 'e'
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_type'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Other types that somebody made.
SELECT 'type', here.shown, NULL, entry.typname, concat_ws(' ', entry.typinput, entry.typoutput),
       NULL, 't' || entry.oid
FROM pg_type entry, here
WHERE entry.typnamespace = here.oid AND entry.typtype IN ('b', 'p') AND entry.typelem = 0
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_type'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Sequences, but for those of identity columns, which belong to their columns; and whether one never
-- counted.
SELECT 'sequence', here.shown, NULL, entry.relname,
       format('AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s %s',
              format_type(counter.seqtypid, NULL), counter.seqincrement, counter.seqmin,
              counter.seqmax, counter.seqstart, counter.seqcache,
              CASE WHEN counter.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END),
       NULL, 'c' || entry.oid, NULL, NULL,
       CASE WHEN has_sequence_privilege(entry.oid, 'USAGE, SELECT')
            THEN CASE WHEN pg_sequence_last_value(entry.oid) IS NULL THEN 'unused' END END
FROM pg_class entry
JOIN here ON entry.relnamespace = here.oid
JOIN pg_sequence counter ON counter.seqrelid = entry.oid
WHERE NOT EXISTS (SELECT 1 FROM pg_depend
                  WHERE classid = 'pg_class'::regclass AND objid = entry.oid AND deptype = 'i')
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_class'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- What sequences count up for.
SELECT 'owner of sequence', here.shown, owner.relname, entry.relname,
       format('%s.%I', owner.oid::regclass, attribute.attname),
       CASE WHEN owner.relnamespace <> here.oid THEN 'a table of another schema' END
FROM pg_class entry
JOIN here ON entry.relnamespace = here.oid
JOIN pg_depend link ON link.classid = 'pg_class'::regclass AND link.objid = entry.oid
    AND link.refclassid = 'pg_class'::regclass AND link.deptype = 'a' AND link.refobjsubid > 0
JOIN pg_class owner ON owner.oid = link.refobjid
JOIN pg_attribute attribute ON attribute.attrelid = owner.oid
    AND attribute.attnum = link.refobjsubid
WHERE entry.relkind = 'S'
ORDER BY entry.oid;

-- Tables. A partition is told whole; of all, how they stand to others.
SELECT CASE entry.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END, here.shown, NULL,
       entry.relname,
       CASE WHEN entry.relispartition AND entry.relkind <> 'f'
            THEN concat_ws(' ', 'CREATE TABLE', entry.oid::regclass, manner.words) END,
       concat_ws(', ',
           CASE WHEN entry.relkind = 'f'
                THEN CASE WHEN entry.relispartition THEN 'partition of ' ELSE 'inherits from ' END
                     || parents.names END,
           'of type ' || nullif(entry.reloftype, 0)::regtype::text,
           'in tablespace ' || (SELECT spcname FROM pg_tablespace WHERE oid = entry.reltablespace),
           'access method ' || (SELECT nullif(amname, 'heap') FROM pg_am WHERE oid = entry.relam),
           'server ' || (SELECT server.srvname || ' ' || coalesce(remote.ftoptions::text, '')
                         FROM pg_foreign_table remote
                         JOIN pg_foreign_server server ON server.oid = remote.ftserver
                         WHERE remote.ftrelid = entry.oid)),
       'c' || entry.oid, NULL, NULL, manner.words
FROM pg_class entry
JOIN here ON entry.relnamespace = here.oid
CROSS JOIN LATERAL (
    SELECT string_agg(link.inhparent::regclass::text, ', ' ORDER BY link.inhseqno) AS names
    FROM pg_inherits link WHERE link.inhrelid = entry.oid
) parents
CROSS JOIN LATERAL (
    SELECT concat_ws(' ', CASE WHEN entry.relispartition THEN 'PARTITION OF ' || parents.names END,
                     CASE WHEN NOT entry.relispartition THEN 'INHERITS (' || parents.names || ')' END,
                     pg_get_expr(entry.relpartbound, entry.oid),
                     'PARTITION BY ' || pg_get_partkeydef(entry.oid)) AS words
) manner
WHERE entry.relkind IN ('r', 'p', 'f')
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_class'::regclass AND objid = entry.oid)
ORDER BY entry.oid;

-- Tables that extensions brought.
SELECT 'brought', entry.relname, pack.extname
FROM pg_class entry
JOIN here ON entry.relnamespace = here.oid
JOIN pg_depend link ON link.classid = 'pg_class'::regclass AND link.objid = entry.oid
    AND link.deptype = 'e'
JOIN pg_extension pack ON pack.oid = link.refobjid
WHERE entry.relkind IN ('r', 'p')
ORDER BY entry.relname;

-- Columns. What a table has because its parent has it is a part of that.
SELECT 'column', here.shown, owner.relname, entry.attname,
       CASE WHEN entry.attinhcount > 0 AND entry.attislocal AND NOT owner.relispartition
            THEN 'its own' END,
       'options ' || entry.attfdwoptions::text,
       format('c%s.%s', owner.oid, entry.attnum),
       coalesce((SELECT format('c%s.%s', above.attrelid, above.attnum)
                 FROM pg_inherits link
                 JOIN pg_attribute above
                     ON above.attrelid = link.inhparent AND above.attname = entry.attname
                 WHERE link.inhrelid = owner.oid AND entry.attinhcount > 0
                 ORDER BY link.inhseqno LIMIT 1),
                'c' || owner.oid),
       format_type(entry.atttypid, entry.atttypmod),
       CASE WHEN entry.attcollation <> kind.typcollation
            THEN 'COLLATE ' || entry.attcollation::regcollation::text END,
       CASE WHEN entry.attgenerated = '' THEN pg_get_expr(fallback.adbin, fallback.adrelid) END,
       entry.attnotnull,
       (SELECT CASE entry.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END
               || format(' AS IDENTITY (SEQUENCE NAME %s INCREMENT BY %s MINVALUE %s MAXVALUE %s '
                         'START WITH %s CACHE %s %s)',
                         named.oid::regclass, counter.seqincrement, counter.seqmin, counter.seqmax,
                         counter.seqstart, counter.seqcache,
                         CASE WHEN counter.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)
        FROM pg_depend link
        JOIN pg_sequence counter ON counter.seqrelid = link.objid
        JOIN pg_class named ON named.oid = link.objid
        WHERE entry.attidentity <> '' AND link.classid = 'pg_class'::regclass
            AND link.refclassid = 'pg_class'::regclass AND link.refobjid = owner.oid
            AND link.refobjsubid = entry.attnum AND link.deptype = 'i'),
       CASE WHEN entry.attgenerated <> '' THEN pg_get_expr(fallback.adbin, fallback.adrelid) END,
       CASE entry.attgenerated WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END
FROM pg_attribute entry
JOIN pg_class owner ON owner.oid = entry.attrelid AND owner.relkind IN ('r', 'p', 'f')
JOIN here ON owner.relnamespace = here.oid
JOIN pg_type kind ON kind.oid = entry.atttypid
LEFT JOIN pg_attrdef fallback
    ON fallback.adrelid = entry.attrelid AND fallback.adnum = entry.attnum
WHERE entry.attnum > 0 AND NOT entry.attisdropped
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_class'::regclass AND objid = owner.oid)
ORDER BY owner.oid, entry.attnum;

-- Constraints; that a column refuses null stands with the column.
SELECT CASE entry.contype WHEN 'f' THEN 'foreign key' ELSE 'constraint' END, here.shown,
       owner.relname, entry.conname, pg_get_constraintdef(entry.oid),
       concat_ws(', ',
           CASE WHEN above.oid IS NULL AND (entry.coninhcount > 0 OR NOT entry.conislocal)
                THEN 'inherited'
                WHEN entry.coninhcount > 0 AND entry.conislocal AND NOT owner.relispartition
                THEN 'inherited and its own' END,
           CASE made.relkind WHEN 'I' THEN 'with ' || array_to_string(made.reloptions, ', ') END,
           'in tablespace ' || (SELECT spcname FROM pg_tablespace WHERE oid = made.reltablespace),
           CASE WHEN NOT use.indisvalid THEN 'invalid' END,
           CASE WHEN to_jsonb(entry) ->> 'conenforced' = 'false' THEN 'not enforced' END),
       'k' || entry.oid,
       -- A key may be a part of an index that is none.
       coalesce('k' || above.oid, (SELECT 'c' || inhparent FROM pg_inherits WHERE inhrelid = made.oid),
                'c' || owner.oid)
FROM pg_constraint entry
JOIN pg_class owner ON owner.oid = entry.conrelid
JOIN here ON owner.relnamespace = here.oid
LEFT JOIN LATERAL (
    SELECT parent.oid
    FROM pg_inherits link
    JOIN pg_constraint parent ON parent.conrelid = link.inhparent
        AND CASE WHEN entry.conparentid <> 0 THEN parent.oid = entry.conparentid
                 ELSE parent.conname = entry.conname AND parent.contype = entry.contype END
    WHERE link.inhrelid = owner.oid AND entry.coninhcount > 0
    ORDER BY link.inhseqno LIMIT 1
) above ON true
LEFT JOIN pg_class made ON made.oid = entry.conindid AND entry.contype IN ('p', 'u', 'x')
LEFT JOIN pg_index use ON use.indexrelid = made.oid
WHERE entry.contype IN ('p', 'u', 'c', 'x', 'f')
    -- Such a name is the server's own choice.
    AND NOT (entry.contype = 'f' AND entry.conparentid <> 0)
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_class'::regclass AND objid = owner.oid)
ORDER BY entry.contype <> 'p', entry.oid;

-- Indexes that belong to no constraint.
SELECT 'index', here.shown, owner.relname, entry.relname,
       CASE WHEN entry.relkind = 'I' AND use.indisvalid
            THEN regexp_replace(pg_get_indexdef(entry.oid, 0, true), ' ON ONLY ', ' ON ')
            ELSE pg_get_indexdef(entry.oid, 0, true) END,
       concat_ws(', ',
           'in tablespace ' || (SELECT spcname FROM pg_tablespace WHERE oid = entry.reltablespace),
           CASE WHEN NOT use.indisvalid THEN 'invalid' END),
       'c' || entry.oid,
       coalesce((SELECT 'c' || inhparent FROM pg_inherits WHERE inhrelid = entry.oid), 'c' || owner.oid)
FROM pg_index use
JOIN pg_class entry ON entry.oid = use.indexrelid
JOIN pg_class owner ON owner.oid = use.indrelid
JOIN here ON owner.relnamespace = here.oid
WHERE NOT EXISTS (SELECT 1 FROM pg_constraint
                  WHERE conindid = entry.oid AND conrelid = owner.oid AND contype IN ('p', 'u', 'x'))
    AND owner.relkind <> 't'
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_class'::regclass AND objid = owner.oid)
ORDER BY entry.oid;
