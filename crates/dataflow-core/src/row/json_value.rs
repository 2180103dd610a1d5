//! Rows as JSON values.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use super::RowSink;
use crate::schema::Arity;
use crate::value::{Date, LocalDateTime, LocalTime, Object, Timestamp, uuid_to_text};

/// Collects rows as JSON objects, for callers that look inside: workflows and MCP.
#[derive(Debug, Default)]
pub struct JsonValues {
    rows: Vec<Json>,
    row: Object,
    name: String,
    /// The rows, the row and the name of what stands around a relation.
    around: Vec<(Vec<Json>, Object, String)>,
}

impl JsonValues {
    /// The rows, in the order they were written.
    pub fn into_rows(self) -> Vec<Json> {
        self.rows
    }

    fn put(&mut self, value: impl Into<Json>) {
        let name = std::mem::take(&mut self.name);
        self.row.insert(name, value.into());
    }
}

impl RowSink for JsonValues {
    fn begin_row(&mut self) {
        self.row = Object::new();
    }

    fn end_row(&mut self) {
        self.rows.push(Json::Object(std::mem::take(&mut self.row)));
    }

    fn name(&mut self, name: &str) {
        name.clone_into(&mut self.name);
    }

    fn null(&mut self) {
        self.put(Json::Null);
    }

    fn bool(&mut self, value: bool) {
        self.put(value);
    }

    fn integer(&mut self, value: i64) {
        self.put(value);
    }

    /// The number of the shortest text that means this one, as [`JsonBytes`](super::JsonBytes)
    /// writes it: 0.1 and not 0.10000000149011612.
    fn f32(&mut self, value: f32) {
        let shortest = value.to_string().parse::<f64>();
        self.put(shortest.unwrap_or_else(|_| value.into()));
    }

    fn f64(&mut self, value: f64) {
        self.put(value);
    }

    fn text(&mut self, value: &str) {
        self.put(value);
    }

    fn bytes(&mut self, value: &[u8]) {
        self.put(STANDARD.encode(value));
    }

    fn uuid(&mut self, value: &[u8; 16]) {
        self.put(uuid_to_text(value));
    }

    fn timestamp(&mut self, value: Timestamp) {
        self.put(value.to_string());
    }

    fn local_date_time(&mut self, value: LocalDateTime) {
        self.put(value.to_string());
    }

    fn date(&mut self, value: Date) {
        self.put(value.to_string());
    }

    fn local_time(&mut self, value: LocalTime) {
        self.put(value.to_string());
    }

    fn decimal(&mut self, value: &str) {
        self.put(value);
    }

    /// A document that is not JSON, which neither database stores in such a column, becomes null.
    fn json(&mut self, value: &str) {
        self.put(serde_json::from_str::<Json>(value).unwrap_or_default());
    }

    fn begin_related(&mut self, _: Arity) {
        self.around.push((
            std::mem::take(&mut self.rows),
            std::mem::take(&mut self.row),
            std::mem::take(&mut self.name),
        ));
    }

    fn end_related(&mut self, arity: Arity) {
        let mut rows = std::mem::take(&mut self.rows);
        (self.rows, self.row, self.name) = self.around.pop().unwrap_or_default();
        match arity {
            Arity::Many => self.put(rows),
            Arity::One => self.put(rows.pop()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::JsonBytes;
    use super::*;

    /// The widened form of 0.1 has the text 0.10000000149011612.
    #[test]
    fn a_number_of_32_bits_reads_the_same_in_both_forms() {
        let mut bytes = JsonBytes::object();
        let mut values = JsonValues::default();
        for number in [0.1, -1.5e-10, f32::MAX, 16_777_217.0, f32::NAN] {
            bytes.begin_row();
            values.begin_row();
            bytes.name("number");
            values.name("number");
            bytes.f32(number);
            values.f32(number);
            bytes.end_row();
            values.end_row();
        }
        let texts: Vec<String> = values.into_rows().iter().map(Json::to_string).collect();
        let bytes = String::from_utf8(bytes.finish()).expect("JSON is UTF-8");
        let as_numbers = |text: &str| -> Vec<Json> {
            serde_json::from_str(&format!("[{text}]")).expect("rows are JSON")
        };
        assert_eq!(as_numbers(&bytes), as_numbers(&texts.join(",")));
    }
}
