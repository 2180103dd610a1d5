//! What rows are sorted by, and what is given of them.

use crate::error::Result;
use crate::query::inside::{Inside, Sought};
use crate::query::link::{Link, Path};
use crate::schema::{Arity, FieldType, ModelSchema, Models};

/// What rows are sorted by, or what is given of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum By {
    /// The field at a position of the model.
    Field(usize),
    /// A value inside the document of a field.
    Inside(Inside),
    /// Where relations that lead to one row each end, one after the other, what the last row has. A
    /// row that they do not lead on from has none.
    Related(Vec<Link>, Box<By>),
}

impl From<usize> for By {
    fn from(position: usize) -> Self {
        Self::Field(position)
    }
}

impl By {
    /// Reads words up to the name of a field: relations to one row stand before it.
    pub(super) fn parse<'w>(
        models: &dyn Models,
        model: &ModelSchema,
        words: &mut impl Iterator<Item = &'w str>,
    ) -> Result<Self> {
        let name = words.next().unwrap_or_default();
        if let Some(inside) = Inside::parse(model, name, Sought::Number) {
            return inside.map(Self::Inside);
        }
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
            Self::Related(mut links, last) => {
                links.insert(0, link);
                Self::Related(links, last)
            }
            own => Self::Related(vec![link], Box::new(own)),
        }
    }

    /// The field of the model itself; none for anything that is not a column of its table.
    pub fn as_own(&self) -> Option<usize> {
        match self {
            Self::Field(field) => Some(*field),
            Self::Inside(_) | Self::Related(..) => None,
        }
    }

    /// The relations that lead to it, and what it is there.
    pub(crate) fn route(&self) -> (&[Link], &Self) {
        match self {
            Self::Related(links, last) => (links, last),
            own => (&[], own),
        }
    }

    /// The place inside a document, if it is one, of whichever row.
    pub fn as_inside(&self) -> Option<&Inside> {
        match self.route().1 {
            Self::Inside(inside) => Some(inside),
            _ => None,
        }
    }

    /// The type of its values.
    pub fn field_type<'a>(&'a self, model: &'a ModelSchema) -> &'a FieldType {
        match self {
            Self::Field(field) => &model.fields[*field].field_type,
            Self::Inside(inside) => inside.field_type(),
            Self::Related(links, last) => {
                last.field_type(links.last().map_or(model, |link| link.target()))
            }
        }
    }

    /// Whether a row may have no value there.
    pub fn is_nullable(&self, model: &ModelSchema) -> bool {
        let (links, last) = match self {
            Self::Field(field) => return model.fields[*field].nullable,
            Self::Inside(_) => return true,
            Self::Related(links, last) => (links, last),
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
        leads_nowhere || last.is_nullable(from)
    }

    /// The name by which [`Order::parse`](super::Order::parse) knows it, such as `author.name`.
    pub fn name(&self, model: &ModelSchema) -> String {
        match self {
            Self::Field(field) => model.fields[*field].name.to_string(),
            Self::Inside(inside) => inside.spelled(model),
            Self::Related(links, last) => {
                let mut name: String = links.iter().flat_map(|link| [link.name(), "."]).collect();
                let model = links.last().map_or(model, |link| link.target());
                name.push_str(&last.name(model));
                name
            }
        }
    }

    /// What it is called where it is given of a row.
    pub fn given_as<'a>(&'a self, model: &'a ModelSchema) -> &'a str {
        match self {
            Self::Field(field) => &model.fields[*field].name,
            Self::Inside(inside) => inside.given_as(model),
            Self::Related(links, last) => {
                last.given_as(links.last().map_or(model, |link| link.target()))
            }
        }
    }
}
