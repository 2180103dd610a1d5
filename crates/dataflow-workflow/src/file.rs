//! Workflows written down in files.

mod complaint;
mod definition;
mod format;
mod json;
mod read;
mod toml;
mod tree;
mod yaml;

pub use definition::Definition;
pub use format::Format;
