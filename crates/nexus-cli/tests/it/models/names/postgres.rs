//! Models of an existing database, written by `nexus models generate`.
//!
//! Their fields use chrono.

// In the database, and in no model:
// - table "type": index "type_table_idx" does what index "needless" does
// - table "Users" has no model: another table differs from it by case alone

use dataflow::{Model, ModelEnum, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<Type>()
        .model::<OrderItem>()
        .model::<OrderItem2>()
        .model::<TableOption>()
        .model::<TableString>()
        .model::<TableVec>()
        .model::<TableModel>()
        .model::<TableModelEnum>()
        .model::<TableSchemaSet>()
        .model::<Result>()
        .model::<Box>()
        .model::<TableSelf>()
        .model::<Table2faCode>()
        .model::<User>()
        .model::<QuoTe>()
        .model::<NewLine>()
        .model::<Grossen>()
        .model::<Table>()
}

/// A row of `type`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "type",
    comment = "says \"so\" \\ \t and\nmore",
    unique(quo_te, back_slash, name = r#"two"\"#),
    index(
        column_self,
        fn desc,
        name = r#"index "of" \"#,
        where = r#"("first name" <> '"'::text)"#
    ),
    index(table, name = "needless"),
    index(match, name = "type_match_idx"),
    check(
        r#"("quo""te" <> 'it''s "so" \ there'::text)"#,
        name = r#"it's "checked" \"#
    ),
    has_many(order_items = OrderItem.type),
    has_many(order_item2s = OrderItem2.type_id)
)]
pub struct Type {
    #[model(primary_key)]
    pub r#match: i64,
    #[model(column = "self", comment = "left \u{202e}to right")]
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
    pub größe: Option<i32>,
    #[model(column = "grösse")]
    pub grösse_2: Option<i32>,
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
    #[model(column = "cafe\u{301}")]
    pub café: Option<String>,
    #[model(column = "Kelvin")]
    pub kelvin: Option<String>,
    #[model(column = "가")]
    pub 가: Option<String>,
    pub 名前: Option<String>,
    #[model(column = "👍")]
    pub column_2: Option<String>,
    #[model(column = "m²")]
    pub m: Option<String>,
    pub a_name_that_is_as_long_as_a_name_can_be_which_is_63_bytes_so_ye:
        Option<chrono::DateTime<chrono::Utc>>,
    #[model(default = "Self")]
    pub state: TypeOption,
    // Column "ORDER_ID" differs from another column by case alone; reads and writes do not touch it.
}

/// A row of `order-items`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "order-items")]
pub struct OrderItem {
    #[model(primary_key)]
    pub id: i64,
    #[model(belongs_to = Type)]
    pub r#type: i64,
}

/// A row of `order items`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "order items")]
pub struct OrderItem2 {
    #[model(primary_key)]
    pub id: i64,
    #[model(belongs_to = Type)]
    pub type_id: i64,
}

/// A row of `options`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "options")]
pub struct TableOption {
    #[model(primary_key)]
    pub id: i64,
    pub value: Option<TypeOption>,
    pub note: Option<String>,
}

/// A row of `strings`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "strings")]
pub struct TableString {
    #[model(primary_key)]
    pub id: i64,
    pub string: Option<String>,
}

/// A row of `vecs`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "vecs")]
pub struct TableVec {
    #[model(primary_key)]
    pub id: i64,
    pub bytes: Option<Vec<u8>>,
}

/// A row of `model`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "model")]
pub struct TableModel {
    #[model(primary_key)]
    pub id: i64,
    pub model: Option<String>,
}

/// A row of `model_enums`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "model_enums")]
pub struct TableModelEnum {
    #[model(primary_key)]
    pub id: i64,
}

/// A row of `schema_sets`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "schema_sets")]
pub struct TableSchemaSet {
    #[model(primary_key)]
    pub id: i64,
}

/// A row of `results`.
#[derive(Debug, Clone, PartialEq, Model)]
pub struct Result {
    #[model(primary_key)]
    pub id: i64,
    pub some: Option<String>,
    pub none: Option<String>,
    pub ok: Option<String>,
}

/// A row of `boxes`.
#[derive(Debug, Clone, PartialEq, Model)]
pub struct Box {
    #[model(primary_key)]
    pub id: i64,
}

/// A row of `self`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "self")]
pub struct TableSelf {
    #[model(primary_key)]
    pub id: i64,
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

/// A row of `users`.
#[derive(Debug, Clone, PartialEq, Model)]
pub struct User {
    #[model(primary_key)]
    pub id: i64,
}

/// A row of `quo"te\'``.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = r#"quo"te\'`"#)]
pub struct QuoTe {
    #[model(primary_key)]
    pub id: i64,
}

/// A row of `new\nline`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "new\nline")]
pub struct NewLine {
    #[model(primary_key)]
    pub id: i64,
}

/// A row of `größen`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "größen")]
pub struct Grossen {
    #[model(primary_key)]
    pub größe: String,
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

/// A value of type `option`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ModelEnum)]
#[model(type = "option")]
pub enum TypeOption {
    #[model(rename = "self")]
    LabelSelf,
    #[model(rename = "Self")]
    LabelSelf2,
    #[model(rename = r#"it's "so" \ there"#)]
    ItSSoThere,
    #[model(rename = "2nd")]
    Label2nd,
    Größe,
}
