//! Rows as JSON, with those that relations lead to from them.

use std::sync::Arc;

use dataflow_core::node::{Body, Form};
use dataflow_core::query::{By, Inclusion};
use dataflow_core::row::{JsonBytes, JsonValues, RowSink, write_fields, write_named};
use dataflow_core::schema::{Arity, FieldType};
use dataflow_core::{ModelSchema, Result};

use crate::table::Loaded;

/// What is given of rows, and of those beside them.
pub(super) struct Tree<'a> {
    pub(super) model: &'a Arc<ModelSchema>,
    /// What was asked for of them; none for all fields.
    pub(super) fields: Option<&'a [By]>,
    pub(super) includes: &'a [Inclusion],
}

impl Tree<'_> {
    /// All rows as an array.
    pub(super) fn array(&self, loaded: &Loaded, form: Form) -> Result<Body> {
        let places: Vec<usize> = (0..loaded.rows().len()).collect();
        Ok(match form {
            Form::Bytes => {
                let mut bytes = JsonBytes::array();
                self.write(loaded, &places, &mut bytes)?;
                Body::Bytes(bytes.finish().into())
            }
            Form::Value => {
                let mut values = JsonValues::default();
                self.write(loaded, &places, &mut values)?;
                Body::Value(values.into_rows().into())
            }
        })
    }

    /// The first row as an object.
    pub(super) fn object(&self, loaded: &Loaded, form: Form) -> Result<Body> {
        Ok(match form {
            Form::Bytes => {
                let mut bytes = JsonBytes::object();
                self.write(loaded, &[0], &mut bytes)?;
                Body::Bytes(bytes.finish().into())
            }
            Form::Value => {
                let mut values = JsonValues::default();
                self.write(loaded, &[0], &mut values)?;
                Body::Value(values.into_rows().pop().unwrap_or_default())
            }
        })
    }

    fn write<S: RowSink>(&self, loaded: &Loaded, places: &[usize], sink: &mut S) -> Result<()> {
        for &place in places {
            sink.begin_row();
            let row = &loaded.rows()[place];
            match self.fields {
                None => write_fields(self.model.fields.iter(), row, sink)?,
                Some(fields) => write_named(fields.iter().map(|by| self.named(by)), row, sink)?,
            }
            for (relation, include) in self.includes.iter().enumerate() {
                let (related, places) = loaded.related(place, relation);
                let arity = include.link.arity();
                let places = match arity {
                    Arity::One => &places[..places.len().min(1)],
                    Arity::Many => places,
                };
                sink.name(include.link.name());
                sink.begin_related(arity);
                Tree::of(include).write(related, places, sink)?;
                sink.end_related(arity);
            }
            sink.end_row();
        }
        Ok(())
    }

    /// The name and the type of what was asked for.
    fn named<'b>(&'b self, by: &'b By) -> (&'b str, &'b FieldType) {
        (by.given_as(self.model), by.field_type(self.model))
    }
}

impl<'a> Tree<'a> {
    fn of(include: &'a Inclusion) -> Self {
        Self {
            model: include.link.target(),
            fields: include.fields.as_deref(),
            includes: &include.includes,
        }
    }
}
