//! Models of an existing database, written by `nexus models generate`.
//!
//! Their fields use chrono, rust_decimal, serde_json, uuid.

// In the database, and in no model:
// - table "shop_product": check "price_is_no_gift" speaks of column "label"
// - table "shop_delivery" has no model: column "lasted" has type interval, which no field has, and no row can be written without it

use dataflow::{Model, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<DjangoMigration>()
        .model::<DjangoContentType>()
        .model::<AuthPermission>()
        .model::<AuthGroup>()
        .model::<AuthGroupPermission>()
        .model::<AuthUser>()
        .model::<AuthUserGroup>()
        .model::<DjangoSession>()
        .model::<ShopCategory>()
        .model::<ShopProduct>()
        .model::<ShopProfile>()
}

/// A row of `django_migrations`.
#[derive(Debug, Clone, PartialEq, Model)]
pub struct DjangoMigration {
    #[model(primary_key)]
    pub id: i64,
    #[model(max_length = 255)]
    pub app: String,
    #[model(max_length = 255)]
    pub name: String,
    pub applied: chrono::DateTime<chrono::Utc>,
}

/// A row of `django_content_type`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "django_content_type",
    unique(
        app_label,
        model,
        name = "django_content_type_app_label_model_76bd3d3b_uniq"
    ),
    has_many(auth_permissions = AuthPermission.content_type_id)
)]
pub struct DjangoContentType {
    #[model(primary_key)]
    pub id: i32,
    #[model(max_length = 100)]
    pub app_label: String,
    #[model(max_length = 100)]
    pub model: String,
}

/// A row of `auth_permission`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "auth_permission",
    unique(
        content_type_id,
        codename,
        name = "auth_permission_content_type_id_codename_01ab375a_uniq"
    ),
    index(content_type_id, name = "auth_permission_content_type_id_2f476e4b"),
    has_many(auth_group_permissions = AuthGroupPermission.permission_id),
    many_to_many(
        auth_groups = AuthGroup,
        through = AuthGroupPermission(permission_id, group_id)
    )
)]
pub struct AuthPermission {
    #[model(primary_key)]
    pub id: i32,
    #[model(max_length = 255)]
    pub name: String,
    #[model(belongs_to = DjangoContentType, deferred)]
    pub content_type_id: i32,
    #[model(max_length = 100)]
    pub codename: String,
}

/// A row of `auth_group`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "auth_group",
    index(name ops "varchar_pattern_ops", name = "auth_group_name_a6ea08ec_like"),
    has_many(auth_group_permissions = AuthGroupPermission.group_id),
    has_many(auth_user_groups = AuthUserGroup.group_id),
    many_to_many(
        auth_permissions = AuthPermission,
        through = AuthGroupPermission(group_id, permission_id)
    ),
    many_to_many(auth_users = AuthUser, through = AuthUserGroup(group_id, user_id))
)]
pub struct AuthGroup {
    #[model(primary_key)]
    pub id: i32,
    #[model(unique, max_length = 150)]
    pub name: String,
}

/// A row of `auth_group_permissions`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    unique(
        group_id,
        permission_id,
        name = "auth_group_permissions_group_id_permission_id_0cd325b0_uniq"
    ),
    index(group_id, name = "auth_group_permissions_group_id_b120cbf9")
)]
pub struct AuthGroupPermission {
    #[model(primary_key)]
    pub id: i64,
    #[model(belongs_to = AuthGroup, deferred)]
    pub group_id: i32,
    #[model(belongs_to = AuthPermission, deferred)]
    pub permission_id: i32,
}

/// A row of `auth_user`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "auth_user",
    index(
        username ops "varchar_pattern_ops",
        name = "auth_user_username_6821ab7c_like"
    ),
    has_many(auth_user_groups = AuthUserGroup.user_id),
    has_many(shop_products_by_maker = ShopProduct.maker_id),
    has_many(shop_products_by_seller = ShopProduct.seller_id),
    has_one(shop_profile = ShopProfile.user_id),
    many_to_many(auth_groups = AuthGroup, through = AuthUserGroup(user_id, group_id))
)]
pub struct AuthUser {
    #[model(primary_key)]
    pub id: i32,
    #[model(max_length = 128)]
    pub password: String,
    pub last_login: Option<chrono::DateTime<chrono::Utc>>,
    pub is_superuser: bool,
    #[model(unique, max_length = 150)]
    pub username: String,
    #[model(max_length = 254)]
    pub email: String,
    pub is_active: bool,
    pub date_joined: chrono::DateTime<chrono::Utc>,
}

/// A row of `auth_user_groups`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(unique(
    user_id,
    group_id,
    name = "auth_user_groups_user_id_group_id_94350c0c_uniq"
))]
pub struct AuthUserGroup {
    #[model(primary_key)]
    pub id: i64,
    #[model(belongs_to = AuthUser, deferred)]
    pub user_id: i32,
    #[model(belongs_to = AuthGroup, deferred)]
    pub group_id: i32,
}

/// A row of `django_session`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "django_session",
    index(expire_date, name = "django_session_expire_date_a5c62663"),
    index(
        session_key ops "varchar_pattern_ops",
        name = "django_session_session_key_c0390e0f_like"
    )
)]
pub struct DjangoSession {
    #[model(primary_key, max_length = 40)]
    pub session_key: String,
    pub session_data: String,
    pub expire_date: chrono::DateTime<chrono::Utc>,
}

/// A row of `shop_category`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "shop_category",
    check("(lft >= 0)", name = "shop_category_lft_check"),
    has_many(shop_categories_by_parent = ShopCategory.parent_id),
    has_many(shop_products = ShopProduct.category_id)
)]
pub struct ShopCategory {
    #[model(primary_key)]
    pub id: i64,
    #[model(max_length = 80)]
    pub name: String,
    #[model(belongs_to = ShopCategory, deferred)]
    pub parent_id: Option<i64>,
    pub lft: i32,
}

/// A row of `shop_product`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "shop_product",
    unique(slug, name = "one_released_slug", where = "(released IS NOT NULL)"),
    index(attributes, name = "shop_attributes_gin", method = "gin"),
    index(opens, name = "shop_product_opens_4e"),
    index(slug, name = "shop_product_slug_30bd2d5d"),
    index(
        slug ops "varchar_pattern_ops",
        name = "shop_product_slug_30bd2d5d_like"
    ),
    check("(rank >= 0)", name = "shop_product_rank_check"),
    check("(stock >= 0)", name = "shop_product_stock_check")
)]
pub struct ShopProduct {
    #[model(primary_key)]
    pub id: i64,
    #[model(unique)]
    pub sku: uuid::Uuid,
    #[model(max_length = 50)]
    pub slug: String,
    #[model(precision = 10, scale = 2)]
    pub price: rust_decimal::Decimal,
    pub weight: Option<f64>,
    pub attributes: serde_json::Value,
    pub stock: i32,
    pub rank: i16,
    pub photo: Option<Vec<u8>>,
    pub released: Option<chrono::NaiveDate>,
    pub opens: Option<chrono::NaiveTime>,
    #[model(belongs_to = ShopCategory, deferred)]
    pub category_id: Option<i64>,
    #[model(belongs_to = AuthUser, deferred)]
    pub maker_id: Option<i32>,
    #[model(belongs_to = AuthUser, deferred)]
    pub seller_id: i32,
    // Column "packing" has type interval, which no field has; reads and writes do not touch it.
    // Column "seen_from" has type inet, which no field has; reads and writes do not touch it.
    // Column "label" has type citext, which no field has; reads and writes do not touch it.
}

/// A row of `shop_profile`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "shop_profile")]
pub struct ShopProfile {
    #[model(primary_key, generate = "none", belongs_to = AuthUser, deferred)]
    pub user_id: i32,
    pub bio: String,
}
