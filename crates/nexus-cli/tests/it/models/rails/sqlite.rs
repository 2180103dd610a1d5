//! Models of an existing database, written by `nexus models generate`.
//!
//! Their fields use chrono, rust_decimal, serde_json.

// In the database, and in no model:
// - table "likes" has no model: it has no primary key, nor a unique index whose columns all refuse null, so its rows cannot be told apart

use dataflow::{Model, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<ArInternalMetadata>()
        .model::<Count>()
        .model::<SchemaMigration>()
        .model::<Tag>()
        .model::<User>()
        .model::<Account>()
        .model::<Friendship>()
        .model::<Post>()
        .model::<PostsTag>()
}

/// A row of `ar_internal_metadata`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "ar_internal_metadata")]
pub struct ArInternalMetadata {
    #[model(primary_key)]
    pub key: String,
    pub value: Option<String>,
    #[model(adopts = "datetime(6)")]
    pub created_at: chrono::NaiveDateTime,
    #[model(adopts = "datetime(6)")]
    pub updated_at: chrono::NaiveDateTime,
}

/// A row of `counts`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(without_rowid)]
pub struct Count {
    #[model(primary_key)]
    pub name: String,
    pub count: i64,
}

/// A row of `schema_migrations`.
#[derive(Debug, Clone, PartialEq, Model)]
pub struct SchemaMigration {
    #[model(primary_key)]
    pub version: String,
}

/// A row of `tags`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    has_many(posts_tags = PostsTag.tag_id),
    many_to_many(posts = Post, through = PostsTag(tag_id, post_id))
)]
pub struct Tag {
    #[model(primary_key)]
    pub id: i64,
    pub name: String,
}

/// A row of `users`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    unique(email, name = "index_users_on_email"),
    index(seen_at, name = "index_users_on_seen_at"),
    has_one(account = Account.user_id),
    has_many(friendships_by_friend = Friendship.friend_id),
    has_many(friendships_by_user = Friendship.user_id),
    has_many(posts_by_editor = Post.editor_id),
    has_many(posts_by_user = Post.user_id),
    many_to_many(users = User, through = Friendship(friend_id, user_id)),
    many_to_many(friends = User, through = Friendship(user_id, friend_id))
)]
pub struct User {
    #[model(primary_key)]
    pub id: i64,
    #[model(default = "")]
    pub email: String,
    #[model(default = 0)]
    pub sign_in_count: i64,
    #[model(default = true)]
    pub active: bool,
    #[model(default_sql = "false")]
    pub admin: bool,
    #[model(adopts = "json", default_sql = "'{}'")]
    pub settings: serde_json::Value,
    #[model(
        precision = 12,
        scale = 2,
        adopts = "decimal(12,2)",
        default_sql = "0.0"
    )]
    pub balance: rust_decimal::Decimal,
    #[model(default_sql = "0.5")]
    pub rate: f64,
    #[model(adopts = "datetime(6)", default_sql = "current_timestamp")]
    pub seen_at: chrono::NaiveDateTime,
    // Column "anything" has no type; reads and writes do not touch it.
}

/// A row of `accounts`.
#[derive(Debug, Clone, PartialEq, Model)]
pub struct Account {
    #[model(primary_key)]
    pub id: String,
    #[model(unique, belongs_to = User, on_delete = "cascade")]
    pub user_id: i64,
}

/// A row of `friendships`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(unique(user_id, friend_id))]
pub struct Friendship {
    #[model(primary_key)]
    pub id: i64,
    #[model(belongs_to = User)]
    pub user_id: i64,
    #[model(belongs_to = User)]
    pub friend_id: i64,
}

/// A row of `posts`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    index(user_id, name = "index_posts_on_user_id"),
    has_many(posts_tags = PostsTag.post_id),
    many_to_many(tags = Tag, through = PostsTag(post_id, tag_id))
)]
pub struct Post {
    #[model(primary_key)]
    pub id: i64,
    #[model(belongs_to = User)]
    pub user_id: i64,
    #[model(belongs_to = User, on_delete = "set_null")]
    pub editor_id: Option<i64>,
    pub title: String,
    pub body: Option<String>,
    #[model(default = false)]
    pub published: Option<bool>,
    pub score: Option<f64>,
}

/// A row of `posts_tags`.
#[derive(Debug, Clone, PartialEq, Model)]
pub struct PostsTag {
    #[model(primary_key, belongs_to = Post)]
    pub post_id: i64,
    #[model(primary_key, belongs_to = Tag)]
    pub tag_id: i64,
}
