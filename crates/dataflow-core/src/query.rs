//! What rows are asked for: one form for typed queries, HTTP, MCP and workflows.

mod condition;
mod cursor;
mod parse;

pub use condition::{Comparison, Condition, Filter, Shape, Test};
pub use cursor::{cursor_of, key_of_cursor};
