//! Rows as JSON, with those that relations lead to from them.

use std::sync::Arc;

use dataflow_core::node::{Body, Form};
use dataflow_core::query::Inclusion;
use dataflow_core::row::{JsonBytes, JsonValues, RowSink, write_fields};
use dataflow_core::schema::{Arity, Field};
use dataflow_core::{ModelSchema, Result};

use crate::table::Loaded;

/// What is given of rows, and of those beside them.
pub(super) struct Tree<'a> {
    pub(super) model: &'a Arc<ModelSchema>,
    /// The fields that were asked for, by position; none for all of them.
    pub(super) fields: Option<&'a [usize]>,
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
            write_fields(self.columns(), &loaded.rows()[place], sink)?;
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

    /// The fields that were read, in the order of their columns.
    fn columns(&self) -> impl Iterator<Item = &Field> {
        let all = 0..self.fields.map_or(self.model.fields.len(), <[usize]>::len);
        all.map(|ordinal| {
            let position = self.fields.map_or(ordinal, |fields| fields[ordinal]);
            &self.model.fields[position]
        })
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
