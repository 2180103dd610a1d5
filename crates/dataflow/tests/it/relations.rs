use dataflow::{DataFlow, Model, Repository};
use serde_json::json;

use crate::nodes::call;
use crate::setup::Setup;

mod filters;
mod followed;
mod gone;
mod kept;
mod loaded;

/// Somebody who writes, and whom somebody may have invited.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    has_many(posts = Post.author_id, guests = User.inviter_id),
    has_one(profile = Profile.user_id)
)]
struct User {
    #[model(primary_key, generate = "none")]
    id: i64,
    name: String,
    #[model(belongs_to = User)]
    inviter_id: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Profile {
    #[model(primary_key, generate = "none")]
    id: i64,
    #[model(belongs_to = User, unique)]
    user_id: i64,
    about: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    has_many(comments = Comment.post_id),
    many_to_many(tags = Tag, through = PostTag(post_id, tag_id))
)]
struct Post {
    #[model(primary_key, generate = "none")]
    id: i64,
    #[model(belongs_to = User, index)]
    author_id: i64,
    #[model(belongs_to = User, relation = "editor")]
    edited_by: Option<i64>,
    title: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Comment {
    #[model(primary_key, generate = "none")]
    id: i64,
    #[model(belongs_to = Post, index, on_delete = "cascade")]
    post_id: i64,
    text: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(many_to_many(posts = Post, through = PostTag(tag_id, post_id)))]
struct Tag {
    #[model(primary_key)]
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(unique(post_id, tag_id))]
struct PostTag {
    #[model(primary_key)]
    id: i64,
    #[model(belongs_to = Post, on_delete = "cascade")]
    post_id: i64,
    #[model(belongs_to = Tag)]
    tag_id: String,
}

fn user(id: i64, name: &str, inviter_id: Option<i64>) -> User {
    User {
        id,
        name: name.to_owned(),
        inviter_id,
    }
}

fn post(id: i64, author_id: i64, edited_by: Option<i64>, title: &str) -> Post {
    Post {
        id,
        author_id,
        edited_by,
        title: title.to_owned(),
    }
}

fn comment(id: i64, post_id: i64, text: &str) -> Comment {
    Comment {
        id,
        post_id,
        text: text.to_owned(),
    }
}

fn builder(setup: &Setup) -> dataflow::DataFlowBuilder {
    setup
        .builder()
        .model::<User>()
        .model::<Profile>()
        .model::<Post>()
        .model::<Comment>()
        .model::<Tag>()
        .model::<PostTag>()
}

/// Ann invited Bob, who has written nothing; Cleo has written one post, Ann two.
async fn fill(database: &DataFlow) {
    let users = [
        user(1, "Ann", None),
        user(2, "Bob", Some(1)),
        user(3, "Cleo", Some(1)),
    ];
    repository::<User>(database)
        .bulk_create(&users)
        .await
        .unwrap();
    let profile = Profile {
        id: 1,
        user_id: 1,
        about: "writes".to_owned(),
    };
    repository::<Profile>(database)
        .create(&profile)
        .await
        .unwrap();
    let posts = [
        post(10, 1, Some(3), "Rust"),
        post(11, 1, None, "Python"),
        post(12, 3, Some(1), "SQL"),
    ];
    repository::<Post>(database)
        .bulk_create(&posts)
        .await
        .unwrap();
    let comments = [
        comment(100, 10, "good"),
        comment(101, 10, "bad"),
        comment(102, 12, "good"),
    ];
    repository::<Comment>(database)
        .bulk_create(&comments)
        .await
        .unwrap();
    let tags = ["new", "old"].map(|name| Tag {
        name: name.to_owned(),
    });
    repository::<Tag>(database)
        .bulk_create(&tags)
        .await
        .unwrap();
    for (post_id, tag) in [(10, "new"), (10, "old"), (12, "new")] {
        let pair = json!({"post_id": post_id, "tag_id": tag});
        call(database, "post_tag_create", pair).await.unwrap();
    }
}

async fn filled(setup: &Setup) -> DataFlow {
    let database = builder(setup).open().unwrap();
    fill(&database).await;
    database
}

fn repository<M: Model>(database: &DataFlow) -> Repository<M> {
    database.repository::<M>().unwrap()
}
