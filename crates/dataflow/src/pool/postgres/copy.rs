//! Members as a stream, in the text format of `COPY`.

use std::fmt::Write as _;

use dataflow_core::Value;
use dataflow_core::value::uuid_to_text;

use super::error;
use super::lease::{Lease, bounded};
use crate::pool::failure::Failure;
use crate::pool::members::Stretch;

/// So many bytes are gathered before they are sent.
const PORTION: usize = 64 * 1024;

impl Lease {
    /// Sends members to a `COPY … FROM STDIN`, and answers how many rows there are more.
    ///
    /// A connection that is left in the middle of it is closed: sqlx does not count what the server
    /// answers to half a stream.
    pub(super) async fn copy(
        &mut self,
        command: &str,
        members: Stretch<'_>,
    ) -> Result<u64, Failure> {
        let patience = self.patience();
        self.is_streaming(true);
        let connection = self.connection();
        let work = async {
            let mut stream = connection.copy_in_raw(command).await?;
            let mut portion = String::with_capacity(PORTION * 2);
            for values in members.iter() {
                row(values, &mut portion);
                if portion.len() >= PORTION {
                    stream.send(portion.as_bytes()).await?;
                    portion.clear();
                }
            }
            stream.send(portion.as_bytes()).await?;
            stream.finish().await
        };
        let outcome = bounded(patience, async {
            work.await.map_err(|fault| error::of(&fault))
        });
        let outcome = outcome.await;
        self.is_streaming(false);
        outcome
    }
}

fn row(values: &[Value], text: &mut String) {
    for (position, value) in values.iter().enumerate() {
        if position > 0 {
            text.push('\t');
        }
        write(value, text);
    }
    text.push('\n');
}

fn write(value: &Value, text: &mut String) {
    let written = match value {
        Value::Null => text.write_str("\\N"),
        Value::Bool(value) => text.write_str(if *value { "t" } else { "f" }),
        Value::Integer(value) => text.write_str(itoa::Buffer::new().format(*value)),
        Value::Float(value) => write!(text, "{value:?}"),
        Value::Text(value) | Value::Decimal(value) | Value::Json(value) => {
            escape(value, text);
            Ok(())
        }
        Value::Bytes(bytes) => {
            text.push_str("\\\\x");
            bytes.iter().try_for_each(|byte| write!(text, "{byte:02x}"))
        }
        Value::Uuid(uuid) => text.write_str(&uuid_to_text(uuid)),
        Value::Timestamp(value) => write!(text, "{value}"),
        Value::LocalDateTime(value) => write!(text, "{value}"),
        Value::Date(value) => write!(text, "{value}"),
        Value::LocalTime(value) => write!(text, "{value}"),
    };
    written.expect("a string takes whatever is written");
}

/// Writes what would end a column or a row as its letter behind a backslash.
fn escape(value: &str, text: &mut String) {
    // Hardly any text has one, and a loop that never stops early looks at many bytes at once: a third
    // of the time that searching takes.
    let is_mark = |byte: u8| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r');
    if !value.bytes().fold(false, |has, byte| has | is_mark(byte)) {
        text.push_str(value);
        return;
    }
    let mut rest = value;
    while let Some(at) = rest.find(['\\', '\t', '\n', '\r']) {
        text.push_str(&rest[..at]);
        text.push_str(match rest.as_bytes()[at] {
            b'\t' => "\\t",
            b'\n' => "\\n",
            b'\r' => "\\r",
            _ => "\\\\",
        });
        rest = &rest[at + 1..];
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_written_as_copy_reads_it() {
        let text = |text: &str| Value::Text(text.to_owned());
        let cases = [
            (Value::Null, "\\N"),
            (text(""), ""),
            (text("\\N"), "\\\\N"),
            (text("a\tb\nc\rd\\."), "a\\tb\\nc\\rd\\\\."),
            (text("Größe"), "Größe"),
            (Value::Bool(true), "t"),
            (Value::Integer(i64::MIN), "-9223372036854775808"),
            (Value::Float(1e300), "1e300"),
            (Value::Float(f64::NEG_INFINITY), "-inf"),
            (Value::Bytes(vec![0, 0xff]), "\\\\x00ff"),
            (
                Value::Json("{\"a\":\"\\n\"}".to_owned()),
                "{\"a\":\"\\\\n\"}",
            ),
        ];
        for (value, expected) in cases {
            let mut written = String::new();
            write(&value, &mut written);
            assert_eq!(written, expected, "{value:?}");
        }
    }
}
