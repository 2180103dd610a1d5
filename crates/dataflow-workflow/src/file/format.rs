//! The languages that a workflow can be written in.

/// A language for workflow definition files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON, without extensions.
    Json,
    /// YAML 1.2: `yes` and `no` are words, not truth values.
    Yaml,
    /// TOML.
    Toml,
}

impl Format {
    /// The format of files whose names end in `json`, `yaml` or `toml`.
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension {
            "json" => Some(Self::Json),
            "yaml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }
}
