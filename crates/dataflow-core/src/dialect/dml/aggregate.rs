//! What many rows come to.

use super::draft::Draft;
use super::page::{Page, where_all};
use super::{Statement, View};
use crate::dialect::{Dialect, identifier, table_identifier};
use crate::error::{Error, Kind, Result};
use crate::query::{Aggregate, Filter, Function, Groups, Listing, measure_column};
use crate::schema::FieldType;

/// What the rows that a filter lets through come to. Parameters: the values of the filter. Gives
/// one row with a column for each aggregate.
///
/// # Errors
///
/// [`Kind::Unsupported`] for a test or an aggregate that this database cannot make.
pub fn aggregate<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    filter: &'a Filter,
    aggregates: &[Aggregate],
) -> Result<Statement> {
    let mut draft = Draft::new(view, dialect, "SELECT ");
    draft.database_can_measure(aggregates)?;
    let given: Vec<String> = (0..aggregates.len())
        .map(|measure| draft.measured(aggregates, measure))
        .collect();
    let measures = draft.measures(aggregates).unwrap_or_else(|| "1".to_owned());
    let table = &draft.model.table;
    draft.sql.push_str(&given.join(", "));
    draft.sql.push_str(&format!(
        " FROM (SELECT {measures} FROM {}",
        table_identifier(table)
    ));
    draft.where_filter(filter)?;
    draft
        .sql
        .push_str(&format!(") AS {}", identifier(&table.name)));
    Ok(draft.finish())
}

/// A page of the groups of rows that a filter lets through, of those that `having` does. Parameters:
/// the values of the filter, those of `having`, then as for [`list`](super::list). Gives the fields
/// of [`Groups::rows`], which the listing and `having` are about.
///
/// # Errors
///
/// As [`aggregate`] and [`list`](super::list).
pub fn groups<'a>(
    view: impl Into<View<'a>>,
    dialect: &'a dyn Dialect,
    filter: &'a Filter,
    groups: &'a Groups,
    having: &'a Filter,
    listing: &Listing,
) -> Result<Statement> {
    let mut draft = Draft::new(view, dialect, "SELECT ");
    draft.database_can_measure(groups.aggregates())?;
    let conditions = draft.conditions(filter)?;
    let source = draft.grouped(groups, &conditions);
    draft.model = groups.rows();
    draft.database_can_sort(listing.order())?;
    let conditions = draft.conditions(having)?;
    let page = Page::write(&mut draft, source, listing, conditions);
    let row = draft.row();
    draft.sql.push_str(&row);
    draft.sql.push_str(&page);
    Ok(draft.finish())
}

impl Draft<'_> {
    /// The groups of rows that conditions hold for, under the name of their table.
    fn grouped(&self, groups: &Groups, conditions: &[String]) -> String {
        let mut fields = groups.fields().to_owned();
        fields.sort_unstable();
        fields.dedup();
        let columns = self.columns(&fields);
        let measures = self.measures(groups.aggregates());
        let measures = measures.map_or_else(String::new, |measures| format!(", {measures}"));
        let table = &self.model.table;
        format!(
            "(SELECT {columns}{measures} FROM {}{} GROUP BY {columns}) AS {}",
            table_identifier(table),
            where_all(conditions),
            identifier(&table.name)
        )
    }

    /// The expressions of aggregates, each under the name that [`measured`](Self::measured) reads;
    /// nothing for none.
    pub(super) fn measures(&self, aggregates: &[Aggregate]) -> Option<String> {
        let measures = aggregates.iter().enumerate().map(|(measure, aggregate)| {
            let expression = self.expression(*aggregate);
            format!("{expression} AS {}", name(measure))
        });
        let measures: Vec<String> = measures.collect();
        (!measures.is_empty()).then(|| measures.join(", "))
    }

    /// An aggregate in the form that `RowSource` takes.
    pub(super) fn measured(&self, aggregates: &[Aggregate], measure: usize) -> String {
        let value = name(measure);
        match aggregates[measure].field_type(self.model) {
            Some(field_type) => self.dialect.readable(&value, &field_type),
            None => value,
        }
    }

    /// An aggregate of the type that it says. A sum of integers is wider than they are.
    fn expression(&self, aggregate: Aggregate) -> String {
        let Aggregate::Of(function, field) = aggregate else {
            return "count(*)".to_owned();
        };
        let column = self.column(field);
        let expression = match function {
            Function::CountDistinct => {
                let field_type = &self.model.fields[field].field_type;
                let comparable = self.dialect.comparable(&column, field_type);
                return format!("count(DISTINCT {comparable})");
            }
            Function::Sum => format!("sum({column})"),
            Function::Avg => format!("avg({column})"),
            Function::Min => format!("min({column})"),
            Function::Max => format!("max({column})"),
        };
        match aggregate.field_type(self.model) {
            Some(field_type) => self.dialect.cast(&expression, &field_type),
            None => expression,
        }
    }

    pub(super) fn database_can_measure(&self, aggregates: &[Aggregate]) -> Result<()> {
        let orders_decimals = self.dialect.capability().orders_decimals;
        let refused = aggregates.iter().find(|aggregate| {
            let Aggregate::Of(function, field) = aggregate else {
                return false;
            };
            let is_decimal = self.model.fields[*field].field_type == FieldType::Decimal;
            let is_unknown = aggregate.field_type(self.model).is_none();
            is_unknown || is_decimal && !orders_decimals && *function != Function::CountDistinct
        });
        let Some(aggregate) = refused else {
            return Ok(());
        };
        let (model, name) = (&self.model.name, aggregate.name(self.model));
        let dialect = self.dialect.name();
        let message = format!("model {model:?}: {name} cannot be asked for on {dialect}");
        Err(Error::new(Kind::Unsupported, message).with_help("ask for another field"))
    }
}

/// The name of an aggregate inside the statement.
fn name(measure: usize) -> String {
    identifier(&measure_column(measure))
}
