//! Models of an existing database, written by `nexus models generate`.
//!
//! Their fields use chrono, rust_decimal, serde_json.

use dataflow::{Model, ModelEnum, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<PrismaMigration>()
        .model::<User>()
        .model::<Profile>()
        .model::<Post>()
        .model::<Category>()
        .model::<CategoryToPost>()
        .model::<Session>()
        .model::<Vote>()
}

/// A row of `_prisma_migrations`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "_prisma_migrations")]
pub struct PrismaMigration {
    #[model(primary_key, max_length = 36)]
    pub id: String,
    #[model(max_length = 64)]
    pub checksum: String,
    pub finished_at: Option<chrono::DateTime<chrono::Utc>>,
    #[model(max_length = 255)]
    pub migration_name: String,
    pub logs: Option<String>,
    pub rolled_back_at: Option<chrono::DateTime<chrono::Utc>>,
    #[model(default_sql = "now()")]
    pub started_at: chrono::DateTime<chrono::Utc>,
    #[model(default = 0)]
    pub applied_steps_count: i32,
}

/// A row of `User`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "User",
    has_one(profile = Profile.user_id),
    has_many(posts = Post.author_id),
    has_many(votes = Vote.user_id)
)]
pub struct User {
    #[model(primary_key)]
    pub id: i32,
    #[model(unique)]
    pub email: String,
    #[model(default = "USER")]
    pub role: Role,
    pub roles: Option<Vec<Role>>,
    #[model(column = "firstName")]
    pub first_name: Option<String>,
    #[model(column = "createdAt", precision = 3, default_sql = "CURRENT_TIMESTAMP")]
    pub created_at: chrono::NaiveDateTime,
}

/// A row of `Profile`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "Profile")]
pub struct Profile {
    #[model(primary_key)]
    pub id: i32,
    #[model(
        column = "userId",
        unique,
        belongs_to = User,
        on_delete = "restrict",
        on_update = "cascade"
    )]
    pub user_id: i32,
    #[model(default = "")]
    pub bio: String,
}

/// A row of `Post`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "Post",
    index(author_id, title desc, name = "Post_authorId_title_idx"),
    has_many(category_to_posts = CategoryToPost.b),
    has_many(votes = Vote.post_id),
    many_to_many(categories = Category, through = CategoryToPost(b, a))
)]
pub struct Post {
    #[model(primary_key)]
    pub id: String,
    #[model(
        column = "authorId",
        belongs_to = User,
        on_delete = "restrict",
        on_update = "cascade"
    )]
    pub author_id: i32,
    #[model(max_length = 255)]
    pub title: String,
    #[model(default = 0)]
    pub views: i64,
    #[model(precision = 65, scale = 30, default_sql = "1.5")]
    pub price: rust_decimal::Decimal,
    pub meta: Option<serde_json::Value>,
    pub data: Option<Vec<u8>>,
    #[model(default_sql = "0.5")]
    pub ratio: f64,
}

/// A row of `Category`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "Category",
    has_many(category_to_posts = CategoryToPost.a),
    many_to_many(posts = Post, through = CategoryToPost(a, b))
)]
pub struct Category {
    #[model(primary_key)]
    pub id: i32,
    pub name: String,
}

/// A row of `_CategoryToPost`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "_CategoryToPost", index(b, name = "_CategoryToPost_B_index"))]
pub struct CategoryToPost {
    #[model(
        primary_key,
        column = "A",
        belongs_to = Category,
        on_delete = "cascade",
        on_update = "cascade"
    )]
    pub a: i32,
    #[model(
        primary_key,
        column = "B",
        belongs_to = Post,
        on_delete = "cascade",
        on_update = "cascade"
    )]
    pub b: String,
}

/// A row of `Session`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "Session")]
pub struct Session {
    #[model(primary_key)]
    pub sid: String,
    #[model(column = "updatedAt", precision = 3)]
    pub updated_at: chrono::NaiveDateTime,
}

/// A row of `Vote`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "Vote")]
pub struct Vote {
    #[model(
        primary_key,
        column = "userId",
        belongs_to = User,
        on_delete = "cascade",
        on_update = "cascade"
    )]
    pub user_id: i32,
    #[model(
        primary_key,
        column = "postId",
        belongs_to = Post,
        on_delete = "cascade",
        on_update = "cascade"
    )]
    pub post_id: String,
    pub points: i16,
}

/// A value of type `Role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ModelEnum)]
#[model(type = "Role")]
pub enum Role {
    #[model(rename = "USER")]
    User,
    #[model(rename = "ADMIN")]
    Admin,
}
