//! The statements that write many rows.

use std::sync::Arc;

use dataflow_core::dialect::dml::{self, Assignment, Bulk, Version};

use super::{Shape, Statements};

impl Statements {
    pub(crate) fn insert_many(&self, positions: &[usize]) -> Arc<Bulk> {
        self.bulk(Shape::Insert(positions.to_owned()), || {
            dml::insert_many(&self.model, self.dialect, positions)
        })
    }

    pub(crate) fn load(&self, positions: &[usize]) -> Arc<Bulk> {
        self.bulk(Shape::Load(positions.to_owned()), || {
            dml::load(&self.model, self.dialect, positions)
        })
    }

    pub(crate) fn update_many(&self, changes: &[Assignment], version: Version) -> Arc<Bulk> {
        self.bulk(Shape::Update(changes.to_owned(), version), || {
            dml::update_many(&self.model, self.dialect, changes, version)
        })
    }

    pub(crate) fn upsert_many(
        &self,
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
            dml::upsert_many(&self.model, self.dialect, positions, conflict, changes)
        })
    }

    pub(crate) fn delete_many(&self) -> Arc<Bulk> {
        self.bulk(Shape::DeleteMany, || {
            dml::delete_many(&self.model, self.dialect)
        })
    }

    /// Reads the row of each of several keys.
    pub(crate) fn select_each(&self) -> Arc<Bulk> {
        Arc::new(Bulk::of(self.select().clone()))
    }

    fn bulk(&self, shape: Shape, write: impl FnOnce() -> Bulk) -> Arc<Bulk> {
        let key = (self.model.table.clone(), shape);
        if let Some(bulk) = self.shapes.bulks.get(&key) {
            return bulk;
        }
        let bulk = Arc::new(write());
        self.shapes.bulks.insert(key, bulk.clone());
        bulk
    }
}
