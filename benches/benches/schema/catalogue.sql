SELECT c.relname::text,
       json_build_object(
           'columns', (
               SELECT json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod),
                                                a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
                               ORDER BY a.attnum)
               FROM pg_attribute a
               LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
               WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
           'constraints', (
               SELECT json_agg(json_build_array(k.conname, pg_get_constraintdef(k.oid)))
               FROM pg_constraint k
               WHERE k.conrelid = c.oid),
           'indexes', (
               SELECT json_agg(json_build_array(i.indexrelid::regclass,
                                                pg_get_indexdef(i.indexrelid), i.indisvalid))
               FROM pg_index i
               WHERE i.indrelid = c.oid))::text
FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
ORDER BY c.relname
