//! Whether opening a database changes its tables.

/// Whether opening a database changes its tables.
///
/// ```
/// use dataflow::AutoMigrate;
///
/// assert_eq!(AutoMigrate::from(true), AutoMigrate::On);
/// assert_eq!(AutoMigrate::default(), AutoMigrate::On);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AutoMigrate {
    /// What is missing is added; what would lose data, or cannot be added, is an error.
    #[default]
    On,
    /// Nothing is changed, and a difference that matters is an error.
    Off,
    /// Nothing is changed, and a difference that matters is reported.
    Warn,
}

impl From<bool> for AutoMigrate {
    fn from(is_on: bool) -> Self {
        if is_on { Self::On } else { Self::Off }
    }
}
