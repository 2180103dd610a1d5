//! What many rows come to: counts, sums, averages, extremes.

use std::marker::PhantomData;

use crate::error::{Error, Fault, FaultCode, Kind, Result};
use crate::row::{RowSource, for_tuples};
use crate::schema::{FieldType, FieldValue, Model, ModelSchema};

/// One value that many rows come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// How many rows there are.
    Count,
    /// What the values of a field come to, nulls left out; null when none is left.
    Of(Function, usize),
}

/// What the values of a field come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// How many different values there are; never null.
    CountDistinct,
    /// Their sum: of integers a 64-bit integer, of floats a float, of decimals a decimal.
    Sum,
    /// Their mean: of decimals a decimal, of other numbers a float.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

const FUNCTIONS: [(&str, Function); 5] = [
    ("count_distinct", Function::CountDistinct),
    ("sum", Function::Sum),
    ("avg", Function::Avg),
    ("min", Function::Min),
    ("max", Function::Max),
];

impl Aggregate {
    /// Reads `count`, or the name of a field and a function, such as `age.max`.
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`] for a field or function that does not exist and for a field that the
    /// function does not take, with a fault that has no pointer yet.
    ///
    #[cfg_attr(feature = "derive", doc = "```")]
    #[cfg_attr(not(feature = "derive"), doc = "```ignore")]
    /// use dataflow_core::Model;
    /// use dataflow_core::query::{Aggregate, Function};
    ///
    /// #[derive(Model)]
    /// struct User {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     age: Option<i32>,
    /// }
    ///
    /// let oldest = Aggregate::parse(User::schema(), "age.max").unwrap();
    /// assert_eq!(oldest, Aggregate::Of(Function::Max, 1));
    /// assert_eq!(oldest.name(User::schema()), "age_max");
    /// assert!(Aggregate::parse(User::schema(), "age.maxx").is_err());
    /// ```
    pub fn parse(model: &ModelSchema, text: &str) -> Result<Self> {
        if text == "count" {
            return Ok(Self::Count);
        }
        let (name, word) = text.split_once('.').unwrap_or((text, ""));
        let Some(field) = model.shown_position(name) else {
            let names = model.shown().map(|field| &*field.name);
            let message = format!("model {:?} has no field {name:?}", model.name);
            return Err(malformed(message).with_closest(name, names.chain(["count"])));
        };
        let known = FUNCTIONS.iter().find(|(known, _)| *known == word);
        let Some((_, function)) = known else {
            let names = FUNCTIONS.iter().map(|(name, _)| *name);
            let message = format!("{word:?} is no function over the values of {name:?}");
            return Err(malformed(message)
                .with_help("write count, or field.sum, .avg, .min, .max or .count_distinct")
                .with_closest(word, names));
        };
        let aggregate = Self::Of(*function, field);
        match aggregate.field_type(model) {
            Some(_) => Ok(aggregate),
            None => {
                let message = format!("the values of {name:?} have no {word}");
                Err(malformed(message))
            }
        }
    }

    /// What it is called in a row: `count`, or the field and the function, such as `age_max`.
    pub fn name(self, model: &ModelSchema) -> String {
        match self {
            Self::Count => "count".to_owned(),
            Self::Of(function, field) => {
                let known = FUNCTIONS.iter().find(|(_, known)| *known == function);
                let word = known.map_or("", |(name, _)| *name);
                format!("{}_{word}", model.fields[field].name)
            }
        }
    }

    /// The type of the value; none where the field has no such value.
    pub fn field_type(self, model: &ModelSchema) -> Option<FieldType> {
        use FieldType::{
            Date, Decimal, F32, F64, I16, I32, I64, LocalDateTime, LocalTime, String, Timestamp,
        };
        let Self::Of(function, field) = self else {
            return Some(I64);
        };
        match (function, &model.fields[field].field_type) {
            (Function::CountDistinct, FieldType::Json) => None,
            (Function::CountDistinct, _) => Some(I64),
            (Function::Sum, I16 | I32 | I64) => Some(I64),
            (Function::Sum, F32 | F64) => Some(F64),
            (Function::Avg, I16 | I32 | I64 | F32 | F64) => Some(F64),
            (Function::Sum | Function::Avg, Decimal) => Some(Decimal),
            (Function::Sum | Function::Avg, _) => None,
            (
                Function::Min | Function::Max,
                own @ (I16 | I32 | I64 | F32 | F64 | String | Timestamp | LocalDateTime | Date
                | LocalTime | Decimal),
            ) => Some(own.clone()),
            (Function::Min | Function::Max, _) => None,
        }
    }
}

fn malformed(message: String) -> Error {
    let fault = Fault::new("", FaultCode::Unknown, message.clone());
    Error::new(Kind::Malformed, message).with_faults(vec![fault])
}

/// A value of type `T` that rows of model `M` come to: [`count`], or a method of a column, such as
/// [`Column::sum`](super::Column::sum).
#[derive(Debug)]
pub struct Measure<M, T> {
    aggregate: Aggregate,
    types: PhantomData<fn() -> (M, T)>,
}

/// How many rows there are.
pub fn count<M: Model>() -> Measure<M, i64> {
    Measure::new(Aggregate::Count)
}

impl<M, T> Measure<M, T> {
    pub(super) fn new(aggregate: Aggregate) -> Self {
        Self {
            aggregate,
            types: PhantomData,
        }
    }

    pub(super) fn aggregate(&self) -> Aggregate {
        self.aggregate
    }
}

/// What a query measures: a [`Measure`], or a tuple of up to twelve.
#[diagnostic::on_unimplemented(
    message = "`{Self}` measures no rows of `{M}`",
    note = "name measures of `{M}`, as in `(count(), User::AGE.max())`"
)]
pub trait Measures<M>: Send {
    /// What they are read as.
    type Values: Send + 'static;

    /// What is asked of the database.
    fn aggregates(&self) -> Vec<Aggregate>;

    /// Reads them from the columns that begin at an ordinal.
    ///
    /// # Errors
    ///
    /// When a column holds what its type cannot hold.
    fn read<R: RowSource>(row: &R, first: usize) -> Result<Self::Values>;
}

impl<M: Model, T: FieldValue> Measures<M> for Measure<M, T> {
    type Values = T;

    fn aggregates(&self) -> Vec<Aggregate> {
        vec![self.aggregate]
    }

    fn read<R: RowSource>(row: &R, first: usize) -> Result<T> {
        T::read(row, first)
    }
}

macro_rules! tuples {
    ($($($measure:ident $ordinal:tt)+;)+) => {$(
        impl<M: Model, $($measure: FieldValue),+> Measures<M> for ($(Measure<M, $measure>,)+) {
            type Values = ($($measure,)+);

            fn aggregates(&self) -> Vec<Aggregate> {
                vec![$(self.$ordinal.aggregate),+]
            }

            fn read<R: RowSource>(row: &R, first: usize) -> Result<Self::Values> {
                Ok(($($measure::read(row, first + $ordinal)?,)+))
            }
        }
    )+};
}

for_tuples!(tuples);

/// A type whose columns have a sum and an average, and can be added to.
#[diagnostic::on_unimplemented(message = "columns of type `{Self}` have no sum")]
pub trait Summable {
    /// What is added to a value: the type itself, also where a column may be null.
    type Summand: FieldValue;
    /// What a sum is read as.
    type Sum: FieldValue;
    /// What an average is read as.
    type Average: FieldValue;
}

/// A type whose columns have a least and a greatest value.
#[diagnostic::on_unimplemented(message = "columns of type `{Self}` have no least value")]
pub trait Extreme {
    /// What it is read as.
    type Value: FieldValue;
}

macro_rules! summable {
    ($($rust:ty: $sum:ty, $average:ty;)*) => {$(
        impl Summable for $rust {
            type Summand = $rust;
            type Sum = $sum;
            type Average = $average;
        }
        impl Summable for Option<$rust> {
            type Summand = $rust;
            type Sum = $sum;
            type Average = $average;
        }
    )*};
}

macro_rules! extreme {
    ($($rust:ty)*) => {$(
        impl Extreme for $rust {
            type Value = $rust;
        }
        impl Extreme for Option<$rust> {
            type Value = $rust;
        }
    )*};
}

summable! {
    i16: i64, f64;
    i32: i64, f64;
    i64: i64, f64;
    f32: f64, f64;
    f64: f64, f64;
}
extreme!(i16 i32 i64 f32 f64 String);
extreme!(crate::value::Timestamp crate::value::LocalDateTime);
extreme!(crate::value::Date crate::value::LocalTime);

#[cfg(feature = "chrono")]
extreme!(chrono::DateTime<chrono::Utc> chrono::NaiveDateTime chrono::NaiveDate chrono::NaiveTime);
#[cfg(feature = "decimal")]
summable! {
    rust_decimal::Decimal: rust_decimal::Decimal, rust_decimal::Decimal;
}
#[cfg(feature = "decimal")]
extreme!(rust_decimal::Decimal);
