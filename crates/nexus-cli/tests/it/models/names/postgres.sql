-- Names that are no names of Rust, or not as they are.
CREATE TYPE "option" AS ENUM ('self', 'Self', 'it''s "so" \ there', '2nd', 'größe');
CREATE TABLE "type" (
    "match" bigserial PRIMARY KEY,
    "self" text NOT NULL,
    "crate" text,
    "super" text,
    "fn" text,
    "async" text,
    "gen" text,
    "table" text,
    "schema" text,
    "first name" text NOT NULL DEFAULT 'it''s "so" \ there',
    "größe" integer,
    "grösse" integer,
    "2fa" boolean NOT NULL DEFAULT false,
    "order-id" text NOT NULL,
    "order id" text,
    "order_id" text,
    "ORDER_ID" text,
    "back\slash" text,
    "quo""te" text,
    "'" text,
    "tick`" text,
    U&"new\000Aline" text,
    U&"cafe\0301" text,
    U&"\212Aelvin" text,
    U&"\1100\1161" text,
    "名前" text,
    "👍" text,
    "m²" text,
    "a_name_that_is_as_long_as_a_name_can_be_which_is_63_bytes_so_ye" timestamp with time zone,
    "state" "option" NOT NULL DEFAULT 'Self',
    CONSTRAINT "it's ""checked"" \" CHECK ("quo""te" <> 'it''s "so" \ there'),
    CONSTRAINT "two""\" UNIQUE ("quo""te", "back\slash")
);
CREATE INDEX "index ""of"" \" ON "type" ("self", "fn" DESC) WHERE "first name" <> '"';
CREATE INDEX "type_match_idx" ON "type" ("match");
CREATE INDEX "type_table_idx" ON "type" ("table");
CREATE INDEX "needless" ON "type" ("table");
COMMENT ON TABLE "type" IS E'says "so" \\ \t and\nmore';
COMMENT ON COLUMN "type"."self" IS U&'left \202Eto right';
CREATE TABLE "order-items" (id bigserial PRIMARY KEY, "type" bigint NOT NULL REFERENCES "type");
CREATE TABLE "order items" (id bigserial PRIMARY KEY, "type_id" bigint NOT NULL REFERENCES "type");
CREATE TABLE "options" (id bigserial PRIMARY KEY, "value" "option", "note" text);
CREATE TABLE "strings" (id bigserial PRIMARY KEY, "string" text);
CREATE TABLE "vecs" (id bigserial PRIMARY KEY, "bytes" bytea);
CREATE TABLE "model" (id bigserial PRIMARY KEY, "model" text);
CREATE TABLE "model_enums" (id bigserial PRIMARY KEY);
CREATE TABLE "schema_sets" (id bigserial PRIMARY KEY);
CREATE TABLE "results" (id bigserial PRIMARY KEY, "some" text, "none" text, "ok" text);
CREATE TABLE "boxes" (id bigserial PRIMARY KEY);
CREATE TABLE "self" (id bigserial PRIMARY KEY);
CREATE TABLE "2fa codes" (id bigserial PRIMARY KEY, "2" text);
CREATE TABLE "users" (id bigserial PRIMARY KEY);
CREATE TABLE "Users" (id bigserial PRIMARY KEY);
CREATE TABLE "quo""te\'`" (id bigserial PRIMARY KEY);
CREATE TABLE U&"new\000Aline" (id bigserial PRIMARY KEY);
CREATE TABLE "größen" ("größe" text PRIMARY KEY);
CREATE TABLE "👍" ("👍" text PRIMARY KEY, "👎" text);
