-- A company as Hibernate makes one on PostgreSQL, with other things that are there.
CREATE SEQUENCE employee_seq START WITH 1 INCREMENT BY 50;
CREATE TABLE department (id bigint GENERATED ALWAYS AS IDENTITY, name varchar(255), primary key (id));
CREATE TABLE employee (id bigint not null, active boolean not null, grade smallint check (grade between 0 and 3), salary numeric(38,2), ratio float(53), weight float4, hired date, born timestamp(6) with time zone, worked numeric(21,0), photo oid, fingerprint bytea, status varchar(255) check (status in ('NEW','GONE')), started timestamp(6), shift time(6), zone varchar(255) not null, department_id bigint, boss_id bigint, primary key (id), constraint ukjs5q8gkbfrnlmyd7h0cq7vq0s unique (zone, status));
CREATE TABLE employee_phones (employee_id bigint not null, phone varchar(255));
CREATE TABLE project (code varchar(16) not null, title varchar(255) not null, primary key (code));
CREATE TABLE employee_projects (employee_id bigint not null, projects_code varchar(16) not null, primary key (employee_id, projects_code));
CREATE TABLE employee_aud (id bigint not null, rev integer not null, revtype smallint, zone varchar(255), primary key (rev, id));
CREATE TABLE badge (employee_id bigint not null, number smallserial not null, issued xml, primary key (employee_id));
CREATE TABLE office (country char(2) not null, city varchar(40) not null, name text, primary key (city, country));
CREATE TABLE desk (id integer primary key, office_city varchar(40), office_country char(2), constraint fk_desk_office foreign key (office_city, office_country) references office (city, country));
ALTER TABLE employee add constraint fkbejtwvg9bxus2mffsm3swj3u9 foreign key (department_id) references department;
ALTER TABLE employee add constraint fk_boss foreign key (boss_id) references employee;
ALTER TABLE employee_phones add constraint fk_phone foreign key (employee_id) references employee;
ALTER TABLE employee_projects add constraint fk_project foreign key (projects_code) references project;
ALTER TABLE employee_projects add constraint fk_employee foreign key (employee_id) references employee;
ALTER TABLE badge add constraint fk_badge foreign key (employee_id) references employee on delete cascade;
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE DOMAIN needed AS text NOT NULL;
CREATE TYPE address AS (street text, town text);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TYPE nothing AS ENUM ();
CREATE TYPE holed AS ENUM ('a', '');
CREATE TABLE every_type (
    id bigserial PRIMARY KEY,
    mail email, home address, spans span, period tstzrange, cost money, mask bit(3), bits bit varying(5),
    document xml, raw json, mac macaddr, net cidr, place point, words tsvector, counter serial,
    none nothing, holey holed, lap interval(3), clock time with time zone, lengths real[],
    tiny "char", identifier name, row_of employee, computed text GENERATED ALWAYS AS (lower(raw::text)) STORED,
    CHECK (cost > '0'), CHECK (id > 0), CHECK (lap < '1 day' OR id > 7)
);
CREATE INDEX every_type_period ON every_type USING gist (period);
CREATE INDEX every_type_clock ON every_type (id, clock);
CREATE INDEX every_type_lap ON every_type (id) WHERE lap IS NOT NULL;
CREATE TABLE needy (id bigserial PRIMARY KEY, wanted needed);
CREATE TABLE numbered (number integer NOT NULL UNIQUE, label text, UNIQUE (label));
CREATE TABLE booking (id bigserial PRIMARY KEY, room integer NOT NULL, during int4range, EXCLUDE USING gist (during WITH &&));
CREATE TABLE nine (a int, b int, c int, d int, e int, f int, g int, h int, i int, PRIMARY KEY (a, b, c, d, e, f, g, h, i));
CREATE TABLE measured (town text NOT NULL, at date NOT NULL, degrees real, PRIMARY KEY (town, at)) PARTITION BY RANGE (at);
CREATE TABLE measured_in_2025 PARTITION OF measured FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE VIEW employed AS SELECT * FROM employee WHERE active;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM employee;
CREATE EXTENSION postgres_fdw;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw;
CREATE FOREIGN TABLE distant (id bigint) SERVER elsewhere;
