//! Some columns of a row, in another order.

use std::borrow::Cow;

use super::{FromRow, RowSource};
use crate::error::{Error, Kind, Result, closest};
use crate::schema::FieldType;
use crate::value::{Date, LocalDateTime, LocalTime, Timestamp};

/// Which columns of a statement's rows are read as `T`, found once for all of them.
#[derive(Debug)]
pub struct Picks(Vec<usize>);

impl Picks {
    /// Finds the columns of `T` in a row.
    ///
    /// # Errors
    ///
    /// When one is missing, has a name that another has too, or holds another type.
    pub fn of<T: FromRow, R: RowSource>(row: &R) -> Result<Self> {
        let columns = T::columns().into_iter().enumerate();
        let picks = columns.map(|(place, column)| {
            let ordinal = match &column.name {
                Some(name) => ordinal_of(row, name)?,
                None => place,
            };
            row.check_type(ordinal, &column.field_type)?;
            Ok(ordinal)
        });
        picks.collect::<Result<_>>().map(Self)
    }

    /// Reads a row of the statement.
    ///
    /// # Errors
    ///
    /// When a column holds what its type cannot hold.
    pub fn read<T: FromRow, R: RowSource>(&self, row: &R) -> Result<T> {
        T::from_row(&Picked {
            row,
            ordinals: &self.0,
        })
    }
}

fn ordinal_of<R: RowSource>(row: &R, name: &str) -> Result<usize> {
    let names = || (0..).map_while(|ordinal| row.column_name(ordinal));
    let is_meant = |(ordinal, known)| (known == name).then_some(ordinal);
    let mut found = names().enumerate().filter_map(is_meant);
    match (found.next(), found.next()) {
        (Some(ordinal), None) => Ok(ordinal),
        (Some(_), Some(_)) => {
            let message = format!("the statement gives more than one column {name:?}");
            Err(Error::new(Kind::Internal, message)
                .with_help("name what is read, and call others something else with AS"))
        }
        (None, _) => {
            let given: Vec<String> = names().map(|name| format!("{name:?}")).collect();
            let given = given.join(", ");
            let message = format!("the statement gives no column {name:?}, but {given}");
            let help = match closest(name, names()) {
                Some(meant) => format!("did you mean {meant:?}? call it so with AS"),
                None => format!("select it, or call another column so with AS {name}"),
            };
            Err(Error::new(Kind::Internal, message).with_help(help))
        }
    }
}

/// A row whose columns are some of another's.
struct Picked<'a, R> {
    row: &'a R,
    ordinals: &'a [usize],
}

impl<R> Picked<'_, R> {
    /// What is not among the columns is in no row.
    fn at(&self, ordinal: usize) -> usize {
        self.ordinals.get(ordinal).copied().unwrap_or(usize::MAX)
    }
}

/// Methods that read another column of the row beneath.
macro_rules! reads {
    ($($name:ident -> $result:ty;)*) => {$(
        fn $name(&self, ordinal: usize) -> Result<$result> {
            self.row.$name(self.at(ordinal))
        }
    )*};
}

impl<R: RowSource> RowSource for Picked<'_, R> {
    fn column_name(&self, ordinal: usize) -> Option<&str> {
        self.row.column_name(self.at(ordinal))
    }

    fn check_type(&self, ordinal: usize, field_type: &FieldType) -> Result<()> {
        self.row.check_type(self.at(ordinal), field_type)
    }

    reads! {
        is_null -> bool;
        bool -> bool;
        i16 -> i16;
        i32 -> i32;
        i64 -> i64;
        f32 -> f32;
        f64 -> f64;
        text -> &str;
        bytes -> &[u8];
        uuid -> [u8; 16];
        timestamp -> Timestamp;
        local_date_time -> LocalDateTime;
        date -> Date;
        local_time -> LocalTime;
        decimal -> Cow<'_, str>;
        json -> Cow<'_, str>;
    }
}
