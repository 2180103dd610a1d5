//! The condition of a statement.

mod related;

use super::draft::Draft;
use crate::error::{Error, Kind, Result};
use crate::query::{Comparison, Condition, DocumentTest, Filter, Scalar, Test, can_be_listed};
use crate::schema::{Field, FieldType};
use crate::value::Value;

impl<'a> Draft<'a> {
    /// The `WHERE` of a filter; nothing for every row.
    pub(super) fn where_filter(&mut self, filter: &'a Filter) -> Result<()> {
        let conditions = self.conditions(filter)?;
        self.where_all(&conditions);
        Ok(())
    }

    /// What must hold for a filter and for a row to be reached, each in one condition.
    pub(super) fn conditions(&mut self, filter: &'a Filter) -> Result<Vec<String>> {
        let mut conditions = match filter.condition() {
            Condition::All(conditions) => self.each(conditions)?,
            single => vec![self.condition(single)?],
        };
        conditions.extend(self.reached());
        Ok(conditions)
    }

    fn each(&mut self, conditions: &'a [Condition]) -> Result<Vec<String>> {
        let each = conditions.iter().map(|condition| self.condition(condition));
        each.collect()
    }

    /// A condition that stands beside others joined by `AND`, or alone.
    fn condition(&mut self, condition: &'a Condition) -> Result<String> {
        Ok(match condition {
            Condition::Field(position, test) => self.field(*position, test)?,
            Condition::Fields(left, comparison, right) => {
                self.fields([*left, *right], *comparison)?
            }
            Condition::Inside(position, path, test) => self.inside(*position, path, test),
            Condition::Related(link, quantifier, condition) => {
                self.related(link, *quantifier, condition)?
            }
            Condition::All(conditions) if conditions.is_empty() => "TRUE".to_owned(),
            Condition::Any(conditions) if conditions.is_empty() => "FALSE".to_owned(),
            Condition::All(conditions) => format!("({})", self.each(conditions)?.join(" AND ")),
            Condition::Any(conditions) => format!("({})", self.each(conditions)?.join(" OR ")),
            Condition::Not(condition) => format!("({}) IS NOT TRUE", self.condition(condition)?),
        })
    }

    fn field(&mut self, position: usize, test: &Test) -> Result<String> {
        let field = &self.model.fields[position];
        self.database_can_make(field, test)?;
        let (field_type, column) = (&field.field_type, self.column(position));
        Ok(match test {
            Test::Null(true) => format!("{column} IS NULL"),
            Test::Null(false) => format!("{column} IS NOT NULL"),
            Test::In(_) => {
                let list = self.typed_parameter(FieldType::Json);
                self.dialect.is_in_list(&column, &list, field_type)
            }
            Test::Matches(case, _) => {
                let pattern = self.typed_parameter(FieldType::String);
                self.dialect
                    .matches(&self.readable(position), &pattern, *case)
            }
            Test::Items(comparison, _) => {
                let list = self.parameter(position);
                // Items have columns of their own.
                let column = format!("{}.{column}", self.qualifier());
                self.dialect.compares_items(&column, *comparison, &list)
            }
            Test::Contains(_) => {
                let document = self.parameter(position);
                self.dialect.contains_document(&column, &document)
            }
            Test::Empty(true) => self.dialect.is_empty(&column),
            Test::Empty(false) => format!("NOT {}", self.dialect.is_empty(&column)),
            Test::Compare(comparison, _) => {
                let parameter = self.parameter(position);
                self.compared([column, parameter], *comparison, field_type)
            }
        })
    }

    /// A condition on two fields of a row, whose type is one.
    fn fields(&self, positions: [usize; 2], comparison: Comparison) -> Result<String> {
        let field = &self.model.fields[positions[0]];
        self.database_can_make(field, &Test::Compare(comparison, Value::Null))?;
        let columns = positions.map(|position| self.column(position));
        Ok(self.compared(columns, comparison, &field.field_type))
    }

    fn compared(
        &self,
        sides: [String; 2],
        comparison: Comparison,
        field_type: &FieldType,
    ) -> String {
        let [left, right] = sides.map(|side| match comparison.is_order() {
            true => self.dialect.ranked(&side, field_type),
            false => self.dialect.comparable(&side, field_type),
        });
        format!("{left} {} {right}", operator(comparison))
    }

    fn database_can_make(&self, field: &Field, test: &Test) -> Result<()> {
        let capability = self.dialect.capability();
        let can = match (&field.field_type, test) {
            (_, Test::Null(_)) => true,
            (field_type, Test::In(_)) => can_be_listed(field_type),
            (field_type, Test::Matches(..)) => {
                matches!(field_type, FieldType::String | FieldType::Enum(_))
            }
            (FieldType::Array(_), Test::Items(..) | Test::Empty(_)) => true,
            (FieldType::Json, Test::Contains(_)) => true,
            (_, Test::Items(..) | Test::Empty(_) | Test::Contains(_)) => false,
            (FieldType::Array(_), Test::Compare(comparison, _)) => !comparison.is_order(),
            (FieldType::Json, _) => capability.equates_json,
            (FieldType::Decimal, Test::Compare(comparison, _)) => {
                !comparison.is_order() || capability.orders_decimals
            }
            _ => true,
        };
        if can {
            return Ok(());
        }
        let (model, dialect) = (&self.model.name, self.dialect.name());
        let message = format!(
            "model {model:?}: field {:?} cannot be compared so on {dialect}",
            field.name
        );
        Err(Error::new(Kind::Unsupported, message)
            .with_help("filter by another field, or use postgres"))
    }

    /// A condition on a place inside a document. Where an index finds documents by what they contain,
    /// a value at a place is asked for so.
    fn inside(&mut self, position: usize, path: &[String], test: &DocumentTest) -> String {
        let column = self.column(position);
        if self.dialect.capability().indexes_documents && test.as_document(path).is_some() {
            let document = self.parameter(position);
            let contains = self.dialect.contains_document(&column, &document);
            return match test {
                DocumentTest::Compare(Comparison::NotEqual, _) => {
                    format!("({contains}) IS NOT TRUE")
                }
                _ => contains,
            };
        }
        let path = self.typed_parameter(self.dialect.document_path_type());
        let place = self.dialect.document_place(&column, &path);
        match test {
            DocumentTest::Null(true) => format!("{} IS NULL", place.text),
            DocumentTest::Null(false) => format!("{} IS NOT NULL", place.text),
            DocumentTest::In(_) => {
                let list = self.typed_parameter(FieldType::Json);
                self.dialect.document_is_in_list(&column, &path, &list)
            }
            DocumentTest::Matches(case, _) => {
                let pattern = self.typed_parameter(FieldType::String);
                let matches = self.dialect.matches(&place.text, &pattern, *case);
                format!("({} AND {matches})", place.is_text)
            }
            DocumentTest::Compare(comparison, scalar) => {
                let (is_of_kind, value, field_type) = match scalar {
                    Scalar::Text(_) => (&place.is_text, &place.text, FieldType::String),
                    Scalar::Bool(_) => (&place.is_bool, &place.bool, FieldType::Bool),
                    Scalar::Integer(_) => (&place.is_number, &place.number, FieldType::I64),
                    Scalar::Float(_) => (&place.is_number, &place.number, FieldType::F64),
                };
                let parameter = self.explicit_parameter(field_type);
                match comparison {
                    Comparison::NotEqual => {
                        format!("({is_of_kind} AND {value} = {parameter}) IS NOT TRUE")
                    }
                    comparison => {
                        let operator = operator(*comparison);
                        format!("({is_of_kind} AND {value} {operator} {parameter})")
                    }
                }
            }
        }
    }
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "IS DISTINCT FROM",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
    }
}
