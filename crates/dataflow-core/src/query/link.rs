//! A relation, as it leads from the rows of one model to those of another.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::schema::{Arity, Inverse, ModelSchema, Models, Relation, TableName, Text};

/// A relation of a model, with the model that it leads to and the fields that rows are paired by.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its place among the relations of its model: those of its own fields first.
    position: usize,
    name: Text,
    arity: Arity,
    target: Arc<ModelSchema>,
    path: Path,
}

/// By which fields a row is paired with those that a relation leads to.
#[derive(Debug, Clone)]
pub enum Path {
    /// A field of the row holds the key of the other.
    Own(usize),
    /// A field of the other row holds the key of this one.
    Theirs(usize),
    /// A row of a model between holds both keys.
    Between {
        /// The model between.
        model: Arc<ModelSchema>,
        /// Its field that holds the key of the row.
        here: usize,
        /// Its field that holds the key of the other.
        there: usize,
    },
}

impl Link {
    /// The relation of a name; none where the model has no such relation.
    pub fn find(models: &dyn Models, model: &ModelSchema, name: &str) -> Option<Self> {
        let position = model
            .relations
            .iter()
            .position(|relation| model.name_of(relation).is_some_and(|own| own == name));
        let position = position.or_else(|| {
            let inverse = model.inverses.iter().position(|other| other.name == name)?;
            Some(model.relations.len() + inverse)
        })?;
        Self::at(models, model, position)
    }

    /// The relation at a place among those of its model.
    pub fn at(models: &dyn Models, model: &ModelSchema, position: usize) -> Option<Self> {
        match position.checked_sub(model.relations.len()) {
            None => Self::forwards(models, model, position, &model.relations[position]),
            Some(inverse) => {
                let inverse = model.inverses.get(inverse)?;
                Self::backwards(models, position, inverse)
            }
        }
    }

    fn forwards(
        models: &dyn Models,
        model: &ModelSchema,
        position: usize,
        relation: &Relation,
    ) -> Option<Self> {
        Some(Self {
            position,
            name: model.name_of(relation)?.to_owned().into(),
            arity: Arity::One,
            target: models.of_table(&relation.table)?,
            path: Path::Own(model.position(&relation.field)?),
        })
    }

    fn backwards(models: &dyn Models, position: usize, inverse: &Inverse) -> Option<Self> {
        let target = models.of_table(&inverse.table)?;
        let path = match &inverse.through {
            None => Path::Theirs(target.position(&inverse.field)?),
            Some(through) => {
                let model = models.of_table(&through.table)?;
                Path::Between {
                    here: model.position(&inverse.field)?,
                    there: model.position(&through.field)?,
                    model,
                }
            }
        };
        Some(Self {
            position,
            name: inverse.name.clone(),
            arity: inverse.arity,
            target,
            path,
        })
    }

    /// Its place among the relations of its model.
    pub fn position(&self) -> usize {
        self.position
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many rows it leads to.
    pub fn arity(&self) -> Arity {
        self.arity
    }

    /// The model that it leads to.
    pub fn target(&self) -> &Arc<ModelSchema> {
        &self.target
    }

    /// By which fields rows are paired.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The position of the field of a row that its other rows are found by.
    pub fn own_field(&self, model: &ModelSchema) -> usize {
        match self.path {
            Path::Own(field) => field,
            Path::Theirs(_) | Path::Between { .. } => model.key_positions()[0],
        }
    }

    /// The tables that are read when it is followed.
    pub fn tables(&self) -> impl Iterator<Item = &TableName> {
        let between = match &self.path {
            Path::Between { model, .. } => Some(&model.table),
            Path::Own(_) | Path::Theirs(_) => None,
        };
        between.into_iter().chain([&self.target.table])
    }
}

/// Two relations of one model are the same if they stand in the same place.
impl PartialEq for Link {
    fn eq(&self, other: &Self) -> bool {
        self.position == other.position && self.target.table == other.target.table
    }
}

impl Eq for Link {}

impl Hash for Link {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.position.hash(state);
        self.target.table.hash(state);
    }
}
