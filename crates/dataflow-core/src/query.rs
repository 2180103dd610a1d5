//! What rows are asked for: one form for typed queries, HTTP, MCP and workflows.
//!
//! ```text
//! User::AGE.gte(18)      Predicate<User> ─┐
//!                                         ├─→ Filter: a tree of Conditions ─→ SQL (dialect::dml)
//! {"age": {"$gte": 18}}  Filter::parse ───┘         └─ Shape: which statement it shares
//! ```

mod aggregate;
mod column;
mod columns;
mod condition;
mod cursor;
mod document;
mod filter;
mod listing;
mod operand;
mod order;
mod parse;
mod pattern;
mod predicate;
mod shape;

pub use aggregate::{Aggregate, Extreme, Function, Measure, Measures, Summable, count};
pub use column::Column;
pub use columns::{Columns, WholeRow};
pub use condition::{Comparison, Condition, Test};
pub use cursor::{cursor_of, starting_after};
pub use document::{DocumentColumn, DocumentTest, Scalar};
pub(crate) use filter::can_be_listed;
pub use filter::{Filter, FilterOf};
pub use listing::{IsNull, Listing, Start};
pub use operand::{Document, Operand, Ordered, Textual};
pub use order::{Direction, Order, Sort};
pub use pattern::{Case, Pattern, Wild};
pub use predicate::Predicate;
pub use shape::Shape;
