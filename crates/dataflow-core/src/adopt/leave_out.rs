//! What is left out of a model, with what is about it.

use super::Unsaid;
use super::draft::{Draft, cannot_be_written};
use super::index::is_about;
use super::relation;
use crate::dialect::mentions;
use crate::plan::Change;
use crate::schema::TableName;

/// Leaves a table out.
pub(super) fn table(
    table: &TableName,
    why: String,
    drafts: &mut Vec<Draft>,
    unsaid: &mut Vec<Unsaid>,
) {
    drafts.retain(|draft| draft.found.name != *table);
    unsaid.retain(|unsaid| !unsaid.concerns(table));
    unsaid.push(Unsaid::table(table, why));
}

/// Leaves out what would be changed, or all of the table where that cannot be told.
pub(super) fn change(change: &Change, drafts: &mut Vec<Draft>, unsaid: &mut Vec<Unsaid>) {
    if let Change::RebuildTable { changes, .. } = change {
        for change in changes {
            self::change(change, drafts, unsaid);
        }
        return;
    }
    let table = change.table().clone();
    let Some(draft) = drafts.iter_mut().find(|draft| draft.found.name == table) else {
        return;
    };
    let why = format!("a model would {change}");
    let is_left_out = match change {
        Change::CreateIndex { index, .. } => draft.leave_out_index(&index.name),
        Change::AddCheck { check, .. } | Change::ReplaceCheck { check, .. }
            if draft.say_as_check(&check.name) =>
        {
            return;
        }
        Change::DropConstraint { constraint, .. } if draft.say_as_check(constraint) => return,
        Change::AddCheck { check, .. } | Change::ReplaceCheck { check, .. } => {
            draft.leave_out_check(&check.name)
        }
        Change::AddForeignKey { foreign_key, .. }
        | Change::ReplaceForeignKey { foreign_key, .. } => {
            draft.leave_out_relation(&foreign_key.column)
        }
        Change::SetComment { column, .. } => draft.leave_out_comment(column.as_deref()),
        Change::SetType { column, .. }
        | Change::SetLimit { column, .. }
        | Change::SetGuard { column, .. }
        | Change::SetCollation { column, .. }
        | Change::SetGenerated { column, .. }
        | Change::SetNotNull { column, .. }
        | Change::SetDefault { column, .. } => {
            return self::column(&table, &column.name, &why, drafts, unsaid);
        }
        Change::DropNotNull { column, .. } => {
            return self::column(&table, column, &why, drafts, unsaid);
        }
        _ => false,
    };
    match is_left_out {
        true => unsaid.push(Unsaid::part(&table, why)),
        false => self::table(&table, why, drafts, unsaid),
    }
}

fn column(
    table: &TableName,
    column: &str,
    why: &str,
    drafts: &mut Vec<Draft>,
    unsaid: &mut Vec<Unsaid>,
) {
    let why = format!("would not stay as it is, as {why}");
    let draft = drafts.iter_mut().find(|draft| draft.found.name == *table);
    let Some(draft) = draft else { return };
    let field = draft.field_of(column);
    let is_key = field.is_some_and(|field| draft.model.key.contains(&field.name));
    let found = draft.found.column(column);
    let is_needed = found.is_none_or(|column| !column.is_left_out_by_writers());
    match is_key || is_needed {
        true => self::table(table, cannot_be_written(column, &why), drafts, unsaid),
        false => draft.leave_out_column(column, why, unsaid),
    }
}

impl Draft<'_> {
    /// Leaves a column out that is no part of the key and that rows can be written without, with
    /// what is about it.
    pub(super) fn leave_out_column(&mut self, column: &str, why: String, unsaid: &mut Vec<Unsaid>) {
        unsaid.push(Unsaid::column(&self.found.name, column, why));
        let name = self.field_of(column).map(|field| field.name.to_string());
        let name = name.unwrap_or_default();
        let table = self.found;
        let model = &mut self.model;
        model.fields.to_mut().retain(|field| field.column != column);
        model.indexes.to_mut().retain(|index| {
            let is_kept = !is_about(index, &name, column);
            if let Some(index) = index.name.as_ref().filter(|_| !is_kept) {
                let what = format!("index {index:?} speaks of column {column:?}");
                unsaid.push(Unsaid::part(&table.name, what));
            }
            is_kept
        });
        model.relations.to_mut().retain(|relation| {
            let is_kept = relation.field != name;
            if !is_kept {
                let why = "the column has no field";
                unsaid.push(relation::unsaid(table, column, &relation.table, why));
            }
            is_kept
        });
        model.checks.to_mut().retain(|check| {
            let is_kept = !mentions(&check.expression, column);
            if !is_kept {
                let name = check.name.as_deref().unwrap_or_default();
                let what = format!("check {name:?} speaks of column {column:?}");
                unsaid.push(Unsaid::part(&table.name, what));
            }
            is_kept
        });
        let computed = self.model.fields.iter().filter(|field| {
            let generated = field.generated.as_ref();
            generated.is_some_and(|generated| mentions(&generated.expression, column))
        });
        let computed: Vec<String> = computed.map(|field| field.column.to_string()).collect();
        for other in computed {
            self.leave_out_column(&other, format!("is computed of column {column:?}"), unsaid);
        }
    }

    pub(super) fn leave_out_index(&mut self, name: &str) -> bool {
        let count = self.model.indexes.len();
        let indexes = self.model.indexes.to_mut();
        indexes.retain(|declared| declared.name.as_deref() != Some(name));
        count != indexes.len()
    }

    fn leave_out_check(&mut self, name: &str) -> bool {
        let count = self.model.checks.len();
        let checks = self.model.checks.to_mut();
        checks.retain(|declared| declared.name.as_deref() != Some(name));
        count != checks.len()
    }

    fn leave_out_relation(&mut self, column: &str) -> bool {
        let Some(field) = self.field_of(column).map(|field| field.name.clone()) else {
            return false;
        };
        let count = self.model.relations.len();
        let relations = self.model.relations.to_mut();
        relations.retain(|relation| relation.field != field);
        count != relations.len()
    }

    fn leave_out_comment(&mut self, column: Option<&str>) -> bool {
        let comment = match column {
            None => Some(&mut self.model.comment),
            Some(column) => {
                let mut fields = self.model.fields.to_mut().iter_mut();
                let field = fields.find(|field| field.column == column);
                field.map(|field| &mut field.comment)
            }
        };
        comment.is_some_and(|comment| comment.take().is_some())
    }
}
