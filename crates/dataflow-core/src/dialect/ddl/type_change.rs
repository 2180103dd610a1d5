//! What becomes of the values of a column that is given another type.

use std::borrow::Cow;

use crate::dialect::{identifier, literal};

/// What becomes of the values of a column that is given another type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeChange {
    /// They stay as they are stored.
    Free,
    /// They are stored anew and mean the same; one that does not fit is refused.
    Rewrite,
    /// They are read anew from their text and mean the same; one that does not fit is refused.
    Parsed,
    /// They are taken for what a clock in UTC shows, which only who wrote them can say.
    Zoned,
    /// They become others, from which those of before cannot be made again.
    Lossy,
}

const TIME_OF_DAY: &str = "time without time zone";

/// PostgreSQL's integers and floats, each with those that hold all its values.
const WIDER: &[(&str, &[&str])] = &[
    (
        "smallint",
        &["integer", "bigint", "numeric", "real", "double precision"],
    ),
    ("integer", &["bigint", "numeric", "double precision"]),
    ("bigint", &["numeric"]),
    ("real", &["double precision"]),
    (
        "date",
        &["timestamp with time zone", "timestamp without time zone"],
    ),
];

/// Narrower integers refuse what they cannot hold.
const NARROWER: &[(&str, &[&str])] = &[
    ("integer", &["smallint"]),
    ("bigint", &["integer", "smallint"]),
];

/// Types whose text reads back as the same value.
const PLAIN: &[&str] = &[
    "boolean",
    "smallint",
    "integer",
    "bigint",
    "real",
    "double precision",
    "numeric",
    "uuid",
    "date",
    "timestamp with time zone",
    "timestamp without time zone",
    TIME_OF_DAY,
    "jsonb",
    "json",
    "text",
    "character varying",
];

pub(in crate::dialect) fn postgres(from: &str, to: &str) -> TypeChange {
    let ((from_name, from_size), (to_name, to_size)) = (parts(from), parts(to));
    let (from_name, to_name) = (&*from_name, &*to_name);
    if is_text(from_name) && is_text(to_name) {
        return match (from_size.first(), to_size.first()) {
            (_, None) => TypeChange::Free,
            (Some(from), Some(to)) if to >= from => TypeChange::Free,
            _ => TypeChange::Rewrite,
        };
    }
    if from_name == "numeric" && to_name == "numeric" {
        return numeric(&from_size, &to_size);
    }
    let are_of_day = from_name == TIME_OF_DAY && to_name == TIME_OF_DAY;
    if are_of_day || is_time(from_name) && is_time(to_name) {
        return time((from_name, &from_size), (to_name, &to_size));
    }
    if is_named(to_name) && (is_text(from_name) || is_named(from_name)) {
        return TypeChange::Parsed;
    }
    let is_in = |table: &[(&str, &[&str])]| {
        table
            .iter()
            .any(|(narrow, wide)| *narrow == from_name && wide.contains(&to_name))
    };
    let has_size = !to_size.is_empty();
    match to_name {
        // A day has no digits of a second to lose.
        _ if (!has_size || from_name == "date") && (is_in(WIDER) || is_in(NARROWER)) => {
            TypeChange::Rewrite
        }
        "text" | "character varying" if PLAIN.contains(&from_name) || is_named(from_name) => {
            TypeChange::Rewrite
        }
        _ => TypeChange::Lossy,
    }
}

/// How an instant becomes what a calendar or a clock in UTC shows, and the other way round, on
/// PostgreSQL. Without it, the zone of whoever runs the statement would shift every value.
pub(crate) fn in_utc(column: &str, from: &str, to: &str) -> Option<String> {
    const INSTANT: &str = "timestamp with time zone";
    const LOCAL: &str = "timestamp without time zone";
    match (&*parts(from).0, &*parts(to).0) {
        (INSTANT, LOCAL) | (LOCAL, INSTANT) => Some(format!("{column} AT TIME ZONE 'UTC'")),
        ("date", INSTANT) => Some(format!("{column}::timestamp AT TIME ZONE 'UTC'")),
        (INSTANT, "date" | TIME_OF_DAY) => Some(format!("({column} AT TIME ZONE 'UTC')::{to}")),
        _ => None,
    }
}

/// Strict tables store what converts without loss and refuse the rest, yet `007` becomes 7.
pub(in crate::dialect) fn sqlite(from: &str, to: &str) -> TypeChange {
    match (affinity(from), affinity(to)) {
        ("INTEGER", "REAL" | "TEXT") | ("REAL", "TEXT") => TypeChange::Rewrite,
        (from, to) if from == to => TypeChange::Rewrite,
        _ => TypeChange::Lossy,
    }
}

/// Whether SQLite stores what is declared with one type as it does what is declared with another, one
/// of those that strict tables know. A truth value is the number 0 or 1, which no affinity changes.
pub(in crate::dialect) fn are_alike_in_sqlite(found: &str, wanted: &str) -> bool {
    match (affinity(found), wanted) {
        (found, "INTEGER" | "REAL" | "TEXT") if found == wanted => true,
        ("NUMERIC", "INTEGER") => found.to_ascii_uppercase().starts_with("BOOL"),
        _ => false,
    }
}

/// Whether SQLite stores as a text whatever is put into a column that is declared with a type.
pub(crate) fn holds_texts(declared: &str) -> bool {
    affinity(declared) == "TEXT"
}

/// How SQLite stores what is declared with a type of any name:
/// <https://www.sqlite.org/datatype3.html#determination_of_column_affinity>.
fn affinity(declared: &str) -> &'static str {
    const RULES: [(&str, &[&str]); 4] = [
        ("INTEGER", &["INT"]),
        ("TEXT", &["CHAR", "CLOB", "TEXT"]),
        ("BLOB", &["BLOB"]),
        ("REAL", &["REAL", "FLOA", "DOUB"]),
    ];
    let declared = declared.to_uppercase();
    RULES
        .iter()
        .find(|(_, parts)| parts.iter().any(|part| declared.contains(part)))
        .map_or("NUMERIC", |(name, _)| name)
}

fn is_time(name: &str) -> bool {
    matches!(
        name,
        "timestamp with time zone" | "timestamp without time zone"
    )
}

/// Digits of a second; without a number, all six.
fn time((from, from_digits): (&str, &[u32]), (to, to_digits): (&str, &[u32])) -> TypeChange {
    let digits = |size: &[u32]| size.first().copied().unwrap_or(6);
    match digits(to_digits) >= digits(from_digits) {
        _ if from != to => TypeChange::Zoned,
        true => TypeChange::Free,
        false => TypeChange::Lossy,
    }
}

/// Only a type of named values stands in quotes; a list of such is another matter.
fn is_named(name: &str) -> bool {
    name.starts_with('"') && !name.ends_with("[]")
}

fn is_text(name: &str) -> bool {
    matches!(name, "text" | "character varying")
}

/// The condition on values of PostgreSQL's that another type, smaller, refuses.
pub(in crate::dialect) fn misfits(column: &str, from: &str, to: &str) -> Option<String> {
    let column = identifier(column);
    let ((from_name, from_size), (to_name, to_size)) = (parts(from), parts(to));
    let (from_name, to_name) = (&*from_name, &*to_name);
    match to_size[..] {
        [] if postgres(from, to) == TypeChange::Parsed => Some(format!(
            "{column}::text <> ALL (ARRAY(SELECT enumlabel::text FROM pg_enum \
             WHERE enumtypid = {}::regtype))",
            literal(to)
        )),
        [most] if is_text(to_name) && from_size.first().is_none_or(|size| *size > most) => {
            Some(format!("char_length({column}::text) > {most}"))
        }
        [digits, scale] if from_name == "numeric" && to_name == "numeric" => {
            let whole = digits.saturating_sub(scale);
            let is_smaller = match from_size[..] {
                [digits, scale] => whole < digits.saturating_sub(scale),
                _ => true,
            };
            is_smaller.then(|| format!("abs(round({column}, {scale})) >= 10::numeric ^ {whole}"))
        }
        _ => None,
    }
}

/// Digits in all and after the point. Without them anything fits.
fn numeric(from: &[u32], to: &[u32]) -> TypeChange {
    let (Some(&to_digits), to_scale) = (to.first(), to.get(1).copied().unwrap_or(0)) else {
        return TypeChange::Free;
    };
    let (Some(&from_digits), from_scale) = (from.first(), from.get(1).copied().unwrap_or(0)) else {
        return TypeChange::Lossy;
    };
    if to_scale < from_scale {
        TypeChange::Lossy
    } else if to_scale == from_scale && to_digits >= from_digits {
        TypeChange::Free
    } else {
        TypeChange::Rewrite
    }
}

/// `character varying(50)` is a name and a size, and so is `timestamp(3) with time zone`.
fn parts(spelled: &str) -> (Cow<'_, str>, Vec<u32>) {
    let Some((name, rest)) = spelled.split_once('(') else {
        return (spelled.into(), Vec::new());
    };
    let (size, tail) = rest.split_once(')').unwrap_or((rest, ""));
    let numbers: Option<Vec<u32>> = size
        .split(',')
        .map(|part| part.trim().parse().ok())
        .collect();
    match numbers {
        Some(numbers) if tail.is_empty() => (name.into(), numbers),
        Some(numbers) if [" with time zone", " without time zone"].contains(&tail) => {
            (format!("{name}{tail}").into(), numbers)
        }
        // A list of texts with a size: taken as a type of its own.
        _ => (spelled.into(), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::TypeChange::{Free, Lossy, Parsed, Rewrite, Zoned};
    use super::*;

    #[test]
    fn sqlite_stores_alike_what_has_one_affinity() {
        let cases = [
            ("varchar(255)", "TEXT", true),
            ("NATIVE CHARACTER(70)", "TEXT", true),
            ("bigint", "INTEGER", true),
            ("integer unsigned", "INTEGER", true),
            ("double precision", "REAL", true),
            ("BOOLEAN", "INTEGER", true),
            ("BOOLEAN", "TEXT", false),
            ("DATETIME", "TEXT", false),
            ("decimal(10,2)", "REAL", false),
            ("", "BLOB", false),
            ("varchar(255)", "INTEGER", false),
        ];
        for (found, wanted, expected) in cases {
            assert_eq!(
                are_alike_in_sqlite(found, wanted),
                expected,
                "{found} {wanted}"
            );
        }
    }

    #[test]
    fn what_a_type_change_does_to_the_values_on_postgres() {
        let cases = [
            ("character varying(50)", "text", Free),
            ("character varying(50)", "character varying(80)", Free),
            ("character varying(50)", "character varying", Free),
            ("text", "character varying", Free),
            ("text", "character varying(50)", Rewrite),
            ("character varying(50)", "character varying(20)", Rewrite),
            ("numeric(10,2)", "numeric", Free),
            ("numeric(10,2)", "numeric(12,2)", Free),
            ("numeric(10,2)", "numeric(12,4)", Rewrite),
            ("numeric(10,2)", "numeric(10,1)", Lossy),
            ("numeric(10,2)", "numeric(8,2)", Rewrite),
            ("numeric(10,0)", "numeric(8,0)", Rewrite),
            ("numeric", "numeric(10,2)", Lossy),
            ("integer", "bigint", Rewrite),
            ("bigint", "integer", Rewrite),
            ("integer", "text", Rewrite),
            ("double precision", "integer", Lossy),
            ("text", "integer", Lossy),
            ("text", "\"mood\"", Parsed),
            ("character varying(9)", "\"mood\"", Parsed),
            ("\"state\"", "\"mood\"", Parsed),
            ("integer", "\"mood\"", Lossy),
            ("\"mood\"", "text", Rewrite),
            ("\"mood\"", "integer", Lossy),
            ("text[]", "text", Lossy),
            ("\"mood\"[]", "text", Lossy),
            ("text", "\"mood\"[]", Lossy),
            ("text[]", "\"mood\"[]", Lossy),
            ("timestamp with time zone", "date", Lossy),
            ("timestamp without time zone", "date", Lossy),
            ("date", "timestamp without time zone", Rewrite),
            ("timestamp without time zone", "text", Rewrite),
            (
                "timestamp without time zone",
                "timestamp with time zone",
                Zoned,
            ),
            (
                "timestamp(6) with time zone",
                "timestamp without time zone",
                Zoned,
            ),
            (
                "timestamp(3) with time zone",
                "timestamp with time zone",
                Free,
            ),
            (
                "timestamp(3) with time zone",
                "timestamp(5) with time zone",
                Free,
            ),
            (
                "timestamp without time zone",
                "timestamp(3) without time zone",
                Lossy,
            ),
            (
                "timestamp without time zone",
                "timestamp(3) with time zone",
                Zoned,
            ),
            ("date", "timestamp(3) with time zone", Rewrite),
            ("timestamp(3) with time zone", "text", Rewrite),
            ("time without time zone", "time(3) without time zone", Lossy),
            ("time(3) without time zone", "time without time zone", Free),
            ("time(3) without time zone", "text", Rewrite),
            ("text", "time without time zone", Lossy),
            (
                "timestamp without time zone",
                "time without time zone",
                Lossy,
            ),
        ];
        for (from, to, expected) in cases {
            assert_eq!(postgres(from, to), expected, "{from} to {to}");
        }
    }

    #[test]
    fn what_a_type_change_does_to_the_values_on_sqlite() {
        for (from, to, expected) in [
            ("INTEGER", "TEXT", Rewrite),
            ("INTEGER", "REAL", Rewrite),
            ("bigint", "INTEGER", Rewrite),
            ("varchar(9)", "TEXT", Rewrite),
            ("TEXT", "INTEGER", Lossy),
            ("REAL", "INTEGER", Lossy),
        ] {
            assert_eq!(sqlite(from, to), expected, "{from} to {to}");
        }
    }
}
