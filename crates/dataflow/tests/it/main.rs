//! DataFlow on both databases. A test named `v…` or `e…` shows the absence of a fault of the
//! systems that this one replaces, by its number in their lists.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, also in the functions that tests share"
)]

/// Runs each test on a database of its own, of either kind.
macro_rules! on_every_database {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::setup::Setup::sqlite()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::setup::Setup::postgres()).await;
            })*
        }
    };
}

// The eleven operations over structs.
mod typed;
// Values that are longer than their field takes.
mod limits;
// What values fulfill beyond their type.
mod validation;
// Changes of rows that have changed since they were read.
mod versions;
// Which way a field goes through doors.
mod access;
// Many rows at once, of any size.
mod bulk;
// Which rows of an upsert are new.
mod upserted;
// Some columns of a row, and of the rows that a filter lets through.
mod filtered;
// What takes effect together or not at all.
mod transactions;
// The eleven operations over JSON.
mod nodes;
// Values that PostgreSQL refuses without saying in which column.
mod overflows;
// Documents that an index finds.
mod indexed;
// Lists as values.
mod lists;
// Lists of times and of decimals.
mod lists_of_times;
// Times on the wall clock.
mod local_times;
// Enums that have a type of their own.
mod enums;
// Which rows a query gives, typed and as data.
mod queries;
// Rows that lead to other rows.
mod relations;
// Questions that nobody asks twice.
mod shapes;
// Rows that several fields identify together.
mod composite;
// In which order, in which portions, and which columns.
mod pages;
// Values inside documents, given and sorted by.
mod inside;
// What rows come to, and how they stream.
mod aggregates;
// Statements in one's own words.
mod sql;
// Rows as structs of one's own, of statements and of queries.
mod structs;
// What inputs are refused, and how.
mod refusals;
// How many statements an operation is.
mod statements;
// Rows that stay when they are deleted.
mod soft_delete;
// Rows that are only added.
mod append_only;
// What an application does before and after rows are written.
mod hooks;
// Who changed which row, when and how.
mod audit;
// Tables of PostgreSQL in schemas of their own.
mod schemas;
// Rows that belong to somebody.
mod tenants;
// Rows that PostgreSQL itself shows to their tenant alone.
mod row_security;
// All of it through PgBouncer in transaction mode.
mod pooler;
// What the database computes, checks and deletes by itself.
mod computed;
// What a database stores for each type comes back.
mod types;
// Faults that a review found, each by its name.
mod faults;
// No value of a row or an input stands in an error.
mod marked;
// Which reference between rows is broken.
mod foreign_keys;
// What the database alone refuses.
mod triggers;
// Each setting does what it says.
mod settings;
// Calls with a statement timeout of their own.
mod patience;
// What the attribute for tests gives to a test.
mod testing;
// What a trace shows.
mod tracing;
// What is told to a trace, kept for the test whose thread tells it.
mod heard;
// What a recorder of metrics hears.
mod measuring;
// Servers that only read, beside the one that is written to.
mod replicas;
// What is kept after a read, and for how long.
mod cache;
// What is done to rows is told to whoever follows.
mod changes;
// The models that the tests share.
mod models;
// A database of one's own.
mod setup;
