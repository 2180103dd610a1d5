//! sea-orm's schema sync, of one entity that is there already.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectOptions, Database, DbBackend, Schema};
use tokio::runtime::Runtime;

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "people")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) name: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) struct SeaOrm {
    runtime: Runtime,
    connection: DatabaseConnection,
}

impl SeaOrm {
    pub(super) fn connect(url: &str) -> Self {
        let runtime = benches::people::runtime();
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false);
        let connection = runtime.block_on(Database::connect(options));
        let connection = connection.expect("the server answers");
        Self {
            runtime,
            connection,
        }
    }

    pub(super) fn sync(&self) {
        let schema = Schema::new(DbBackend::Postgres).builder();
        let sync = schema.register(entity::Entity).sync(&self.connection);
        self.runtime.block_on(sync).expect("it is made");
    }
}
