//! The comparison of two snapshots.

use super::{Change, Finding, FindingKind, Plan, Requirement, Step};
use crate::dialect::Capability;
use crate::snapshot::{Column, DatabaseSnapshot, ForeignKey, Index, Table};

const GIVE_A_DEFAULT: &str =
    "make the field an Option, or give it a #[model(default = …)] that existing rows can take";
const GIVE_A_CONSTANT_DEFAULT: &str = "make the field an Option: this database adds no column with a computed default to a table \
     with rows";

const POINT_AT_NOTHING: &str = "make the field an Option without a default: this database adds no column that points at another \
     table with a default to a table with rows";

/// What has to change in a database for it to hold what is desired.
///
/// Only what is desired is compared: a table that no model declares is never looked at, and nothing
/// is ever dropped. New tables come first, parents before children; then columns, foreign keys and
/// indexes.
pub fn plan(desired: &DatabaseSnapshot, found: &DatabaseSnapshot, capability: &Capability) -> Plan {
    let mut plan = Plan::default();
    let mut later = Vec::new();
    let exists =
        |name: &str, created: &[&str]| found.table(name).is_some() || created.contains(&name);
    let mut created = Vec::new();
    for table in &desired.tables {
        match found.table(&table.name) {
            Some(existing) => {
                compare_tables(table, existing, capability, &mut plan, &mut later);
            }
            None => {
                created.push(table.name.as_str());
                create_table(table, capability, &mut plan, &mut later, |name| {
                    exists(name, &created)
                });
            }
        }
    }
    plan.steps.extend(later);
    plan
}

/// A foreign key stands in `CREATE TABLE` when the database can resolve it by then, else it is
/// added at the end; indexes are made at the end, when they are cheapest.
fn create_table(
    table: &Table,
    capability: &Capability,
    plan: &mut Plan,
    later: &mut Vec<Step>,
    exists: impl Fn(&str) -> bool,
) {
    let mut created = table.clone();
    created.indexes = Vec::new();
    created.foreign_keys.retain(|foreign_key| {
        capability.forward_foreign_key || exists(&foreign_key.referenced_table)
    });
    let left_over = table
        .foreign_keys
        .iter()
        .filter(|foreign_key| !created.foreign_keys.contains(foreign_key));
    later.extend(left_over.map(|foreign_key| add_foreign_key(table, foreign_key)));
    later.extend(table.indexes.iter().map(|index| create_index(table, index)));
    plan.steps.push(step(Change::CreateTable(created)));
}

fn compare_tables(
    desired: &Table,
    found: &Table,
    capability: &Capability,
    plan: &mut Plan,
    later: &mut Vec<Step>,
) {
    if desired.primary_key != found.primary_key {
        plan.findings.push(Finding {
            table: desired.name.clone(),
            column: None,
            kind: FindingKind::PrimaryKey {
                found: found.primary_key.clone(),
                wanted: desired.primary_key.clone(),
            },
        });
    }
    for column in &desired.columns {
        match found.column(&column.name) {
            Some(existing) => compare_columns(&desired.name, column, existing, plan),
            None => plan.steps.push(add_column(desired, column, capability)),
        }
    }
    find_undeclared_columns(desired, found, plan);
    for foreign_key in &desired.foreign_keys {
        if found
            .foreign_keys
            .iter()
            .any(|existing| same_target(existing, foreign_key))
        {
            continue;
        }
        let comes_with_its_column = found.column(&foreign_key.column).is_none();
        if capability.add_foreign_key {
            later.push(add_foreign_key(desired, foreign_key));
        } else if !comes_with_its_column {
            plan.findings.push(Finding {
                table: desired.name.clone(),
                column: Some(foreign_key.column.clone()),
                kind: FindingKind::MissingForeignKey {
                    referenced_table: foreign_key.referenced_table.clone(),
                },
            });
        }
    }
    compare_indexes(desired, found, plan, later);
}

/// An index that covers something else under the same name is somebody's: it is reported, never
/// replaced.
fn compare_indexes(desired: &Table, found: &Table, plan: &mut Plan, later: &mut Vec<Step>) {
    for index in &desired.indexes {
        if found
            .indexes
            .iter()
            .any(|existing| existing.serves_as(index))
        {
            continue;
        }
        let same_name = |existing: &&Index| existing.name == index.name;
        match found.indexes.iter().find(same_name) {
            Some(existing) => plan.findings.push(Finding {
                table: desired.name.clone(),
                column: None,
                kind: FindingKind::Index {
                    found: Box::new(existing.clone()),
                    wanted: Box::new(index.clone()),
                },
            }),
            None => later.push(create_index(desired, index)),
        }
    }
}

fn compare_columns(table: &str, desired: &Column, found: &Column, plan: &mut Plan) {
    let mut report = |kind| {
        plan.findings.push(Finding {
            table: table.to_owned(),
            column: Some(desired.name.clone()),
            kind,
        });
    };
    if !desired.column_type.eq_ignore_ascii_case(&found.column_type) {
        report(FindingKind::ColumnType {
            found: found.column_type.clone(),
            wanted: desired.column_type.clone(),
        });
        return;
    }
    match (desired.nullable, found.nullable) {
        (true, false) => report(FindingKind::NotNull),
        (false, true) => report(FindingKind::Nullable),
        _ => {}
    }
    if desired.is_serial && !found.is_serial {
        report(FindingKind::NotSerial);
    }
    if desired.default != found.default && !found.is_serial {
        report(FindingKind::Default {
            found: found.default.clone(),
            wanted: desired.default.clone(),
        });
    }
}

fn find_undeclared_columns(desired: &Table, found: &Table, plan: &mut Plan) {
    let undeclared = found
        .columns
        .iter()
        .filter(|column| desired.column(&column.name).is_none());
    plan.findings.extend(undeclared.map(|column| Finding {
        table: desired.name.clone(),
        column: Some(column.name.clone()),
        kind: if column.nullable || column.default.is_some() || column.is_serial {
            FindingKind::UndeclaredColumn
        } else {
            FindingKind::UndeclaredRequiredColumn
        },
    }));
}

fn add_column(table: &Table, column: &Column, capability: &Capability) -> Step {
    let foreign_key = table
        .foreign_keys
        .iter()
        .find(|foreign_key| foreign_key.column == column.name)
        .filter(|_| !capability.add_foreign_key);
    let has_safe_default = match column.default {
        None => column.nullable,
        Some(_) if foreign_key.is_some() => false,
        Some(_) => column.has_constant_default() || capability.add_computed_default,
    };
    let requires = match column.default {
        _ if has_safe_default => Requirement::Nothing,
        None => Requirement::EmptyTable {
            remedy: GIVE_A_DEFAULT,
        },
        Some(_) if foreign_key.is_some() => Requirement::EmptyTable {
            remedy: POINT_AT_NOTHING,
        },
        Some(_) => Requirement::EmptyTable {
            remedy: GIVE_A_CONSTANT_DEFAULT,
        },
    };
    Step {
        change: Change::AddColumn {
            table: table.name.clone(),
            column: column.clone(),
            foreign_key: foreign_key.cloned(),
        },
        requires,
    }
}

fn add_foreign_key(table: &Table, foreign_key: &ForeignKey) -> Step {
    step(Change::AddForeignKey {
        table: table.name.clone(),
        foreign_key: foreign_key.clone(),
    })
}

fn create_index(table: &Table, index: &Index) -> Step {
    step(Change::CreateIndex {
        table: table.name.clone(),
        index: index.clone(),
    })
}

fn step(change: Change) -> Step {
    Step {
        change,
        requires: Requirement::Nothing,
    }
}

/// Whether a foreign key points from and to the same columns, whatever it is called.
fn same_target(found: &ForeignKey, desired: &ForeignKey) -> bool {
    found.column == desired.column
        && found.referenced_table == desired.referenced_table
        && found.referenced_column == desired.referenced_column
}
