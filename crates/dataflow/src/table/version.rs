//! Changes of a row that may have changed since it was read.

use dataflow_core::dialect::dml::Version;
use dataflow_core::error::{Code, Fault, FaultCode};
use dataflow_core::{Error, ModelSchema, Result, Value};

use super::{Table, row_not_found};
use crate::collect::{Counted, Written};

/// Which version a statement is about that such a parameter goes to.
pub(super) fn given(version: Option<&Value>) -> Version {
    match version {
        Some(_) => Version::Given,
        None => Version::Any,
    }
}

impl Table {
    /// Why there is no row of a key and a version: there is none of the key, or it has changed.
    pub(super) async fn lost(&self, key: Vec<Value>) -> Result<Error> {
        let (_, count) = self.read(key, Counted::new(Written)).await?;
        Ok(match count {
            0 => row_not_found(self.model()),
            _ => stale(self.model(), vec![fault(self.model(), "")]),
        })
    }
}

/// The error of changes of rows that have changed.
pub(crate) fn stale(model: &ModelSchema, faults: Vec<Fault>) -> Error {
    let message = match faults.len() {
        1 => format!("model {:?}: the row has changed meanwhile", model.name),
        many => format!("model {:?}: {many} rows have changed meanwhile", model.name),
    };
    Error::of(Code::Precondition, message)
        .with_help("read the row again, and decide anew")
        .with_faults(faults)
}

/// The fault of the version in an input at a place.
pub(crate) fn fault(model: &ModelSchema, place: &str) -> Fault {
    let version = model.version().map_or("", |at| &*model.fields[at].name);
    let detail = "is not the version of the row any longer";
    Fault::at(place, version, FaultCode::Stale, detail)
}
