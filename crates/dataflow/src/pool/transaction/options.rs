//! What a transaction is to be like.

/// How a transaction sees what others do meanwhile.
///
/// SQLite knows only the strictest, which is also what it gives to whoever asks for less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Isolation {
    /// Each statement sees what was committed before it began.
    ReadCommitted,
    /// Every statement sees what was committed before the first one began.
    RepeatableRead,
    /// As if transactions ran one after the other. One that cannot be fitted in fails, of kind
    /// [`Contention`](crate::error::Kind::Contention).
    Serializable,
}

/// What a transaction is to be like: the database's own choice, unless something is added.
///
/// ```
/// use dataflow::{Isolation, TransactionOptions};
///
/// let report = TransactionOptions::new().isolation(Isolation::Serializable).read_only().deferrable();
/// assert_ne!(report, TransactionOptions::new());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use]
pub struct TransactionOptions {
    isolation: Option<Isolation>,
    is_read_only: bool,
    is_deferrable: bool,
}

impl TransactionOptions {
    /// What the database does by itself: on PostgreSQL, [`Isolation::ReadCommitted`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how much of what others do is seen.
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = Some(isolation);
        self
    }

    /// Only reads. On SQLite such a transaction does not keep anybody from writing.
    pub fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self
    }

    /// Waits at its beginning, where that spares a serializable transaction that only reads from
    /// failing later. SQLite has no need of it.
    pub fn deferrable(mut self) -> Self {
        self.is_deferrable = true;
        self
    }

    pub(in crate::pool) fn is_read_only(self) -> bool {
        self.is_read_only
    }

    /// The statement that begins it on PostgreSQL.
    pub(in crate::pool) fn begin_on_postgres(self) -> String {
        let isolation = self.isolation.map(|isolation| match isolation {
            Isolation::ReadCommitted => " ISOLATION LEVEL READ COMMITTED",
            Isolation::RepeatableRead => " ISOLATION LEVEL REPEATABLE READ",
            Isolation::Serializable => " ISOLATION LEVEL SERIALIZABLE",
        });
        let read_only = self.is_read_only.then_some(" READ ONLY");
        let deferrable = self.is_deferrable.then_some(" DEFERRABLE");
        let modes = [isolation, read_only, deferrable];
        std::iter::once("BEGIN")
            .chain(modes.into_iter().flatten())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_option_has_its_words() {
        let cases = [
            (TransactionOptions::new(), "BEGIN"),
            (
                TransactionOptions::new().isolation(Isolation::RepeatableRead),
                "BEGIN ISOLATION LEVEL REPEATABLE READ",
            ),
            (
                TransactionOptions::new()
                    .deferrable()
                    .read_only()
                    .isolation(Isolation::Serializable),
                "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE",
            ),
        ];
        for (options, expected) in cases {
            assert_eq!(options.begin_on_postgres(), expected);
        }
    }
}
