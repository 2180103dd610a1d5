//! A function of the program that refuses values.

use std::fmt;
use std::marker::PhantomData;

use crate::row::OneValue;
use crate::schema::{FieldValue, Text};
use crate::value::Value;

/// A function of the program that refuses values of a field, or none.
///
/// Any two are equal: a function is no part of a model's definition, and a program that knows the
/// model only as data does not have it.
#[derive(Clone, Copy, Default)]
pub struct Validator(Option<Function>);

/// Says what is wrong with a value.
type Function = fn(&Value) -> Result<(), Text>;

impl Validator {
    /// No function.
    pub const NONE: Self = Self(None);

    /// A function that says what is wrong with a value; the derive makes one of
    /// `#[model(validate = …)]`. What it says MUST NOT repeat the value.
    pub const fn new(function: Function) -> Self {
        Self(Some(function))
    }

    /// Whether there is one.
    pub const fn is_some(self) -> bool {
        self.0.is_some()
    }

    /// What is wrong with a value.
    pub(super) fn refusal(self, value: &Value) -> Option<Text> {
        self.0?(value).err()
    }
}

impl PartialEq for Validator {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Validator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.is_some() { "Validator" } else { "None" })
    }
}

/// Asks a function about a value of a compiled model's field.
#[doc(hidden)]
pub fn validate<T: FieldValue, How, F: Validates<T, How>>(
    value: &Value,
    function: F,
) -> Result<(), Text> {
    match T::read(&OneValue(value), 0) {
        Ok(value) => function.ask(&value),
        Err(_) => Err("takes a value of another type".into()),
    }
}

/// A function that can validate a field of a type: it takes what the field holds, by reference. That
/// of an `Option` may take what is in it, and that of a `String` may take a `&str`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this function cannot validate a field of type `{T}`",
    note = "write `fn(&{T}) -> Result<(), String>`; instead of a String, it may give a `&'static str`"
)]
pub trait Validates<T, How> {
    fn ask(&self, value: &T) -> Result<(), Text>;
}

/// A function that takes all that the field holds.
#[doc(hidden)]
#[derive(Debug)]
pub struct Whole<Said>(PhantomData<Said>);

/// A function that takes what is in an `Option`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Inside<Said>(PhantomData<Said>);

/// A function that takes a `&str`.
#[doc(hidden)]
#[derive(Debug)]
pub struct AsText<Said>(PhantomData<Said>);

impl<T, E, F> Validates<T, Whole<E>> for F
where
    F: Fn(&T) -> Result<(), E>,
    E: Into<Text>,
{
    fn ask(&self, value: &T) -> Result<(), Text> {
        self(value).map_err(Into::into)
    }
}

impl<T, E, F> Validates<Option<T>, Inside<E>> for F
where
    F: Fn(&T) -> Result<(), E>,
    E: Into<Text>,
{
    fn ask(&self, value: &Option<T>) -> Result<(), Text> {
        value.as_ref().map_or(Ok(()), self).map_err(Into::into)
    }
}

impl<E, F> Validates<String, AsText<E>> for F
where
    F: Fn(&str) -> Result<(), E>,
    E: Into<Text>,
{
    fn ask(&self, value: &String) -> Result<(), Text> {
        self(value).map_err(Into::into)
    }
}

impl<E, F> Validates<Option<String>, AsText<E>> for F
where
    F: Fn(&str) -> Result<(), E>,
    E: Into<Text>,
{
    fn ask(&self, value: &Option<String>) -> Result<(), Text> {
        value.as_deref().map_or(Ok(()), self).map_err(Into::into)
    }
}
