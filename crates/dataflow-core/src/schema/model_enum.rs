//! Enums as fields, alone and in lists.

use super::{EnumType, FieldType, FieldValue, ItemType, Json};
use crate::error::{Error, Kind, Result};
use crate::row::RowSource;
use crate::value::Value;

/// An enum that is stored as the name of its variant: `#[derive(ModelEnum)]` implements it, and
/// with it [`FieldValue`].
///
#[cfg_attr(feature = "derive", doc = "```")]
#[cfg_attr(not(feature = "derive"), doc = "```ignore")]
/// use dataflow_core::ModelEnum;
/// use dataflow_core::schema::{FieldType, FieldValue, ItemType};
/// use dataflow_core::Value;
///
/// #[derive(Debug, PartialEq, ModelEnum)]
/// enum Mood {
///     Sad,
///     Glad,
/// }
///
/// assert_eq!(Mood::named("glad"), Some(Mood::Glad));
/// assert_eq!(<Vec<Mood>>::TYPE, FieldType::Array(ItemType::Enum(Mood::ENUM)));
/// let moods = vec![Mood::Sad, Mood::Glad];
/// assert_eq!(moods.to_value(), Value::Json(r#"["sad","glad"]"#.to_owned()));
/// ```
#[diagnostic::on_unimplemented(
    message = "a list cannot hold `{Self}`",
    note = "use a Vec of numbers, texts, UUIDs, times, decimals or an enum with `#[derive(ModelEnum)]`, or Json<Vec<T>>"
)]
pub trait ModelEnum: FieldValue {
    /// What is stored for each variant, and where.
    const ENUM: EnumType;

    /// The name that is stored.
    fn name(&self) -> &'static str;

    /// The variant of a stored name; none where no variant has it.
    fn named(name: &str) -> Option<Self>;
}

impl<E: ModelEnum> FieldValue for Vec<E> {
    const TYPE: FieldType = FieldType::Array(ItemType::Enum(E::ENUM));

    fn to_value(&self) -> Value {
        let names: Vec<&str> = self.iter().map(E::name).collect();
        Value::Json(serde_json::to_string(&names).expect("a list of texts is JSON"))
    }

    fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
        let names = Json::<Vec<String>>::read(row, ordinal)?.0;
        names.iter().map(|name| variant(name)).collect()
    }
}

/// Reads an enum that is stored as the name of its variant; the derive calls this.
#[doc(hidden)]
pub fn read_variant<R: RowSource, E: ModelEnum>(row: &R, ordinal: usize) -> Result<E> {
    variant(row.text(ordinal)?)
}

fn variant<E: ModelEnum>(stored: &str) -> Result<E> {
    E::named(stored).ok_or_else(|| {
        let name = E::ENUM.name;
        Error::new(
            Kind::Internal,
            format!("a column holds a name that enum {name} does not declare"),
        )
        .with_help("add the variant to the enum, or change the row")
    })
}
