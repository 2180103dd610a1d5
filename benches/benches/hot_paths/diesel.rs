//! The same people through diesel-async, on one connection.

use benches::people::Person;
use diesel::{Insertable, QueryDsl as _, Queryable, Selectable, SelectableHelper as _};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};

diesel::table! {
    people (id) {
        id -> BigInt,
        name -> Text,
        email -> Text,
        age -> Integer,
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = people)]
#[expect(dead_code, reason = "what is measured is that they are read")]
pub(super) struct Row {
    id: i64,
    name: String,
    email: String,
    age: i32,
}

#[derive(Insertable)]
#[diesel(table_name = people)]
struct New<'a> {
    id: i64,
    name: &'a str,
    email: &'a str,
    age: i32,
}

/// Rows of a statement: a value takes a parameter, of which there are 65,535.
const CHUNK: usize = 5_000;

pub(super) struct Diesel(AsyncPgConnection);

impl Diesel {
    pub(super) async fn connect(url: &str) -> Self {
        Self(
            AsyncPgConnection::establish(url)
                .await
                .expect("it connects"),
        )
    }

    pub(super) async fn read(&mut self, id: i64) -> Row {
        let select = people::table.find(id).select(Row::as_select());
        select.first(&mut self.0).await.expect("it is there")
    }

    pub(super) async fn list(&mut self, rows: i64) -> Vec<Row> {
        let list = people::table
            .order(people::id)
            .limit(rows)
            .select(Row::as_select());
        list.load(&mut self.0).await.expect("it runs")
    }

    pub(super) async fn insert(&mut self, people: &[Person]) -> Vec<Row> {
        let mut rows = Vec::new();
        for chunk in people.chunks(CHUNK) {
            let new: Vec<New<'_>> = chunk
                .iter()
                .map(|person| New {
                    id: person.id,
                    name: &person.name,
                    email: &person.email,
                    age: person.age,
                })
                .collect();
            let insert = diesel::insert_into(people::table)
                .values(new)
                .returning(Row::as_returning());
            rows.extend(insert.get_results(&mut self.0).await.expect("they go in"));
        }
        rows
    }
}
