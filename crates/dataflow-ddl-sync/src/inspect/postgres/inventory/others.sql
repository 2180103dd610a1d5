-- Other schemas, each as one thing.
SELECT 'other schema', NULL, NULL, entry.nspname,
       md5(concat_ws('/',
           (SELECT string_agg(concat_ws(' ', thing.relkind, thing.relname, thing.relpersistence,
                       array_to_string(thing.reloptions, ','), thing.relacl::text,
                       pg_get_partkeydef(thing.oid), pg_get_expr(thing.relpartbound, thing.oid),
                       CASE WHEN thing.relkind IN ('v', 'm') THEN pg_get_viewdef(thing.oid) END,
                       CASE WHEN thing.relkind IN ('i', 'I') THEN pg_get_indexdef(thing.oid) END,
                       thing.relrowsecurity, thing.relforcerowsecurity, thing.relreplident,
                       (SELECT concat_ws(' ', format_type(seqtypid, NULL), seqstart, seqincrement, seqmax,
                               seqmin, seqcache, seqcycle)
                        FROM pg_sequence WHERE seqrelid = thing.oid),
                       (SELECT concat_ws(' ', indisclustered, indisreplident, indisvalid)
                        FROM pg_index WHERE indexrelid = thing.oid)),
                   ';' ORDER BY thing.relname, thing.relkind)
            FROM pg_class thing WHERE thing.relnamespace = entry.oid AND thing.relkind <> 't'),
           (SELECT string_agg(concat_ws(' ', owner.relname, member.attname,
                       format_type(member.atttypid, member.atttypmod), member.attnotnull,
                       member.attidentity, member.attgenerated, member.attcollation::regcollation,
                       member.attstorage, member.attacl::text, member.attoptions::text,
                       to_jsonb(member) ->> 'attstattarget', to_jsonb(member) ->> 'attcompression',
                       pg_get_expr(fallback.adbin, fallback.adrelid)),
                   ';' ORDER BY owner.relname, member.attname)
            FROM pg_attribute member
            JOIN pg_class owner ON owner.oid = member.attrelid
            LEFT JOIN pg_attrdef fallback
                ON fallback.adrelid = owner.oid AND fallback.adnum = member.attnum
            WHERE owner.relnamespace = entry.oid AND member.attnum > 0 AND NOT member.attisdropped),
           (SELECT string_agg(concat_ws(' ', rule.conrelid::regclass, rule.conname,
                       pg_get_constraintdef(rule.oid)), ';'
                   ORDER BY rule.conrelid::regclass::text, rule.conname)
            FROM pg_constraint rule WHERE rule.connamespace = entry.oid AND rule.contype <> 'n'),
           (SELECT string_agg(concat_ws(' ', thing.oid::regprocedure, thing.proacl::text,
                       CASE WHEN thing.prokind = 'a' THEN thing.prorettype::regtype::text
                            ELSE pg_get_functiondef(thing.oid) END), ';'
                   ORDER BY thing.oid::regprocedure::text)
            FROM pg_proc thing WHERE thing.pronamespace = entry.oid),
           (SELECT string_agg(concat_ws(' ', thing.typname, thing.typtype,
                       (SELECT string_agg(label.enumlabel, ',' ORDER BY label.enumsortorder)
                        FROM pg_enum label WHERE label.enumtypid = thing.oid)), ';'
                   ORDER BY thing.typname)
            FROM pg_type thing WHERE thing.typnamespace = entry.oid),
           (SELECT string_agg(concat_ws(' ', pg_get_triggerdef(thing.oid), thing.tgenabled), ';'
                   ORDER BY thing.tgname)
            FROM pg_trigger thing JOIN pg_class owner ON owner.oid = thing.tgrelid
            WHERE owner.relnamespace = entry.oid AND NOT thing.tgisinternal),
           (SELECT string_agg(concat_ws(' ', owner.relname, thing.polname, thing.polcmd,
                       thing.polpermissive, pg_get_expr(thing.polqual, thing.polrelid),
                       pg_get_expr(thing.polwithcheck, thing.polrelid)), ';'
                   ORDER BY owner.relname, thing.polname)
            FROM pg_policy thing JOIN pg_class owner ON owner.oid = thing.polrelid
            WHERE owner.relnamespace = entry.oid),
           (SELECT string_agg(pg_get_ruledef(thing.oid), ';' ORDER BY owner.relname, thing.rulename)
            FROM pg_rewrite thing JOIN pg_class owner ON owner.oid = thing.ev_class
            WHERE owner.relnamespace = entry.oid AND thing.rulename <> '_RETURN'),
           (SELECT string_agg(concat_ws(' ', said.objsubid, said.description), ';'
                   ORDER BY said.objsubid, said.description)
            FROM pg_description said JOIN pg_class owner ON owner.oid = said.objoid
            WHERE owner.relnamespace = entry.oid))), coalesce(entry.nspacl::text, '')
FROM pg_namespace entry, here
WHERE entry.oid <> here.oid AND entry.nspname <> 'information_schema'
    AND entry.nspname NOT LIKE 'pg\_%'
    AND NOT EXISTS (SELECT 1 FROM brought
                    WHERE classid = 'pg_namespace'::regclass AND objid = entry.oid)
ORDER BY entry.nspname;
