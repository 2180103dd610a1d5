//! The operations that read many rows.

use std::sync::Arc;

use dataflow_core::dialect::Dialect;
use dataflow_core::error::Kind;
use dataflow_core::node::ModelVerb;
use dataflow_core::query::{
    Aggregate, By, Filter, Groups, IfLocked, Inclusion, Link, Listing, Order, Start, cursor_of,
    starting_after,
};
use dataflow_core::schema::{FieldType, TableName};
use dataflow_core::{Error, ModelSchema, Result, Value};

use super::Table;
use super::related::{Loaded, ordinals_of};
use crate::collect::{Integer, Keyed, StoredRow, StoredRows};
use crate::pool::{Rows, Statement};

/// Which rows a list gives, in which order, and what of them.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    pub(crate) filter: Filter,
    pub(crate) order: Vec<Order>,
    /// What is given of a row; none for all fields.
    pub(crate) fields: Option<Vec<By>>,
    /// Whether rows that are alike in these are given once.
    pub(crate) is_distinct: bool,
    /// What the rows that are alike in these fields come to; without fields, all rows.
    pub(crate) aggregates: Vec<Aggregate>,
    /// The groups that are given in the place of rows; the order is theirs then.
    pub(crate) groups: Option<GroupsOf>,
    pub(crate) from: Beginning,
    /// The most rows.
    pub(crate) limit: usize,
    /// Whether the rows are kept from others until the transaction ends, and what becomes of those
    /// that others keep.
    pub(crate) locked: Option<IfLocked>,
}

/// Groups, and which of them are given.
#[derive(Debug, Clone)]
pub(crate) struct GroupsOf {
    /// What the rows are alike in, and what they come to: what is given of it, and what the order
    /// and the condition name beside that.
    pub(crate) groups: Groups,
    /// The condition on what they come to.
    pub(crate) having: Filter,
}

/// Where a list begins.
#[derive(Debug, Clone)]
pub(crate) enum Beginning {
    /// At the first row.
    FirstRow,
    /// After so many rows.
    Offset(usize),
    /// After the row of a cursor.
    Cursor(String),
}

impl Selection {
    /// So many of the rows that a filter lets through, whole and in the order of their keys.
    pub(crate) fn of(filter: Filter, limit: usize) -> Self {
        Self {
            filter,
            order: Vec::new(),
            fields: None,
            is_distinct: false,
            aggregates: Vec::new(),
            groups: None,
            from: Beginning::FirstRow,
            limit,
            locked: None,
        }
    }

    /// Sees that the rows can be kept from others: each is a row of the table, and stands in one range
    /// of it.
    fn can_be_locked(&self) -> Result<()> {
        let is_of_one_row =
            !self.is_distinct && self.aggregates.is_empty() && self.groups.is_none();
        let is_of_one_table = |order: &Order| !matches!(order.by, By::Related(..));
        let what = match &self.from {
            _ if !is_of_one_row => "rows that stand for others",
            _ if !self.order.iter().all(is_of_one_table) => "rows in the order of others",
            Beginning::Cursor(_) => "rows after a cursor",
            Beginning::FirstRow | Beginning::Offset(_) => return Ok(()),
        };
        let message = format!("{what} cannot be read for update");
        Err(Error::new(Kind::Unsupported, message)
            .with_help("choose plain rows by a filter, an order of their own and a limit"))
    }

    /// The names and types of what a row is made of; none for all fields of the model.
    pub(crate) fn columns(&self, model: &ModelSchema) -> Option<Vec<(String, FieldType)>> {
        if self.fields.is_none() && self.aggregates.is_empty() {
            return None;
        }
        let fields = self.fields.iter().flatten();
        let fields = fields.map(|by| (by.given_as(model).to_owned(), by.field_type(model).clone()));
        let aggregates = self
            .aggregates
            .iter()
            .filter_map(|aggregate| Some((aggregate.name(model), aggregate.field_type(model)?)));
        Some(fields.chain(aggregates).collect())
    }

    /// The model of what is listed: rows, or groups of them.
    fn model<'m>(&'m self, model: &'m Arc<ModelSchema>) -> &'m Arc<ModelSchema> {
        let groups = self.groups.as_ref();
        groups.map_or(model, |of| of.groups.rows())
    }

    /// How its rows are listed, and the values that say where: those to begin after, and the offset.
    fn listing(&self, model: &ModelSchema) -> Result<(Listing, Vec<Value>, Option<Value>)> {
        let order = &self.order;
        let listing = match &self.fields {
            _ if self.groups.is_some() => Listing::of_rows(model, order),
            Some(fields) if self.is_distinct => {
                sorts_by_own_fields(model, order)?;
                let fields = own_fields(model, fields, "rows are told apart")?;
                Listing::of_distinct(model, order, fields)
            }
            Some(fields) => Listing::of_fields(model, order, fields.clone()),
            // Rows differ in their keys.
            None => Listing::of_rows(model, order),
        };
        Ok(match &self.from {
            Beginning::FirstRow => (listing, Vec::new(), None),
            Beginning::Offset(rows) => {
                let offset = Value::Integer(i64::try_from(*rows).unwrap_or(i64::MAX));
                (listing.starting(Start::Offset), Vec::new(), Some(offset))
            }
            Beginning::Cursor(cursor) => {
                let (listing, after) = starting_after(model, listing, cursor)?;
                (listing, after, None)
            }
        })
    }

    /// The values of its statement, in their order.
    fn into_values(
        self,
        dialect: &dyn Dialect,
        listing: &Listing,
        after: Vec<Value>,
        offset: Option<Value>,
    ) -> Vec<Value> {
        // One row more than wanted tells whether another page follows, and would be kept from others.
        let more = i64::from(self.locked.is_none());
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX);
        let limit = Value::Integer(limit.saturating_add(more));
        let mut values = self.filter.into_values(dialect);
        values.extend(
            self.groups
                .into_iter()
                .flat_map(|of| of.having.into_values(dialect)),
        );
        values.extend(listing.paths(dialect));
        values.extend(after);
        values.push(limit);
        values.extend(offset);
        values
    }
}

/// The fields that are named where only fields can be, for what is done by them.
pub(crate) fn own_fields(model: &ModelSchema, named: &[By], what: &str) -> Result<Vec<usize>> {
    let own = |by: &By| {
        by.as_own().ok_or_else(|| {
            let name = by.name(model);
            let message = format!("{what} by fields, and {name:?} is none");
            Error::new(Kind::Malformed, message).with_help("name the field alone")
        })
    };
    named.iter().map(own).collect()
}

/// What stands for several rows is sorted by what these are alike in, which is no field of another
/// row.
fn sorts_by_own_fields(model: &ModelSchema, order: &[Order]) -> Result<()> {
    let is_other = |order: &&Order| order.by.as_own().is_none();
    let Some(other) = order.iter().find(is_other) else {
        return Ok(());
    };
    let name = other.by.name(model);
    let message = format!("distinct rows cannot be sorted by {name:?}, in which they may differ");
    Err(Error::new(Kind::Malformed, message).with_help("ask for rows that are not distinct"))
}

/// A list that can be read.
struct Listed {
    /// The model of what is listed.
    model: Arc<ModelSchema>,
    listing: Listing,
    statement: Arc<Statement>,
    values: Vec<Value>,
    columns: Arc<[FieldType]>,
    /// The other tables that are read.
    others: Vec<TableName>,
    limit: usize,
    locked: Option<IfLocked>,
}

impl Table {
    /// The row of a key.
    pub(crate) fn of_key(&self, key: Vec<Value>) -> Result<Filter> {
        let model = self.model();
        let mut fields = model.key_fields().zip(key);
        fields.try_fold(Filter::all(), |filter, (field, value)| {
            filter.and_equal(model, &field.name, value)
        })
    }

    /// Rows, and the cursor after the last where more follow.
    pub(crate) async fn list<C: Rows>(
        &self,
        selection: Selection,
        rows: C,
    ) -> Result<(C::Output, Option<String>)> {
        self.measured(ModelVerb::List, async || {
            let model = self.model();
            selection.filter.check_model(model)?;
            if let Some(of) = &selection.groups {
                of.having.check_model(of.groups.rows())?;
            }
            if selection.fields.is_none() && !selection.aggregates.is_empty() {
                let totals = self.totals(selection.filter, &selection.aggregates, rows);
                return Ok((totals.await?, None));
            }
            self.read_list(self.listed(selection)?, rows).await
        })
        .await
    }

    /// Rows, with those that relations lead to from them, and the cursor after the last where more
    /// follow. Each relation gives at most so many rows.
    pub(crate) async fn list_with(
        &self,
        mut selection: Selection,
        includes: &[Inclusion],
        most: usize,
    ) -> Result<(Loaded, Option<String>)> {
        self.measured(ModelVerb::List, async || {
            let model = self.model();
            selection.filter.check_model(model)?;
            if selection.is_distinct || !selection.aggregates.is_empty() {
                let message = "rows that stand for others lead to no others";
                return Err(Error::new(Kind::Malformed, message)
                    .with_help("include relations of plain rows"));
            }
            let ordinals = ordinals_of(model, &mut selection.fields, includes);
            let listed = self.listed(selection)?;
            let rows = StoredRows::new(listed.columns.clone());
            let (rows, next) = self.read_list(listed, rows).await?;
            let rows: Arc<[StoredRow]> = rows.into();
            let related = self.follow_each(&rows, ordinals, includes, most).await?;
            Ok((Loaded::new(rows, related), next))
        })
        .await
    }

    fn listed(&self, selection: Selection) -> Result<Listed> {
        if selection.locked.is_some() {
            selection.can_be_locked()?;
        }
        let model = selection.model(self.model()).clone();
        let (listing, after, offset) = selection.listing(&model)?;
        let statements = self.statements();
        let filter = &selection.filter;
        Ok(Listed {
            statement: match &selection.groups {
                None => statements.list(filter, &listing)?,
                Some(of) => statements.groups(filter, &of.groups, &of.having, &listing)?,
            },
            columns: self.types_of(&model, &listing),
            others: self.read_beside(&selection.filter, &listing.beside()),
            limit: selection.limit,
            locked: selection.locked,
            values: selection.into_values(statements.dialect(), &listing, after, offset),
            listing,
            model,
        })
    }

    async fn read_list<C: Rows>(
        &self,
        listed: Listed,
        rows: C,
    ) -> Result<(C::Output, Option<String>)> {
        let (model, listing) = (&listed.model, &listed.listing);
        let rows = Keyed::new(listing.order_columns(model), listed.limit, rows);
        let (rows, last) = match listed.locked {
            None => {
                let reads = (&listed.columns, &*listed.others);
                let read = self.load(&listed.statement, listed.values, reads, rows);
                read.await?
            }
            Some(if_locked) => {
                let read = self.read_locked(&listed.statement, listed.values, if_locked, rows);
                read.await?
            }
        };
        let next = last.next();
        Ok((rows, next.map(|values| cursor_of(model, listing, &values))))
    }

    /// The tables of other models that a filter looks into and that stand beside the table. Only what
    /// is kept depends on them.
    pub(super) fn read_beside(&self, filter: &Filter, beside: &[&By]) -> Vec<TableName> {
        if self.own().cache.is_none() {
            return Vec::new();
        }
        let mut tables = filter.tables();
        for by in beside {
            if let By::Related(links, _) = by {
                tables.extend(links.iter().flat_map(Link::tables));
            }
        }
        tables.into_iter().cloned().collect()
    }

    /// One row: what the rows that a filter lets through come to.
    async fn totals<C: Rows>(
        &self,
        filter: Filter,
        aggregates: &[Aggregate],
        rows: C,
    ) -> Result<C::Output> {
        let statement = self.statements().aggregate(&filter, aggregates)?;
        let others = self.read_beside(&filter, &[]);
        let values = filter.into_values(self.statements().dialect());
        let columns = aggregates.iter();
        let columns = columns.filter_map(|aggregate| aggregate.field_type(self.model()));
        let columns = columns.collect();
        self.load(&statement, values, (&columns, &others), rows)
            .await
    }

    /// How many rows a filter lets through.
    pub(crate) async fn count(&self, filter: Filter) -> Result<u64> {
        self.measured(ModelVerb::Count, async || {
            filter.check_model(self.model())?;
            let statement = self.statements().count(&filter)?;
            let columns: Arc<[FieldType]> = Arc::new([FieldType::I64]);
            let others = self.read_beside(&filter, &[]);
            let values = filter.into_values(self.statements().dialect());
            let count = self
                .load(&statement, values, (&columns, &others), Integer::default())
                .await?;
            Ok(count.unsigned_abs())
        })
        .await
    }

    /// The types of the columns of a listing.
    fn types_of(&self, model: &Arc<ModelSchema>, listing: &Listing) -> Arc<[FieldType]> {
        let is_whole = listing.fields().is_none() && Arc::ptr_eq(model, self.model());
        if is_whole && listing.beside().is_empty() {
            return self.own().columns.clone();
        }
        let columns = listing.columns(model);
        let types = columns.iter().map(|by| by.field_type(model).clone());
        types.collect()
    }
}
