//! Rows of a query, with those that relations lead to from them.

use std::fmt;
use std::sync::Arc;

use dataflow_core::query::{Columns, Include, Inclusion, ToMany, ToOne, WholeRow};
use dataflow_core::row::for_tuples;
use dataflow_core::{Model, Result};
use futures_util::stream::{self, Stream, StreamExt as _};

use super::portions::portions;
use super::{Page, Query};
use crate::table::{Loaded, Selection, Table};

/// A query whose rows come with those that relations lead to. Made by [`Query::with`].
///
/// Whatever the number of rows, each relation costs one statement. A row that is written between
/// two of them may be missing in one and not in the other; a transaction that is repeatable sees all
/// of them at one moment.
#[must_use = "a query does nothing until one of its last methods is awaited"]
pub struct Loading<M, R, S = WholeRow<M>> {
    query: Query<M, S>,
    related: R,
}

impl<M: Model, R: Related<M>, S: Columns<M> + 'static> Loading<M, R, S> {
    pub(super) fn new(query: Query<M, S>, related: R) -> Self {
        Self { query, related }
    }

    /// The rows, each with what it leads to, and where the next page begins.
    ///
    /// # Errors
    ///
    /// As [`Query::list`], [`Kind::NotFound`](crate::error::Kind::NotFound) when a model that a
    /// relation leads to is not registered, and [`Kind::Malformed`](crate::error::Kind::Malformed)
    /// when the rows are distinct, of which each stands for others.
    pub async fn list(self) -> Result<Page<R::Row<S::Row>>> {
        let includes = self.related.into_inclusions();
        let (table, selection) = self.query.selection(Vec::new())?;
        let (rows, next) = page::<M, R, S>(table, selection, includes.into()).await?;
        Ok(Page { rows, next })
    }

    /// The rows one after the other, each with what it leads to. They are read as
    /// [`Query::stream`] does, with one statement more for each portion and relation.
    pub fn stream(self) -> impl Stream<Item = Result<R::Row<S::Row>>> + Send {
        let limit = self.query.limit;
        let includes: Arc<[Inclusion]> = self.related.into_inclusions().into();
        match self.query.selection(Vec::new()) {
            Ok((table, selection)) => {
                let read =
                    move |table, selection| page::<M, R, S>(table, selection, includes.clone());
                portions(table, selection, limit, read).left_stream()
            }
            Err(error) => stream::iter([Err(error)]).right_stream(),
        }
    }

    /// The first row with what it leads to, if there is one.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn first(self) -> Result<Option<R::Row<S::Row>>> {
        let query = self.query.limit(1);
        let page = Self { query, ..self }.list().await?;
        Ok(page.rows.into_iter().next())
    }
}

/// Some rows with what they lead to, and the cursor after the last where more follow.
async fn page<M: Model, R: Related<M>, S: Columns<M>>(
    table: Arc<Table>,
    selection: Selection,
    includes: Arc<[Inclusion]>,
) -> Result<(Vec<R::Row<S::Row>>, Option<String>)> {
    let (loaded, next) = table.list_with(selection, &includes, usize::MAX).await?;
    let places: Vec<usize> = (0..loaded.rows().len()).collect();
    Ok((read_rows::<M, R, S>(&loaded, &places)?, next))
}

impl<M, R, S> fmt::Debug for Loading<M, R, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Loading")
            .field("query", &self.query)
            .finish_non_exhaustive()
    }
}

/// What can be loaded beside rows of `M`: a relation such as `User::POSTS`, the same with a filter,
/// an order, a limit or relations of its own, or a tuple of up to twelve of these. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` leads nowhere from rows of `{M}`",
    note = "name a relation of `{M}` or a tuple of up to twelve, as in `(User::POSTS, User::TEAMS)`"
)]
pub trait Related<M>: Sized + Send + sealed::Sealed {
    /// What stands beside a row: an `Option` of a relation that leads to one, a `Vec` else, a tuple
    /// for several.
    type Beside: Send;

    /// A row, or what is selected of it, with what stands beside it.
    type Row<Own: Send>: Send;

    #[doc(hidden)]
    fn into_inclusions(self) -> Vec<Inclusion>;

    #[doc(hidden)]
    fn beside(loaded: &Rows<'_>, row: usize, next: &mut usize) -> Result<Self::Beside>;

    #[doc(hidden)]
    fn row<Own: Send>(row: Own, beside: Self::Beside) -> Self::Row<Own>;
}

/// Rows that were loaded.
#[doc(hidden)]
pub struct Rows<'a>(&'a Loaded);

/// Nothing stands beside the rows.
impl<M: Model> Related<M> for () {
    type Beside = ();
    type Row<Own: Send> = Own;

    fn into_inclusions(self) -> Vec<Inclusion> {
        Vec::new()
    }

    fn beside(_: &Rows<'_>, _: usize, _: &mut usize) -> Result<()> {
        Ok(())
    }

    fn row<Own: Send>(row: Own, (): ()) -> Own {
        row
    }
}

impl<M: Model, T: Model, N: Related<T>> Related<M> for Include<M, ToMany<M, T>, N> {
    type Beside = Vec<N::Row<T>>;
    type Row<Own: Send> = (Own, Vec<N::Row<T>>);

    fn into_inclusions(self) -> Vec<Inclusion> {
        vec![with_nested::<T, N>(self.into_parts())]
    }

    fn beside(Rows(loaded): &Rows<'_>, row: usize, next: &mut usize) -> Result<Self::Beside> {
        let (related, places) = loaded.related(row, taken(next));
        read_rows::<T, N, WholeRow<T>>(related, places)
    }

    fn row<Own: Send>(row: Own, beside: Self::Beside) -> Self::Row<Own> {
        (row, beside)
    }
}

impl<M: Model, T: Model, N: Related<T>> Related<M> for Include<M, ToOne<M, T>, N> {
    type Beside = Option<N::Row<T>>;
    type Row<Own: Send> = (Own, Option<N::Row<T>>);

    fn into_inclusions(self) -> Vec<Inclusion> {
        vec![with_nested::<T, N>(self.into_parts())]
    }

    fn beside(Rows(loaded): &Rows<'_>, row: usize, next: &mut usize) -> Result<Self::Beside> {
        let (related, places) = loaded.related(row, taken(next));
        Ok(read_rows::<T, N, WholeRow<T>>(related, places)?.pop())
    }

    fn row<Own: Send>(row: Own, beside: Self::Beside) -> Self::Row<Own> {
        (row, beside)
    }
}

/// A relation alone is every row that it leads to.
macro_rules! relations {
    ($($relation:ident)*) => {$(
        impl<M: Model, T: Model> Related<M> for $relation<M, T> {
            type Beside = <Include<M, Self> as Related<M>>::Beside;
            type Row<Own: Send> = (Own, Self::Beside);

            fn into_inclusions(self) -> Vec<Inclusion> {
                self.with(()).into_inclusions()
            }

            fn beside(loaded: &Rows<'_>, row: usize, next: &mut usize) -> Result<Self::Beside> {
                <Include<M, Self> as Related<M>>::beside(loaded, row, next)
            }

            fn row<Own: Send>(row: Own, beside: Self::Beside) -> Self::Row<Own> {
                (row, beside)
            }
        }
    )*};
}

relations!(ToOne ToMany);

macro_rules! tuples {
    ($($($related:ident $index:tt)+;)+) => {$(
        impl<M: Model, $($related: Related<M>),+> Related<M> for ($($related,)+) {
            type Beside = ($($related::Beside,)+);
            type Row<Own: Send> = (Own, Self::Beside);

            fn into_inclusions(self) -> Vec<Inclusion> {
                let mut inclusions = Vec::new();
                $(inclusions.extend(self.$index.into_inclusions());)+
                inclusions
            }

            fn beside(loaded: &Rows<'_>, row: usize, next: &mut usize) -> Result<Self::Beside> {
                Ok(($($related::beside(loaded, row, next)?,)+))
            }

            fn row<Own: Send>(row: Own, beside: Self::Beside) -> Self::Row<Own> {
                (row, beside)
            }
        }
    )+};
}

for_tuples!(tuples);

/// The place of the next relation among those that were loaded.
fn taken(next: &mut usize) -> usize {
    let place = *next;
    *next += 1;
    place
}

fn with_nested<T, N: Related<T>>((mut inclusion, nested): (Inclusion, N)) -> Inclusion {
    inclusion.includes = nested.into_inclusions();
    inclusion
}

/// The rows at some places, each with what stands beside it.
fn read_rows<M: Model, R: Related<M>, S: Columns<M>>(
    loaded: &Loaded,
    places: &[usize],
) -> Result<Vec<R::Row<S::Row>>> {
    let row = |&place: &usize| {
        let row = S::read(&loaded.rows()[place])?;
        Ok(R::row(row, R::beside(&Rows(loaded), place, &mut 0)?))
    };
    places.iter().map(row).collect()
}

mod sealed {
    use super::{Include, ToMany, ToOne, for_tuples};

    pub trait Sealed {}

    impl Sealed for () {}
    impl<M, R, N> Sealed for Include<M, R, N> {}
    impl<M, T> Sealed for ToOne<M, T> {}
    impl<M, T> Sealed for ToMany<M, T> {}

    macro_rules! tuples {
        ($($($member:ident $index:tt)+;)+) => {$(
            impl<$($member),+> Sealed for ($($member,)+) {}
        )+};
    }

    for_tuples!(tuples);
}
