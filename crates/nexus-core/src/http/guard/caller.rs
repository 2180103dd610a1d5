//! Who makes a request.

use std::sync::Arc;

/// Who makes a request, for what is written down of changes: an extension of the request, which an
/// application's own middleware puts there once it knows.
///
/// ```
/// use axum::extract::Request;
/// use nexus_core::http::Caller;
///
/// fn of_signed_token(mut request: Request, subject: &str) -> Request {
///     request.extensions_mut().insert(Caller::new(subject));
///     request
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller(Arc<str>);

impl Caller {
    /// The caller of a name.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub(super) fn name(&self) -> Arc<str> {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use dataflow_core::node::Form;

    use super::super::context_of;
    use super::*;

    #[test]
    fn whoever_the_application_says_calls_is_in_the_context() {
        let (mut parts, ()) = Request::new(()).into_parts();
        assert_eq!(context_of(&parts, Form::Bytes).caller, None);
        parts.extensions.insert(Caller::new("ann"));
        let context = context_of(&parts, Form::Bytes);
        assert_eq!(context.caller.as_deref(), Some("ann"));
    }
}
