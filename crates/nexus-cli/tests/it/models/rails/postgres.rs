//! Models of an existing database, written by `nexus models generate`.
//!
//! Their fields use chrono, rust_decimal, serde_json, uuid.

// In the database, and in no model:
// - table "likes" has no model: it has no primary key, nor a unique index whose columns all refuse null, so its rows cannot be told apart

use dataflow::{Model, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<SchemaMigration>()
        .model::<ArInternalMetadata>()
        .model::<User>()
        .model::<Post>()
        .model::<Comment>()
        .model::<Tag>()
        .model::<PostsTag>()
        .model::<Friendship>()
        .model::<Account>()
}

/// A row of `schema_migrations`.
#[derive(Debug, Clone, PartialEq, Model)]
pub struct SchemaMigration {
    #[model(primary_key)]
    pub version: String,
}

/// A row of `ar_internal_metadata`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "ar_internal_metadata")]
pub struct ArInternalMetadata {
    #[model(primary_key)]
    pub key: String,
    pub value: Option<String>,
    pub created_at: chrono::NaiveDateTime,
    pub updated_at: chrono::NaiveDateTime,
}

/// A row of `users`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    unique(email, name = "index_users_on_email"),
    unique("lower((email)::text)", name = "index_users_on_lower_email"),
    index(reset_password_sent_at, name = "index_users_on_reset"),
    has_many(posts_by_user = Post.user_id),
    has_many(posts_by_editor = Post.editor_id),
    has_many(friendships_by_friend = Friendship.friend_id),
    has_many(friendships_by_user = Friendship.user_id),
    has_one(account = Account.user_id),
    many_to_many(users = User, through = Friendship(friend_id, user_id)),
    many_to_many(friends = User, through = Friendship(user_id, friend_id))
)]
pub struct User {
    #[model(primary_key)]
    pub id: i64,
    #[model(default = "")]
    pub email: String,
    #[model(default = "")]
    pub encrypted_password: String,
    #[model(default = 0)]
    pub sign_in_count: i32,
    #[model(default = 0)]
    pub role: i32,
    #[model(default_sql = "'{}'::jsonb")]
    pub settings: serde_json::Value,
    pub reset_password_sent_at: Option<chrono::NaiveDateTime>,
    #[model(precision = 12, scale = 2, default_sql = "0.0")]
    pub balance: rust_decimal::Decimal,
    #[model(default_sql = "0")]
    pub rate: rust_decimal::Decimal,
    #[model(default_sql = "CURRENT_TIMESTAMP")]
    pub seen_at: chrono::DateTime<chrono::Utc>,
    #[model(precision = 3, default_sql = "CURRENT_TIMESTAMP")]
    pub changed_at: chrono::DateTime<chrono::Utc>,
    // Column "raw" has type json, which no field has; reads and writes do not touch it.
    // Column "current_sign_in_ip" has type inet, which no field has; reads and writes do not touch it.
    // Column "pin" has type character(4), which no field has; reads and writes do not touch it.
}

/// A row of `posts`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    index(user_id, name = "index_posts_on_user_id"),
    index(
        user_id,
        status,
        name = "index_posts_on_user_id_and_status",
        where = "published"
    ),
    check(
        "((status)::text = ANY ((ARRAY['draft'::character varying, 'out'::character varying])::text[]))",
        name = "status_is_known"
    ),
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
    #[model(default = "draft")]
    pub status: String,
    #[model(default = false)]
    pub published: Option<bool>,
    pub score: Option<f32>,
    pub created_at: chrono::DateTime<chrono::Utc>,
}

/// A row of `comments`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(index(
    commentable_type,
    commentable_id,
    name = "index_comments_on_commentable"
))]
pub struct Comment {
    #[model(primary_key)]
    pub id: i64,
    pub commentable_type: String,
    pub commentable_id: i64,
    pub body: String,
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

/// A row of `posts_tags`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(index(tag_id, name = "index_posts_tags_on_tag_id"))]
pub struct PostsTag {
    #[model(primary_key, belongs_to = Post)]
    pub post_id: i64,
    #[model(primary_key, belongs_to = Tag)]
    pub tag_id: i64,
}

/// A row of `friendships`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(unique(user_id, friend_id, name = "friendships_user_id_friend_id_key"))]
pub struct Friendship {
    #[model(primary_key)]
    pub id: i64,
    #[model(belongs_to = User)]
    pub user_id: i64,
    #[model(belongs_to = User)]
    pub friend_id: i64,
}

/// A row of `accounts`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(unique(user_id, name = "index_accounts_on_user_id"))]
pub struct Account {
    #[model(primary_key, generate = "none")]
    pub id: uuid::Uuid,
    #[model(belongs_to = User, on_delete = "cascade")]
    pub user_id: i64,
}
