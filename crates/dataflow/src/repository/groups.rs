//! What rows come to, group by group.

use std::fmt;
use std::future::IntoFuture;

use dataflow_core::error::Kind;
use dataflow_core::query::{
    Aggregate, By, Columns, Filter, GroupSort, GroupTerm, Groups as GroupedBy, Having, Measures,
    Order,
};
use dataflow_core::{Error, Model, ModelSchema, Result};
use futures_util::future::BoxFuture;

use super::{Page, Query};
use crate::collect::Grouped;
use crate::table::{GroupsOf, Selection, own_fields};

/// Groups of rows that are alike in the selected columns, and what each comes to. Made by
/// [`Query::groups`]; awaited, it is the first page of them.
///
/// ```
/// # use dataflow::{DataFlow, Model};
/// use dataflow::query::count;
/// # #[derive(Debug, Clone, PartialEq, Model)]
/// # struct User {
/// #     #[model(primary_key)]
/// #     id: i64,
/// #     city: String,
/// #     age: i32,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> dataflow::Result<()> {
/// # let db = DataFlow::builder("sqlite::memory:").model::<User>().open()?;
/// # let users = db.repository::<User>()?;
/// # for (city, age) in [("Rome", 30), ("Oslo", 40), ("Rome", 50)] {
/// #     users.create(&User { id: 0, city: city.to_owned(), age }).await?;
/// # }
/// let largest = users
///     .query()
///     .select(User::CITY)
///     .limit(10)
///     .groups((count(), User::AGE.max()))
///     .having(User::AGE.max().gte(18))
///     .order_by(count().desc())
///     .await?;
/// assert_eq!(largest.rows[0], ("Rome".to_owned(), (2, Some(50))));
/// # Ok(())
/// # }
/// ```
#[must_use = "groups do nothing until they are awaited"]
pub struct Groups<M, S, V> {
    query: Query<M, S>,
    measures: V,
    having: Option<Having<M>>,
    order: Vec<GroupTerm>,
}

impl<M: Model, S: Columns<M> + 'static, V: Measures<M> + 'static> Groups<M, S, V> {
    pub(super) fn new(query: Query<M, S>, measures: V) -> Self {
        Self {
            query,
            measures,
            having: None,
            order: Vec::new(),
        }
    }

    /// Only groups that this holds for, and every condition that was added before.
    pub fn having(mut self, condition: Having<M>) -> Self {
        self.having = Some(match self.having.take() {
            Some(before) => before.and(condition),
            None => condition,
        });
        self
    }

    /// In the order of what they come to or of a selected column, within the order that was asked for
    /// before.
    pub fn order_by(mut self, sort: impl Into<GroupSort<M>>) -> Self {
        self.order.push(sort.into().into_term());
        self
    }

    async fn page(self) -> Result<Page<(S::Row, V::Values)>> {
        let (table, mut selection) = self.query.selection(self.measures.aggregates())?;
        group(M::schema(), &mut selection, self.having, self.order)?;
        let (rows, next) = table.list(selection, Grouped::<M, S, V>::new()).await?;
        Ok(Page { rows, next })
    }
}

impl<M, S, V> IntoFuture for Groups<M, S, V>
where
    M: Model,
    S: Columns<M> + 'static,
    V: Measures<M> + 'static,
{
    type Output = Result<Page<(S::Row, V::Values)>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.page())
    }
}

impl<M, S, V> fmt::Debug for Groups<M, S, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Groups")
            .field("query", &self.query)
            .field("having", &self.having)
            .field("order", &self.order)
            .finish_non_exhaustive()
    }
}

/// Makes a selection of rows one of their groups. What the condition and the order name is measured
/// too, behind what is given.
fn group<M>(
    model: &ModelSchema,
    selection: &mut Selection,
    having: Option<Having<M>>,
    order: Vec<GroupTerm>,
) -> Result<()> {
    let Some(fields) = selection.fields.clone() else {
        let message = "groups need columns that their rows are alike in";
        return Err(Error::new(Kind::Malformed, message)
            .with_help("select columns before groups, or ask for aggregate"));
    };
    let fields = own_fields(model, &fields, "rows are grouped")?;
    let mut aggregates = selection.aggregates.clone();
    let mut place = |aggregate: Aggregate| {
        let known = aggregates.iter().position(|known| *known == aggregate);
        let measure = known.unwrap_or_else(|| {
            aggregates.push(aggregate);
            aggregates.len() - 1
        });
        fields.len() + measure
    };
    let condition = having.map(|having| {
        let (measured, condition) = having.into_parts();
        let places: Vec<usize> = measured.into_iter().map(&mut place).collect();
        condition.with_fields(&|measure| places[measure])
    });
    let own = selection.order.drain(..).map(GroupTerm::Field);
    let terms: Vec<Term> = own
        .chain(order)
        .map(|term| match term {
            GroupTerm::Field(order) => Term::OfRows(order),
            GroupTerm::Measure {
                aggregate,
                direction,
                nulls,
            } => Term::OfGroups(Order {
                by: By::Field(place(aggregate)),
                direction,
                nulls,
            }),
        })
        .collect();
    let groups = GroupedBy::of(model, fields, aggregates);
    let order = terms.into_iter().map(|term| match term {
        Term::OfRows(order) => groups.sorted(model, &order),
        Term::OfGroups(order) => Ok(order),
    });
    selection.order = order.collect::<Result<_>>()?;
    let having = condition.map_or_else(Filter::all, |condition| {
        Filter::new(groups.rows(), condition)
    });
    selection.groups = Some(GroupsOf { groups, having });
    Ok(())
}

/// An order, of rows or of their groups.
enum Term {
    OfRows(Order),
    OfGroups(Order),
}
