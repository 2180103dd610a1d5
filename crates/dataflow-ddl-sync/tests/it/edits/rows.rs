use dataflow_core::ModelSchema;
use dataflow_core::dialect::{identifier, table_identifier};
use dataflow_core::schema::{Field, FieldType, Relation, TableName};

use super::draft::Draft;
use super::kind;
use crate::setup::Setup;

/// A column that was there and still is.
#[derive(Debug)]
pub(super) struct Survivor {
    table: [TableName; 2],
    column: [String; 2],
    before: Field,
    after: Field,
}

/// By which names a column is read.
#[derive(Clone, Copy)]
pub(super) enum Names {
    Before,
    After,
}

/// Puts three rows into two of three tables; what can be null is so in the first. Then has them point
/// at rows that are there.
pub(super) fn insert(setup: &Setup, draft: &Draft) {
    for (number, table) in draft.tables.iter().enumerate() {
        let rows = if number % 3 == 1 { 0 } else { 3 };
        let points = |field: &&Field| {
            !table
                .model
                .relations
                .iter()
                .any(|it| it.field == field.name)
        };
        let key = &table.model.key;
        let is_made = |field: &Field| key.contains(&field.name) && !key.is_required();
        let fields = table.model.fields.iter();
        let written: Vec<&Field> = fields
            .filter(points)
            .filter(|field| field.generated.is_none() && !is_made(field))
            .collect();
        for row in 0..rows {
            let value = |field: &Field| match field.nullable && row == 0 {
                true => "NULL".to_owned(),
                false => kind::value(field, row, setup.is_postgres()),
            };
            let columns: Vec<String> = written.iter().map(|it| identifier(&it.column)).collect();
            let values: Vec<String> = written.iter().map(|field| value(field)).collect();
            let name = table_identifier(&table.model.table);
            // What a check or an index refuses is not there.
            let _ = setup.try_execute(&match columns.is_empty() {
                true => format!("INSERT INTO {name} DEFAULT VALUES"),
                false => format!(
                    "INSERT INTO {name} ({}) VALUES ({})",
                    columns.join(", "),
                    values.join(", ")
                ),
            });
        }
    }
    for Reference {
        child,
        column,
        parent,
    } in references(draft)
    {
        let _ = setup.try_execute(&format!(
            "UPDATE {child} AS child SET {column} = \
             (SELECT max(id) FROM {parent} AS parent WHERE parent.id <= child.id)"
        ));
    }
}

/// A column that points at the keys of a table, each as it stands in SQL.
struct Reference {
    child: String,
    column: String,
    parent: String,
}

fn references(draft: &Draft) -> Vec<Reference> {
    let models = draft.tables.iter().map(|table| &table.model);
    let of_model = |model: &ModelSchema| {
        let reference = |relation: &Relation| Reference {
            child: table_identifier(&model.table),
            column: identifier(&model.field(&relation.field).unwrap().column),
            parent: table_identifier(&relation.table),
        };
        model.relations.iter().map(reference).collect::<Vec<_>>()
    };
    models.flat_map(of_model).collect()
}

/// How many values point at a row; none points at one that is not there.
pub(super) fn pointing(setup: &Setup, draft: &Draft) -> i64 {
    let count = |reference: Reference| {
        let Reference {
            child,
            column,
            parent,
        } = reference;
        let count = |nowhere: &str| {
            setup.number(&format!(
                "SELECT count(*) FROM {child} AS child WHERE child.{column} IS NOT NULL \
                 AND {nowhere} EXISTS (SELECT 1 FROM {parent} AS parent WHERE parent.id = child.{column})"
            ))
        };
        assert_eq!(count("NOT"), 0, "{child} {column} {parent}");
        count("")
    };
    references(draft).into_iter().map(count).sum()
}

/// The columns of tables that were there and still are.
pub(super) fn survivors(draft: &Draft) -> Vec<Survivor> {
    let mut survivors = Vec::new();
    for table in &draft.tables {
        let Some(found) = &table.found else {
            continue;
        };
        for (field, column) in table.model.fields.iter().zip(&table.columns) {
            if let Some(column) = column {
                survivors.push(Survivor {
                    table: [found.clone(), table.model.table.clone()],
                    column: [column.name.clone(), field.column.to_string()],
                    before: column.field.clone(),
                    after: field.clone(),
                });
            }
        }
    }
    survivors
}

/// The values of each column, as text.
pub(super) fn values(
    setup: &Setup,
    survivors: &[Survivor],
    names: Names,
) -> Vec<Vec<Option<String>>> {
    let values = |survivor: &Survivor| {
        let ([table, _], [column, _]) = match names {
            Names::Before => (&survivor.table, &survivor.column),
            Names::After => (
                &[survivor.table[1].clone(), TableName::default()],
                &[survivor.column[1].clone(), String::new()],
            ),
        };
        setup.texts(&format!(
            "SELECT CAST({} AS text) FROM {} ORDER BY id",
            identifier(column),
            table_identifier(table)
        ))
    };
    survivors.iter().map(values).collect()
}

/// Null may have become the default, a number may show another number of zeros, and what became
/// another kind of value or was approved to become another value is not compared.
pub(super) fn assert_kept(
    before: &[Vec<Option<String>>],
    after: &[Vec<Option<String>>],
    survivors: &[Survivor],
    is_postgres: bool,
) {
    for ((before, after), survivor) in before.iter().zip(after).zip(survivors) {
        assert_eq!(before.len(), after.len(), "{survivor:?}");
        let (before_type, after_type) = (&survivor.before.field_type, &survivor.after.field_type);
        if kind::loses(&survivor.before, &survivor.after, is_postgres)
            || !is_comparable(before_type, after_type)
        {
            continue;
        }
        for (before, after) in before.iter().zip(after) {
            match (before, after) {
                (None, _) if !survivor.after.nullable => {}
                (Some(before), Some(after)) => {
                    assert_eq!(shortest(before), shortest(after), "{survivor:?}");
                }
                _ => assert_eq!(before, after, "{survivor:?}"),
            }
        }
    }
}

fn is_comparable(before: &FieldType, after: &FieldType) -> bool {
    let is_whole =
        |kind: &FieldType| matches!(kind, FieldType::I16 | FieldType::I32 | FieldType::I64);
    let is_written_out = matches!(after, FieldType::String | FieldType::Decimal);
    let is_enum = |kind: &FieldType| matches!(kind, FieldType::Enum(_));
    let is_label = is_enum(before) && (is_enum(after) || *after == FieldType::String);
    let is_wider = (before, after) == (&FieldType::F32, &FieldType::F64);
    let is_number = is_whole(before) && (is_whole(after) || is_written_out);
    before == after || is_label || is_wider || is_number
}

fn shortest(text: &str) -> &str {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    }
}
