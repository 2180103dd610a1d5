//! The statements that write many rows.

use std::sync::Arc;

use dataflow_core::Result;
use dataflow_core::dialect::dml::{self, Assignment, Bulk, Version};

use super::{Reaching, Shape};

impl Reaching<'_> {
    pub(crate) fn insert_many(self, positions: &[usize]) -> Arc<Bulk> {
        self.bulk(Shape::Insert(positions.to_owned()), || {
            dml::insert_many(self.view(), self.dialect(), positions)
        })
    }

    pub(crate) fn load(self, positions: &[usize]) -> Arc<Bulk> {
        self.bulk(Shape::Load(positions.to_owned()), || {
            dml::load(self.view(), self.dialect(), positions)
        })
    }

    pub(crate) fn update_many(self, changes: &[Assignment], version: Version) -> Arc<Bulk> {
        self.bulk(Shape::Update(changes.to_owned(), version), || {
            dml::update_many(self.view(), self.dialect(), changes, version)
        })
    }

    pub(crate) fn upsert_many(
        self,
        positions: &[usize],
        conflict: &[usize],
        changes: &[Assignment],
    ) -> Arc<Bulk> {
        let shape = Shape::Upsert(
            positions.to_owned(),
            conflict.to_owned(),
            changes.to_owned(),
        );
        self.bulk(shape, || {
            dml::upsert_many(self.view(), self.dialect(), positions, conflict, changes)
        })
    }

    pub(crate) fn delete_many(self) -> Arc<Bulk> {
        self.bulk(Shape::DeleteMany, || {
            dml::delete_many(self.view(), self.dialect())
        })
    }

    /// Reads the row of each of several keys.
    pub(crate) fn select_each(self) -> Result<Arc<Bulk>> {
        Ok(Arc::new(Bulk::of(self.select()?)))
    }

    fn bulk(self, shape: Shape, write: impl FnOnce() -> Bulk) -> Arc<Bulk> {
        let key = self.key(shape);
        let shapes = &self.statements.shapes;
        if let Some(bulk) = shapes.bulks.get(&key) {
            return bulk;
        }
        let bulk = Arc::new(write());
        shapes.bulks.insert(key, bulk.clone());
        bulk
    }
}
