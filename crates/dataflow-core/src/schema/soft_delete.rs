//! Models whose rows stay when they are deleted.

use super::Model;

/// A model whose rows stay when they are deleted, and can be restored. The derive implements it
/// where a field is declared `#[model(soft_delete)]`.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` are gone when they are deleted",
    note = "put `#[model(soft_delete)]` on a field `deleted_at: Option<DateTime<Utc>>`"
)]
pub trait SoftDelete: Model {}
