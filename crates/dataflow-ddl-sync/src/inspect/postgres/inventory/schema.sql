-- The schemas themselves, where schemas are named.
SELECT 'schema', NULL, NULL, here.name, format('CREATE SCHEMA %I', here.name), NULL, 'n' || here.oid, NULL,
       format('DROP SCHEMA %I', here.name), ''
FROM here
ORDER BY here.name;
