//! The outbox of a database, and what its readers share.

use std::collections::HashMap;
use std::sync::Arc;

use dataflow_core::dialect::Dialect;
use dataflow_core::dialect::dml;
use dataflow_core::error::Kind;
use dataflow_core::feed::Position;
use dataflow_core::row::FromRow;
use dataflow_core::{Error, ModelSchema, Result, SchemaSet, Value};

use super::entry::{Entry, Row, position};
use super::whose::Whose;
use crate::audit::is_trail;
use crate::collect::Raw;
use crate::pool::{Pool, Statement, Wake};
use crate::settings::ChangeSettings;
use crate::task::Task;
use crate::tenant::no_tenant;

/// How many entries a reader holds.
const PAGE: i64 = 500;

/// The outbox of a database, and what its readers share.
pub(crate) struct Feed {
    pub(super) pool: Pool,
    pub(super) wake: Arc<Wake>,
    pub(super) settings: ChangeSettings,
    pub(super) statements: Statements,
    /// By table.
    models: HashMap<String, Arc<ModelSchema>>,
    pub(super) keeper: Task,
}

/// The statements, each shared with the connections that keep it prepared.
pub(super) struct Statements {
    page: Arc<Statement>,
    now: Arc<Statement>,
    gap_after: Arc<Statement>,
    pub(super) mark: Arc<Statement>,
    pub(super) since: Arc<Statement>,
    pub(super) may_delete: Arc<Statement>,
    pub(super) last_to_go: Arc<Statement>,
    pub(super) make_gap: Arc<Statement>,
    pub(super) delete_before: Arc<Statement>,
}

impl Feed {
    pub(crate) fn new(
        pool: Pool,
        wake: Arc<Wake>,
        settings: ChangeSettings,
        dialect: &dyn Dialect,
        schema_set: &SchemaSet,
    ) -> Arc<Self> {
        let models = schema_set.models();
        let models = models.map(|model| (model.table.to_string(), Arc::new(model.clone())));
        let feed = Arc::new(Self {
            pool,
            wake,
            settings,
            statements: Statements::of(dml::Feed::of(dialect)),
            models: models.collect(),
            keeper: Task::default(),
        });
        let weak = Arc::downgrade(&feed);
        feed.wake.also(move || {
            if let Some(feed) = weak.upgrade() {
                feed.keep();
            }
        });
        feed
    }

    /// The models whose changes are told at doors.
    pub(crate) fn models_at_doors(&self) -> impl Iterator<Item = &Arc<ModelSchema>> + Clone {
        self.models().filter(|model| !is_trail(model))
    }

    /// Those of these names; where none is named, all whose rows the caller may be told of.
    pub(crate) fn named_at_doors(
        &self,
        names: &[String],
        whose: &Whose,
    ) -> Result<Vec<Arc<ModelSchema>>> {
        let named = match names.is_empty() {
            false => {
                let found = names.iter().map(|name| find(self.models_at_doors(), name));
                found.collect::<Result<Vec<_>>>()?
            }
            true => {
                let all = self.models_at_doors().cloned();
                let (told, untold): (Vec<_>, Vec<_>) = all.partition(|model| whose.may_hear(model));
                // No model at all would stand for every one.
                if told.is_empty() { untold } else { told }
            }
        };
        match named.iter().find(|model| !whose.may_hear(model)) {
            Some(untold) => Err(no_tenant(untold)),
            None => Ok(named),
        }
    }

    /// The models whose changes are written down.
    fn models(&self) -> impl Iterator<Item = &Arc<ModelSchema>> + Clone {
        self.models.values()
    }

    /// The model of a table.
    pub(super) fn of_table(&self, table: &str) -> Option<&Arc<ModelSchema>> {
        self.models.get(table)
    }

    /// The model of a name.
    pub(crate) fn model(&self, name: &str) -> Result<Arc<ModelSchema>> {
        find(self.models(), name)
    }

    /// The position that all later changes are after.
    pub(super) async fn now(&self) -> Result<Position> {
        Ok(self.moment().await?.0)
    }

    /// Sees that changes after a position are kept, and that it is one of this database.
    pub(crate) async fn has_kept(&self, after: Position) -> Result<()> {
        let (_, last) = self.moment().await?;
        let reached = match after.transaction {
            0 => after.entry,
            transaction => transaction,
        };
        if reached > last {
            return Err(
                Error::new(Kind::Malformed, "the position is one of another database")
                    .with_help("follow the changes from now on"),
            );
        }
        let values = values(after).to_vec();
        let gap: Vec<(i64, i64)> = self.rows(&self.statements.gap_after, values).await?;
        match gap.first() {
            Some(&(transaction, entry)) => Err(gone(position(transaction, entry))),
            None => Ok(()),
        }
    }

    async fn moment(&self) -> Result<(Position, u64)> {
        let moment = self.rows(&self.statements.now, Vec::new()).await?;
        let &(transaction, entry, last): &(i64, i64, i64) = moment
            .first()
            .ok_or_else(|| Error::new(Kind::Internal, "the database told no position"))?;
        Ok((position(transaction, entry), last.unsigned_abs()))
    }

    /// The entries after a position, as many as a reader holds at a time.
    pub(super) async fn page(&self, after: Position) -> Result<Vec<Entry>> {
        let [transaction, entry] = values(after);
        let values = vec![transaction, entry, Value::Integer(PAGE)];
        let rows: Vec<Row> = self.rows(&self.statements.page, values).await?;
        Ok(rows.into_iter().map(Entry::of).collect())
    }

    pub(super) async fn rows<T: FromRow>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
    ) -> Result<Vec<T>> {
        self.pool
            .read_newest(statement, values, Raw::default())
            .await
    }
}

fn find<'m>(
    models: impl Iterator<Item = &'m Arc<ModelSchema>> + Clone,
    name: &str,
) -> Result<Arc<ModelSchema>> {
    if let Some(model) = models.clone().find(|model| model.name == name) {
        return Ok(model.clone());
    }
    let error = Error::new(Kind::NotFound, format!("no model is called {name:?}"));
    Err(error.with_closest(name, models.map(|model| &*model.name)))
}

/// A position as two parameters.
pub(super) fn values(position: Position) -> [Value; 2] {
    let value = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    [value(position.transaction), value(position.entry)]
}

/// Changes before a position are no longer kept.
pub(super) fn gone(position: Position) -> Error {
    Error::new(
        Kind::Gone,
        format!("changes before position {position} are no longer kept"),
    )
    .with_help("read the rows anew, and go on from that position")
}

impl Statements {
    fn of(feed: dml::Feed) -> Self {
        Self {
            page: Arc::new(feed.page),
            now: Arc::new(feed.now),
            gap_after: Arc::new(feed.gap_after),
            mark: Arc::new(feed.mark),
            since: Arc::new(feed.since),
            may_delete: Arc::new(feed.may_delete),
            last_to_go: Arc::new(feed.last_to_go),
            make_gap: Arc::new(feed.make_gap),
            delete_before: Arc::new(feed.delete_before),
        }
    }
}
