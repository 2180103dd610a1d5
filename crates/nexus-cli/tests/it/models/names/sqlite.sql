-- Names that are no names of Rust, or not as they are.
CREATE TABLE "type" (
    "match" INTEGER PRIMARY KEY,
    "self" TEXT NOT NULL,
    "crate" TEXT,
    "super" TEXT,
    "fn" TEXT,
    "async" TEXT,
    "gen" TEXT,
    "table" TEXT,
    "schema" TEXT,
    "first name" TEXT NOT NULL DEFAULT 'it''s "so" \ there',
    "größe" INTEGER,
    "grösse" INTEGER,
    "2fa" BOOLEAN NOT NULL DEFAULT 0,
    "order-id" TEXT NOT NULL,
    "order id" TEXT,
    "order_id" TEXT,
    "back\slash" TEXT,
    "quo""te" TEXT,
    "'" TEXT,
    [tick`] TEXT,
    "new
line" TEXT,
    "café" TEXT,
    "名前" TEXT,
    "👍" TEXT,
    "m²" TEXT,
    "a_name_that_is_longer_than_any_name_can_be_which_is_sixty_three_bytes" TEXT,
    CONSTRAINT "it's ""checked"" \" CHECK ("quo""te" <> 'it''s "so" \ there'),
    CONSTRAINT "two""\" UNIQUE ("quo""te", "back\slash")
);
CREATE INDEX "index ""of"" \" ON "type" ("self", "fn" DESC) WHERE "first name" <> '"';
CREATE INDEX "type_match_idx" ON "type" ("match");
CREATE INDEX "type_table_idx" ON "type" ("table");
CREATE INDEX "needless" ON "type" ("table");
CREATE TABLE "order-items" (id INTEGER PRIMARY KEY, "type" INTEGER NOT NULL REFERENCES "type");
CREATE TABLE "order items" (id INTEGER PRIMARY KEY, "type_id" INTEGER NOT NULL REFERENCES "type");
CREATE TABLE "options" (id INTEGER PRIMARY KEY, "value" TEXT);
CREATE TABLE "strings" (id INTEGER PRIMARY KEY, "string" TEXT);
CREATE TABLE "vecs" (id INTEGER PRIMARY KEY, "bytes" BLOB);
CREATE TABLE "model" (id INTEGER PRIMARY KEY, "model" TEXT);
CREATE TABLE "2fa codes" (id INTEGER PRIMARY KEY, "2" TEXT);
CREATE TABLE "quo""te\'`" (id INTEGER PRIMARY KEY);
CREATE TABLE "new
line" (id INTEGER PRIMARY KEY);
CREATE TABLE "größen" ("größe" TEXT NOT NULL PRIMARY KEY);
CREATE TABLE "👍" ("👍" TEXT NOT NULL PRIMARY KEY, "👎" TEXT);
CREATE TABLE "taken_name_key" (id INTEGER PRIMARY KEY);
CREATE TABLE "taken" (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, CHECK (name <> ''),
    CONSTRAINT taken_check1 CHECK (name <> 'no'));
