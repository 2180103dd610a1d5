//! A plan as a document: for a file, for continuous integration, for a program that shows it.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{Finding, Plan, Statement, Step};

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("Plan", 4)?;
        document.serialize_field("hash", &self.hash().to_string())?;
        document.serialize_field("class", &self.class())?;
        document.serialize_field("steps", &self.steps)?;
        document.serialize_field("findings", &self.findings)?;
        document.end()
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("Step", 6)?;
        document.serialize_field("change", &self.change.to_string())?;
        document.serialize_field("class", &self.class)?;
        document.serialize_field("lock", &self.lock)?;
        document.serialize_field("rows", &self.rows)?;
        document.serialize_field("transactional", &self.is_transactional())?;
        document.serialize_field("statements", &self.statements)?;
        document.end()
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("Statement", 2)?;
        document.serialize_field("sql", &self.sql)?;
        document.serialize_field("run", self.run.word())?;
        document.end()
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("Finding", 4)?;
        document.serialize_field("table", &self.table)?;
        document.serialize_field("column", &self.column)?;
        document.serialize_field("blocking", &self.kind.is_blocking())?;
        document.serialize_field("message", &self.to_string())?;
        document.end()
    }
}
