//! The same database, on somebody's behalf or with other patience.

use std::sync::Arc;
use std::time::Duration;

use super::DataFlow;
use crate::table::Behalf;
use crate::tenant::Tenant;

impl DataFlow {
    /// The same database on behalf of one tenant: its repositories, queries and transactions reach
    /// the rows of that tenant alone, and new rows are its own.
    ///
    /// Rows have a tenant where a field is declared `#[model(tenant)]`; the library fills it in,
    /// whatever a struct holds. Without one, such rows are out of reach. Nodes take theirs from the
    /// [`Context`](crate::node::Context) of each call, and
    /// [statements in one's own words](Self::sql) mind one only where PostgreSQL itself does, for
    /// models that are declared `#[model(row_level_security)]`.
    ///
    /// ```
    /// # use dataflow::{DataFlow, Filter, Model};
    /// #[derive(Debug, Clone, PartialEq, Model)]
    /// struct Note {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     #[model(tenant)]
    ///     team: String,
    ///     text: String,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<Note>().open()?;
    /// let (ours, theirs) = (db.tenant("ours"), db.tenant("theirs"));
    /// let note = Note { id: 0, team: String::new(), text: "secret".to_owned() };
    /// let note = ours.repository::<Note>()?.create(&note).await?;
    /// assert_eq!(note.team, "ours");
    ///
    /// assert!(theirs.repository::<Note>()?.read(&note.id).await.is_err());
    /// let error = db.repository::<Note>()?.read(&note.id).await.unwrap_err();
    /// assert_eq!(error.code().to_string(), "DF-305");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn tenant(&self, tenant: impl Into<Arc<str>>) -> Self {
        self.on_behalf_of(Behalf {
            tenant: Tenant::One(tenant.into()),
            ..self.behalf.clone()
        })
    }

    /// The same database on behalf of nobody in particular, for work that administers it: its
    /// repositories, queries and transactions reach the rows of every tenant, and a struct says
    /// itself whose row it is. Nothing then keeps tenants apart, nor their rows from pointing at
    /// each other. Where the database keeps rows apart itself, it refuses this to a role that it
    /// does not let past.
    #[must_use]
    pub fn without_tenant_isolation(&self) -> Self {
        self.on_behalf_of(Behalf {
            tenant: Tenant::All,
            ..self.behalf.clone()
        })
    }

    /// The same database on behalf of a caller, whom the [trail](Self::audit) of audited models then
    /// names. Nodes take theirs from the [`Context`](crate::node::Context) of each call.
    #[must_use]
    pub fn caller(&self, caller: impl Into<Arc<str>>) -> Self {
        self.on_behalf_of(Behalf {
            caller: Some(caller.into()),
            ..self.behalf.clone()
        })
    }

    /// The same database with another `statement_timeout`, a longer or a shorter one, for what goes
    /// through this: repositories and their queries, [statements in one's own words](Self::sql), and
    /// each statement of a transaction that is begun through it.
    ///
    /// The database itself keeps it: what takes longer is stopped there and has no effect, and ends
    /// with [`Kind::Timeout`](crate::error::Kind::Timeout). On PostgreSQL a single statement becomes
    /// a transaction for that, which takes two round trips more; in a transaction nothing is added.
    ///
    /// ```
    /// # use dataflow::{DataFlow, Model};
    /// # use std::time::Duration;
    /// # #[derive(Debug, Clone, PartialEq, Model)]
    /// # struct City {
    /// #     #[model(primary_key)]
    /// #     name: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<City>().open()?;
    /// let nightly = db.statement_timeout(Duration::from_secs(600));
    /// assert_eq!(nightly.repository::<City>()?.query().count().await?, 0);
    ///
    /// let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
    ///                SELECT max(i) FROM n";
    /// let hasty = db.statement_timeout(Duration::from_millis(50));
    /// let error = hasty.sql(endless).fetch::<(i64,)>().await.unwrap_err();
    /// assert_eq!(error.code().to_string(), "DF-402");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn statement_timeout(&self, timeout: Duration) -> Self {
        Self {
            pool: self.inner.pool.limited_to(timeout),
            ..self.clone()
        }
    }

    fn on_behalf_of(&self, behalf: Behalf) -> Self {
        Self {
            behalf,
            ..self.clone()
        }
    }
}
