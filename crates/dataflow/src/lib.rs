//! DataFlow: models, pool, repositories and nodes; the face users import.

extern crate self as dataflow;

#[cfg_attr(
    not(test),
    expect(dead_code, reason = "repositories, which use it, come next")
)]
mod pool;

#[doc(hidden)]
pub use dataflow_core::__private;
pub use dataflow_core::{Model, ModelEnum};
