//! Telling the server whose rows are meant, where it minds that itself.
//!
//! A setting that is local to a transaction names the tenant, so that no other user of the
//! connection inherits it, and a pooler in between may do as it likes.

use std::sync::atomic::Ordering;

use dataflow_core::Error;
use dataflow_core::dialect::TENANT_SETTING;
use dataflow_core::error::Code;
use sqlx::{Executor, Row};

use super::error;
use super::lease::{Lease, bounded};
use crate::pool::failure::Failure;
use crate::tenant::Tenant;

/// Whether a role sees the rows of every tenant whatever is set.
const BYPASSES: &str = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";

/// What tells the server for whom the rest of a transaction is.
pub(super) fn setting(tenant: &Tenant) -> Result<String, Failure> {
    let name = match tenant {
        // Whoever is not let past is refused, and not shown less than was asked for.
        Tenant::All => return Ok("SET LOCAL row_security = off".to_owned()),
        Tenant::Unknown => "",
        Tenant::One(name) => name,
    };
    if name.contains('\0') {
        let message = "the tenant of the call contains U+0000";
        return Err(Failure::refused(Error::of(Code::Tenant, message)));
    }
    // So a backslash means the same whatever the server is set to.
    let name = name.replace('\\', "\\\\").replace('\'', "''");
    Ok(format!(
        "SET LOCAL row_security = on; SET LOCAL {TENANT_SETTING} = E'{name}'"
    ))
}

impl Lease {
    /// Goes on in its transaction for a tenant, where the server minds that.
    pub(in crate::pool) async fn act_for(
        &mut self,
        tenant: Option<&Tenant>,
    ) -> Result<(), Failure> {
        let is_known = match (&self.tenant, tenant) {
            (_, None) | (None, Some(Tenant::Unknown)) => true,
            (told, tenant) => told.as_ref() == tenant,
        };
        if let Some(tenant) = tenant.filter(|_| !is_known) {
            self.say(&setting(tenant)?).await?;
            self.tenant = Some(tenant.clone());
            self.warn_of_bypass().await?;
        }
        Ok(())
    }

    /// Undoes what was done since a savepoint, with a statement that says so. The server forgets
    /// what it was told since then.
    pub(in crate::pool) async fn undo_to_savepoint(&mut self, sql: &str) -> Result<(), Failure> {
        match &self.tenant {
            None => self.say(sql).await,
            Some(tenant) => {
                let sql = format!("{sql}; {}", setting(tenant)?);
                self.say(&sql).await
            }
        }
    }

    /// Warns, once in the life of a pool, where the role is none that the server keeps rows from.
    pub(super) async fn warn_of_bypass(&mut self) -> Result<(), Failure> {
        if self.shared().is_bypass_known.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let patience = self.patience();
        let asking = self.connection().fetch_one(sqlx::raw_sql(BYPASSES));
        let asking = async {
            let row = asking.await.map_err(|fault| error::of(&fault))?;
            row.try_get(0).map_err(|fault| error::of(&fault))
        };
        if bounded(patience, asking).await? {
            tracing::warn!(
                database = %self.shared().endpoint,
                "row-level security does not hold for the role that connects, which is a superuser \
                 or has BYPASSRLS; connect as another"
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_of_any_name_stays_within_its_quotes() {
        let cases = [
            ("ours", "E'ours'"),
            ("o'urs", "E'o''urs'"),
            ("\\'; DROP TABLE t; --", "E'\\\\''; DROP TABLE t; --'"),
            ("", "E''"),
        ];
        for (name, literal) in cases {
            let said = setting(&Tenant::One(name.into())).map_err(|failure| failure.error);
            let wanted =
                format!("SET LOCAL row_security = on; SET LOCAL dataflow.tenant = {literal}");
            assert_eq!(said.ok(), Some(wanted), "{name:?}");
        }
        assert!(setting(&Tenant::One("a\0b".into())).is_err());
    }
}
