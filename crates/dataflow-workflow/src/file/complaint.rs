//! What is wrong with a file, and on which line.

use dataflow_core::error::{Error, Fault, FaultCode, Kind};

/// One thing that is wrong with a file.
pub(super) struct Complaint {
    pub(super) line: usize,
    pub(super) pointer: String,
    pub(super) code: FaultCode,
    pub(super) detail: String,
}

/// Why a document cannot be read at all.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) line: usize,
    /// Counted from 1, where the parser knows it.
    pub(super) column: Option<usize>,
    pub(super) message: String,
}

/// One error for all complaints, in the order of their lines.
pub(super) fn refuse(mut complaints: Vec<Complaint>) -> Error {
    complaints.sort_by_key(|complaint| complaint.line);
    let faults: Vec<Fault> = complaints
        .into_iter()
        .map(|complaint| {
            let detail = format!("line {}: {}", complaint.line, complaint.detail);
            Fault::new(complaint.pointer, complaint.code, detail)
        })
        .collect();
    let message = match faults.as_slice() {
        [only] => only.detail.to_string(),
        many => format!("the definition has {} mistakes", many.len()),
    };
    Error::new(Kind::Configuration, message).with_faults(faults)
}

impl From<Unreadable> for Error {
    fn from(unreadable: Unreadable) -> Self {
        let place = match unreadable.column {
            Some(column) => format!("line {}, column {column}", unreadable.line),
            None => format!("line {}", unreadable.line),
        };
        Error::new(Kind::Configuration, unreadable.message).within(place)
    }
}
