//! Where a page is taken from: the `FROM` of a list and what follows it.
//!
//! A page must cost the same however deep it lies, so its start is always a range of an index. In
//! an order of one direction over columns that are never null, that is one comparison of rows:
//!
//! ```text
//! WHERE (name, id) > ($1, $2) ORDER BY name, id LIMIT $3
//! ```
//!
//! Any other order is cut into ranges that follow each other, each of which gives at most a page:
//!
//! ```text
//! (… WHERE age = $1 AND id > $2 …) UNION ALL (… WHERE age < $1 …) UNION ALL (… WHERE age IS NULL …)
//! ```

use std::fmt::Write;

use super::draft::Draft;
use crate::dialect::identifier;
use crate::query::{Direction, IsNull, Listing, Order, Start};
use crate::schema::{FieldType, Nulls};

/// What a page is made of, in SQL.
pub(super) struct Page {
    /// What rows are taken from: the table, or the rows that are alike in it once.
    source: String,
    /// What holds for every row, before the start.
    conditions: Vec<String>,
    order_by: String,
    limit: String,
}

/// A field of the order, and the value of the row that the page begins after.
struct Term {
    order: Order,
    column: String,
    /// Its parameter; none for null.
    value: Option<String>,
    is_nullable: bool,
}

impl Page {
    /// The `FROM` of a list and what follows it, from a source that has the name of the table.
    /// Parameters: the values to start after, the limit,
    /// and the offset where there is one.
    pub(super) fn write(
        draft: &mut Draft<'_>,
        source: String,
        listing: &Listing,
        conditions: Vec<String>,
    ) -> String {
        let terms = terms(draft, listing);
        let order_by = order_by(draft, listing.order());
        let limit = draft.typed_parameter(FieldType::I64);
        let table = identifier(&draft.model.table.name);
        let page = Self {
            source,
            conditions,
            order_by,
            limit,
        };
        match listing.start() {
            Start::Beginning => page.of_range(&page.source, None),
            Start::Offset => {
                let offset = draft.typed_parameter(FieldType::I64);
                format!("{} OFFSET {offset}", page.of_range(&page.source, None))
            }
            Start::After(_) if is_uniform(&terms) => {
                let after = row_comparison(&terms);
                page.of_range(&page.source, Some(&after))
            }
            Start::After(_) => page.of_ranges(&table, &ranges(&terms)),
        }
    }

    fn of_range(&self, source: &str, range: Option<&str>) -> String {
        let mut conditions = self.conditions.clone();
        conditions.extend(range.map(str::to_owned));
        format!(
            " FROM {source}{} ORDER BY {} LIMIT {}",
            where_all(&conditions),
            self.order_by,
            self.limit
        )
    }

    /// Ranges one after the other. Each is sorted and cut by itself, so that it ends as soon as it
    /// has given a page; the whole is sorted once more, which is a promise that a union does not
    /// make, and cheap for so few rows.
    fn of_ranges(&self, table: &str, ranges: &[String]) -> String {
        if let [only] = ranges {
            return self.of_range(&self.source, Some(only));
        }
        let mut union = String::new();
        for (index, range) in ranges.iter().enumerate() {
            let rows = self.of_range(&self.source, Some(range));
            let joint = if index == 0 { "" } else { " UNION ALL " };
            let _ = write!(
                union,
                "{joint}SELECT * FROM (SELECT *{rows}) AS range_{index}"
            );
        }
        format!(
            " FROM ({union}) AS {table} ORDER BY {} LIMIT {}",
            self.order_by, self.limit
        )
    }
}

fn terms(draft: &mut Draft<'_>, listing: &Listing) -> Vec<Term> {
    let nulls: &[IsNull] = match listing.start() {
        Start::After(nulls) => nulls,
        Start::Beginning | Start::Offset => &[],
    };
    let terms = listing
        .order()
        .iter()
        .zip(nulls)
        .map(|(order, is_null)| Term {
            column: draft.ranked(&order.by),
            value: match is_null {
                IsNull::Yes => None,
                IsNull::No => {
                    let field_type = order.by.field_type(draft.model).clone();
                    let parameter = draft.typed_parameter(field_type.clone());
                    Some(draft.dialect.ranked(&parameter, &field_type))
                }
            },
            is_nullable: order.by.is_nullable(draft.model),
            order: order.clone(),
        });
    terms.collect()
}

/// Whether the rows after a row are those that are greater, or less, as a whole.
fn is_uniform(terms: &[Term]) -> bool {
    let direction = terms.first().map(|term| term.order.direction);
    terms
        .iter()
        .all(|term| !term.is_nullable && Some(term.order.direction) == direction)
}

fn row_comparison(terms: &[Term]) -> String {
    let columns: Vec<&str> = terms.iter().map(|term| &*term.column).collect();
    let values: Vec<&str> = terms
        .iter()
        .filter_map(|term| term.value.as_deref())
        .collect();
    let operator = terms
        .first()
        .map_or(">", |term| after(term.order.direction));
    match (columns.as_slice(), values.as_slice()) {
        ([column], [value]) => format!("{column} {operator} {value}"),
        _ => format!(
            "({}) {operator} ({})",
            columns.join(", "),
            values.join(", ")
        ),
    }
}

/// The ranges of rows after a row, in their order: first those that are like it in all fields of
/// the order but the last, then in all but the last two, and so on.
fn ranges(terms: &[Term]) -> Vec<String> {
    let mut ranges = Vec::new();
    for (position, term) in terms.iter().enumerate().rev() {
        let alike = terms[..position].iter().map(|before| match &before.value {
            Some(value) => format!("{} = {value}", before.column),
            None => format!("{} IS NULL", before.column),
        });
        let alike: Vec<String> = alike.collect();
        for after in ranges_of(term) {
            let range: Vec<&str> = alike.iter().chain([&after]).map(String::as_str).collect();
            ranges.push(range.join(" AND "));
        }
    }
    // After the last null of the last field there is nothing.
    if ranges.is_empty() {
        ranges.push("FALSE".to_owned());
    }
    ranges
}

/// What comes after the value of one field.
fn ranges_of(term: &Term) -> Vec<String> {
    let column = &term.column;
    match (&term.value, term.order.nulls) {
        (None, Nulls::First) => vec![format!("{column} IS NOT NULL")],
        (None, Nulls::Last) => vec![],
        (Some(value), nulls) => {
            let mut ranges = vec![format!("{column} {} {value}", after(term.order.direction))];
            if term.is_nullable && nulls == Nulls::Last {
                ranges.push(format!("{column} IS NULL"));
            }
            ranges
        }
    }
}

fn after(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => ">",
        Direction::Descending => "<",
    }
}

/// Where nulls come is only said where the database would put them elsewhere.
pub(super) fn order_by(draft: &Draft<'_>, order: &[Order]) -> String {
    let greatest = draft.dialect.capability().null_is_greatest;
    let terms = order.iter().map(|order| {
        let mut term = draft.ranked(&order.by);
        if order.direction == Direction::Descending {
            term.push_str(" DESC");
        }
        let comes_last = greatest == (order.direction == Direction::Ascending);
        if order.by.is_nullable(draft.model) && comes_last != (order.nulls == Nulls::Last) {
            term.push_str(match order.nulls {
                Nulls::First => " NULLS FIRST",
                Nulls::Last => " NULLS LAST",
            });
        }
        term
    });
    terms.collect::<Vec<_>>().join(", ")
}

pub(super) fn where_all(conditions: &[String]) -> String {
    if conditions.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", conditions.join(" AND "))
    }
}
