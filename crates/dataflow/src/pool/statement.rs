//! What a pool runs.

pub(crate) use dataflow_core::dialect::dml::{Bulk, Statement};
