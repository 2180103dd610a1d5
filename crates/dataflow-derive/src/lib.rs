//! `#[derive(Model)]` and its relatives.
