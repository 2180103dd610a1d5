//! Groups of rows, as rows of a model of their own.
//!
//! Groups are filtered and sorted by what they are alike in and what they come to, which is what
//! [`Groups::rows`] has as fields; so everything that filters, sorts and pages rows does so here:
//!
//! ```text
//! SELECT "city", "=0" FROM (SELECT "city", count(*) AS "=0" FROM "sales" GROUP BY "city") AS "sales"
//! WHERE "=0" > $1 ORDER BY "=0" DESC, "city" LIMIT $2
//! ```

use std::sync::Arc;

use super::aggregate::{Aggregate, Function};
use super::order::{By, Order, malformed};
use crate::error::{FaultCode, Result};
use crate::schema::{Field, Key, ModelSchema, Models};

/// What rows are alike in, and what those that are come to.
#[derive(Debug, Clone)]
pub struct Groups {
    fields: Vec<usize>,
    aggregates: Vec<Aggregate>,
    rows: Arc<ModelSchema>,
}

impl Groups {
    /// The groups of a model's rows that are alike in some fields.
    pub fn of(model: &ModelSchema, fields: Vec<usize>, aggregates: Vec<Aggregate>) -> Self {
        let alike = fields.iter().map(|field| alike(&model.fields[*field]));
        let measures = aggregates.iter().enumerate();
        let measures = measures.map(|(measure, aggregate)| measured(model, measure, *aggregate));
        let key = fields.iter().map(|field| model.fields[*field].name.clone());
        let rows = ModelSchema {
            table: model.table.clone(),
            ..ModelSchema::new(
                format!("groups of {}", model.name),
                alike.chain(measures).collect::<Vec<_>>(),
                Key::composite(key),
            )
        };
        Self {
            rows: Arc::new(rows),
            fields,
            aggregates,
        }
    }

    /// What the rows of a group are alike in, as positions of fields.
    pub fn fields(&self) -> &[usize] {
        &self.fields
    }

    /// What they come to.
    pub fn aggregates(&self) -> &[Aggregate] {
        &self.aggregates
    }

    /// The model whose rows are groups: what they are alike in, which is its key, then what they
    /// come to, each under the name that [`Aggregate::name`] gives.
    pub fn rows(&self) -> &Arc<ModelSchema> {
        &self.rows
    }

    /// An order of the rows as one of their groups.
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`](crate::error::Kind::Malformed) where the rows of a group differ in it.
    pub fn sorted(&self, model: &ModelSchema, order: &Order) -> Result<Order> {
        let own = order.by.as_own();
        let place = own.and_then(|own| self.fields.iter().position(|field| *field == own));
        match place {
            Some(place) => Ok(Order {
                by: By::Field(place),
                ..order.clone()
            }),
            None => {
                let name = order.by.name(model);
                let message =
                    format!("groups cannot be sorted by {name:?}, in which their rows differ");
                Err(malformed(message, FaultCode::Type).with_help("group by the field as well"))
            }
        }
    }

    /// Reads an order of groups: by a field that they are alike in, or by the name of what they come
    /// to, such as `age_max.desc`.
    ///
    /// # Errors
    ///
    /// As [`Order::parse`], and where the rows of a group differ in it.
    ///
    #[cfg_attr(feature = "derive", doc = "```")]
    #[cfg_attr(not(feature = "derive"), doc = "```ignore")]
    /// use dataflow_core::{Model, SchemaSet};
    /// use dataflow_core::query::{Aggregate, By, Function, Groups};
    ///
    /// #[derive(Model)]
    /// struct User {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     city: String,
    ///     age: Option<i32>,
    /// }
    ///
    /// let (models, model) = (SchemaSet::new().model::<User>(), User::schema());
    /// let groups = Groups::of(model, vec![1], vec![Aggregate::Of(Function::Max, 2)]);
    /// let order = groups.parse_order(&models, model, "age_max.desc").unwrap();
    /// assert_eq!(order.by, By::Field(1));
    /// let error = groups.parse_order(&models, model, "id").unwrap_err();
    /// assert_eq!(error.help(), Some("group by the field as well"));
    /// ```
    pub fn parse_order(
        &self,
        models: &dyn Models,
        model: &ModelSchema,
        text: &str,
    ) -> Result<Order> {
        let of_groups = Order::parse(models, &self.rows, text);
        let of_groups = of_groups.and_then(|order| match order.by.as_own() {
            Some(_) => Ok(order),
            None => self.sorted(&self.rows, &order),
        });
        of_groups.or_else(|unknown| match Order::parse(models, model, text) {
            Ok(order) => self.sorted(model, &order),
            Err(_) => Err(unknown),
        })
    }
}

/// A field that the rows of a group are alike in: nothing writes it.
fn alike(field: &Field) -> Field {
    Field {
        column: field.column.clone(),
        description: field.description.clone(),
        nullable: field.nullable,
        access: field.access,
        ..Field::new(field.name.clone(), field.field_type.clone())
    }
}

/// What rows come to, as a field. A group has rows, so that only nulls among them come to nothing.
fn measured(model: &ModelSchema, measure: usize, aggregate: Aggregate) -> Field {
    let field_type = aggregate.field_type(model);
    let nullable = match aggregate {
        Aggregate::Count | Aggregate::Of(Function::CountDistinct, _) => false,
        Aggregate::Of(_, field) => model.fields[field].nullable,
    };
    Field {
        column: measure_column(measure).into(),
        nullable,
        ..Field::new(
            aggregate.name(model),
            field_type.unwrap_or(crate::schema::FieldType::I64),
        )
    }
}

/// The column of what rows come to, inside a statement. No column of a table is called so.
pub(crate) fn measure_column(measure: usize) -> String {
    format!("={measure}")
}
