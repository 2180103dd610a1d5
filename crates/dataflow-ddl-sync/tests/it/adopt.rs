use dataflow_core::SchemaSet;
use dataflow_core::adopt::Adopted;
use dataflow_core::ddl::{Migrate, Outcome, SyncOptions};
use dataflow_core::error::Kind;
use dataflow_core::schema::{
    Arity, Bound, Deferrable, FieldType, Inverse, KeyGenerator, Limit, Rules, TableName, Through,
};

use crate::models::{With, field, model, optional, set};
use crate::setup::Setup;

/// What is adopted, after it was seen that a start with it changes nothing.
fn adopted(setup: &Setup, schemas: &[&str]) -> Adopted {
    let adopted = setup.executor().adopt_schemas(schemas).unwrap();
    let again = setup.executor().adopt_schemas(schemas).unwrap();
    assert_eq!(adopted, again);
    let check = SyncOptions {
        migrate: Migrate::Verify,
        ..SyncOptions::default()
    };
    for options in [check, SyncOptions::default()] {
        let ready = setup.executor().synchronize(&adopted.schema_set, &options);
        assert_eq!(ready.unwrap().outcome(), Outcome::Unchanged);
    }
    adopted
}

fn told(adopted: &Adopted) -> Vec<String> {
    adopted.unsaid.iter().map(ToString::to_string).collect()
}

fn names(schema_set: &SchemaSet) -> Vec<&str> {
    schema_set.models().map(|model| &*model.name).collect()
}

#[test]
fn the_rules_of_fields_come_back_as_rules() {
    let rules = |min: Option<Bound>, max: Option<Bound>| Rules {
        min,
        max,
        ..Rules::NONE
    };
    for setup in Setup::both() {
        let mut name = field("full name", FieldType::String);
        name.limit = Some(Limit::Length(40));
        name.rules.min_length = Some(2);
        let mut age = optional("age", FieldType::I64);
        age.rules = rules(Some(Bound::Integer(-5)), Some(Bound::Integer(150)));
        let mut share = field("share", FieldType::F64);
        share.rules = rules(None, Some(Bound::Float(0.5)));
        let mut guests = model("Guest").with(name).with(age).with(share);
        if setup.is_postgres() {
            let mut came = field("came", FieldType::Timestamp);
            came.rules = rules(Some(Bound::Text("2020-01-01T00:00:00Z".into())), None);
            let mut price = field("price", FieldType::Decimal);
            price.rules = rules(Some(Bound::Text("0.05".into())), None);
            let mut born = field("born", FieldType::Date);
            born.rules = rules(Some(Bound::Text("1900-01-01".into())), None);
            let mut leaves = field("leaves", FieldType::LocalTime);
            leaves.limit = Some(Limit::SecondDigits(0));
            leaves.rules = rules(None, Some(Bound::Text("22:00:00".into())));
            guests = guests.with(came).with(price).with(born).with(leaves);
        }
        setup.outcome([guests.clone()]);

        let adopted = adopted(&setup, &[]);

        assert_eq!(told(&adopted), [""; 0]);
        let found = adopted.schema_set.find("Guest").unwrap();
        assert_eq!(found.checks.len(), 0, "{found:?}");
        for declared in guests.fields.iter() {
            let mut fields = found.fields.iter();
            let field = fields.find(|field| field.column == declared.column);
            let field = field.unwrap();
            assert_eq!(field.rules, declared.rules, "{}", declared.name);
            assert_eq!(field.limit, declared.limit, "{}", declared.name);
        }
    }
}

#[test]
fn a_check_that_only_looks_like_a_rule_stays_a_check() {
    for setup in Setup::both() {
        setup.execute(
            "CREATE TABLE guests (id bigint NOT NULL PRIMARY KEY, age bigint NOT NULL,
                 CONSTRAINT guests_age_check CHECK (age >= 0),
                 CONSTRAINT guests_id_range CHECK (id >= 0))",
        );
        let adopted = adopted(&setup, &[]);
        let guests = adopted.schema_set.find("Guest").unwrap();
        assert_eq!(guests.checks.len(), 2, "{guests:?}");
        assert!(guests.fields.iter().all(|field| field.rules.is_none()));
    }
}

#[test]
fn what_is_unique_and_refuses_null_is_the_key_of_a_table_without() {
    for setup in Setup::both() {
        setup.execute(
            "CREATE TABLE pairs (b bigint NOT NULL, a bigint NOT NULL, c bigint NOT NULL,
                 note text, UNIQUE (c, b, a));
             CREATE UNIQUE INDEX pairs_by_two ON pairs (a, b);
             CREATE UNIQUE INDEX pairs_by_note ON pairs (note);
             CREATE TABLE partial (a bigint NOT NULL, b bigint);
             CREATE UNIQUE INDEX partial_a ON partial (a) WHERE b > 0;
             CREATE UNIQUE INDEX partial_b ON partial (b);",
        );
        let adopted = adopted(&setup, &[]);
        let pairs = adopted.schema_set.find("Pair").unwrap();
        assert_eq!(pairs.key.fields[..], ["a", "b"]);
        assert_eq!(pairs.key.generator, KeyGenerator::None);
        let names = pairs.fields.iter().map(|field| &*field.name);
        assert_eq!(names.collect::<Vec<_>>(), ["a", "b", "c", "note"]);
        let told = told(&adopted);
        assert!(
            told[0].starts_with("table \"partial\" has no model: it has no primary key"),
            "{told:?}"
        );
        assert_eq!(told.len(), 1, "{told:?}");
    }
}

#[test]
fn columns_without_a_field_take_with_them_what_is_about_them() {
    for setup in Setup::both() {
        let (stored, kind) = match setup.is_postgres() {
            true => ("STORED", "interval"),
            false => ("VIRTUAL", "SPAN"),
        };
        setup.execute(&format!(
            "CREATE TABLE others (at {kind} PRIMARY KEY);
             CREATE TABLE meetings (id bigint NOT NULL PRIMARY KEY, starts {kind}, ends {kind},
                 early boolean GENERATED ALWAYS AS (starts < ends) {stored},
                 CONSTRAINT in_order CHECK (starts < ends),
                 CONSTRAINT known CHECK (id > 0),
                 FOREIGN KEY (starts) REFERENCES others (at));
             CREATE INDEX by_start ON meetings (id, starts);
             CREATE INDEX started ON meetings (id) WHERE starts IS NOT NULL;"
        ));
        let adopted = adopted(&setup, &[]);
        let meetings = adopted.schema_set.find("Meeting").unwrap();
        let names = meetings.fields.iter().map(|field| &*field.name);
        assert_eq!(names.collect::<Vec<_>>(), ["id"]);
        assert_eq!(meetings.checks.len(), 1);
        assert_eq!(meetings.indexes.len() + meetings.relations.len(), 0);
        let told = told(&adopted);
        for column in ["starts", "ends", "early"] {
            let start = format!("table \"meetings\": column {column:?} ");
            let is_it = |line: &&String| {
                line.starts_with(&start) && line.ends_with("; reads and writes do not touch it")
            };
            assert!(told.iter().any(|line| is_it(&line)), "{column}: {told:?}");
        }
        for part in ["in_order", "by_start", "started", "foreign key of column"] {
            assert!(
                told.iter().any(|line| line.contains(part)),
                "{part}: {told:?}"
            );
        }
        assert_eq!(setup.number("SELECT count(starts) FROM meetings"), 0);
    }
}

#[test]
fn a_column_of_sqlite_becomes_a_field_by_what_it_holds() {
    let setup = Setup::sqlite();
    setup.execute(
        "CREATE TABLE notes (id integer PRIMARY KEY, at DATETIME, mixed DATETIME,
             price DECIMAL(5,2), fine DECIMAL(20,10), document JSON, is_old TINYINT(1),
             level TINYINT(1), photo TEXT, empty DATETIME);
         CREATE TABLE days (id integer PRIMARY KEY, day DATE DEFAULT CURRENT_TIMESTAMP);
         INSERT INTO notes VALUES
             (1, '2026-11-23 09:30:00', '2026-11-23 09:30:00', '1.50', 0.00001, '[1]', 0, 7, 'x', NULL),
             (2, '2026-11-23 09:30:00.500000', 1795419000123, 2, 3, '7', 1, 0, x'00', NULL);",
    );
    let adopted = adopted(&setup, &[]);
    let notes = adopted.schema_set.find("Note").unwrap();
    let types = notes.fields.iter();
    let types: Vec<_> = types.map(|it| (&*it.name, it.field_type.clone())).collect();
    assert_eq!(
        types,
        [
            ("id", FieldType::I64),
            ("at", FieldType::LocalDateTime),
            ("price", FieldType::Decimal),
            ("fine", FieldType::F64),
            ("document", FieldType::Json),
            ("is_old", FieldType::Bool),
            ("level", FieldType::I64),
        ]
    );
    let told = told(&adopted);
    for part in [
        "column \"mixed\" has type DATETIME and holds texts and integers",
        "column \"photo\" has type TEXT and holds texts and bytes",
        "column \"empty\" has type DATETIME and holds texts and integers",
        "column \"day\" holds no value yet",
    ] {
        assert!(
            told.iter().any(|line| line.contains(part)),
            "{part}: {told:?}"
        );
    }
    // The default is of another form than a day, so it is nobody's here, and stays.
    let days = adopted.schema_set.find("Day").unwrap();
    assert_eq!(days.field("day").unwrap().default, None);

    // Only a model that says so takes such a column over.
    let mut plain = notes.clone();
    plain.fields.to_mut()[1].adopts = None;
    let error = setup.synchronize([plain]).unwrap_err();
    assert!(error.details().join("").contains("found type"), "{error:?}");
}

#[test]
fn an_adopted_model_makes_columns_of_its_own_types_where_there_are_none() {
    for setup in Setup::both() {
        let mut at = field("at", FieldType::LocalDateTime);
        at.adopts = Some("DATETIME".into());
        let event = model("Event").with(at);
        setup.outcome([event.clone()]);
        let columns = setup.executor().table_columns("events").unwrap();
        assert_ne!(columns[1].column_type, "DATETIME");
        assert!(
            setup
                .executor()
                .plan(&set([event]))
                .unwrap()
                .steps
                .is_empty()
        );
    }
}

#[test]
fn rows_that_point_at_a_model_have_names_on_its_side() {
    for setup in Setup::both() {
        let key = "bigint NOT NULL PRIMARY KEY";
        setup.execute(&format!(
            "CREATE TABLE persons (id {key}, name text, profile text);
             CREATE TABLE profiles (id {key}, person_id bigint NOT NULL UNIQUE REFERENCES persons (id));
             CREATE TABLE letters (id {key}, sender_id bigint NOT NULL REFERENCES persons (id),
                 receiver_id bigint REFERENCES persons (id), answer_id bigint REFERENCES letters (id));
             CREATE TABLE stamps (id {key});
             CREATE TABLE letters_stamps (letter_id bigint NOT NULL REFERENCES letters (id),
                 stamp_id bigint NOT NULL REFERENCES stamps (id), PRIMARY KEY (letter_id, stamp_id));"
        ));
        let adopted = adopted(&setup, &[]);
        let inverses = |model: &str| {
            let model = adopted.schema_set.find(model).unwrap();
            let mut inverses = model.inverses.to_vec();
            inverses.sort_by(|left, right| left.name.cmp(&right.name));
            inverses
        };
        let profile = Inverse::new("profile_2", "profiles", Arity::One, "person_id");
        let many = |name: &'static str, table: &'static str, field: &'static str| {
            Inverse::new(name, table, Arity::Many, field)
        };
        let through = |field: &'static str| Through {
            table: "letters_stamps".into(),
            field: field.into(),
        };
        assert_eq!(
            inverses("Person"),
            [
                many("letters_by_receiver", "letters", "receiver_id"),
                many("letters_by_sender", "letters", "sender_id"),
                profile,
            ]
        );
        assert_eq!(
            inverses("Letter"),
            [
                many("letters_by_answer", "letters", "answer_id"),
                many("letters_stamps", "letters_stamps", "letter_id"),
                Inverse::through("stamps", "stamps", "letter_id", through("stamp_id")),
            ]
        );
        assert_eq!(
            inverses("Stamp"),
            [
                Inverse::through("letters", "letters", "stamp_id", through("letter_id")),
                many("letters_stamps", "letters_stamps", "stamp_id"),
            ]
        );
    }
}

#[test]
fn tables_of_the_schemas_that_are_named_become_models() {
    let setup = Setup::postgres();
    setup.execute(
        "CREATE SCHEMA billing; CREATE SCHEMA \"a.b\"; CREATE SCHEMA other;
         CREATE TABLE users (id bigserial PRIMARY KEY);
         CREATE TABLE billing.users (id bigserial PRIMARY KEY);
         CREATE TABLE other.users (id bigserial PRIMARY KEY);
         CREATE TABLE billing.invoices (id bigserial PRIMARY KEY,
             user_id bigint NOT NULL REFERENCES billing.users, other_id bigint REFERENCES other.users);
         CREATE TABLE \"a.b\".lines (id bigserial PRIMARY KEY,
             invoice_id bigint NOT NULL REFERENCES billing.invoices);
         COMMENT ON TABLE billing.invoices IS 'what is due';
         CREATE VIEW billing.due AS SELECT * FROM billing.invoices;",
    );
    let of_one = setup.executor().adopt().unwrap();
    assert_eq!(names(&of_one.schema_set), ["User"]);

    let adopted = adopted(&setup, &["public", "billing", "a.b"]);

    let mut found = names(&adopted.schema_set);
    found.sort_unstable();
    assert_eq!(found, ["BillingUser", "Invoice", "Line", "User"]);
    let invoices = adopted.schema_set.find("Invoice").unwrap();
    assert_eq!(invoices.table, TableName::within("billing", "invoices"));
    assert_eq!(invoices.comment.as_deref(), Some("what is due"));
    let targets = invoices.relations.iter().map(|relation| &relation.table);
    let targets: Vec<&TableName> = targets.collect();
    assert_eq!(targets, [&TableName::within("billing", "users")]);
    let told = told(&adopted);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("into table \"other.users\""), "{told:?}");
    assert!(told.contains(&"view \"due\"".to_owned()), "{told:?}");
    assert!(told.contains(&"schema \"other\"".to_owned()), "{told:?}");
}

#[test]
fn a_table_that_an_extension_brought_is_named_and_has_no_model() {
    let setup = Setup::postgres();
    setup.execute(
        "CREATE EXTENSION cube SCHEMA public;
         CREATE TABLE places (id bigserial PRIMARY KEY);
         CREATE TABLE projections (id bigserial PRIMARY KEY);
         ALTER EXTENSION cube ADD TABLE projections;",
    );
    let adopted = adopted(&setup, &[]);

    assert_eq!(names(&adopted.schema_set), ["Place"]);
    let expected = "table \"projections\" has no model: it belongs to extension \"cube\"";
    assert_eq!(told(&adopted), [expected]);
}

#[test]
fn a_unique_constraint_that_may_wait_is_said_so_and_any_other_named() {
    let setup = Setup::postgres();
    setup.execute(
        "CREATE TABLE seats (id bigserial, place text, row text, label text, range int4range,
             CONSTRAINT seats_pkey PRIMARY KEY (id) DEFERRABLE,
             CONSTRAINT seats_place UNIQUE (place) DEFERRABLE INITIALLY DEFERRED,
             CONSTRAINT seats_row UNIQUE NULLS NOT DISTINCT (row, place) DEFERRABLE,
             CONSTRAINT seats_label UNIQUE NULLS NOT DISTINCT (label),
             CONSTRAINT seats_apart EXCLUDE USING gist (range WITH &&) DEFERRABLE);",
    );
    let adopted = adopted(&setup, &[]);

    let seat = adopted.schema_set.find("Seat").unwrap();
    let indexes = seat.indexes.iter();
    let indexes = indexes.map(|it| (it.name.as_deref(), it.deferrable, it.nulls_not_distinct));
    assert_eq!(
        indexes.collect::<Vec<_>>(),
        [
            (Some("seats_label"), None, true),
            (
                Some("seats_place"),
                Some(Deferrable::InitiallyDeferred),
                false
            ),
            (
                Some("seats_row"),
                Some(Deferrable::InitiallyImmediate),
                true
            ),
        ]
    );
    let told = told(&adopted);
    for constraint in ["seats_pkey", "seats_apart"] {
        let line = format!("constraint {constraint:?} of table \"seats\"");
        assert!(told.contains(&line), "{line}: {told:?}");
    }
}

#[test]
fn a_schema_that_is_not_there_is_named() {
    let error = Setup::postgres().executor().adopt_schemas(&["nowhere"]);
    let error = error.unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    assert!(
        error.to_string().contains("no schema \"nowhere\""),
        "{error}"
    );
    let error = Setup::sqlite().executor().adopt_schemas(&["main"]);
    assert_eq!(error.unwrap_err().kind(), Kind::Unsupported);
}
