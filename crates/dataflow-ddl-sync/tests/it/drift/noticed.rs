//! Every change of what a model declares, each a test of its own.

use dataflow_core::ModelSchema;
use dataflow_core::schema::{
    Action, Check, DefaultValue, EnumType, Field, FieldType, Generated, Index, IndexMember, Kept,
    Relation,
};

use super::is_noticed;
use crate::models::{With, defaulted, field, model, optional, user};
use crate::setup::Setup;

/// One of each thing that can change.
fn models() -> Vec<ModelSchema> {
    let shout = Field {
        generated: Some(Generated {
            expression: "upper(title)".into(),
            kept: Kept::Stored,
        }),
        ..optional("shout", FieldType::String)
    };
    let mood = Field::new(
        "mood",
        FieldType::Enum(EnumType {
            name: "Mood".into(),
            variants: vec!["sad".into(), "glad".into()].into(),
            type_name: Some("mood".into()),
        }),
    );
    let mut post = model("Post")
        .with(defaulted(
            "title",
            FieldType::String,
            DefaultValue::Text("new".into()),
        ))
        .with(field("slug", FieldType::String))
        .with(field("rank", FieldType::I32))
        .with(optional("note", FieldType::String))
        .with(field("author", FieldType::I64))
        .with(mood)
        .with(shout)
        .with_index(&["slug"], true);
    post.indexes.to_mut().push(Index {
        name: Some("by_rank".into()),
        members: vec![IndexMember::field("rank")].into(),
        predicate: Some("rank > 0".into()),
        ..Index::over(["rank"])
    });
    post.relations.to_mut().push(Relation {
        on_delete: Action::Cascade,
        ..Relation::new("author", "users", "id")
    });
    post.checks
        .to_mut()
        .push(Check::new("ranked", "rank < 100"));
    vec![user(), post]
}

/// How a change is made.
enum How {
    /// By these statements.
    By(&'static str),
    /// On SQLite: by a table in the place of `posts`, in whose statement one text stands for another.
    Rebuilt(&'static str, &'static str),
}

use How::{By, Rebuilt};

fn make(setup: &Setup, how: &How) -> String {
    match how {
        By(sql) => (*sql).to_owned(),
        Rebuilt(from, to) => {
            let of = |what| format!("SELECT sql FROM sqlite_schema WHERE {what}");
            let made = setup.texts(&of("type = 'table' AND name = 'posts'"));
            let made = made[0].as_deref().unwrap();
            assert!(made.contains(from), "{made}");
            let indexes = "type = 'index' AND tbl_name = 'posts' AND sql IS NOT NULL";
            let indexes: Vec<String> = setup.texts(&of(indexes)).into_iter().flatten().collect();
            let remade = made
                .replace(from, to)
                .replacen("\"posts\"", "\"remade\"", 1);
            format!(
                "{remade}; DROP TABLE posts; ALTER TABLE remade RENAME TO posts; {}",
                indexes.join("; ")
            )
        }
    }
}

/// Makes a change past the models, and starts again.
fn check(setup: &Setup, how: &How) {
    let start = || setup.synchronize(models()).unwrap();
    start();
    assert!(
        !is_noticed(setup, models(), "SELECT 1"),
        "nothing is no change"
    );
    let sql = make(setup, how);
    assert!(is_noticed(setup, models(), &sql), "{sql}");
}

macro_rules! noticed {
    ($setup:ident: $($name:ident => $how:expr,)*) => {
        $(#[test]
        fn $name() {
            check(&Setup::$setup(), &$how);
        })*
    };
}

mod postgres {
    use super::*;

    noticed! { postgres:
        a_new_column => By("ALTER TABLE posts ADD COLUMN extra text"),
        a_dropped_column => By("ALTER TABLE posts DROP COLUMN note"),
        a_renamed_column => By("ALTER TABLE posts RENAME COLUMN note TO remark"),
        another_type => By("ALTER TABLE posts ALTER COLUMN note TYPE varchar(9)"),
        a_wider_type => By("ALTER TABLE posts ALTER COLUMN rank TYPE bigint"),
        another_collation => By("ALTER TABLE posts ALTER COLUMN note TYPE text COLLATE \"C\""),
        a_new_default => By("ALTER TABLE posts ALTER COLUMN note SET DEFAULT 'x'"),
        another_default => By("ALTER TABLE posts ALTER COLUMN title SET DEFAULT 'x'"),
        a_dropped_default => By("ALTER TABLE posts ALTER COLUMN title DROP DEFAULT"),
        not_null_set => By("ALTER TABLE posts ALTER COLUMN note SET NOT NULL"),
        not_null_dropped => By("ALTER TABLE posts ALTER COLUMN slug DROP NOT NULL"),
        a_counter_dropped => By("ALTER TABLE posts ALTER COLUMN id DROP IDENTITY"),
        another_computed_expression => By(
            "ALTER TABLE posts DROP COLUMN shout; \
             ALTER TABLE posts ADD COLUMN shout text GENERATED ALWAYS AS (lower(title)) STORED"),
        a_dropped_computed_expression => By("ALTER TABLE posts ALTER COLUMN shout DROP EXPRESSION"),
        a_new_index => By("CREATE INDEX by_note ON posts (note)"),
        a_dropped_index => By("DROP INDEX by_rank"),
        a_renamed_constraint => By("ALTER TABLE posts RENAME CONSTRAINT ranked TO ranks"),
        an_index_over_other_columns => By(
            "DROP INDEX by_rank; CREATE INDEX by_rank ON posts (note) WHERE rank > 0"),
        an_index_with_another_predicate => By(
            "DROP INDEX by_rank; CREATE INDEX by_rank ON posts (rank) WHERE rank > 1"),
        an_index_without_its_predicate => By(
            "DROP INDEX by_rank; CREATE INDEX by_rank ON posts (rank)"),
        an_index_that_became_unique => By(
            "DROP INDEX by_rank; CREATE UNIQUE INDEX by_rank ON posts (rank) WHERE rank > 0"),
        an_index_that_is_unique_no_longer => By(
            "DROP INDEX posts_slug_key; CREATE INDEX posts_slug_key ON posts (slug)"),
        an_index_in_another_order => By(
            "DROP INDEX by_rank; CREATE INDEX by_rank ON posts (rank DESC) WHERE rank > 0"),
        an_index_of_another_method => By(
            "DROP INDEX by_rank; CREATE INDEX by_rank ON posts USING hash (rank) WHERE rank > 0"),
        a_dropped_foreign_key => By("ALTER TABLE posts DROP CONSTRAINT posts_author_fkey"),
        a_foreign_key_with_another_action => By(
            "ALTER TABLE posts DROP CONSTRAINT posts_author_fkey, ADD CONSTRAINT posts_author_fkey \
             FOREIGN KEY (author) REFERENCES users ON DELETE RESTRICT"),
        a_foreign_key_that_became_deferrable => By(
            "ALTER TABLE posts ALTER CONSTRAINT posts_author_fkey DEFERRABLE INITIALLY DEFERRED"),
        a_foreign_key_to_another_table => By(
            "ALTER TABLE posts DROP CONSTRAINT posts_author_fkey, ADD CONSTRAINT posts_author_fkey \
             FOREIGN KEY (author) REFERENCES posts ON DELETE CASCADE"),
        a_new_check => By("ALTER TABLE posts ADD CHECK (slug <> '')"),
        a_dropped_check => By("ALTER TABLE posts DROP CONSTRAINT ranked"),
        another_check_of_the_same_name => By(
            "ALTER TABLE posts DROP CONSTRAINT ranked, ADD CONSTRAINT ranked CHECK (rank < 9)"),
        a_dropped_key => By("ALTER TABLE posts DROP CONSTRAINT posts_pkey"),
        a_key_over_another_column => By(
            "ALTER TABLE posts DROP CONSTRAINT posts_pkey, ADD CONSTRAINT posts_pkey PRIMARY KEY (slug)"),
        a_renamed_table => By("ALTER TABLE posts RENAME TO articles"),
        a_table_in_another_schema => By("CREATE SCHEMA other; ALTER TABLE posts SET SCHEMA other"),
        a_dropped_table => By("DROP TABLE posts"),
        a_table_made_anew => By(
            "CREATE TABLE remade (LIKE posts INCLUDING ALL); DROP TABLE posts; \
             ALTER TABLE remade RENAME TO posts"),
        a_new_label => By("ALTER TYPE mood ADD VALUE 'so'"),
        a_renamed_label => By("ALTER TYPE mood RENAME VALUE 'sad' TO 'so'"),
        a_renamed_type => By("ALTER TYPE mood RENAME TO spirit"),
        a_type_in_another_schema => By("CREATE SCHEMA other; ALTER TYPE mood SET SCHEMA other"),
        a_text_where_a_type_was => By("ALTER TABLE posts ALTER COLUMN mood TYPE text"),
    }
}

mod sqlite {
    use super::*;

    noticed! { sqlite:
        a_new_column => By("ALTER TABLE posts ADD COLUMN extra text"),
        a_dropped_column => By("ALTER TABLE posts DROP COLUMN note"),
        a_renamed_column => By("ALTER TABLE posts RENAME COLUMN note TO remark"),
        another_type => Rebuilt("\"note\" TEXT", "\"note\" BLOB"),
        another_collation => Rebuilt("\"note\" TEXT", "\"note\" TEXT COLLATE NOCASE"),
        a_new_default => Rebuilt("\"note\" TEXT", "\"note\" TEXT DEFAULT 'x'"),
        another_default => Rebuilt("DEFAULT 'new'", "DEFAULT 'x'"),
        a_dropped_default => Rebuilt("DEFAULT 'new'", ""),
        not_null_set => Rebuilt("\"note\" TEXT", "\"note\" TEXT NOT NULL"),
        not_null_dropped => Rebuilt("\"slug\" TEXT NOT NULL", "\"slug\" TEXT"),
        another_computed_expression => Rebuilt("upper(title)", "lower(title)"),
        a_new_index => By("CREATE INDEX by_note ON posts (note)"),
        a_dropped_index => By("DROP INDEX by_rank"),
        an_index_over_other_columns => By(
            "DROP INDEX by_rank; CREATE INDEX by_rank ON posts (note) WHERE rank > 0"),
        an_index_with_another_predicate => By(
            "DROP INDEX by_rank; CREATE INDEX by_rank ON posts (rank) WHERE rank > 1"),
        an_index_without_its_predicate => By(
            "DROP INDEX by_rank; CREATE INDEX by_rank ON posts (rank)"),
        an_index_that_became_unique => By(
            "DROP INDEX by_rank; CREATE UNIQUE INDEX by_rank ON posts (rank) WHERE rank > 0"),
        an_index_that_is_unique_no_longer => By(
            "DROP INDEX posts_slug_key; CREATE INDEX posts_slug_key ON posts (slug)"),
        a_dropped_foreign_key => Rebuilt(
            "CONSTRAINT \"posts_author_fkey\" FOREIGN KEY (\"author\") REFERENCES \"users\" (\"id\") \
             ON DELETE CASCADE,\n  ", ""),
        a_foreign_key_with_another_action => Rebuilt("ON DELETE CASCADE", "ON DELETE RESTRICT"),
        a_foreign_key_that_became_deferrable => Rebuilt(
            "ON DELETE CASCADE", "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"),
        a_foreign_key_to_another_table => Rebuilt("REFERENCES \"users\"", "REFERENCES \"posts\""),
        a_new_check => Rebuilt("\"note\" TEXT", "\"note\" TEXT CHECK (note <> '')"),
        a_dropped_check => Rebuilt(",\n  CONSTRAINT \"ranked\" CHECK (rank < 100)", ""),
        another_check_of_the_same_name => Rebuilt("rank < 100", "rank < 9"),
        a_renamed_table => By("ALTER TABLE posts RENAME TO articles"),
        a_dropped_table => By("DROP TABLE posts"),
        another_label => Rebuilt("'sad'", "'so'"),
    }
}
