//! The models that point at a model.

use proc_macro2::Ident;
use syn::Path;
use syn::ext::IdentExt;

/// A relation of another model, read backwards: `posts = Post.author_id`.
pub(crate) struct ParsedInverse {
    pub(crate) ident: Ident,
    pub(crate) target: Path,
    pub(crate) way: ParsedWay,
}

/// How rows are paired.
pub(crate) enum ParsedWay {
    /// By a field of the other model, of which one row at the most points here, or any number.
    One(Ident),
    Many(Ident),
    /// By two fields of a model between: that which points here, and the other.
    Through {
        between: Path,
        here: Ident,
        there: Ident,
    },
}

impl ParsedInverse {
    /// What it is called.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }
}
