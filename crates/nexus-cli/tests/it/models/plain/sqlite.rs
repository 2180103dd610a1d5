//! Models of an existing database, written by `nexus models generate`.

// In the database, and in no model:
// - table "log" has no model: it has no primary key, nor a unique index whose columns all refuse null, so its rows cannot be told apart
// - view "recent"
// - trigger "counted" of table "authors"

use dataflow::{Model, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<Author>()
        .model::<BlogPost>()
        .model::<Tag>()
}

/// A row of `authors`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    check("length(name) > 1", name = "authors_check1"),
    has_many(blog_posts = BlogPost.author_id)
)]
pub struct Author {
    #[model(primary_key)]
    pub id: i64,
    #[model(unique)]
    pub name: String,
    #[model(default = "")]
    pub email: String,
    #[model(default = 1)]
    pub active: i64,
    #[model(default = "it's")]
    pub r#type: String,
    #[model(default_sql = "current_timestamp")]
    pub made: String,
    pub photo: Option<Vec<u8>>,
}

/// A row of `BlogPosts`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "BlogPosts",
    index(
        "lower(title)",
        words desc,
        name = "posts_by_title",
        where = "words > 10"
    )
)]
pub struct BlogPost {
    #[model(primary_key, column = "postId")]
    pub post_id: String,
    #[model(index, belongs_to = Author, on_delete = "cascade", deferred)]
    pub author_id: i64,
    pub title: String,
    #[model(default = 0)]
    pub words: i64,
    #[model(generated = "lower(title)")]
    pub slug: Option<String>,
}

/// A row of `tags`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(without_rowid)]
pub struct Tag {
    #[model(primary_key)]
    pub tag: String,
    #[model(primary_key)]
    pub post: String,
}
