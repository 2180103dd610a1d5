//! Models of an existing database, written by `nexus models generate`.

// In the database, and in no model:
// - table "type": index "type_table_idx" does what index "needless" does

use dataflow::{Model, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<Table2faCode>()
        .model::<Grossen>()
        .model::<TableModel>()
        .model::<NewLine>()
        .model::<TableOption>()
        .model::<QuoTe>()
        .model::<TableString>()
        .model::<Taken>()
        .model::<TakenNameKey>()
        .model::<Type>()
        .model::<OrderItem>()
        .model::<OrderItem2>()
        .model::<TableVec>()
        .model::<Table>()
}

/// A row of `2fa codes`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "2fa codes")]
pub struct Table2faCode {
    #[model(primary_key)]
    pub id: i64,
    #[model(column = "2")]
    pub column_2: Option<String>,
}

/// A row of `größen`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "größen")]
pub struct Grossen {
    #[model(primary_key)]
    pub größe: String,
}

/// A row of `model`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "model")]
pub struct TableModel {
    #[model(primary_key)]
    pub id: i64,
    pub model: Option<String>,
}

/// A row of `new\nline`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "new\nline")]
pub struct NewLine {
    #[model(primary_key)]
    pub id: i64,
}

/// A row of `options`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "options")]
pub struct TableOption {
    #[model(primary_key)]
    pub id: i64,
    pub value: Option<String>,
}

/// A row of `quo"te\'``.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = r#"quo"te\'`"#)]
pub struct QuoTe {
    #[model(primary_key)]
    pub id: i64,
}

/// A row of `strings`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "strings")]
pub struct TableString {
    #[model(primary_key)]
    pub id: i64,
    pub string: Option<String>,
}

/// A row of `taken`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "taken",
    unique(name, name = "taken_name_key_2"),
    check("name <> ''", name = "taken_check1_2"),
    check("name <> 'no'", name = "taken_check1")
)]
pub struct Taken {
    #[model(primary_key)]
    pub id: i64,
    pub name: String,
}

/// A row of `taken_name_key`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "taken_name_key")]
pub struct TakenNameKey {
    #[model(primary_key)]
    pub id: i64,
}

/// A row of `type`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "type",
    unique(quo_te, back_slash),
    index(
        column_self,
        fn desc,
        name = r#"index "of" \"#,
        where = r#""first name" <> '"'"#
    ),
    index(table, name = "needless"),
    index(match, name = "type_match_idx"),
    check(r#""quo""te" <> 'it''s "so" \ there'"#, name = r#"it's "checked" \"#),
    has_many(order_items = OrderItem.type_id),
    has_many(order_item2s = OrderItem2.type)
)]
pub struct Type {
    #[model(primary_key)]
    pub r#match: i64,
    #[model(column = "self")]
    pub column_self: String,
    #[model(column = "crate")]
    pub column_crate: Option<String>,
    #[model(column = "super")]
    pub column_super: Option<String>,
    pub r#fn: Option<String>,
    pub r#async: Option<String>,
    pub r#gen: Option<String>,
    pub table: Option<String>,
    pub schema: Option<String>,
    #[model(column = "first name", default = r#"it's "so" \ there"#)]
    pub first_name: String,
    pub größe: Option<i64>,
    #[model(column = "grösse")]
    pub grösse_2: Option<i64>,
    #[model(column = "2fa", default = false)]
    pub column_2fa: bool,
    #[model(column = "order-id")]
    pub order_id: String,
    #[model(column = "order id")]
    pub order_id_2: Option<String>,
    #[model(column = "order_id")]
    pub order_id_3: Option<String>,
    #[model(column = r#"back\slash"#)]
    pub back_slash: Option<String>,
    #[model(column = r#"quo"te"#)]
    pub quo_te: Option<String>,
    #[model(column = "'")]
    pub column: Option<String>,
    #[model(column = "tick`")]
    pub tick: Option<String>,
    #[model(column = "new\nline")]
    pub new_line: Option<String>,
    pub café: Option<String>,
    pub 名前: Option<String>,
    #[model(column = "👍")]
    pub column_2: Option<String>,
    #[model(column = "m²")]
    pub m: Option<String>,
    // Column "a_name_that_is_longer_than_any_name_can_be_which_is_sixty_three_bytes" has a name of more than 63 bytes; reads and writes do not touch it.
}

/// A row of `order items`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "order items")]
pub struct OrderItem {
    #[model(primary_key)]
    pub id: i64,
    #[model(belongs_to = Type)]
    pub type_id: i64,
}

/// A row of `order-items`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "order-items")]
pub struct OrderItem2 {
    #[model(primary_key)]
    pub id: i64,
    #[model(belongs_to = Type)]
    pub r#type: i64,
}

/// A row of `vecs`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "vecs")]
pub struct TableVec {
    #[model(primary_key)]
    pub id: i64,
    pub bytes: Option<Vec<u8>>,
}

/// A row of `👍`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "👍")]
pub struct Table {
    #[model(primary_key, column = "👍")]
    pub column: String,
    #[model(column = "👎")]
    pub column_2: Option<String>,
}
