//! Rows as the bytes of JSON.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::RowSink;
use crate::schema::Arity;
use crate::value::{Date, LocalDateTime, LocalTime, Timestamp, uuid_to_text};

/// Writes rows as JSON text: either one array of objects, or the one object of a single row.
///
/// ```
/// use dataflow_core::row::{JsonBytes, RowSink};
///
/// let mut sink = JsonBytes::array();
/// sink.begin_row();
/// sink.name("id");
/// sink.integer(7);
/// sink.end_row();
/// assert_eq!(sink.finish(), br#"[{"id":7}]"#);
/// ```
#[derive(Debug)]
pub struct JsonBytes {
    bytes: Vec<u8>,
    rows: usize,
    fields_in_row: usize,
    is_array: bool,
    /// The rows and fields of what stands around a relation.
    around: Vec<(usize, usize)>,
}

impl JsonBytes {
    /// For any number of rows.
    pub fn array() -> Self {
        Self::new(vec![b'['], true)
    }

    /// For exactly one row.
    pub fn object() -> Self {
        Self::new(Vec::new(), false)
    }

    fn new(bytes: Vec<u8>, is_array: bool) -> Self {
        Self {
            bytes,
            rows: 0,
            fields_in_row: 0,
            is_array,
            around: Vec::new(),
        }
    }

    /// How many rows were begun.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The JSON text.
    pub fn finish(mut self) -> Vec<u8> {
        if self.is_array {
            self.bytes.push(b']');
        }
        self.bytes
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        self.bytes
            .write_fmt(text)
            .expect("writing to memory does not fail");
    }

    fn serialize<T: serde::Serialize + ?Sized>(&mut self, value: &T) {
        serde_json::to_writer(&mut self.bytes, value)
            .expect("texts and numbers serialize into memory");
    }
}

impl RowSink for JsonBytes {
    fn begin_row(&mut self) {
        if self.rows > 0 {
            self.bytes.push(b',');
        }
        self.bytes.push(b'{');
        self.rows += 1;
        self.fields_in_row = 0;
    }

    fn end_row(&mut self) {
        self.bytes.push(b'}');
    }

    fn name(&mut self, name: &str) {
        if self.fields_in_row > 0 {
            self.bytes.push(b',');
        }
        self.fields_in_row += 1;
        self.serialize(name);
        self.bytes.push(b':');
    }

    fn null(&mut self) {
        self.bytes.extend_from_slice(b"null");
    }

    fn bool(&mut self, value: bool) {
        self.serialize(&value);
    }

    fn integer(&mut self, value: i64) {
        self.serialize(&value);
    }

    /// Infinities and not-a-number, which JSON cannot say, become null.
    fn f32(&mut self, value: f32) {
        self.serialize(&value);
    }

    /// Infinities and not-a-number, which JSON cannot say, become null.
    fn f64(&mut self, value: f64) {
        self.serialize(&value);
    }

    fn text(&mut self, value: &str) {
        self.serialize(value);
    }

    fn bytes(&mut self, value: &[u8]) {
        self.write(format_args!("\"{}\"", STANDARD.encode(value)));
    }

    fn uuid(&mut self, value: &[u8; 16]) {
        self.write(format_args!("\"{}\"", uuid_to_text(value)));
    }

    fn timestamp(&mut self, value: Timestamp) {
        self.write(format_args!("\"{value}\""));
    }

    fn local_date_time(&mut self, value: LocalDateTime) {
        self.write(format_args!("\"{value}\""));
    }

    fn date(&mut self, value: Date) {
        self.write(format_args!("\"{value}\""));
    }

    fn local_time(&mut self, value: LocalTime) {
        self.write(format_args!("\"{value}\""));
    }

    fn decimal(&mut self, value: &str) {
        self.serialize(value);
    }

    fn json(&mut self, value: &str) {
        self.bytes.extend_from_slice(value.as_bytes());
    }

    fn begin_related(&mut self, arity: Arity) {
        self.around.push((self.rows, self.fields_in_row));
        self.rows = 0;
        if arity == Arity::Many {
            self.bytes.push(b'[');
        }
    }

    fn end_related(&mut self, arity: Arity) {
        match arity {
            Arity::Many => self.bytes.push(b']'),
            Arity::One if self.rows == 0 => self.null(),
            Arity::One => {}
        }
        (self.rows, self.fields_in_row) = self.around.pop().unwrap_or_default();
    }
}
