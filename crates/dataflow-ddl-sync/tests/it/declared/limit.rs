use dataflow_core::ModelSchema;
use dataflow_core::ddl::{DriftCheck, Outcome, SyncOptions};
use dataflow_core::plan::{Class, Policy};
use dataflow_core::schema::{DefaultValue, Field, FieldType, Limit};

use super::{comes_back_equal, is_settled};
use crate::models::{With, field, model, set};
use crate::setup::Setup;

fn limited(name: &'static str, field_type: FieldType, limit: Limit) -> Field {
    Field {
        limit: Some(limit),
        ..field(name, field_type)
    }
}

fn named(limit: Option<Limit>) -> ModelSchema {
    let name = Field {
        limit,
        ..field("full name", FieldType::String)
    };
    model("Person").with(name)
}

fn long(most: u32) -> ModelSchema {
    named(Some(Limit::Length(most)))
}

const DIGITS: Limit = Limit::Digits {
    precision: 6,
    scale: 2,
};

#[test]
fn a_limit_comes_back_equal_and_is_kept() {
    for setup in Setup::both() {
        let price = Field {
            default: Some(DefaultValue::Text("-2.5".into())),
            ..limited("price", FieldType::Decimal, DIGITS)
        };
        let code = Field {
            default: Some(DefaultValue::Text("it's".into())),
            ..limited("code", FieldType::String, Limit::Length(4))
        };
        comes_back_equal(&setup, &[model("Offer").with(price).with(code)]);
        setup.execute("INSERT INTO offers DEFAULT VALUES");
        for (taken, refused) in [
            ("(price) VALUES ('9999.99')", "(price) VALUES ('12345')"),
            ("(code) VALUES ('größ')", "(code) VALUES ('größe')"),
        ] {
            setup.execute(&format!("INSERT INTO offers {taken}"));
            let outcome = setup.try_execute(&format!("INSERT INTO offers {refused}"));
            assert!(outcome.is_err(), "{} {refused}", setup.url());
        }
    }
    let setup = Setup::postgres();
    setup.outcome([long(50)]);
    let columns = setup.executor().table_columns("persons").unwrap();
    assert_eq!(columns[1].column_type, "character varying(50)");
}

#[test]
fn sqlite_keeps_to_each_digit_of_a_limit() {
    let setup = Setup::sqlite();
    let all = Limit::Digits {
        precision: 2,
        scale: 2,
    };
    let offer = model("Offer")
        .with(limited("price", FieldType::Decimal, DIGITS))
        .with(limited("part", FieldType::Decimal, all));
    comes_back_equal(&setup, &[offer]);
    let insert = |price: &str, part: &str| {
        let values = format!("INSERT INTO offers (price, part) VALUES ('{price}', '{part}')");
        setup.try_execute(&values).is_ok()
    };
    for price in ["0", "-1", "1.25", "-1234.5", "0.01", "-0.5"] {
        assert!(insert(price, "0.99"), "{price}");
    }
    for price in ["12345", "-12345.5", "1.255", "0.001"] {
        assert!(!insert(price, "0"), "{price}");
    }
    for part in ["1", "-1.5", "0.999"] {
        assert!(!insert("0", part), "{part}");
    }
}

#[test]
fn a_wider_limit_is_free_and_a_narrower_one_has_to_be_allowed() {
    // PostgreSQL widens in place; SQLite writes a small table anew.
    let cases = [
        (long(50), long(80), Class::Safe, Class::Scan),
        (long(50), named(None), Class::Safe, Class::Scan),
        (long(50), long(20), Class::Rewrite, Class::Breaking),
        (named(None), long(50), Class::Rewrite, Class::Breaking),
    ];
    for (before, after, on_postgres, on_sqlite) in cases {
        for (setup, class) in [
            (Setup::postgres(), on_postgres),
            (Setup::sqlite(), on_sqlite),
        ] {
            comes_back_equal(&setup, std::slice::from_ref(&before));
            setup.execute("INSERT INTO persons (\"full name\") VALUES ('Ada Lovelace')");
            let models = set([after.clone()]);
            let plan = setup.executor().plan(&models).unwrap();
            assert_eq!(plan.class(), Some(class), "{plan}");
            let is_refused = setup.synchronize([after.clone()]).is_err();
            assert_eq!(
                is_refused,
                plan.clone().unmade().blocking().count() > 0 && class > Class::Scan,
                "{plan}"
            );
            setup.executor().synchronize(&models, &full()).unwrap();
            is_settled(&setup, std::slice::from_ref(&after));
            assert_eq!(
                setup.number("SELECT count(*) FROM persons WHERE \"full name\" = 'Ada Lovelace'"),
                1
            );
        }
    }
}

#[test]
fn digits_of_a_second_come_back_equal_and_none_of_them_is_lost_unasked() {
    let call = |digits: Option<u8>| {
        let field = |name, field_type| Field {
            limit: digits.map(Limit::SecondDigits),
            ..field(name, field_type)
        };
        let at = field("at", FieldType::Timestamp);
        model("Call")
            .with(at)
            .with(field("shown", FieldType::LocalDateTime))
            .with(field("daily", FieldType::LocalTime))
    };
    let cases = [
        (Some(3), None, Class::Safe, Class::Scan),
        (Some(0), Some(3), Class::Safe, Class::Scan),
        (Some(3), Some(0), Class::Irreversible, Class::Breaking),
        (None, Some(3), Class::Irreversible, Class::Breaking),
    ];
    for (before, after, on_postgres, on_sqlite) in cases {
        for (setup, class) in [
            (Setup::postgres(), on_postgres),
            (Setup::sqlite(), on_sqlite),
        ] {
            comes_back_equal(&setup, &[call(before)]);
            setup.execute(
                "INSERT INTO calls (at, shown, daily) \
                 VALUES ('2026-11-23T07:30:01.000000Z', '2026-11-23 09:30:01', '09:30:01')",
            );
            let models = set([call(after)]);
            let plan = setup.executor().plan(&models).unwrap();
            assert_eq!(plan.class(), Some(class), "{plan}");
            let is_refused = setup.synchronize([call(after)]).is_err();
            assert_eq!(is_refused, class == Class::Irreversible, "{plan}");
            let approved = setup.executor().apply(&models, &full(), plan.hash());
            approved.unwrap();
            is_settled(&setup, &[call(after)]);
        }
    }
}

#[test]
fn sqlite_keeps_to_the_digits_of_a_second() {
    let setup = Setup::sqlite();
    let call = |name, field_type, digits| limited(name, field_type, Limit::SecondDigits(digits));
    let models = model("Call")
        .with(call("at", FieldType::Timestamp, 3))
        .with(call("shown", FieldType::LocalDateTime, 0))
        .with(call("daily", FieldType::LocalTime, 2));
    comes_back_equal(&setup, &[models]);
    let insert = |at: &str, shown: &str, daily: &str| {
        let values = format!("VALUES ('{at}', '{shown}', '{daily}')");
        let insert = format!("INSERT INTO calls (at, shown, daily) {values}");
        setup.try_execute(&insert).is_ok()
    };
    let (at, shown) = ("2026-11-23T07:30:01.123000Z", "2026-11-23 07:30:01");
    let daily = "07:30:01.120000";
    assert!(insert(at, shown, daily));
    assert!(!insert("2026-11-23T07:30:01.123400Z", shown, daily));
    assert!(!insert(at, "2026-11-23 07:30:01.100000", daily));
    assert!(!insert(at, shown, "07:30:01.123000"));
}

/// The seconds of a time of day stand elsewhere in its text than those of a time with a day.
#[test]
fn a_limit_of_seconds_moves_with_the_type_of_its_column() {
    let call = |field_type| model("Call").with(limited("at", field_type, Limit::SecondDigits(3)));
    for setup in Setup::both() {
        comes_back_equal(&setup, &[call(FieldType::LocalDateTime)]);
        let of_day = call(FieldType::LocalTime);
        let plan = setup.executor().plan(&set([of_day.clone()])).unwrap();
        let executor = setup.executor();
        executor
            .apply(&set([of_day.clone()]), &full(), plan.hash())
            .unwrap();
        is_settled(&setup, &[of_day]);
        setup.execute("INSERT INTO calls (at) VALUES ('07:30:01.123000')");
        let is_refused = setup.try_execute("INSERT INTO calls (at) VALUES ('07:30:01.123400')");
        assert_eq!(is_refused.is_err(), !setup.is_postgres());
    }
}

#[test]
fn values_beyond_a_narrower_limit_are_found_before_anything_changes() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[long(50)]);
        setup.execute("INSERT INTO persons (\"full name\") VALUES ('canary')");
        let executor = setup.executor();
        let error = executor.synchronize(&set([long(5)]), &full()).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("\"full name\": rows hold"), "{message}");
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
        is_settled(&setup, &[long(50)]);
    }
}

#[test]
fn a_decimal_that_becomes_a_text_is_held_to_be_a_decimal_no_longer() {
    let setup = Setup::sqlite();
    let offer = |field_type| model("Offer").with(field("price", field_type));
    comes_back_equal(&setup, &[offer(FieldType::Decimal)]);
    assert!(
        setup
            .try_execute("INSERT INTO offers (price) VALUES ('cheap')")
            .is_err()
    );
    assert_eq!(
        setup.outcome([offer(FieldType::String)]),
        Outcome::Applied { steps: 1 }
    );
    is_settled(&setup, &[offer(FieldType::String)]);
    setup.execute("INSERT INTO offers (price) VALUES ('cheap')");
}

fn full() -> SyncOptions {
    SyncOptions {
        policy: Policy::Full,
        drift_check: DriftCheck::Full,
        ..SyncOptions::default()
    }
}
