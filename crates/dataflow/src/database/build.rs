//! From settings and models to a database. Nothing is opened.

use std::sync::{Arc, OnceLock};

use dataflow_core::{ModelSchema, SchemaSet};

use super::{DataFlow, Inner};
use crate::access::Access;
use crate::audit::Retention;
use crate::cache::{Cache, Others, TableCache};
use crate::changes::{Feed, Follower};
use crate::hooks::ModelHooks;
use crate::metrics::Meter;
use crate::pool::Pool;
use crate::settings::Settings;
use crate::statements::{Shapes, Statements};
use crate::table::{Behalf, Family, Member, Table};

impl DataFlow {
    pub(crate) fn new(settings: Settings, schema_set: SchemaSet, hooks: &[ModelHooks]) -> Self {
        let dialect = settings.dialect();
        let pool = Pool::new(settings.endpoint.clone(), settings.pool.clone());
        let is_followed = settings.is_cached && settings.changes.is_some();
        let others = is_followed.then(Arc::<Others>::default);

        let shared = Shared {
            settings: &settings,
            hooks,
            pool: &pool,
            cache: settings.is_cached.then(|| Cache::new(others.clone())),
            shapes: Shapes::new(),
        };
        let members = schema_set.models().map(|model| shared.member(model));
        let kept_for = settings.audit_kept_for;
        let retention = kept_for.map(|kept_for| Retention::new(pool.clone(), kept_for));
        let family = Arc::new(Family::of(dialect, members, retention));
        let tables = Table::all(&family, &Access::Pool(pool.clone()));

        let changes = settings.changes.zip(settings.pool.wake.clone());
        let feed = changes
            .map(|(changes, wake)| Feed::new(pool.clone(), wake, changes, dialect, &schema_set));
        let follower = feed
            .clone()
            .zip(others)
            .map(|(feed, others)| Follower::new(feed, family.caches_by_table(), others));

        let inner = Inner {
            nodes: OnceLock::new(),
            settings,
            schema_set,
            pool,
            ready: OnceLock::new(),
            feed,
            _follower: follower,
            family,
            tables,
        };
        Self {
            pool: inner.pool.clone(),
            inner: Arc::new(inner),
            behalf: Behalf::default(),
        }
    }
}

/// What the tables of a database have in common.
struct Shared<'a> {
    settings: &'a Settings,
    hooks: &'a [ModelHooks],
    pool: &'a Pool,
    cache: Option<Cache>,
    shapes: Shapes,
}

impl Shared<'_> {
    fn member(&self, model: &ModelSchema) -> Member {
        let Settings {
            endpoint,
            pool: pool_settings,
            is_measured,
            ..
        } = self.settings;
        let longest_write = pool_settings.longest_write();
        let cache = self.cache.clone();
        let cache = cache.map(|cache| TableCache::new(cache, longest_write));
        let meter = is_measured.then(|| Meter::new(endpoint, &model.name, self.pool.clone()));
        let hooks = self.hooks.iter();
        let hooks = hooks.filter(|hooks| hooks.model.name == model.name);
        let hooks = hooks.map(|hooks| hooks.hooks.clone()).collect();
        let model = Arc::new(model.clone());
        let dialect = self.settings.dialect();
        let statements = Statements::new(model.clone(), dialect, self.shapes.clone());
        Member::new(model, statements, cache, meter, hooks)
    }
}
