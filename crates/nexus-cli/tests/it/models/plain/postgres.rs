//! Models of an existing database, written by `nexus models generate`.
//!
//! Their fields use chrono, rust_decimal, serde_json, uuid.

// In the database, and in no model:
// - table "log" has no model: it has no primary key, nor a unique index whose columns all refuse null, so its rows cannot be told apart
// - enum "unused"
// - view "recent"
// - table "BlogPosts": comment on INDEX "posts_by_title"

use dataflow::{Model, ModelEnum, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<Author>()
        .model::<BlogPost>()
        .model::<Tag>()
        .model::<Note>()
}

/// A row of `authors`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    comment = r#"who "writes""#,
    check("(score >= (0)::numeric)", name = "scores are positive"),
    has_many(blog_posts = BlogPost.author_id)
)]
pub struct Author {
    #[model(primary_key)]
    pub id: i64,
    #[model(unique)]
    pub name: String,
    #[model(max_length = 255, default = "")]
    pub email: String,
    pub born: Option<chrono::NaiveDate>,
    #[model(default = true)]
    pub active: bool,
    #[model(default_sql = "0")]
    pub score: rust_decimal::Decimal,
    pub settings: Option<serde_json::Value>,
    #[model(default = "it's")]
    pub r#type: String,
    #[model(default_sql = "now()")]
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub seen_at: Option<chrono::NaiveDateTime>,
    #[model(default = "so so")]
    pub mood: Mood,
    pub former: Option<Mood>,
    #[model(default = "[]")]
    pub moods: Vec<Mood>,
    #[model(default = "[]")]
    pub aliases: Vec<String>,
    pub awards: Option<Vec<i32>>,
    #[model(default_sql = "'{2026-12-24}'::date[]")]
    pub away: Vec<chrono::NaiveDate>,
    pub hours: Option<Vec<chrono::NaiveTime>>,
    pub shown: Option<Vec<chrono::NaiveDateTime>>,
    pub logins: Vec<chrono::DateTime<chrono::Utc>>,
    pub prices: Option<Vec<rust_decimal::Decimal>>,
    pub lengths: Option<Vec<f32>>,
}

/// A row of `BlogPosts`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "BlogPosts",
    index(
        "lower(title)" ops "text_pattern_ops",
        words desc,
        name = "posts_by_title",
        where = "(words > 10)"
    )
)]
pub struct BlogPost {
    #[model(primary_key, generate = "none", column = "postId")]
    pub post_id: uuid::Uuid,
    #[model(index, belongs_to = Author, on_delete = "cascade")]
    pub author_id: i64,
    pub title: String,
    #[model(comment = "counted", default = 0)]
    pub words: i32,
    #[model(generated = "lower(title)")]
    pub slug: Option<String>,
}

/// A row of `tags`.
#[derive(Debug, Clone, PartialEq, Model)]
pub struct Tag {
    #[model(primary_key)]
    pub tag: String,
    #[model(primary_key)]
    pub post: uuid::Uuid,
}

/// A row of `notes`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(row_level_security)]
pub struct Note {
    #[model(primary_key)]
    pub id: i64,
    #[model(tenant)]
    pub team: String,
    pub text: String,
}

/// A value of type `Mood`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ModelEnum)]
#[model(type = "Mood")]
pub enum Mood {
    Sad,
    #[model(rename = "so so")]
    SoSo,
    #[model(rename = "it's fair")]
    ItSFair,
    #[model(rename = "2nd")]
    Label2nd,
}
