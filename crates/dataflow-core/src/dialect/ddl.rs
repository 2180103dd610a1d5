//! The statements that change a schema.
//!
//! [`statements`] gives those of one change, each with how it is run: `recipe` knows what users of a
//! table wait for, `plain` how a change is spelled, `rebuild` how a table is written anew. The other
//! rooms hold the pieces that statements are made of.

mod alter;
mod clause;
pub(super) mod default;
pub(crate) mod enum_type;
mod index;
pub(super) mod narrowing;
mod plain;
mod rebuild;
mod recipe;
pub(super) mod row_security;
mod rule;
pub(super) mod trigger;
pub(super) mod type_change;

pub(crate) use clause::foreign_key_rules;
pub use enum_type::create as create_enum_type;
pub(crate) use index::definition as index_definition;
pub use narrowing::tell_narrowing;
pub use rebuild::PREFIX as REBUILT_PREFIX;
pub(crate) use rebuild::{can_rebuild, keys_lead_somewhere, names_constraint, rebuilt_as_written};
pub(crate) use recipe::{is_filled_in_later, statements};
pub use row_security::{POLICY, TENANT_SETTING};
pub(crate) use rule::{
    Bounds, SUFFIXES as SUFFIXES_OF_RULES, checks as checks_of_rules, form_of_rule, takes_more,
};
pub use trigger::PREFIX as TRIGGER_PREFIX;
pub use type_change::TypeChange;
pub(crate) use type_change::{holds_texts, in_utc};
