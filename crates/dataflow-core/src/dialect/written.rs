//! SQL that a person wrote.

use std::borrow::Cow;
use std::fmt::Write;

use super::token::{Brackets, Token, tokens};
use crate::schema::FieldType;

/// Whether a statement says that it changes rows: it is an `INSERT`, `UPDATE`, `DELETE` or `MERGE`,
/// or has one behind `WITH`. What a function changes that it calls is not seen.
pub fn changes_rows(sql: &str) -> bool {
    let first = sql.trim_start().get(..6);
    if first.is_some_and(|first| first.eq_ignore_ascii_case("select")) {
        return false;
    }
    let tokens = tokens(sql, Brackets::Position);
    let has_parts = tokens.first().is_some_and(|first| first.is("WITH"));
    (0..tokens.len()).any(|at| {
        let begins = match at.checked_sub(1).map(|before| tokens[before]) {
            None => true,
            Some(before) => has_parts && (before.is_mark("(") || before.is_mark(")")),
        };
        begins && is_change(&tokens[at..])
    })
}

fn is_change(tokens: &[Token]) -> bool {
    let [first, second, ..] = tokens else {
        return false;
    };
    match () {
        () if first.is("INSERT") => second.is("INTO") || second.is("OR"),
        () if first.is("DELETE") => second.is("FROM"),
        () if first.is("MERGE") => second.is("INTO"),
        () => first.is("UPDATE") && !second.is_mark(",") && !second.is_mark(")"),
    }
}

/// The parameters `$1`, `$2` … as SQLite numbers them, `?1`, `?2` …: there, `$1` is a name. What
/// stands in quotes, in a comment or behind a letter is left as it is.
pub(super) fn numbered_for_sqlite(sql: &str) -> String {
    let mut numbered = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '\'' | '"' | '`' => length_of_quoted(rest, character),
            '[' => rest.find(']').map_or(rest.len(), |end| end + 1),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '$' if rest[1..].starts_with(|next: char| next.is_ascii_digit()) => {
                numbered.push('?');
                rest = &rest[1..];
                continue;
            }
            '$' | '_' => length_of_word(rest),
            letter if letter.is_alphanumeric() => length_of_word(rest),
            other => other.len_utf8(),
        };
        numbered.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    numbered
}

/// The text with the types of its parameters behind it: drivers keep prepared statements by their
/// text, and the same text may be given other types the next time.
pub(super) fn typed_for_postgres(
    sql: &str,
    parameters: &[FieldType],
    spell: impl Fn(&FieldType) -> Cow<'_, str>,
) -> String {
    let mut typed = sql.to_owned();
    if !parameters.is_empty() {
        let types: Vec<Cow<'_, str>> = parameters.iter().map(spell).collect();
        let _ = write!(typed, "\n/* {} */", types.join(", "));
    }
    typed
}

/// A quote inside is doubled, which ends one text and begins the next.
fn length_of_quoted(text: &str, quote: char) -> usize {
    text[1..].find(quote).map_or(text.len(), |end| end + 2)
}

fn length_of_word(text: &str) -> usize {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    text.find(|letter| !is_part(letter)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_seen_where_a_statement_or_a_part_of_it_begins() {
        let changes = [
            "INSERT INTO a VALUES (1) RETURNING id",
            " /* new */ insert or replace into a values (1)",
            "-- all\nUPDATE a SET b = 1 RETURNING b",
            "DELETE FROM a",
            "MERGE INTO a USING b ON true WHEN MATCHED THEN DO NOTHING",
            "WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone",
            "WITH new AS MATERIALIZED (SELECT 1) INSERT INTO a SELECT * FROM new",
        ];
        for sql in changes {
            assert!(changes_rows(sql), "{sql}");
        }
        let reads = [
            "",
            "SELECT 1",
            "SELECT * FROM a FOR UPDATE",
            "WITH a AS (SELECT * FROM b FOR UPDATE) SELECT * FROM a",
            "SELECT 'DELETE FROM a', \"INSERT\" FROM b -- DELETE FROM a",
            "WITH a AS (SELECT 1) SELECT count(update), (update) FROM a",
            "EXPLAIN DELETE FROM a",
            "VALUES (1)",
        ];
        for sql in reads {
            assert!(!changes_rows(sql), "{sql}");
        }
    }

    #[test]
    fn only_parameters_are_numbered() {
        let cases = [
            ("SELECT $1, $12", "SELECT ?1, ?12"),
            ("a=$1;b='$1'", "a=?1;b='$1'"),
            ("'it''s $1' || $2", "'it''s $1' || ?2"),
            (r#""$1" [$1] `$1` x$1 $a $1"#, r#""$1" [$1] `$1` x$1 $a ?1"#),
            ("-- $1\n$1 /* $2 */ $2", "-- $1\n?1 /* $2 */ ?2"),
            ("'größe $1", "'größe $1"),
            ("-$1/$2", "-?1/?2"),
            ("é$1 $1", "é$1 ?1"),
            ("?1", "?1"),
        ];
        for (written, numbered) in cases {
            assert_eq!(numbered_for_sqlite(written), numbered, "{written}");
        }
    }

    #[test]
    fn the_same_text_with_other_types_is_another() {
        fn spell(field_type: &FieldType) -> Cow<'_, str> {
            match field_type {
                FieldType::I64 => "bigint".into(),
                _ => "text".into(),
            }
        }
        assert_eq!(typed_for_postgres("SELECT 1", &[], spell), "SELECT 1");
        assert_eq!(
            typed_for_postgres("SELECT $1 -- a", &[FieldType::I64], spell),
            "SELECT $1 -- a\n/* bigint */"
        );
    }
}
