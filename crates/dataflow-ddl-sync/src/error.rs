//! From the errors of the drivers to the one error of the house, once.
//!
//! What a server says beside its main message (details, hints, the context of a statement) may hold
//! values of rows, and so may the main message of a refused value; neither is repeated.

pub(crate) mod postgres;
pub(crate) mod sqlite;
