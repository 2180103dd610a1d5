//! The same database, on somebody's behalf.

use std::sync::Arc;

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

    fn on_behalf_of(&self, behalf: Behalf) -> Self {
        Self {
            inner: self.inner.clone(),
            behalf,
        }
    }
}
