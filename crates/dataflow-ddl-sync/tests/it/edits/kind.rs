use dataflow_core::schema::{DefaultValue, EnumType, Field, FieldType, ItemType, Limit};

const fn digits(precision: u16, scale: u16) -> Option<Limit> {
    Some(Limit::Digits { precision, scale })
}

const fn seconds(digits: u8) -> Option<Limit> {
    Some(Limit::SecondDigits(digits))
}

/// A field of a kind.
pub(super) fn field(kind: u8, name: String) -> Field {
    let colors = |type_name: Option<String>| EnumType {
        name: "Color".into(),
        variants: vec!["red".into(), "blue".into()].into(),
        type_name: type_name.map(Into::into),
    };
    let color = |type_name: Option<String>| FieldType::Enum(colors(type_name));
    let (field_type, limit) = match kind % 29 {
        0 => (FieldType::Bool, None),
        1 => (FieldType::I16, None),
        2 | 3 => (FieldType::I32, None),
        4 => (FieldType::I64, None),
        5 => (FieldType::F64, None),
        26 => (FieldType::F32, None),
        6 => (FieldType::String, None),
        7 => (FieldType::String, Some(Limit::Length(20))),
        8 => (FieldType::String, Some(Limit::Length(40))),
        9 => (FieldType::Decimal, None),
        10 => (FieldType::Decimal, digits(10, 2)),
        11 => (FieldType::Decimal, digits(12, 4)),
        12 => (FieldType::Uuid, None),
        13 => (FieldType::Timestamp, None),
        14 => (FieldType::Date, None),
        15 => (FieldType::Json, None),
        16 => (FieldType::Bytes, None),
        17 => (color(None), None),
        19 => (FieldType::LocalDateTime, None),
        20 => (FieldType::Timestamp, seconds(3)),
        21 => (FieldType::LocalDateTime, seconds(1)),
        18 => (FieldType::Array(ItemType::I32), None),
        22 => (FieldType::LocalTime, None),
        27 => (FieldType::Array(ItemType::Timestamp), None),
        28 => (FieldType::Array(ItemType::Decimal), None),
        23 => (FieldType::LocalTime, seconds(3)),
        24 => {
            let colors = colors(Some(format!("{name} color")));
            (FieldType::Array(ItemType::Enum(colors)), None)
        }
        // No two fields have one name.
        _ => (color(Some(format!("{name} color"))), None),
    };
    Field {
        limit,
        ..Field::new(name, field_type)
    }
}

/// One of the types that a column of a type may be given.
pub(super) fn other(field: &Field, choice: u8) -> Option<(FieldType, Option<Limit>)> {
    let text = |length: u32| (FieldType::String, Some(Limit::Length(length)));
    let decimal = |precision, scale| (FieldType::Decimal, digits(precision, scale));
    let plain = |field_type| (field_type, None);
    let others = match &field.field_type {
        FieldType::I16 | FieldType::I32 | FieldType::I64 => vec![
            plain(FieldType::I16),
            plain(FieldType::I32),
            plain(FieldType::I64),
            plain(FieldType::String),
            plain(FieldType::Decimal),
            text(20),
        ],
        FieldType::String => vec![
            plain(FieldType::String),
            text(6),
            text(10),
            text(30),
            plain(FieldType::I32),
        ],
        FieldType::Decimal => vec![
            plain(FieldType::Decimal),
            decimal(10, 2),
            decimal(4, 2),
            decimal(12, 4),
            decimal(5, 1),
            plain(FieldType::String),
        ],
        FieldType::Timestamp | FieldType::LocalDateTime | FieldType::LocalTime => {
            [None, seconds(1), seconds(3)]
                .map(|limit| (field.field_type.clone(), limit))
                .to_vec()
        }
        FieldType::F32 | FieldType::F64 => vec![
            plain(FieldType::F32),
            plain(FieldType::F64),
            plain(FieldType::String),
        ],
        FieldType::Bool => vec![plain(FieldType::String)],
        FieldType::Enum(color) if color.type_name.is_some() => {
            let more = plain(FieldType::Enum(with_one_more(color, choice)));
            vec![more.clone(), more, plain(FieldType::String)]
        }
        FieldType::Array(ItemType::Enum(color)) => {
            let more = ItemType::Enum(with_one_more(color, choice));
            vec![plain(FieldType::Array(more))]
        }
        _ => return None,
    };
    Some(others[usize::from(choice) % others.len()].clone())
}

fn with_one_more(color: &EnumType, choice: u8) -> EnumType {
    let mut more = color.clone();
    let count = more.variants.len();
    let new = format!("it's {count}").into();
    let place = usize::from(choice) % (count + 1);
    more.variants.to_mut().insert(place, new);
    more
}

/// One of the methods by which PostgreSQL indexes a type.
pub(super) fn index_method(field_type: &FieldType, choice: u8) -> &'static str {
    match field_type {
        FieldType::Json | FieldType::Array(_) => "gin",
        FieldType::I16 | FieldType::I32 | FieldType::I64 | FieldType::Timestamp
            if choice.is_multiple_of(2) =>
        {
            "brin"
        }
        _ => "hash",
    }
}

/// Whether a value of a field can become another one once the field is declared otherwise. What does
/// not fit is refused, so that nothing becomes of it; SQLite keeps decimals and times as texts.
pub(super) fn loses(before: &Field, after: &Field, is_postgres: bool) -> bool {
    let digits = |limit: Option<Limit>| match limit {
        Some(Limit::Digits { scale, .. }) => scale,
        Some(Limit::SecondDigits(digits)) => digits.into(),
        _ => u16::MAX,
    };
    match (&before.field_type, &after.field_type) {
        (FieldType::String, FieldType::I32) => true,
        (FieldType::F64, FieldType::F32) => is_postgres,
        (FieldType::Decimal, FieldType::Decimal)
        | (FieldType::Timestamp, FieldType::Timestamp)
        | (FieldType::LocalDateTime, FieldType::LocalDateTime)
        | (FieldType::LocalTime, FieldType::LocalTime) => {
            is_postgres && digits(after.limit) < digits(before.limit)
        }
        _ => false,
    }
}

/// One of the defaults that a type can have.
pub(super) fn default(field_type: &FieldType, choice: u8) -> DefaultValue {
    let text = |text: &'static str| DefaultValue::Text(text.into());
    match field_type {
        FieldType::Bool => DefaultValue::Bool(choice.is_multiple_of(2)),
        FieldType::I16 | FieldType::I32 | FieldType::I64 => DefaultValue::Integer(choice.into()),
        FieldType::F32 | FieldType::F64 => DefaultValue::Float(f64::from(choice) / 4.0),
        FieldType::String => text(["it's", "", "a(b"][usize::from(choice) % 3]),
        FieldType::Bytes => text("AQI="),
        FieldType::Uuid => text("0190b6f0-0000-7000-8000-000000000000"),
        FieldType::Timestamp => text("2026-11-23T07:30:00.5Z"),
        FieldType::LocalDateTime => text("2026-11-23T07:30:00.5"),
        FieldType::Date => text("2026-11-23"),
        FieldType::LocalTime => text("07:30:00.5"),
        FieldType::Decimal => text(["1.5", "-2", "0"][usize::from(choice) % 3]),
        FieldType::Array(ItemType::Enum(color)) => {
            let label = &color.variants[usize::from(choice) % color.variants.len()];
            DefaultValue::Text(format!("[\"{label}\"]").into())
        }
        FieldType::Array(ItemType::Timestamp) => text(r#"["2026-11-23T07:30:00.5Z"]"#),
        FieldType::Array(ItemType::Decimal) => text(r#"["1.50", "-2"]"#),
        FieldType::Array(_) => text(["[]", "[1, 2]"][usize::from(choice) % 2]),
        FieldType::Json => text(r#"{"b": 1, "aa": [null]}"#),
        FieldType::Enum(color) => {
            let labels = &color.variants;
            DefaultValue::Text(labels[usize::from(choice) % labels.len()].clone())
        }
    }
}

/// A value of a row, in SQL: each row has another, but for those of types that have too few.
pub(super) fn value(field: &Field, row: u8, is_postgres: bool) -> String {
    match &field.field_type {
        FieldType::Bool if is_postgres => row.is_multiple_of(2).to_string(),
        FieldType::Bool => (row % 2).to_string(),
        FieldType::I16 | FieldType::I32 | FieldType::I64 => (row * 3 + 1).to_string(),
        FieldType::F32 | FieldType::F64 => format!("{row}.5"),
        FieldType::String => format!("'Text {row}'"),
        FieldType::Bytes if is_postgres => format!("'\\x0{row}'"),
        FieldType::Bytes => format!("X'0{row}'"),
        FieldType::Uuid => format!("'0190b6f0-0000-7000-8000-00000000000{row}'"),
        FieldType::Timestamp if is_postgres => format!("'2026-11-1{row} 07:30:00+00'"),
        FieldType::Timestamp => format!("'2026-11-1{row}T07:30:00.000000Z'"),
        FieldType::LocalDateTime => format!("'2026-11-1{row} 07:30:00'"),
        FieldType::Date => format!("'2026-11-1{row}'"),
        FieldType::LocalTime => format!("'07:30:0{row}'"),
        FieldType::Decimal => format!("'{row}.25'"),
        FieldType::Array(ItemType::Enum(_)) if is_postgres => "'{red,blue}'".to_owned(),
        FieldType::Array(ItemType::Enum(_)) => r#"'["red","blue"]'"#.to_owned(),
        FieldType::Array(ItemType::Timestamp) if is_postgres => {
            format!("'{{2026-11-1{row} 07:30:00+00}}'")
        }
        FieldType::Array(ItemType::Timestamp) => format!("'[\"2026-11-1{row}T07:30:00.000000Z\"]'"),
        FieldType::Array(ItemType::Decimal) if !is_postgres => format!("'[\"{row}.25\"]'"),
        FieldType::Array(_) if is_postgres => format!("'{{{row}}}'"),
        FieldType::Json | FieldType::Array(_) => format!("'[{row}]'"),
        FieldType::Enum(_) => "'red'".to_owned(),
    }
}
