//! Gathers every mistake, so that one build shows all of them.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far. [`finish`](Errors::finish) must be called; dropping them unread would
/// hide them, so it panics.
pub(crate) struct Errors {
    found: Option<Vec<syn::Error>>,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self {
            found: Some(Vec::new()),
        }
    }

    /// Adds a mistake that underlines tokens.
    pub(crate) fn add(&mut self, at: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(at, message));
    }

    /// Adds a mistake that already knows its place.
    pub(crate) fn push(&mut self, error: syn::Error) {
        if let Some(found) = &mut self.found {
            found.push(error);
        }
    }

    /// All mistakes as `compile_error!` calls, or nothing if there is none.
    pub(crate) fn finish(mut self) -> Option<TokenStream> {
        let found = self.found.take().unwrap_or_default();
        let messages = found.iter().map(syn::Error::to_compile_error);
        (!found.is_empty()).then(|| messages.collect())
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        assert!(
            self.found.is_none() || std::thread::panicking(),
            "mistakes were gathered and never reported"
        );
    }
}
