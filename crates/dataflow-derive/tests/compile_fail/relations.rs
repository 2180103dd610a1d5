use dataflow_core::Model;

#[derive(Model)]
#[model(
    has_many(posts),
    has_many(notes = Note.author),
    has_many(letters = Letter.sender),
    has_one(name = Letter.sender_id),
    many_to_many(tags = Tag, by = Letter(sender_id, sender_id))
)]
struct User {
    #[model(primary_key)]
    id: i64,
    name: String,
}

#[derive(Model)]
#[model(has_many(author = Note.id))]
struct Note {
    #[model(primary_key)]
    id: i64,
    #[model(belongs_to = User)]
    author_id: i64,
    #[model(relation = "somebody")]
    other_id: i64,
    #[model(belongs_to = User, relation = "not a name")]
    third_id: i64,
}

#[derive(Model)]
#[model(has_many(replies = Letter.text))]
struct Letter {
    #[model(primary_key)]
    id: i64,
    #[model(belongs_to = User)]
    sender_id: i64,
    text: String,
}

#[derive(Model)]
#[model(has_many(labels = Letter.subject))]
struct Tag {
    #[model(primary_key)]
    id: i64,
}

fn main() {
    let _ = User::POSTS;
    let _ = Letter::SENDER.is(Letter::ID.eq(1));
}
