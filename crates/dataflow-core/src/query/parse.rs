//! A filter as data: `{"email": "a@b.c", "age": {"$gte": 18}, "$or": [{"name": null}, …]}`.

mod operator;
mod relation;

use serde_json::Value as Json;

use super::condition::{Comparison, Condition, Test};
use super::document::DocumentTest;
use super::filter::Filter;
use crate::error::{Error, Fault, FaultCode, Kind, Result, pointer};
use crate::schema::{FieldType, ModelSchema, Models};
use crate::value::Object;
use operator::{Operator, Refusal};

/// How deep conditions may stand inside each other.
const MOST_LEVELS: usize = 16;

/// How many tests one filter may hold.
const MOST_TESTS: usize = 256;

impl Filter {
    /// Reads a filter. All members of an object must hold.
    ///
    /// | member | means |
    /// |---|---|
    /// | `"age": 7`, `"age": null` | the field equals a value, is null |
    /// | `"age": {"$gte": 18, …}` | `$eq`, `$ne`, `$gt`, `$gte`, `$lt`, `$lte` with a value, `$in` and `$nin` with a list, `$between` with two values, `$like` and `$ilike` with a pattern, `$contains`, `$starts_with` and `$ends_with` with a text; of a document `$contains` with another; of a list `$contains`, `$contained` and `$overlaps` with items and `$empty`; `$null` with true or false, `$not` with more of these |
    /// | `"seen": {"$lt": {"$field": "changed"}}` | the field is less than another of the same row and type |
    /// | `"note.address.city": "Rome"` | a place inside the document of a field |
    /// | `"author.name": …`, `"author": {…}` | the same, of the one row that a relation leads to; `"author": null` for none |
    /// | `"posts": {"$some": {…}}` | a filter holds for at least one of the rows that a relation leads to; `$every` and `$none` |
    /// | `"$and": […]`, `"$or": […]` | every filter of a list holds, at least one does |
    /// | `"$not": {…}` | the rows that a filter does not let through, nulls included |
    ///
    /// SQLite keeps decimals and JSON documents as text. There, decimals can be equal but have no
    /// order, and whole documents are only null or not: a statement for anything else is
    /// [`Kind::Unsupported`].
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`] for a field or operator that does not exist, with a fault that points at
    /// it and the closest name, and for a filter that is too deep or too long; [`Kind::Invalid`]
    /// with a fault for each value that its field refuses.
    ///
    #[cfg_attr(feature = "derive", doc = "```")]
    #[cfg_attr(not(feature = "derive"), doc = "```ignore")]
    /// use dataflow_core::{Model, SchemaSet};
    /// use dataflow_core::query::Filter;
    /// use serde_json::json;
    ///
    /// #[derive(Model)]
    /// struct User {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     email: String,
    /// }
    ///
    /// let models = SchemaSet::new().model::<User>();
    /// let parse = |json: serde_json::Value| {
    ///     Filter::parse(&models, User::schema(), json.as_object().unwrap())
    /// };
    /// assert!(parse(json!({"email": {"$ends_with": "@example.org"}})).is_ok());
    /// let error = parse(json!({"$or": [{"emial": "ada"}]})).unwrap_err();
    /// assert_eq!(error.faults()[0].pointer, "/filter/$or/0/emial");
    /// assert_eq!(error.help(), Some("did you mean \"email\"?"));
    /// ```
    pub fn parse(models: &dyn Models, model: &ModelSchema, filter: &Object) -> Result<Self> {
        Self::parse_at("/filter", models, model, filter)
    }

    /// The names of the operators of a field, such as `$gte`, and of what joins filters.
    pub fn operators() -> impl Iterator<Item = &'static str> {
        Operator::names().chain(["$and", "$or"])
    }

    /// Reads a filter that stands at a place of its own, as a JSON pointer.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_at(
        pointer: &str,
        models: &dyn Models,
        model: &ModelSchema,
        filter: &Object,
    ) -> Result<Self> {
        let mut reading = Reading {
            models,
            model,
            faults: Vec::new(),
            tests: 0,
        };
        let condition = reading.object(&Place::of(pointer), filter)?;
        if reading.faults.is_empty() {
            Ok(Self::new(model, condition))
        } else {
            Err(Error::invalid(reading.faults))
        }
    }
}

/// What is known while a filter is read.
struct Reading<'a> {
    models: &'a dyn Models,
    model: &'a ModelSchema,
    faults: Vec<Fault>,
    tests: usize,
}

/// A place in the filter: its JSON pointer, and how deep it is.
struct Place {
    pointer: String,
    level: usize,
}

/// What a name means: a field, or a place inside its document.
enum Subject<'a> {
    Field(usize),
    Inside(usize, Vec<&'a str>),
}

impl Reading<'_> {
    fn object(&mut self, place: &Place, object: &Object) -> Result<Condition> {
        place.check_level()?;
        let mut conditions = Vec::with_capacity(object.len());
        for (name, wanted) in object {
            let place = place.member(name);
            conditions.push(match name.as_str() {
                "$and" => Condition::All(self.list(&place, wanted)?),
                "$or" => Condition::Any(self.list(&place, wanted)?),
                "$not" => Condition::Not(Box::new(self.nested(&place, wanted)?)),
                name => self.subject(&place, name, wanted)?,
            });
        }
        Ok(alone_or_all(conditions))
    }

    fn list(&mut self, place: &Place, json: &Json) -> Result<Vec<Condition>> {
        let Json::Array(items) = json else {
            return Err(malformed(place.fault(FaultCode::Type, "takes a list")));
        };
        let mut conditions = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            conditions.push(self.nested(&place.member(&index.to_string()), item)?);
        }
        Ok(conditions)
    }

    fn nested(&mut self, place: &Place, json: &Json) -> Result<Condition> {
        match json {
            Json::Object(object) => self.object(place, object),
            _ => Err(malformed(place.fault(FaultCode::Type, "takes an object"))),
        }
    }

    /// What one member says of a field. An object is a value only where the field is JSON and no
    /// member looks like an operator.
    fn subject(&mut self, place: &Place, name: &str, wanted: &Json) -> Result<Condition> {
        if let Some((link, rest)) = self.relation(name) {
            return self.of_relation(place, link, rest, wanted);
        }
        let subject = self.meant(place, name)?;
        let is_document = self.model.fields[subject.position()].field_type == FieldType::Json;
        match wanted {
            Json::Object(members)
                if !is_document || members.keys().any(|name| name.starts_with('$')) =>
            {
                self.operators(place, &subject, members)
            }
            value => self.test(place, &subject, Operator::EQUAL, value),
        }
    }

    fn operators(
        &mut self,
        place: &Place,
        subject: &Subject<'_>,
        members: &Object,
    ) -> Result<Condition> {
        let mut conditions = Vec::with_capacity(members.len());
        for (name, operand) in members {
            let place = place.member(name);
            conditions.push(match (Operator::named(name), operand) {
                (Some(operator), operand) => self.test(&place, subject, operator, operand)?,
                (None, Json::Object(members)) if name == "$not" => {
                    place.check_level()?;
                    Condition::Not(Box::new(self.operators(&place, subject, members)?))
                }
                _ if name == "$not" => {
                    return Err(malformed(place.fault(FaultCode::Type, "takes an object")));
                }
                _ => return Err(unknown_operator(&place, name)),
            });
        }
        Ok(alone_or_all(conditions))
    }

    fn test(
        &mut self,
        place: &Place,
        subject: &Subject<'_>,
        operator: Operator,
        operand: &Json,
    ) -> Result<Condition> {
        self.count_test(place)?;
        let field_type = &self.model.fields[subject.position()].field_type;
        if let (Subject::Field(left), Operator::Compare(comparison), Some(name)) =
            (subject, operator, field_named(field_type, operand))
        {
            return self.fields(place, *left, comparison, name);
        }
        let condition = match subject {
            Subject::Field(position) => operator
                .on_field(field_type, operand)
                .map(|test| test.map(&|test: Test| Condition::Field(*position, test))),
            Subject::Inside(position, path) => operator.on_place(operand).map(|test| {
                let path: Vec<String> = path.iter().map(|member| (*member).to_owned()).collect();
                test.map(&|test: DocumentTest| Condition::Inside(*position, path.clone(), test))
            }),
        };
        Ok(condition.unwrap_or_else(|(code, detail): Refusal| {
            self.faults.push(place.fault(code, detail));
            Condition::every_row()
        }))
    }

    /// What a field of the row is to another.
    fn fields(
        &mut self,
        place: &Place,
        left: usize,
        comparison: Comparison,
        name: &str,
    ) -> Result<Condition> {
        let place = place.member("$field");
        let Some(right) = self.model.shown_position(name) else {
            return Err(unknown_field(self.model, &place, name));
        };
        let [own, other] = [left, right].map(|field| &self.model.fields[field].field_type);
        if own != other || comparison.is_order() && matches!(own, FieldType::Array(_)) {
            let detail = "is a field that this one cannot be compared with";
            self.faults.push(place.fault(FaultCode::Type, detail));
        }
        Ok(Condition::Fields(left, comparison, right))
    }

    fn count_test(&mut self, place: &Place) -> Result<()> {
        self.tests += 1;
        if self.tests <= MOST_TESTS {
            return Ok(());
        }
        let detail = format!("is one test too many; a filter holds at most {MOST_TESTS}");
        Err(malformed(place.fault(FaultCode::Range, detail)))
    }

    fn meant<'n>(&self, place: &Place, name: &'n str) -> Result<Subject<'n>> {
        if let Some(position) = self.model.shown_position(name) {
            return Ok(Subject::Field(position));
        }
        let mut members = name.split('.');
        let field = members.next().unwrap_or_default();
        let path: Vec<&str> = members.collect();
        match self.model.shown_position(field) {
            Some(position) if !path.is_empty() => {
                let is_document = self.model.fields[position].field_type == FieldType::Json;
                if is_document && !name.contains('\0') {
                    return Ok(Subject::Inside(position, path));
                }
                let detail = format!("{field:?} holds no JSON document to look into");
                Err(malformed(place.fault(FaultCode::Type, detail)))
            }
            _ => Err(unknown_field(self.model, place, name)),
        }
    }
}

impl Subject<'_> {
    fn position(&self) -> usize {
        match self {
            Self::Field(position) | Self::Inside(position, _) => *position,
        }
    }
}

impl Place {
    fn of(pointer: &str) -> Self {
        Self {
            pointer: pointer.to_owned(),
            level: 0,
        }
    }

    fn member(&self, name: &str) -> Self {
        Self {
            pointer: pointer::below(&self.pointer, name),
            level: self.level + 1,
        }
    }

    /// The same place, one level deeper.
    fn deeper(&self) -> Self {
        Self {
            pointer: self.pointer.clone(),
            level: self.level + 1,
        }
    }

    fn check_level(&self) -> Result<()> {
        if self.level <= MOST_LEVELS {
            return Ok(());
        }
        let detail = format!("stands deeper than {MOST_LEVELS} levels");
        Err(malformed(self.fault(FaultCode::Range, detail)))
    }

    fn fault(&self, code: FaultCode, detail: impl Into<String>) -> Fault {
        let detail: String = detail.into();
        Fault::new(&self.pointer, code, detail)
    }
}

/// The field that stands in the place of a value, `{"$field": "name"}`; in that of a document it is
/// one.
fn field_named<'j>(field_type: &FieldType, operand: &'j Json) -> Option<&'j str> {
    let members = operand.as_object().filter(|members| members.len() == 1)?;
    let name = members.get("$field")?.as_str()?;
    (*field_type != FieldType::Json).then_some(name)
}

fn alone_or_all(mut conditions: Vec<Condition>) -> Condition {
    match conditions.len() {
        1 => conditions.swap_remove(0),
        _ => Condition::All(conditions),
    }
}

fn malformed(fault: Fault) -> Error {
    let message = format!("{}: {}", fault.subject(), fault.detail);
    Error::new(Kind::Malformed, message).with_faults(vec![fault])
}

fn unknown_field(model: &ModelSchema, place: &Place, name: &str) -> Error {
    let fault = place.fault(FaultCode::Unknown, "is not a field");
    let message = format!("model {:?} has no field {name:?}", model.name);
    // What follows a point is for the relation before it.
    let name = name.split_once('.').map_or(name, |(first, _)| first);
    let words = ["$and", "$or", "$not"].into_iter();
    let names = model.shown().map(|field| &*field.name);
    let names = names.chain(model.relation_names()).chain(words);
    Error::new(Kind::Malformed, message)
        .with_faults(vec![fault])
        .with_closest(name, names)
}

fn unknown_operator(place: &Place, name: &str) -> Error {
    let fault = place.fault(FaultCode::Unknown, "is not an operator");
    let message = format!("filter operator {name:?} is not known");
    let names: Vec<&str> = Operator::names().collect();
    Error::new(Kind::Malformed, message)
        .with_faults(vec![fault])
        .with_help(format!("the operators are {}", names.join(", ")))
        .with_closest(name, names)
}

#[cfg(test)]
#[cfg(all(feature = "decimal", feature = "derive"))]
mod tests;
