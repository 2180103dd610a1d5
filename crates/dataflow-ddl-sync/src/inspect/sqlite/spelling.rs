//! The one spelling of what models declare, for a comparison with what was read.

use dataflow_core::dialect::tell_narrowing;
use dataflow_core::dialect::token::canonical;
use dataflow_core::snapshot::{Column, DatabaseSnapshot, Index, IndexKey, Table};

use super::written::USUAL_COLLATION;

/// The desired tables, those that exist with their expressions in the spelling in which they are
/// read.
pub(crate) fn spelled(desired: &DatabaseSnapshot, found: &DatabaseSnapshot) -> DatabaseSnapshot {
    let mut spelled = desired.clone();
    for table in &mut spelled.tables {
        if found.table(&table.name).is_some() {
            spell(table);
        }
    }
    spelled
}

/// A default that is computed is an expression; one that is not keeps the form of its literal.
pub(super) fn spell_default(column: &mut Column) {
    if !column.has_constant_default() {
        column.default = column.default.as_deref().map(canonical);
    }
}

fn spell(table: &mut Table) {
    for column in &mut table.columns {
        spell_default(column);
        column.collation = column
            .collation
            .take()
            .map(|collation| collation.to_ascii_uppercase())
            .filter(|collation| collation != USUAL_COLLATION);
        if let Some(generated) = &mut column.generated {
            generated.expression = canonical(&generated.expression);
        }
        if let Some(guard) = &mut column.guard {
            guard.condition = canonical(&guard.condition);
        }
    }
    for check in &mut table.checks {
        check.expression = canonical(&check.expression);
    }
    table.indexes.iter_mut().for_each(spell_index);
    tell_narrowing(table);
}

fn spell_index(index: &mut Index) {
    index.predicate = index.predicate.as_deref().map(canonical);
    for member in &mut index.members {
        if let IndexKey::Expression(expression) = &mut member.key {
            *expression = canonical(expression);
        }
    }
}
