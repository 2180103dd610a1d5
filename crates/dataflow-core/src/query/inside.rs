//! Values inside documents, as what is given of a row and what rows are sorted by.

use std::marker::PhantomData;

use super::columns::{Columns, Single};
use super::operand::Ordered;
use super::order::{By, Direction, Sort, malformed};
use crate::error::{FaultCode, Result};
use crate::row::RowSource;
use crate::schema::{FieldType, FieldValue, Model, ModelSchema};

/// A place inside the documents of a field, and what is looked for there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Inside {
    /// The field, by position.
    pub field: usize,
    /// Members of objects and positions in arrays, the outermost first.
    pub path: Vec<String>,
    /// What is looked for.
    pub sought: Sought,
}

/// What is looked for at a place inside a document. Where something else is, or nothing, the row has
/// no value there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sought {
    /// A text.
    Text,
    /// A number, as a float of 64 bits.
    Number,
    /// Anything; a null is a value.
    Document,
}

impl Inside {
    /// Reads a field, arrows and members: `note->address->>city` is the text there, which `->>` asks
    /// for; else it is what a single arrow means where it is read. None where there is no arrow.
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`](crate::error::Kind::Malformed) where it is no place inside a document of
    /// the model, with a fault that has no pointer yet.
    ///
    #[cfg_attr(feature = "derive", doc = "```")]
    #[cfg_attr(not(feature = "derive"), doc = "```ignore")]
    /// use dataflow_core::Model;
    /// use dataflow_core::query::{Inside, Sought};
    ///
    /// #[derive(Model)]
    /// struct User {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     note: serde_json::Value,
    /// }
    ///
    /// let parse = |text| Inside::parse(User::schema(), text, Sought::Number);
    /// let city = parse("note->address->>city").unwrap().unwrap();
    /// assert_eq!((city.field, city.sought), (1, Sought::Text));
    /// assert_eq!(city.path, ["address", "city"]);
    /// assert!(parse("id->city").unwrap().is_err());
    /// assert!(parse("note").is_none());
    /// ```
    pub fn parse(model: &ModelSchema, text: &str, arrow: Sought) -> Option<Result<Self>> {
        let (name, path) = text.split_once("->")?;
        Some(Self::of_arrows(model, (name, path), arrow))
    }

    fn of_arrows(model: &ModelSchema, (name, path): (&str, &str), arrow: Sought) -> Result<Self> {
        let Some(field) = model.shown_position(name) else {
            return Err(super::order::unknown_field(model, name));
        };
        if model.fields[field].field_type != FieldType::Json {
            let message = format!("field {name:?} holds no JSON document to look into");
            return Err(malformed(message, FaultCode::Type));
        }
        // A second arrow head stands before the member that it belongs to.
        let (path, last) = path
            .rsplit_once("->")
            .map_or((None, path), |(path, last)| (Some(path), last));
        let (last, sought) = match last.strip_prefix('>') {
            Some(last) => (last, Sought::Text),
            None => (last, arrow),
        };
        let path = path
            .into_iter()
            .flat_map(|path| path.split("->"))
            .chain([last]);
        let path: Vec<String> = path.map(str::to_owned).collect();
        let is_member = |member: &String| !member.is_empty() && !member.contains(['.', '>', '\0']);
        if !path.iter().all(is_member) {
            let message = format!("what follows {name:?} names no member of a document");
            let help =
                format!("write {name}->member->member, or {name}->member->>member for a text");
            return Err(malformed(message, FaultCode::Unknown).with_help(help));
        }
        Ok(Self {
            field,
            path,
            sought,
        })
    }

    /// The text that [`parse`](Self::parse) reads it from.
    pub fn spelled(&self, model: &ModelSchema) -> String {
        let mut text = model.fields[self.field].name.to_string();
        for (index, member) in self.path.iter().enumerate() {
            let is_last = index + 1 == self.path.len();
            let arrow = if is_last && self.sought == Sought::Text {
                "->>"
            } else {
                "->"
            };
            text.push_str(arrow);
            text.push_str(member);
        }
        text
    }

    /// What it is called where it is given: by the last member that is no position in an array, else
    /// by its field.
    pub fn given_as<'a>(&'a self, model: &'a ModelSchema) -> &'a str {
        let is_name = |member: &&String| member.parse::<u32>().is_err();
        let name = self.path.iter().rfind(is_name);
        name.map_or(&*model.fields[self.field].name, String::as_str)
    }

    /// The type of its value.
    pub fn field_type(&self) -> &'static FieldType {
        match self.sought {
            Sought::Text => &FieldType::String,
            Sought::Number => &FieldType::F64,
            Sought::Document => &FieldType::Json,
        }
    }
}

/// A value inside the documents of model `M`, read as `T`, made by
/// [`DocumentColumn`](super::DocumentColumn). It is what `select` gives, as an `Option`, and what
/// rows are sorted by; a row whose document has something else there, or nothing, has none.
///
#[cfg_attr(feature = "derive", doc = "```")]
#[cfg_attr(not(feature = "derive"), doc = "```ignore")]
/// use dataflow_core::Model;
/// use dataflow_core::query::Columns;
///
/// #[derive(Model)]
/// struct User {
///     #[model(primary_key)]
///     id: i64,
///     note: serde_json::Value,
/// }
///
/// let by_age = User::NOTE.at("age").as_number().desc().nulls_last();
/// let city = (User::ID, User::NOTE.at("address").at("city").as_text());
/// assert_eq!(city.columns().unwrap().len(), 2);
/// # let _ = by_age;
/// ```
#[derive(Debug)]
pub struct DocumentValue<M, T> {
    inside: Inside,
    types: PhantomData<fn() -> (M, T)>,
}

impl<M: Model, T> DocumentValue<M, T> {
    pub(super) fn new(inside: Inside) -> Self {
        Self {
            inside,
            types: PhantomData,
        }
    }
}

impl<M: Model, T: Ordered> DocumentValue<M, T> {
    /// Rows are sorted by it, the least value first; rows without one come last.
    pub fn asc(self) -> Sort<M> {
        Sort::new(By::Inside(self.inside), Direction::Ascending)
    }

    /// Rows are sorted by it, the greatest value first; rows without one come before it.
    pub fn desc(self) -> Sort<M> {
        Sort::new(By::Inside(self.inside), Direction::Descending)
    }
}

impl<M: Model, T: FieldValue> Single<M> for DocumentValue<M, T> {
    type Value = Option<T>;

    fn by(&self) -> By {
        By::Inside(self.inside.clone())
    }

    fn read_at<R: RowSource>(row: &R, ordinal: usize) -> Result<Option<T>> {
        match row.is_null(ordinal)? {
            true => Ok(None),
            false => T::read(row, ordinal).map(Some),
        }
    }
}

impl<M: Model, T: FieldValue> Columns<M> for DocumentValue<M, T> {
    type Row = Option<T>;

    const COUNT: usize = 1;

    fn columns(&self) -> Option<Vec<By>> {
        Some(vec![By::Inside(self.inside.clone())])
    }

    fn read<R: RowSource>(row: &R) -> Result<Option<T>> {
        <Self as Single<M>>::read_at(row, 0)
    }
}
