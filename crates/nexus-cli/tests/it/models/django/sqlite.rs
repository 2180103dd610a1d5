//! Models of an existing database, written by `nexus models generate`.
//!
//! Their fields use chrono, rust_decimal.

use dataflow::{Model, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<AuthGroup>()
        .model::<AuthUser>()
        .model::<AuthUserGroup>()
        .model::<DjangoContentType>()
        .model::<AuthPermission>()
        .model::<AuthGroupPermission>()
        .model::<DjangoMigration>()
        .model::<ShopCategory>()
        .model::<ShopProduct>()
        .model::<ShopProfile>()
}

/// A row of `auth_group`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "auth_group",
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
    pub id: i64,
    #[model(unique)]
    pub name: String,
}

/// A row of `auth_user`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "auth_user",
    has_many(auth_user_groups = AuthUserGroup.user_id),
    has_many(shop_products_by_seller = ShopProduct.seller_id),
    has_many(shop_products_by_maker = ShopProduct.maker_id),
    has_one(shop_profile = ShopProfile.user_id),
    many_to_many(auth_groups = AuthGroup, through = AuthUserGroup(user_id, group_id))
)]
pub struct AuthUser {
    #[model(primary_key)]
    pub id: i64,
    pub password: String,
    #[model(adopts = "datetime")]
    pub last_login: Option<chrono::NaiveDateTime>,
    pub is_superuser: bool,
    #[model(unique)]
    pub username: String,
    pub email: String,
    pub is_active: bool,
    #[model(adopts = "datetime")]
    pub date_joined: chrono::NaiveDateTime,
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
    pub user_id: i64,
    #[model(belongs_to = AuthGroup, deferred)]
    pub group_id: i64,
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
    pub id: i64,
    pub app_label: String,
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
    pub id: i64,
    #[model(belongs_to = DjangoContentType, deferred)]
    pub content_type_id: i64,
    pub codename: String,
    pub name: String,
}

/// A row of `auth_group_permissions`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(unique(
    group_id,
    permission_id,
    name = "auth_group_permissions_group_id_permission_id_0cd325b0_uniq"
))]
pub struct AuthGroupPermission {
    #[model(primary_key)]
    pub id: i64,
    #[model(belongs_to = AuthGroup, deferred)]
    pub group_id: i64,
    #[model(belongs_to = AuthPermission, deferred)]
    pub permission_id: i64,
}

/// A row of `django_migrations`.
#[derive(Debug, Clone, PartialEq, Model)]
pub struct DjangoMigration {
    #[model(primary_key)]
    pub id: i64,
    pub app: String,
    pub name: String,
    #[model(adopts = "datetime")]
    pub applied: chrono::NaiveDateTime,
}

/// A row of `shop_category`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "shop_category",
    check("lft >= 0", name = "shop_category_check1"),
    has_many(shop_categories_by_parent = ShopCategory.parent_id),
    has_many(shop_products = ShopProduct.category_id)
)]
pub struct ShopCategory {
    #[model(primary_key)]
    pub id: i64,
    pub name: String,
    #[model(belongs_to = ShopCategory, deferred)]
    pub parent_id: Option<i64>,
    pub lft: i64,
}

/// A row of `shop_product`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "shop_product",
    unique(slug, name = "one_released_slug", where = "released is not null"),
    index(slug, name = "shop_product_slug_30bd2d5d"),
    check(
        "json_valid(attributes) or attributes is null",
        name = "shop_product_check1"
    ),
    check("stock >= 0", name = "shop_product_check2"),
    check("rank >= 0", name = "shop_product_check3"),
    check("price > '0' or photo is not null", name = "price_is_no_gift")
)]
pub struct ShopProduct {
    #[model(primary_key)]
    pub id: i64,
    #[model(unique, pattern = "^[0-9a-f]{32}$")]
    pub sku: String,
    pub slug: String,
    #[model(precision = 15, scale = 4, adopts = "decimal")]
    pub price: Option<rust_decimal::Decimal>,
    pub weight: Option<f64>,
    pub attributes: String,
    pub stock: i64,
    pub rank: i64,
    pub photo: Option<Vec<u8>>,
    #[model(adopts = "date")]
    pub released: Option<chrono::NaiveDate>,
    #[model(adopts = "time")]
    pub opens: Option<chrono::NaiveTime>,
    pub packing: Option<i64>,
    pub seen_from: Option<String>,
    #[model(belongs_to = ShopCategory, deferred)]
    pub category_id: Option<i64>,
    #[model(belongs_to = AuthUser, deferred)]
    pub maker_id: Option<i64>,
    #[model(belongs_to = AuthUser, deferred)]
    pub seller_id: i64,
}

/// A row of `shop_profile`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "shop_profile")]
pub struct ShopProfile {
    #[model(primary_key, belongs_to = AuthUser, deferred)]
    pub user_id: i64,
    pub bio: String,
}
