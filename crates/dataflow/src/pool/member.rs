//! The error of one member among many.

use dataflow_core::Error;
use dataflow_core::error::{Fault, FaultCode, Kind};

/// Says which member of an input was refused, counted from 0: in the message, and in the pointers
/// of the faults.
pub(super) fn refused(position: usize, error: &Error) -> Error {
    let faults = match (error.faults(), code(error.kind())) {
        ([], Some(code)) => vec![Fault {
            pointer: format!("/{position}"),
            code,
            detail: error.message().to_owned().into(),
        }],
        (faults, _) => faults
            .iter()
            .map(|fault| Fault {
                pointer: format!("/{position}{}", fault.pointer),
                ..fault.clone()
            })
            .collect(),
    };
    let message = format!("member {position}: {}", error.message());
    error.clone().with_message(message).with_faults(faults)
}

/// The fault of a member as a whole, where the database blames its values but no column.
fn code(kind: Kind) -> Option<FaultCode> {
    match kind {
        // Another tenant's.
        Kind::Unique | Kind::Forbidden => Some(FaultCode::Unique),
        Kind::ForeignKey => Some(FaultCode::Reference),
        Kind::Invalid => Some(FaultCode::Format),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faults_of_a_member_point_into_it() {
        let fault = Fault::of_field("email", FaultCode::Unique, "another row has this value");
        let error = Error::new(Kind::Unique, "taken").with_faults(vec![fault]);
        let refusal = refused(3, &error);
        assert_eq!(refusal.to_string(), "member 3: taken");
        assert_eq!(refusal.faults()[0].pointer, "/3/email");

        let refusal = refused(7, &Error::new(Kind::ForeignKey, "points nowhere"));
        assert_eq!(refusal.faults()[0].pointer, "/7");
        assert_eq!(refusal.faults()[0].code, FaultCode::Reference);

        let refusal = refused(1, &Error::new(Kind::Unavailable, "gone").with_help("wait"));
        assert!(refusal.faults().is_empty());
        assert_eq!(refusal.help(), Some("wait"));
    }
}
