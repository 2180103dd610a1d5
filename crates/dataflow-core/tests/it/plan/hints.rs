use dataflow_core::dialect::{Dialect, Postgres, Sqlite};
use dataflow_core::plan::{Hints, Rename, TableHints};
use dataflow_core::snapshot::{Column, Table};

use super::planned;
use super::tables::{
    column, foreign_key, index, made_with, nullable, table, with_default, with_rows,
};

fn hints(table: &'static str) -> TableHints {
    TableHints {
        table: table.into(),
        ..TableHints::default()
    }
}

fn renamed(from: &str, to: &str) -> Rename {
    Rename {
        from: from.to_owned(),
        to: to.to_owned(),
    }
}

fn check(
    desired: &[Table],
    found: &[Table],
    hints: TableHints,
    dialect: &dyn Dialect,
    expected: &str,
) {
    let hints = Hints {
        tables: vec![hints],
        ..Hints::default()
    };
    let plan = planned(desired, found, &hints, dialect);
    assert_eq!(plan.to_string().trim_end(), expected);
}

#[test]
fn a_column_that_was_renamed_keeps_its_index_and_its_values() {
    let mut found = table("users", &[column("mail", "text")]);
    found.indexes = vec![index("users_mail_key", &["mail"], true)];
    let mut desired = table("users", &[column("email", "text")]);
    desired.indexes = vec![index("users_email_key", &["email"], true)];
    let said = TableHints {
        renamed_columns: vec![renamed("mail", "email")],
        ..hints("users")
    };
    let expected = "+ rename column \"mail\" of table \"users\" to \"email\" (breaking, locks out \
                    everybody)\n\
                    + rename index \"users_mail_key\" of table \"users\" to \"users_email_key\"";
    let desired = [desired];
    check(&desired, &[found], said.clone(), &Postgres, expected);
    check(&desired, &desired, said, &Postgres, "");
}

#[test]
fn a_table_that_was_renamed_is_still_pointed_at() {
    let mut posts = table("posts", &[column("author_id", "bigint")]);
    posts.foreign_keys = vec![foreign_key("author_id", "people")];
    let found = [table("people", &[column("name", "text")]), posts.clone()];
    posts.foreign_keys = vec![foreign_key("author_id", "users")];
    let users = table(
        "users",
        &[column("name", "text"), nullable(column("age", "bigint"))],
    );
    let said = TableHints {
        renamed_from: Some("people".into()),
        ..hints("users")
    };
    check(
        &[users, posts],
        &found,
        said,
        &Sqlite,
        "+ rename table \"people\" to \"users\" (breaking, locks out writers)\n\
         + add column \"age\" to table \"users\"",
    );
}

/// A program that writes rows without a value for the column fails at every one of them.
#[test]
fn a_default_that_is_taken_from_a_column_that_refuses_null_breaks_writers() {
    let step = "+ take the default from column \"level\" of table \"users\"";
    let level = with_default(column("level", "bigint"), "3");
    for (wanted, class) in [
        (
            column("level", "bigint"),
            " (breaking, locks out everybody)",
        ),
        (nullable(column("level", "bigint")), ""),
    ] {
        let found = Column {
            nullable: wanted.nullable,
            ..level.clone()
        };
        let said = TableHints {
            declared_defaults: vec!["level".to_owned()],
            ..hints("users")
        };
        let (wanted, found) = (table("users", &[wanted]), table("users", &[found]));
        let expected = format!("{step}{class}");
        check(&[wanted], &[found], said, &Postgres, &expected);
    }
}

#[test]
fn a_hint_that_names_a_missing_column_is_refused() {
    let said = TableHints {
        renamed_columns: vec![renamed("e_mail", "email")],
        ..hints("users")
    };
    check(
        &[table("users", &[column("email", "text")])],
        &[table("users", &[column("mail", "text")])],
        said,
        &Postgres,
        "! table \"users\", column \"email\": is missing, and so is column \"e_mail\" that it is \
         said to have been\n\
         ! table \"users\", column \"mail\": is not declared by the model, yet refuses null and has \
         no default",
    );
}

#[test]
fn a_new_column_that_may_be_an_old_one_under_another_name_asks_for_a_hint() {
    let found = [table("users", &[nullable(column("mail", "text"))])];
    let desired = [table("users", &[nullable(column("email", "text"))])];
    let added = "+ add column \"email\" to table \"users\"";
    let undeclared = "~ table \"users\", column \"mail\": is not declared by the model";
    let question = "! table \"users\", column \"email\": is missing, while column \"mail\" of the \
                    same type is no longer declared: is it the same under another name?";
    check(
        &desired,
        &found,
        hints("users"),
        &Postgres,
        &format!("{added}\n{question}\n{undeclared}"),
    );

    let known = TableHints {
        known_columns: vec!["mail".to_owned()],
        ..hints("users")
    };
    check(
        &desired,
        &found,
        known,
        &Postgres,
        &format!("{added}\n{undeclared}"),
    );

    let dropped = TableHints {
        dropped_columns: vec!["mail".to_owned()],
        ..hints("users")
    };
    check(
        &desired,
        &found,
        dropped,
        &Postgres,
        &format!(
            "+ drop column \"mail\" of table \"users\" (destructive, locks out everybody)\n{added}"
        ),
    );

    let other_type = [table("users", &[nullable(column("email", "bigint"))])];
    let expected = format!("{added}\n{undeclared}");
    check(&other_type, &found, hints("users"), &Postgres, &expected);
}

#[test]
fn what_may_go_goes_and_nothing_else() {
    let mut found = table(
        "users",
        &[
            nullable(column("note", "text")),
            nullable(column("age", "bigint")),
        ],
    );
    found.indexes = vec![
        index("by_hand", &["age"], false),
        index("users_age_key", &["age"], true),
    ];
    found.foreign_keys = vec![foreign_key("age", "ages")];
    let said = TableHints {
        dropped_columns: vec!["note".to_owned(), "gone already".to_owned()],
        dropped_indexes: vec!["users_age_key".to_owned()],
        dropped_constraints: vec!["any".to_owned()],
        ..hints("users")
    };
    let desired = [table("users", &[nullable(column("age", "bigint"))])];
    check(
        &desired,
        &[found],
        said,
        &Postgres,
        "+ drop constraint \"any\" of table \"users\"\n\
         + drop index \"users_age_key\" of table \"users\" (breaking, locks out everybody)\n\
         + drop column \"note\" of table \"users\" (destructive, locks out everybody)",
    );
}

#[test]
fn an_index_is_made_anew_only_if_that_is_said() {
    let mut found = table("users", &[column("age", "bigint")]);
    found.indexes = vec![index("users_age", &["id"], false)];
    let mut desired = table("users", &[column("age", "bigint")]);
    desired.indexes = vec![index("users_age", &["age"], false)];
    let said = TableHints {
        dropped_indexes: vec!["users_age".to_owned()],
        ..hints("users")
    };
    let expected = "+ drop index \"users_age\" of table \"users\"\n\
                    + create index \"users_age\" on table \"users\"";
    let desired = [desired];
    check(&desired, &[found], said.clone(), &Postgres, expected);
    check(&desired, &desired, said, &Postgres, "");
}

#[test]
fn tables_go_before_those_they_point_at() {
    let parent = table("parents", &[]);
    let mut child = table("children", &[column("parent_id", "bigint")]);
    child.foreign_keys = vec![foreign_key("parent_id", "parents")];
    let hints = Hints {
        dropped_tables: vec!["parents".into(), "children".into()],
        ..Hints::default()
    };
    let plan = planned(&[], &[parent, child], &hints, &Postgres);
    assert_eq!(
        plan.to_string(),
        "+ drop table \"children\" (destructive, locks out everybody)\n\
         + drop table \"parents\" (destructive, locks out everybody)\n"
    );
}

/// What is written anew is the table as it was found, so it keeps its names until then.
#[test]
fn a_table_is_written_anew_before_anything_is_renamed() {
    let found = made_with(
        table("people", &[column("mail", "TEXT")]),
        "CREATE TABLE people (id INTEGER PRIMARY KEY, mail TEXT NOT NULL) STRICT",
        &[],
    );
    let desired = table("users", &[nullable(column("email", "TEXT"))]);
    let said = TableHints {
        renamed_from: Some("people".into()),
        renamed_columns: vec![renamed("mail", "email")],
        ..hints("users")
    };
    check(
        &[desired],
        &[found],
        said,
        &Sqlite,
        "+ write table \"people\" anew: let column \"mail\" of table \"people\" take null\n\
         + rename table \"people\" to \"users\" (breaking, locks out writers)\n\
         + rename column \"mail\" of table \"users\" to \"email\" (breaking, locks out writers)",
    );
}

#[test]
fn what_stands_in_the_way_is_looked_for_under_the_names_of_before() {
    let found = with_rows(table("people", &[nullable(column("mail", "text"))]), 9);
    let mut desired = table("users", &[column("email", "text")]);
    desired.indexes = vec![index("users_email_key", &["email"], true)];
    let hints = Hints {
        tables: vec![TableHints {
            renamed_from: Some("people".into()),
            renamed_columns: vec![renamed("mail", "email")],
            ..hints("users")
        }],
        ..Hints::default()
    };
    let plan = planned(&[desired], &[found], &hints, &Postgres);
    let looked_for: Vec<&str> = plan
        .steps
        .iter()
        .flat_map(|step| step.before())
        .map(|statement| statement.sql.as_str())
        .collect();
    assert_eq!(
        looked_for,
        [
            "SELECT 1 FROM \"people\" WHERE \"mail\" IS NULL LIMIT 1",
            "SELECT 1 FROM \"people\" WHERE \"mail\" IS NOT NULL GROUP BY \"mail\" \
             HAVING count(*) > 1 LIMIT 1",
        ]
    );
}
