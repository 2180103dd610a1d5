//! What only a person knows: that a new name stands for an old one, and what may go.

use crate::schema::{List, ModelSchema, SchemaSet, TableName, Text};

/// What was said about the way from the tables that are to those that are to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hints {
    /// What was said about single tables.
    pub tables: Vec<TableHints>,
    /// Tables that are no longer needed.
    pub dropped_tables: Vec<TableName>,
}

/// What was said about one table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableHints {
    /// The table, as it is to be called.
    pub table: TableName,
    /// As it was called.
    pub renamed_from: Option<TableName>,
    /// The columns that had another name.
    pub renamed_columns: Vec<Rename>,
    /// Columns that are no longer needed.
    pub dropped_columns: Vec<String>,
    /// Indexes that are no longer needed, or that are to be made anew as they are declared now.
    pub dropped_indexes: Vec<String>,
    /// Constraints that are no longer needed.
    pub dropped_constraints: Vec<String>,
    /// Columns that nobody declared in the version before either, so that no new column can be one
    /// of them under another name.
    pub known_columns: Vec<String>,
    /// Columns that some version before declared a default of. That of another column is somebody
    /// else's, and stays.
    pub declared_defaults: Vec<String>,
}

/// Another name for a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// As it was called.
    pub from: String,
    /// As it is to be called.
    pub to: String,
}

impl Hints {
    /// What was said about a table, by the name that it is to have.
    pub fn of_table(&self, table: &TableName) -> Option<&TableHints> {
        self.tables.iter().find(|hints| hints.table == *table)
    }

    /// What was said about a table, to say more.
    pub(crate) fn entry(&mut self, table: &TableName) -> &mut TableHints {
        let is_it = |hints: &TableHints| hints.table == *table;
        let position = self.tables.iter().position(is_it).unwrap_or_else(|| {
            self.tables.push(TableHints {
                table: table.clone(),
                ..TableHints::default()
            });
            self.tables.len() - 1
        });
        &mut self.tables[position]
    }

    /// What the models of a set say.
    pub fn of(schema_set: &SchemaSet) -> Self {
        let said = schema_set
            .models()
            .filter(|model| !model.evolution.is_none());
        Self {
            tables: said.map(TableHints::of).collect(),
            dropped_tables: schema_set.dropped_tables().cloned().collect(),
        }
    }
}

impl TableHints {
    fn of(model: &ModelSchema) -> Self {
        let evolution = &model.evolution;
        let names = |list: &List<Text>| list.iter().map(ToString::to_string).collect();
        let renamed = evolution.renamed_fields.iter().filter_map(|renamed| {
            let field = model.field(&renamed.field)?;
            Some(Rename {
                from: renamed.from.to_string(),
                to: field.column.to_string(),
            })
        });
        Self {
            table: model.table.clone(),
            renamed_from: evolution.former_table(&model.table),
            renamed_columns: renamed.collect(),
            dropped_columns: names(&evolution.dropped_columns),
            dropped_indexes: names(&evolution.dropped_indexes),
            dropped_constraints: names(&evolution.dropped_constraints),
            known_columns: Vec::new(),
            declared_defaults: Vec::new(),
        }
    }
}
