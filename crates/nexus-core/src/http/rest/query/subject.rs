//! What a condition is about.

use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::schema::FieldType;

/// What stands before the operator: a field, or a place inside its document.
pub(super) struct Subject<'a> {
    /// As the parameter names it.
    pub(super) name: &'a str,
    /// As the list operation names it.
    pub(super) member: String,
    pub(super) field_type: FieldType,
    pub(super) place: Place,
}

impl<'a> Subject<'a> {
    /// The field of a name, or the place that a path leads to inside its document.
    pub(super) fn read(
        name: &'a str,
        field_name: &str,
        path: Option<&str>,
        field_type: FieldType,
    ) -> Result<Self> {
        let Some(path) = path else {
            return Ok(Self {
                name,
                member: name.to_owned(),
                field_type,
                place: Place::Whole,
            });
        };
        if field_type != FieldType::Json {
            let message = format!("field {field_name:?} holds no JSON document to look into");
            return Err(Error::new(Kind::Malformed, message));
        }
        let is_text = name.contains("->>");
        let mut member = field_name.to_owned();
        for step in path.split("->").map(|step| step.trim_start_matches('>')) {
            if step.is_empty() || step.contains('.') {
                let message = format!("{name:?} names no member of a document");
                return Err(Error::new(Kind::Malformed, message)
                    .with_help(format!("write {field_name}->member->member=eq.value")));
            }
            member.push('.');
            member.push_str(step);
        }
        let place = if is_text { Place::Text } else { Place::Value };
        Ok(Self {
            name,
            member,
            field_type,
            place,
        })
    }

    /// Whether it is a whole document.
    pub(super) fn is_document(&self) -> bool {
        self.place == Place::Whole && self.field_type == FieldType::Json
    }

    /// What the lists of a field are made of, where it holds any.
    pub(super) fn items(&self) -> Option<FieldType> {
        match (self.place, &self.field_type) {
            (Place::Whole, FieldType::Array(item)) => Some(item.field_type()),
            _ => None,
        }
    }
}

/// Which part of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The field itself.
    Whole,
    /// A value inside the document, `->`.
    Value,
    /// A text inside the document, `->>`.
    Text,
}
