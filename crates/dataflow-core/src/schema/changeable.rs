//! Models whose rows may be changed.

use super::Model;

/// A model whose rows may be changed and deleted. The derive implements it unless the model is
/// declared `#[model(append_only)]`.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` are only added, and neither changed nor deleted",
    note = "`{Self}` is declared `#[model(append_only)]`"
)]
pub trait Changeable: Model {}
