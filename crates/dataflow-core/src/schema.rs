//! What a model is.
//!
//! The derive emits one `static` [`ModelSchema`] per model; a schema file or the registry yields the
//! same value at run time, which is why its texts and lists are [`Text`] and [`List`]. Model words
//! (model, field, relation) live here; table words live in [`snapshot`](crate::snapshot).

use std::borrow::Cow;

mod access;
mod changeable;
mod check;
mod collation;
mod default;
mod document;
mod evolution;
mod field;
mod field_type;
mod field_value;
mod generated;
mod index;
mod inverse;
mod key;
mod limit;
mod model;
mod model_enum;
mod models;
mod name;
mod relation;
mod rules;
mod set;
mod soft_delete;
mod table_name;
mod validate;
mod version;

pub use access::Access;
pub use changeable::Changeable;
pub use check::Check;
#[doc(hidden)]
pub use collation::collation;
pub use default::DefaultValue;
pub use evolution::{Evolution, RenamedField};
pub use field::{Field, Stamp};
pub use field_type::{EnumType, FieldType, ItemType};
pub use field_value::{FieldValue, Json};
pub use generated::{Generated, Kept};
pub use index::{Deferrable, Index, IndexKey, IndexMember, Nulls};
pub use inverse::{Arity, Inverse, Through};
#[doc(hidden)]
pub use inverse::{inverse, inverse_through};
pub use key::{Key, KeyGenerator, KeyValue};
pub use limit::Limit;
#[doc(hidden)]
pub use limit::{digits_of, max_length, precision_of};
pub use model::{Model, ModelSchema};
pub use model_enum::ModelEnum;
#[doc(hidden)]
pub use model_enum::read_variant;
pub use models::Models;
pub use name::{plural, snake_case, table_name};
pub use relation::{Action, Relation};
#[doc(hidden)]
pub use relation::{Reference, relation};
pub use rules::{Bound, Checker, Format, Rules, Validator};
#[doc(hidden)]
pub use rules::{Validates, bound, min_length, text_rule, validate};
pub(crate) use rules::{in_json_schema, mistakes as mistakes_of_rules};
pub use set::SchemaSet;
pub use soft_delete::SoftDelete;
pub use table_name::TableName;
pub(crate) use validate::LONGEST_NAME;
#[doc(hidden)]
pub use version::version;

/// Text that is `'static` in a compiled model and owned in one read at run time.
pub type Text = Cow<'static, str>;

/// A list that is `'static` in a compiled model and owned in one read at run time.
pub type List<T> = Cow<'static, [T]>;
