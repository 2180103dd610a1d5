//! What rows are sorted by.

use crate::error::Result;
use crate::query::link::{Link, Path};
use crate::schema::{Arity, Field, ModelSchema, Models};

/// The field that rows are sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum By {
    /// The field at a position of the model.
    Field(usize),
    /// Where relations that lead to one row each end, one after the other, the field at a position
    /// of the last model. A row that they do not lead on from has none.
    Related(Vec<Link>, usize),
}

impl By {
    /// Reads words up to the name of a field: relations to one row stand before it.
    pub(super) fn parse<'w>(
        models: &dyn Models,
        model: &ModelSchema,
        words: &mut impl Iterator<Item = &'w str>,
    ) -> Result<Self> {
        let name = words.next().unwrap_or_default();
        if let Some(field) = model.shown_position(name) {
            return Ok(Self::Field(field));
        }
        let Some(link) = Link::find(models, model, name) else {
            return Err(super::unknown_field(model, name));
        };
        if link.arity() == Arity::Many {
            return Err(super::leads_to_many(model, &link));
        }
        let rest = Self::parse(models, &link.target().clone(), words)?;
        Ok(rest.over(link))
    }

    /// The same, of the row that a relation leads to.
    pub(super) fn over(self, link: Link) -> Self {
        match self {
            Self::Field(field) => Self::Related(vec![link], field),
            Self::Related(mut links, field) => {
                links.insert(0, link);
                Self::Related(links, field)
            }
        }
    }

    /// The field of the model itself; none for that of another row.
    pub fn as_own(&self) -> Option<usize> {
        match self {
            Self::Field(field) => Some(*field),
            Self::Related(..) => None,
        }
    }

    /// The field.
    pub fn field<'a>(&'a self, model: &'a ModelSchema) -> &'a Field {
        match self {
            Self::Field(field) => &model.fields[*field],
            Self::Related(links, field) => {
                let model = links.last().map_or(model, |link| link.target());
                &model.fields[*field]
            }
        }
    }

    /// Whether a row may have no value there.
    pub fn is_nullable(&self, model: &ModelSchema) -> bool {
        let Self::Related(links, _) = self else {
            return self.field(model).nullable;
        };
        let mut from = model;
        let leads_nowhere = links.iter().any(|link| {
            let leads_nowhere = match link.path() {
                Path::Own(field) => from.fields[*field].nullable,
                Path::Theirs(_) | Path::Between { .. } => true,
            };
            from = link.target();
            leads_nowhere
        });
        leads_nowhere || self.field(model).nullable
    }

    /// The name by which [`Order::parse`](super::Order::parse) knows it, such as `author.name`.
    pub fn name(&self, model: &ModelSchema) -> String {
        let mut name = String::new();
        if let Self::Related(links, _) = self {
            for link in links {
                name.push_str(link.name());
                name.push('.');
            }
        }
        name.push_str(&self.field(model).name);
        name
    }
}
