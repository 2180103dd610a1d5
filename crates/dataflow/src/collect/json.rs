//! Rows as JSON, in the form that the caller asked for.

use std::sync::Arc;

use dataflow_core::node::{Body, Form};
use dataflow_core::row::{
    JsonBytes, JsonValues, RowSink, RowSource, write_columns, write_fields, write_row,
};
use dataflow_core::schema::FieldType;
use dataflow_core::{ModelSchema, Result};

use crate::pool::Rows;

/// Rows as JSON: an array of them, or the object of a single one.
pub(crate) struct JsonRows {
    model: Arc<ModelSchema>,
    /// The names and types of the first columns; none for all fields of the model.
    columns: Option<Vec<(String, FieldType)>>,
    /// Whether each row says that it is new.
    tells_newness: bool,
    is_array: bool,
    rows: usize,
    sink: Sink,
}

enum Sink {
    Bytes(JsonBytes),
    Values(JsonValues),
}

/// What was written, and of how many rows.
pub(crate) struct Rendered {
    pub(crate) rows: usize,
    pub(crate) body: Body,
}

impl JsonRows {
    pub(crate) fn array(model: Arc<ModelSchema>, form: Form) -> Self {
        Self::new(model, form, true)
    }

    pub(crate) fn object(model: Arc<ModelSchema>, form: Form) -> Self {
        Self::new(model, form, false)
    }

    fn new(model: Arc<ModelSchema>, form: Form, is_array: bool) -> Self {
        Self {
            model,
            columns: None,
            tells_newness: false,
            is_array,
            rows: 0,
            sink: Sink::new(form, is_array),
        }
    }

    /// Rows of an upsert, each with whether it is new beside its fields. A field of that name goes
    /// first.
    pub(crate) fn telling_newness(mut self) -> Self {
        self.tells_newness = self.model.field(CREATED).is_none();
        self
    }

    /// Columns of these names and types in the place of the model's fields.
    pub(crate) fn with_columns(mut self, columns: Option<Vec<(String, FieldType)>>) -> Self {
        self.columns = columns;
        self
    }
}

/// What says of a row of an upsert that it is new.
pub(crate) const CREATED: &str = "created";

/// Writes what was asked for of a row.
fn write<R: RowSource, S: RowSink>(
    model: &ModelSchema,
    columns: Option<&[(String, FieldType)]>,
    tells_newness: bool,
    row: &R,
    sink: &mut S,
) -> Result<()> {
    match columns {
        None if tells_newness => {
            sink.begin_row();
            write_fields(model.fields.iter(), row, sink)?;
            sink.name(CREATED);
            sink.bool(row.bool(model.fields.len())?);
            sink.end_row();
            Ok(())
        }
        None => write_row(model.fields.iter(), row, sink),
        Some(columns) => {
            let columns = columns.iter();
            write_columns(columns.map(|(name, of)| (name.as_str(), of)), row, sink)
        }
    }
}

impl Sink {
    fn new(form: Form, is_array: bool) -> Self {
        match form {
            Form::Bytes if is_array => Self::Bytes(JsonBytes::array()),
            Form::Bytes => Self::Bytes(JsonBytes::object()),
            Form::Value => Self::Values(JsonValues::default()),
        }
    }

    fn form(&self) -> Form {
        match self {
            Self::Bytes(_) => Form::Bytes,
            Self::Values(_) => Form::Value,
        }
    }
}

impl Rows for JsonRows {
    type Output = Rendered;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.rows += 1;
        let (columns, is_told) = (self.columns.as_deref(), self.tells_newness);
        match &mut self.sink {
            Sink::Bytes(bytes) => write(&self.model, columns, is_told, row, bytes),
            Sink::Values(values) => write(&self.model, columns, is_told, row, values),
        }
    }

    fn restart(&mut self) {
        self.rows = 0;
        self.sink = Sink::new(self.sink.form(), self.is_array);
    }

    fn finish(self, _: u64) -> Rendered {
        let body = match self.sink {
            Sink::Bytes(bytes) => Body::Bytes(bytes.finish().into()),
            Sink::Values(values) if self.is_array => Body::Value(values.into_rows().into()),
            Sink::Values(values) => match values.into_rows().pop() {
                Some(row) => Body::Value(row),
                None => Body::Empty,
            },
        };
        Rendered {
            rows: self.rows,
            body,
        }
    }
}
