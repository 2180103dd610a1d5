//! Models of an existing database, written by `nexus models generate`.
//!
//! Their fields use rust_decimal, serde_json.

use dataflow::{Model, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<Category>()
        .model::<Session>()
        .model::<User>()
        .model::<Post>()
        .model::<Profile>()
        .model::<Vote>()
        .model::<CategoryToPost>()
        .model::<PrismaMigration>()
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
    pub id: i64,
    pub name: String,
}

/// A row of `Session`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "Session")]
pub struct Session {
    #[model(primary_key)]
    pub sid: String,
    /// Milliseconds since 1970 in UTC, as the tool that made the column counts them.
    #[model(column = "updatedAt", adopts = "DATETIME")]
    pub updated_at: i64,
}

/// A row of `User`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "User",
    has_many(posts = Post.author_id),
    has_one(profile = Profile.user_id),
    has_many(votes = Vote.user_id)
)]
pub struct User {
    #[model(primary_key)]
    pub id: i64,
    #[model(unique)]
    pub email: String,
    #[model(column = "firstName")]
    pub first_name: Option<String>,
    #[model(column = "isActive", default_sql = "true")]
    pub is_active: bool,
    /// Milliseconds since 1970 in UTC, as the tool that made the column counts them.
    #[model(column = "createdAt", adopts = "DATETIME")]
    pub created_at: i64,
}

/// A row of `Post`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "Post",
    index(author_id, title desc, name = "Post_authorId_title_idx"),
    has_many(votes = Vote.post_id),
    has_many(category_to_posts = CategoryToPost.b),
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
    pub author_id: i64,
    pub title: String,
    #[model(default = 0)]
    pub views: i64,
    #[model(precision = 15, scale = 4, adopts = "DECIMAL", default_sql = "1.5")]
    pub price: rust_decimal::Decimal,
    #[model(adopts = "JSONB")]
    pub meta: Option<serde_json::Value>,
    pub data: Option<Vec<u8>>,
    #[model(default_sql = "0.5")]
    pub ratio: f64,
}

/// A row of `Profile`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "Profile")]
pub struct Profile {
    #[model(primary_key)]
    pub id: i64,
    #[model(
        column = "userId",
        unique,
        belongs_to = User,
        on_delete = "restrict",
        on_update = "cascade"
    )]
    pub user_id: i64,
    #[model(default = "")]
    pub bio: String,
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
    pub user_id: i64,
    #[model(
        primary_key,
        column = "postId",
        belongs_to = Post,
        on_delete = "cascade",
        on_update = "cascade"
    )]
    pub post_id: String,
    pub points: i64,
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
    pub a: i64,
    #[model(
        primary_key,
        column = "B",
        belongs_to = Post,
        on_delete = "cascade",
        on_update = "cascade"
    )]
    pub b: String,
}

/// A row of `_prisma_migrations`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "_prisma_migrations")]
pub struct PrismaMigration {
    #[model(primary_key)]
    pub id: String,
    pub checksum: String,
    /// Milliseconds since 1970 in UTC, as the tool that made the column counts them.
    #[model(adopts = "DATETIME")]
    pub finished_at: Option<i64>,
    pub migration_name: String,
    pub logs: Option<String>,
    /// Milliseconds since 1970 in UTC, as the tool that made the column counts them.
    #[model(adopts = "DATETIME")]
    pub rolled_back_at: Option<i64>,
    /// Milliseconds since 1970 in UTC, as the tool that made the column counts them.
    #[model(adopts = "DATETIME")]
    pub started_at: i64,
    #[model(default = 0)]
    pub applied_steps_count: i64,
}
