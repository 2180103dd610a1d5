//! What is about to be given to a row.

use std::fmt;
use std::marker::PhantomData;

use dataflow_core::error::{Fault, FaultCode, Kind};
use dataflow_core::query::Column;
use dataflow_core::schema::{Field, KeyValue as _};
use dataflow_core::{Error, FieldValue, Model, Result};

use crate::collect::StoredRow;
use crate::table::Entry;

/// What is about to be given to a row, before it is written.
///
/// It holds what the caller gave: of a row that is changed as data, the fields that change; of a new
/// one, all but what a default, the library or the database makes.
pub struct Draft<M> {
    pub(super) entry: Entry,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Draft<M> {
    pub(super) fn new(entry: Entry) -> Self {
        Self {
            entry,
            model: PhantomData,
        }
    }

    /// The key of the row, where it exists.
    ///
    /// # Errors
    ///
    /// When the key is not what the struct can hold.
    pub fn key(&self) -> Result<Option<M::Key>> {
        let key = self.entry.key.clone().map(StoredRow::of);
        key.map(|key| M::Key::read_key(&key)).transpose()
    }

    /// What a field is given, if anything.
    ///
    /// # Errors
    ///
    /// When the value is not what the struct can hold.
    pub fn get<T: FieldValue>(&self, column: Column<M, T>) -> Result<Option<T>> {
        let mut given = self.entry.given.iter();
        let given = given.find(|(position, _)| *position == column.position());
        let value = given.map(|(_, value)| StoredRow::of(vec![value.clone()]));
        value.map(|value| T::read(&value, 0)).transpose()
    }

    /// What is added to a field of a row that exists, if anything: [`get`](Self::get) has nothing of
    /// it, for the sum is known once it is written.
    ///
    /// # Errors
    ///
    /// When the value is not what the struct can hold.
    pub fn added<T: FieldValue>(&self, column: Column<M, T>) -> Result<Option<T>> {
        let mut added = self.entry.added.iter();
        let added = added.find(|addition| addition.position() == column.position());
        let value = added.map(|addition| StoredRow::of(vec![addition.summand().clone()]));
        value.map(|value| T::read(&value, 0)).transpose()
    }

    /// Gives a field another value than the caller did, or one that the caller did not.
    ///
    /// # Errors
    ///
    /// [`Kind::Internal`] for the key of a row that exists and for what the library or the database
    /// makes: a generated key, a stamp, the tenant, a computed field.
    pub fn set<T: FieldValue>(&mut self, column: Column<M, T>, value: T) -> Result<()> {
        let position = column.position();
        let field = self.field(column);
        let key = &M::schema().key;
        let is_chosen = self.entry.key.is_none() && key.is_accepted();
        if field.is_computed() || key.contains(&field.name) && !is_chosen {
            let (model, field) = (&M::schema().name, &field.name);
            let message = format!("a hook of model {model:?} gives {field:?}, which is not given");
            return Err(Error::new(Kind::Internal, message).with_help(
                "keys of existing rows, stamps and what is generated stay as they are",
            ));
        }
        self.entry.given.retain(|(at, _)| *at != position);
        self.entry
            .added
            .retain(|addition| addition.position() != position);
        self.entry.given.push((position, value.to_value()));
        Ok(())
    }

    /// The error that refuses the value of a field, with the place of the field in the caller's
    /// input. The detail is read after the name of the field: `must be at least one`.
    pub fn refusal<T>(&self, column: Column<M, T>, detail: impl Into<String>) -> Error {
        let (place, field) = (&self.entry.place, &self.field(column).name);
        let fault = Fault::at(place, field, FaultCode::Rule, detail.into());
        Error::invalid(vec![fault])
    }

    fn field<T>(&self, column: Column<M, T>) -> &'static Field {
        &M::schema().fields[column.position()]
    }
}

/// The names of the fields that are given, and no value.
impl<M: Model> fmt::Debug for Draft<M> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = &M::schema().fields;
        let given = self.entry.given.iter();
        let given: Vec<_> = given
            .map(|(position, _)| &*fields[*position].name)
            .collect();
        formatter
            .debug_struct("Draft")
            .field("model", &M::schema().name)
            .field("given", &given)
            .finish_non_exhaustive()
    }
}
