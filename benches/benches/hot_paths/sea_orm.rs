//! The same people through sea-orm, on its pool with its defaults.

use benches::people::Person;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectOptions, Database, QueryOrder, QuerySelect};

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "people")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: i64,
        pub(crate) name: String,
        pub(crate) email: String,
        pub(crate) age: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Rows of a statement, as sea-orm's documentation splits them.
const CHUNK: usize = 5_000;

pub(super) struct SeaOrm(DatabaseConnection);

impl SeaOrm {
    pub(super) async fn connect(url: &str) -> Self {
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false);
        Self(Database::connect(options).await.expect("it connects"))
    }

    pub(super) async fn read(&self, id: i64) -> entity::Model {
        let row = entity::Entity::find_by_id(id).one(&self.0).await;
        row.expect("it runs").expect("it is there")
    }

    pub(super) async fn list(&self, rows: u64) -> Vec<entity::Model> {
        let list = entity::Entity::find()
            .order_by_asc(entity::Column::Id)
            .limit(rows);
        list.all(&self.0).await.expect("it runs")
    }

    pub(super) async fn insert(&self, people: &[Person]) -> Vec<entity::Model> {
        let mut rows = Vec::new();
        for chunk in people.chunks(CHUNK) {
            let new = chunk.iter().map(|person| entity::ActiveModel {
                id: ActiveValue::Set(person.id),
                name: ActiveValue::Set(person.name.clone()),
                email: ActiveValue::Set(person.email.clone()),
                age: ActiveValue::Set(person.age),
            });
            let insert = entity::Entity::insert_many(new).exec_with_returning(&self.0);
            rows.extend(insert.await.expect("they go in"));
        }
        rows
    }
}
