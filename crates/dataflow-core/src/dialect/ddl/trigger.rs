//! The triggers that write down what is done to rows.
//!
//! PostgreSQL runs one for each statement, over all of its rows at once: ten thousand rows cost one
//! `INSERT … SELECT` more. SQLite knows only those that run for each row.

use crate::dialect::{identifier, literal, table_identifier, within};
use crate::feed::{CHANGES_TABLE, GAP};
use crate::schema::{Field, FieldType, ModelSchema, TableName};
use crate::snapshot::{Trigger, constraint_name};

/// How the names of these triggers begin, and those of their functions.
pub const PREFIX: &str = "dataflow_";

/// Whose changes are written down, and what tells of them.
pub(in crate::dialect) struct Rows<'m> {
    table: &'m TableName,
    /// What tells them apart.
    key: Vec<&'m Field>,
    /// When one was deleted, where they stay then.
    deleted: Option<&'m Field>,
    /// Whose one is, where they belong to somebody.
    tenant: Option<&'m Field>,
}

impl<'m> Rows<'m> {
    pub(in crate::dialect) fn of(model: &'m ModelSchema) -> Self {
        let field = |position: usize| &model.fields[position];
        Self {
            table: &model.table,
            key: model.key_fields().collect(),
            deleted: model.deleted().map(field),
            tenant: model.tenant().map(field),
        }
    }

    /// The beginning of a statement that writes entries down.
    fn insert(&self) -> String {
        let tenant = if self.tenant.is_some() {
            ", tenant"
        } else {
            ""
        };
        format!("INSERT INTO {CHANGES_TABLE} (table_name, verb, row_key, former_key{tenant})")
    }

    /// The last of their values: whose a row is.
    fn tenant_of(&self, row: &str) -> String {
        let tenant = self.tenant.map(|tenant| column(row, tenant));
        tenant.map_or_else(String::new, |tenant| format!(", CAST({tenant} AS text)"))
    }
}

pub(in crate::dialect) fn sqlite(rows: &Rows<'_>) -> Vec<Trigger> {
    let Rows {
        table,
        key,
        deleted,
        ..
    } = rows;
    let trigger = |event: &str, row: &str, values: &str| {
        let name = name(table, event);
        let body = format!(
            "CREATE TRIGGER {} AFTER {} ON {} BEGIN {} VALUES ({values}{}); END",
            identifier(&name),
            event.to_uppercase(),
            table_identifier(table),
            rows.insert(),
            rows.tenant_of(row)
        );
        Trigger {
            name,
            statements: vec![body.clone()],
            body,
            function: None,
        }
    };
    let of = |row: &str| {
        let columns = key.iter().map(|field| column(row, field));
        format!("json_array({})", columns.collect::<Vec<_>>().join(", "))
    };
    let (old, new, table) = (of("OLD"), of("NEW"), literal(&table.to_string()));
    in_order_of_names([
        trigger("delete", "OLD", &format!("{table}, 'delete', {old}, NULL")),
        trigger("insert", "NEW", &format!("{table}, 'create', {new}, NULL")),
        trigger(
            "update",
            "NEW",
            &format!(
                "{table}, {}, {new}, CASE WHEN {} THEN {old} END",
                verb_of_update("OLD", "NEW", *deleted),
                differs(key, "IS NOT")
            ),
        ),
    ])
}

/// A row whose key changed is written down by a trigger of its own, which alone knows both keys:
/// the rows before and after a statement come without a word on which belongs to which.
///
/// The functions do as their owner, so that who may write to a table need not be let into the
/// outbox, and look for it where it was when they were made. A plan made for one row is kept for
/// statements of many: without nested loops it is as good for those.
pub(in crate::dialect) fn postgres(rows: &Rows<'_>) -> Vec<Trigger> {
    let Rows {
        table,
        key,
        deleted,
        ..
    } = rows;
    let trigger = |word: &str, event: String, select: String| {
        let name = name(table, word);
        let insert = rows.insert();
        let body = format!("\nBEGIN\n  {insert} {select};\n  RETURN NULL;\nEND\n");
        let (quoted, function) = (identifier(&name), within(table, &name));
        let code = dollar_quoted(&body);
        let statements = vec![
            format!(
                "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql \
                 SECURITY DEFINER SET search_path FROM CURRENT SET enable_nestloop = off \
                 AS {code}"
            ),
            format!("CREATE TRIGGER {quoted} {event} EXECUTE FUNCTION {function}()"),
        ];
        Trigger {
            name,
            body,
            function: Some(function),
            statements,
        }
    };
    let quoted = table_identifier(table);
    let of = |row: &str| {
        let columns = key.iter().map(|field| match field.field_type {
            // A number in JSON would lose digits on its way.
            FieldType::Decimal => format!("{}::text", column(row, field)),
            _ => column(row, field),
        });
        let columns: Vec<String> = columns.collect();
        format!("jsonb_build_array({})", columns.join(", "))
    };
    let is_same: Vec<String> = key
        .iter()
        .map(|field| {
            format!(
                "{} = {}",
                column("old_rows", field),
                column("new_rows", field)
            )
        })
        .collect();
    let is_same = is_same.join(" AND ");
    let name_of_table = literal(&table.to_string());
    let select = |verb: &str, row: &str| {
        let (key, tenant) = (of(row), rows.tenant_of(row));
        format!("SELECT {name_of_table}, {verb}, {key}, NULL{tenant} FROM")
    };
    let updated = match *deleted {
        // Which rows there were before is all that matters.
        None => format!(
            "{} new_rows WHERE EXISTS (SELECT FROM old_rows WHERE {is_same})",
            select("'update'", "new_rows")
        ),
        Some(_) => {
            let verb = verb_of_update("old_rows", "new_rows", *deleted);
            let select = select(&verb, "new_rows");
            format!("{select} new_rows JOIN old_rows ON {is_same}")
        }
    };
    in_order_of_names([
        trigger(
            "delete",
            format!(
                "AFTER DELETE ON {quoted} REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT"
            ),
            select("'delete'", "old_rows") + " old_rows",
        ),
        trigger(
            "insert",
            format!(
                "AFTER INSERT ON {quoted} REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT"
            ),
            select("'create'", "new_rows") + " new_rows",
        ),
        trigger(
            "key",
            format!(
                "AFTER UPDATE ON {quoted} FOR EACH ROW WHEN ({})",
                differs(key, "IS DISTINCT FROM")
            ),
            format!(
                "VALUES ({name_of_table}, {}, {}, {}{})",
                verb_of_update("OLD", "NEW", *deleted),
                of("NEW"),
                of("OLD"),
                rows.tenant_of("NEW")
            ),
        ),
        trigger(
            "truncate",
            format!("BEFORE TRUNCATE ON {quoted} FOR EACH STATEMENT"),
            format!("{} {quoted} AS old_rows", select("'delete'", "old_rows")),
        ),
        trigger(
            "update",
            format!(
                "AFTER UPDATE ON {quoted} \
                 REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT"
            ),
            updated,
        ),
    ])
}

/// What an update is told as. Where rows stay when they are deleted, their end is one as well, and
/// who gives them back makes them anew: nobody who hears of it sees them in between.
fn verb_of_update(old: &str, new: &str, deleted: Option<&Field>) -> String {
    let Some(deleted) = deleted else {
        return "'update'".to_owned();
    };
    let (old, new) = (column(old, deleted), column(new, deleted));
    format!(
        "CASE WHEN ({old} IS NULL) = ({new} IS NULL) THEN 'update' \
         WHEN {new} IS NULL THEN 'create' ELSE 'delete' END"
    )
}

/// The statement that removes what a trigger called. A table that goes takes its triggers along, and
/// leaves that behind.
pub(in crate::dialect) fn drop_function(function: &str) -> String {
    format!("DROP FUNCTION IF EXISTS {function}()")
}

/// The statement that marks where changes of a table begin to be written down: what was before is
/// not known.
pub(super) fn mark_gap(table: &TableName) -> String {
    format!(
        "INSERT INTO {CHANGES_TABLE} (table_name, verb, row_key, former_key) \
         VALUES ({}, '{GAP}', '[]', NULL)",
        literal(&table.to_string())
    )
}

/// As the catalogue gives them.
fn in_order_of_names<const COUNT: usize>(triggers: [Trigger; COUNT]) -> Vec<Trigger> {
    let mut triggers = Vec::from(triggers);
    triggers.sort_unstable_by(|left, right| left.name.cmp(&right.name));
    triggers
}

fn name(table: &TableName, event: &str) -> String {
    constraint_name(&format!("{PREFIX}{}", table.name), &[], event)
}

fn column(row: &str, field: &Field) -> String {
    format!("{row}.{}", identifier(&field.column))
}

fn differs(key: &[&Field], operator: &str) -> String {
    let columns = key.iter().map(|field| {
        format!(
            "{} {operator} {}",
            column("OLD", field),
            column("NEW", field)
        )
    });
    columns.collect::<Vec<_>>().join(" OR ")
}

/// A body between marks that do not stand in it.
fn dollar_quoted(body: &str) -> String {
    let mut tag = "change".to_owned();
    while body.contains(&tag) {
        tag.push('_');
    }
    format!("${tag}${body}${tag}$")
}
