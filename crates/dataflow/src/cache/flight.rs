//! Reads under way, which all who want the same rows wait for.

use std::collections::HashMap;
use std::sync::Arc;

use dataflow_core::Result;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use parking_lot::Mutex;

use super::Key;
use crate::collect::StoredRow;

/// A read that several may wait for. Whoever is polled moves it on, so nobody waits for somebody who
/// is not; it is stopped when the last of them has left.
pub(crate) type Reading = Shared<BoxFuture<'static, Result<Arc<[StoredRow]>>>>;

/// The reads of a database that are under way.
#[derive(Clone, Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<Key, Flight>>>);

struct Flight {
    generation: u64,
    reading: WeakShared<BoxFuture<'static, Result<Arc<[StoredRow]>>>>,
}

/// What a look for a read under way finds.
pub(super) enum Boarding<T> {
    /// One that began when the tables were at the same generation.
    Joined(Reading),
    /// None, and it is not needed any more.
    Needless(T),
    /// None, so this one has begun.
    Begun(Reading),
}

impl Flights {
    /// Joins the read of a key, or begins one, unless a last look finds what it is wanted for: a
    /// read may have ended since the first.
    pub(super) fn board<T>(
        &self,
        key: &Key,
        generation: u64,
        last_look: impl FnOnce() -> Option<T>,
        begin: impl FnOnce() -> BoxFuture<'static, Result<Arc<[StoredRow]>>>,
    ) -> Boarding<T> {
        let mut flights = self.0.lock();
        let flight = flights.get(key);
        let flight = flight.filter(|flight| flight.generation == generation);
        if let Some(reading) = flight.and_then(|flight| flight.reading.upgrade()) {
            return Boarding::Joined(reading);
        }
        if let Some(found) = last_look() {
            return Boarding::Needless(found);
        }
        let landing = Landing {
            flights: self.clone(),
            key: key.clone(),
            generation,
        };
        let read = begin();
        let reading = async move {
            let _landing = landing;
            read.await
        };
        let reading = reading.boxed().shared();
        if let Some(reading) = reading.downgrade() {
            let flight = Flight {
                generation,
                reading,
            };
            flights.insert(key.clone(), flight);
        }
        Boarding::Begun(reading)
    }
}

/// Takes a read off the list when it has ended or been left.
struct Landing {
    flights: Flights,
    key: Key,
    generation: u64,
}

impl Drop for Landing {
    fn drop(&mut self) {
        let mut flights = self.flights.0.lock();
        let listed = flights.get(&self.key);
        // A later one may have taken its place.
        if listed.is_some_and(|flight| flight.generation == self.generation) {
            flights.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    fn key() -> Key {
        Key {
            sql: "SELECT 1".into(),
            values: "".into(),
        }
    }

    fn board(flights: &Flights, generation: u64) -> Boarding<()> {
        flights.board(&key(), generation, || None, || pending().boxed())
    }

    #[test]
    fn a_read_under_way_is_joined_until_its_table_is_written_to() {
        let flights = Flights::default();
        let first = board(&flights, 1);
        assert!(matches!(first, Boarding::Begun(_)));
        assert!(matches!(board(&flights, 1), Boarding::Joined(_)));
        let second = board(&flights, 2);
        assert!(matches!(second, Boarding::Begun(_)));
        drop(first);
        assert!(matches!(board(&flights, 2), Boarding::Joined(_)));
        drop(second);
        assert!(flights.0.lock().is_empty());
    }

    #[test]
    fn a_read_that_has_ended_is_off_the_list() {
        let flights = Flights::default();
        let begin = || async { Ok(Arc::from([])) }.boxed();
        let Boarding::Begun(reading) = flights.board(&key(), 1, || None::<()>, begin) else {
            panic!("nothing is under way");
        };
        assert!(reading.now_or_never().is_some());
        assert!(flights.0.lock().is_empty());
    }

    #[test]
    fn no_read_begins_for_what_the_last_look_finds() {
        let flights = Flights::default();
        let begin = || unreachable!("it was found");
        let found = flights.board(&key(), 1, || Some(7), begin);
        assert!(matches!(found, Boarding::Needless(7)));
        assert!(flights.0.lock().is_empty());
    }
}
