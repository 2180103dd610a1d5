//! Models of an existing database, written by `nexus models generate`.

// In the database, and in no model:
// - table "auth_user" has no model: column "date_joined" has type datetime, which no field has, and no row can be written without it
// - table "django_migrations" has no model: column "applied" has type datetime, which no field has, and no row can be written without it
// - table "shop_product": check "price_is_no_gift" speaks of column "price"
// - table "shop_product": index "one_released_slug" speaks of column "released"
// - table "auth_user_groups": foreign key of column "user_id" into table "auth_user": no model has that for its key
// - table "shop_product": foreign key of column "seller_id" into table "auth_user": no model has that for its key
// - table "shop_product": foreign key of column "maker_id" into table "auth_user": no model has that for its key
// - table "shop_profile": foreign key of column "user_id" into table "auth_user": no model has that for its key

use dataflow::{Model, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<AuthGroup>()
        .model::<AuthUserGroup>()
        .model::<DjangoContentType>()
        .model::<AuthPermission>()
        .model::<AuthGroupPermission>()
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
    )
)]
pub struct AuthGroup {
    #[model(primary_key)]
    pub id: i64,
    #[model(unique)]
    pub name: String,
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
    index(slug, name = "shop_product_slug_30bd2d5d"),
    check(
        "json_valid(attributes) or attributes is null",
        name = "shop_product_check1"
    ),
    check("stock >= 0", name = "shop_product_check2"),
    check("rank >= 0", name = "shop_product_check3")
)]
pub struct ShopProduct {
    #[model(primary_key)]
    pub id: i64,
    #[model(unique)]
    pub sku: String,
    pub slug: String,
    pub weight: Option<f64>,
    pub attributes: String,
    pub stock: i64,
    pub rank: i64,
    pub photo: Option<Vec<u8>>,
    pub packing: Option<i64>,
    pub seen_from: Option<String>,
    #[model(belongs_to = ShopCategory, deferred)]
    pub category_id: Option<i64>,
    pub maker_id: Option<i64>,
    pub seller_id: i64,
    // Column "price" has type decimal, which no field has; reads and writes do not touch it.
    // Column "released" has type date, which no field has; reads and writes do not touch it.
    // Column "opens" has type time, which no field has; reads and writes do not touch it.
}

/// A row of `shop_profile`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "shop_profile")]
pub struct ShopProfile {
    #[model(primary_key)]
    pub user_id: i64,
    pub bio: String,
}
