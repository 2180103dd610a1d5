//! How a row leaves a database without a tree in between.
//!
//! A typed read is generated code over a [`RowSource`], compiled once per database. A read for JSON
//! walks the fields of a [`ModelSchema`](crate::ModelSchema) with one match per column into a [`RowSink`]. Neither
//! costs a `dyn` call per field.

mod from_row;
mod json_bytes;
mod json_value;
mod one_value;
mod picked;
mod tuple;

pub use from_row::{FromRow, RowColumn};
pub use json_bytes::JsonBytes;
pub use json_value::JsonValues;
pub(crate) use one_value::OneValue;
pub use picked::Picks;
#[doc(hidden)]
pub use tuple::for_tuples;

use std::borrow::Cow;

use crate::error::Result;
use crate::schema::{Arity, Field, FieldType};
use crate::value::{Date, LocalDateTime, LocalTime, Timestamp, Value, list_as_shown};

/// A row that a database driver has just read. Columns are addressed by ordinal, from 0.
///
/// Every method but [`is_null`](RowSource::is_null) fails when the column is null or holds another
/// type; the error names the ordinal, never the value.
#[expect(missing_docs, reason = "each method reads the type it is named after")]
pub trait RowSource {
    /// What a column is called; none where there is no such column or nobody named it.
    fn column_name(&self, ordinal: usize) -> Option<&str>;
    /// Sees that a column has a type, for statements whose columns nobody has checked. A source that
    /// knows the type of each value MAY leave that to the methods that read it.
    ///
    /// # Errors
    ///
    /// When it is another, or there is no such column.
    fn check_type(&self, ordinal: usize, field_type: &FieldType) -> Result<()>;
    fn is_null(&self, ordinal: usize) -> Result<bool>;
    fn bool(&self, ordinal: usize) -> Result<bool>;
    fn i16(&self, ordinal: usize) -> Result<i16>;
    fn i32(&self, ordinal: usize) -> Result<i32>;
    fn i64(&self, ordinal: usize) -> Result<i64>;
    fn f32(&self, ordinal: usize) -> Result<f32>;
    fn f64(&self, ordinal: usize) -> Result<f64>;
    fn text(&self, ordinal: usize) -> Result<&str>;
    fn bytes(&self, ordinal: usize) -> Result<&[u8]>;
    fn uuid(&self, ordinal: usize) -> Result<[u8; 16]>;
    fn timestamp(&self, ordinal: usize) -> Result<Timestamp>;
    fn local_date_time(&self, ordinal: usize) -> Result<LocalDateTime>;
    fn date(&self, ordinal: usize) -> Result<Date>;
    fn local_time(&self, ordinal: usize) -> Result<LocalTime>;
    fn decimal(&self, ordinal: usize) -> Result<Cow<'_, str>>;
    fn json(&self, ordinal: usize) -> Result<Cow<'_, str>>;
}

/// What rows are written into: [`JsonBytes`] or [`JsonValues`].
#[expect(missing_docs, reason = "each method writes the type it is named after")]
pub trait RowSink {
    fn begin_row(&mut self);
    fn end_row(&mut self);
    /// Names the field that the next call writes.
    fn name(&mut self, name: &str);
    fn null(&mut self);
    fn bool(&mut self, value: bool);
    fn integer(&mut self, value: i64);
    fn f32(&mut self, value: f32);
    fn f64(&mut self, value: f64);
    fn text(&mut self, value: &str);
    fn bytes(&mut self, value: &[u8]);
    fn uuid(&mut self, value: &[u8; 16]);
    fn timestamp(&mut self, value: Timestamp);
    fn local_date_time(&mut self, value: LocalDateTime);
    fn date(&mut self, value: Date);
    fn local_time(&mut self, value: LocalTime);
    fn decimal(&mut self, value: &str);
    fn json(&mut self, value: &str);
    /// Begins the value of a relation: the rows that follow stand in the field that was named, in a
    /// list, or alone where the relation leads to one row at the most.
    fn begin_related(&mut self, arity: Arity);
    /// Ends it.
    fn end_related(&mut self, arity: Arity);
}

/// Writes one row, whose columns come in the order of the fields, as an object of those that are
/// shown.
///
/// # Errors
///
/// When a column does not hold its field's type. The sink then holds half a row.
pub fn write_row<'f, R: RowSource, S: RowSink>(
    fields: impl IntoIterator<Item = &'f Field>,
    row: &R,
    sink: &mut S,
) -> Result<()> {
    sink.begin_row();
    write_fields(fields, row, sink)?;
    sink.end_row();
    Ok(())
}

/// Writes the fields that are shown of a row, whose columns come in the order of all of them, into a
/// row that was begun.
///
/// # Errors
///
/// As [`write_row`].
pub fn write_fields<'f, R: RowSource, S: RowSink>(
    fields: impl IntoIterator<Item = &'f Field>,
    row: &R,
    sink: &mut S,
) -> Result<()> {
    let columns = fields.into_iter().enumerate();
    for (ordinal, field) in columns.filter(|(_, field)| field.is_shown()) {
        sink.name(&field.name);
        write_value(&field.field_type, row, ordinal, sink)?;
    }
    Ok(())
}

/// Writes one row, whose columns have these names and types, as an object.
///
/// # Errors
///
/// As [`write_row`].
pub fn write_columns<'c, R: RowSource, S: RowSink>(
    columns: impl IntoIterator<Item = (&'c str, &'c FieldType)>,
    row: &R,
    sink: &mut S,
) -> Result<()> {
    sink.begin_row();
    write_named(columns, row, sink)?;
    sink.end_row();
    Ok(())
}

/// Writes columns of these names and types, the first of a row, into a row that was begun.
///
/// # Errors
///
/// As [`write_row`].
pub fn write_named<'c, R: RowSource, S: RowSink>(
    columns: impl IntoIterator<Item = (&'c str, &'c FieldType)>,
    row: &R,
    sink: &mut S,
) -> Result<()> {
    for (ordinal, (name, field_type)) in columns.into_iter().enumerate() {
        sink.name(name);
        write_value(field_type, row, ordinal, sink)?;
    }
    Ok(())
}

fn write_value<R: RowSource, S: RowSink>(
    field_type: &FieldType,
    row: &R,
    ordinal: usize,
    sink: &mut S,
) -> Result<()> {
    if row.is_null(ordinal)? {
        sink.null();
        return Ok(());
    }
    match field_type {
        FieldType::Bool => sink.bool(row.bool(ordinal)?),
        FieldType::I16 => sink.integer(row.i16(ordinal)?.into()),
        FieldType::I32 => sink.integer(row.i32(ordinal)?.into()),
        FieldType::I64 => sink.integer(row.i64(ordinal)?),
        FieldType::F32 => sink.f32(row.f32(ordinal)?),
        FieldType::F64 => sink.f64(row.f64(ordinal)?),
        FieldType::String | FieldType::Enum(_) => sink.text(row.text(ordinal)?),
        FieldType::Bytes => sink.bytes(row.bytes(ordinal)?),
        FieldType::Uuid => sink.uuid(&row.uuid(ordinal)?),
        FieldType::Timestamp => sink.timestamp(row.timestamp(ordinal)?),
        FieldType::LocalDateTime => sink.local_date_time(row.local_date_time(ordinal)?),
        FieldType::Date => sink.date(row.date(ordinal)?),
        FieldType::LocalTime => sink.local_time(row.local_time(ordinal)?),
        FieldType::Decimal => sink.decimal(&row.decimal(ordinal)?),
        FieldType::Json => sink.json(&row.json(ordinal)?),
        FieldType::Array(item) => sink.json(&list_as_shown(item, row.json(ordinal)?)?),
    }
    Ok(())
}

/// The value of one column, for callers that keep it.
///
/// # Errors
///
/// When the column does not hold the type.
pub fn read_value<R: RowSource>(field_type: &FieldType, row: &R, ordinal: usize) -> Result<Value> {
    if row.is_null(ordinal)? {
        return Ok(Value::Null);
    }
    Ok(match field_type {
        FieldType::Bool => Value::Bool(row.bool(ordinal)?),
        FieldType::I16 => Value::Integer(row.i16(ordinal)?.into()),
        FieldType::I32 => Value::Integer(row.i32(ordinal)?.into()),
        FieldType::I64 => Value::Integer(row.i64(ordinal)?),
        FieldType::F32 => Value::Float(row.f32(ordinal)?.into()),
        FieldType::F64 => Value::Float(row.f64(ordinal)?),
        FieldType::String | FieldType::Enum(_) => Value::Text(row.text(ordinal)?.to_owned()),
        FieldType::Bytes => Value::Bytes(row.bytes(ordinal)?.to_owned()),
        FieldType::Uuid => Value::Uuid(row.uuid(ordinal)?),
        FieldType::Timestamp => Value::Timestamp(row.timestamp(ordinal)?),
        FieldType::LocalDateTime => Value::LocalDateTime(row.local_date_time(ordinal)?),
        FieldType::Date => Value::Date(row.date(ordinal)?),
        FieldType::LocalTime => Value::LocalTime(row.local_time(ordinal)?),
        FieldType::Decimal => Value::Decimal(row.decimal(ordinal)?.into_owned()),
        FieldType::Json => Value::Json(row.json(ordinal)?.into_owned()),
        FieldType::Array(item) => {
            Value::Json(list_as_shown(item, row.json(ordinal)?)?.into_owned())
        }
    })
}
