//! Reads TOML.

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::complaint::Unreadable;
use super::tree::{Entry, Tree};

pub(super) fn parse(text: &str) -> Result<Tree, Unreadable> {
    let lines = Lines::of(text);
    let document = DeTable::parse(text).map_err(|error| {
        let (line, column) = lines.place(error.span().map_or(0, |span| span.start));
        Unreadable {
            line,
            column: Some(column),
            message: error.message().to_owned(),
        }
    })?;
    table(document.get_ref(), &lines)
}

fn table(table: &DeTable<'_>, lines: &Lines) -> Result<Tree, Unreadable> {
    let entry = |(name, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
        let (line, _) = lines.place(name.span().start);
        Ok(Entry {
            name: name.get_ref().to_string(),
            line,
            value: tree(value, lines)?,
        })
    };
    let entries: Result<_, _> = table.iter().map(entry).collect();
    Ok(Tree::Table(entries?))
}

fn tree(value: &Spanned<DeValue<'_>>, lines: &Lines) -> Result<Tree, Unreadable> {
    let refuse = |message: &str| {
        let (line, column) = lines.place(value.span().start);
        Unreadable {
            line,
            column: Some(column),
            message: message.to_owned(),
        }
    };
    let scalar: Json = match value.get_ref() {
        DeValue::Table(inner) => return table(inner, lines),
        DeValue::Array(items) => {
            let items: Result<_, _> = items.iter().map(|item| tree(item, lines)).collect();
            return Ok(Tree::List(items?));
        }
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(value) => (*value).into(),
        DeValue::Datetime(datetime) => datetime.to_string().into(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_err(|_| refuse("the number does not fit 64 bits"))?
            .into(),
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => number.into(),
            _ => return Err(refuse("JSON has no such number")),
        },
    };
    Ok(Tree::Scalar(scalar))
}

/// Where the lines of a text begin, in bytes.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(end, _)| end + 1);
        Self(std::iter::once(0).chain(ends).collect())
    }

    /// The line and column of a byte, counted from 1.
    fn place(&self, byte: usize) -> (usize, usize) {
        let line = self.0.partition_point(|begin| *begin <= byte);
        (line, byte - self.0[line - 1] + 1)
    }
}
