use dataflow_core::schema::{Bound, Checker, FieldValue as _, Format, Rules};
use dataflow_core::{Model, Value};

#[derive(Model)]
struct Member {
    #[model(primary_key, min_length = 2, pattern = "^[a-z]+$", max_length = 9)]
    name: String,
    #[model(email)]
    email: String,
    #[model(url)]
    home: Option<String>,
    #[model(min = 0, max = 150)]
    age: i16,
    #[model(min = -0.5)]
    score: Option<f64>,
    #[model(min = "0.01", max = 1000)]
    fee: rust_decimal::Decimal,
    #[model(min = "2020-01-01")]
    since: chrono::NaiveDate,
    #[model(validate = is_even)]
    shoes: i32,
    #[model(validate = habits::is_odd)]
    socks: Option<i32>,
    #[model(validate = habits::is_loud)]
    motto: String,
    #[model(validate = habits::is_loud)]
    shout: Option<String>,
    #[model(validate = habits::is_there)]
    hat: Option<i64>,
}

fn is_even(number: &i32) -> Result<(), String> {
    match number % 2 {
        0 => Ok(()),
        _ => Err("is bought in pairs".to_owned()),
    }
}

mod habits {
    pub(super) fn is_odd(number: &i32) -> Result<(), &'static str> {
        super::is_even(number).map_or(Ok(()), |()| Err("is never whole"))
    }

    pub(super) fn is_loud(text: &str) -> Result<(), &'static str> {
        text.ends_with('!').then_some(()).ok_or("is too quiet")
    }

    pub(super) fn is_there(hat: &Option<i64>) -> Result<(), String> {
        hat.map(|_| ()).ok_or_else(|| "is needed".to_owned())
    }
}

#[test]
fn rules_are_what_the_attributes_say() {
    let rules = |field: &str| Member::schema().field(field).unwrap().rules.clone();
    let expected = [
        (
            "name",
            Rules {
                min_length: Some(2),
                pattern: Some("^[a-z]+$".into()),
                ..Rules::NONE
            },
        ),
        (
            "email",
            Rules {
                format: Some(Format::Email),
                ..Rules::NONE
            },
        ),
        (
            "home",
            Rules {
                format: Some(Format::Url),
                ..Rules::NONE
            },
        ),
        (
            "age",
            Rules {
                min: Some(Bound::Integer(0)),
                max: Some(Bound::Integer(150)),
                ..Rules::NONE
            },
        ),
        (
            "score",
            Rules {
                min: Some(Bound::Float(-0.5)),
                ..Rules::NONE
            },
        ),
        (
            "fee",
            Rules {
                min: Some(Bound::Text("0.01".into())),
                max: Some(Bound::Integer(1000)),
                ..Rules::NONE
            },
        ),
    ];
    for (field, expected) in expected {
        assert_eq!(rules(field), expected, "{field}");
    }
    assert!(rules("shoes").is_none(), "a function is no data");
}

#[test]
fn a_function_takes_what_the_field_holds_or_what_is_in_it() {
    let checker = Checker::of(&*Member::schema().fields);
    let refusal = |field: &str, value: Value| {
        let position = Member::schema().position(field).unwrap();
        let mut faults = checker.faults(position, &value).into_iter();
        faults.next().map(|(_, detail)| detail)
    };
    let text = |text: &str| text.to_owned().to_value();
    let cases = [
        ("shoes", 2.to_value(), None),
        ("shoes", 3.to_value(), Some("is bought in pairs")),
        ("socks", 3.to_value(), None),
        ("socks", 2.to_value(), Some("is never whole")),
        ("socks", Value::Null, None),
        ("motto", text("go!"), None),
        ("motto", text("go"), Some("is too quiet")),
        ("shout", text("go"), Some("is too quiet")),
        ("hat", 3_i64.to_value(), None),
    ];
    for (field, value, expected) in cases {
        assert_eq!(refusal(field, value).as_deref(), expected, "{field}");
    }
}
