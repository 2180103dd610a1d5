//! What rows are asked for: one form for typed queries, HTTP, MCP and workflows.
//!
//! ```text
//! User::AGE.gte(18)      Predicate<User> ─┐
//!                                         ├─→ Filter: a tree of Conditions ─→ SQL (dialect::dml)
//! {"age": {"$gte": 18}}  Filter::parse ───┘         └─ Shape: which statement it shares
//!
//! User::POSTS            ToMany, ToOne ───┐
//!                                         ├─→ Link: the fields that rows are paired by
//! {"posts": {"limit": 3}}  Inclusion ─────┘
//! ```

mod aggregate;
mod change;
mod column;
mod columns;
mod condition;
mod cursor;
mod document;
mod filter;
mod group_sort;
mod groups;
mod having;
mod if_locked;
mod include;
mod inside;
mod link;
mod listing;
mod operand;
mod order;
mod parse;
mod partial_row;
mod pattern;
mod predicate;
mod relation;
mod shape;

pub use aggregate::{Aggregate, Extreme, Function, Measure, Measures, Summable, count};
pub use change::{Change, Effect};
pub use column::Column;
pub use columns::{Columns, Single, WholeRow};
pub use condition::{Comparison, Condition, ItemComparison, Quantifier, Test, list_of};
pub use cursor::{cursor_of, starting_after};
pub use document::{DocumentColumn, DocumentTest, Scalar};
pub(crate) use filter::can_be_listed;
pub use filter::{Filter, FilterOf};
pub use group_sort::{GroupSort, GroupTerm};
pub use groups::Groups;
pub(crate) use groups::measure_column;
pub use having::Having;
pub use if_locked::IfLocked;
pub use include::{Include, Inclusion};
pub use inside::{DocumentValue, Inside, Sought};
pub use link::{Link, Path};
pub use listing::{IsNull, Listing, Start};
pub use operand::{Alike, Document, Items, Operand, Ordered, Textual};
pub use order::{By, Direction, Order, Sort};
pub use partial_row::{PartOf, PartialRow};
#[doc(hidden)]
pub use partial_row::{columns_of, position_of};
pub use pattern::{Case, Pattern, Wild};
pub use predicate::Predicate;
pub use relation::{Relationship, ToMany, ToOne};
pub use shape::Shape;
