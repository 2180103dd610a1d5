//! Collectors of rows for tests.

use dataflow_core::row::RowSource;
use dataflow_core::schema::FieldType;
use dataflow_core::{Result, Value};

use crate::pool::Rows;

/// Collects rows as values of the given types.
pub(super) struct Values {
    types: Vec<FieldType>,
    rows: Vec<Vec<Value>>,
}

impl Values {
    pub(super) fn of(types: &[FieldType]) -> Self {
        Self {
            types: types.to_vec(),
            rows: Vec::new(),
        }
    }
}

impl Rows for Values {
    type Output = Vec<Vec<Value>>;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        let values = self.types.iter().enumerate();
        let values = values.map(|(ordinal, field_type)| read(row, ordinal, field_type));
        self.rows.push(values.collect::<Result<_>>()?);
        Ok(())
    }

    fn restart(&mut self) {
        self.rows.clear();
    }

    fn finish(self, _: u64) -> Self::Output {
        self.rows
    }
}

fn read<R: RowSource>(row: &R, ordinal: usize, field_type: &FieldType) -> Result<Value> {
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
        FieldType::Json | FieldType::Array(_) => Value::Json(row.json(ordinal)?.into_owned()),
    })
}

/// Collects the first column, which is text.
#[derive(Default)]
pub(super) struct Texts(Vec<String>);

impl Rows for Texts {
    type Output = Vec<String>;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.0.push(row.text(0)?.to_owned());
        Ok(())
    }

    fn restart(&mut self) {
        self.0.clear();
    }

    fn finish(self, _: u64) -> Self::Output {
        self.0
    }
}

/// Counts the rows that were written.
pub(super) struct Written;

impl Rows for Written {
    type Output = u64;

    fn row<R: RowSource>(&mut self, _: &R) -> Result<()> {
        Ok(())
    }

    fn restart(&mut self) {}

    fn finish(self, written: u64) -> u64 {
        written
    }
}

/// Panics at the first row.
pub(super) struct Panics;

impl Rows for Panics {
    type Output = ();

    fn row<R: RowSource>(&mut self, _: &R) -> Result<()> {
        panic!("a collector that panics")
    }

    fn restart(&mut self) {}

    fn finish(self, _: u64) {}
}
