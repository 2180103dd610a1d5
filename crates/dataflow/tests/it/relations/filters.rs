//! Filters and orders through relations.

use dataflow::error::Kind;
use dataflow::query::Sort;
use dataflow::{Filter, Predicate};
use serde_json::Value as Json;

use super::*;

on_every_database! {
    each_condition_on_other_rows_means_the_same_typed_and_as_data
    rows_are_counted_and_summed_up_by_conditions_on_others
    rows_are_sorted_by_a_row_that_they_lead_to_page_by_page
    what_a_filter_cannot_mean_is_refused_with_the_closest_name
}

async fn ids<M: Model>(rows: Repository<M>, filter: Filter, id: fn(&M) -> i64) -> Vec<i64> {
    let page = rows.list(filter).await.unwrap();
    page.rows.iter().map(id).collect()
}

async fn each_condition_on_other_rows_means_the_same_typed_and_as_data(setup: Setup) {
    use dataflow::query::FilterOf as _;

    let database = filled(&setup).await;
    let good = || Comment::TEXT.eq("good");
    let posts: Vec<(Predicate<Post>, Json, &[i64])> = vec![
        (
            Post::AUTHOR.is(User::NAME.eq("Ann")),
            json!({"author.name": "Ann"}),
            &[10, 11],
        ),
        (
            Post::AUTHOR.is(User::NAME.eq("Ann").and(User::ID.lt(9))),
            json!({"author": {"name": {"$eq": "Ann"}, "id": {"$lt": 9}}}),
            &[10, 11],
        ),
        (
            Post::AUTHOR.is(User::INVITER.is(User::NAME.eq("Ann"))),
            json!({"author.inviter.name": "Ann"}),
            &[12],
        ),
        (
            !Post::EDITOR.is(User::NAME.eq("Ann")),
            json!({"$not": {"editor.name": "Ann"}}),
            &[10, 11],
        ),
        (Post::EDITED_BY.is_null(), json!({"editor": null}), &[11]),
        (
            Post::COMMENTS.some(good()),
            json!({"comments": {"$some": {"text": "good"}}}),
            &[10, 12],
        ),
        (
            Post::COMMENTS.every(good()),
            json!({"comments": {"$every": {"text": "good"}}}),
            &[11, 12],
        ),
        (
            Post::COMMENTS.none(good()),
            json!({"comments": {"$none": {"text": "good"}}}),
            &[11],
        ),
        (
            Post::COMMENTS.is_empty(),
            json!({"comments": {"$none": {}}}),
            &[11],
        ),
        (
            Post::TAGS.some(Tag::NAME.eq("old")),
            json!({"tags": {"$some": {"name": "old"}}}),
            &[10],
        ),
        (
            Post::TAGS.every(Tag::NAME.eq("new")),
            json!({"tags": {"$every": {"name": "new"}}}),
            &[11, 12],
        ),
        (Post::TAGS.is_empty(), json!({"tags": {"$none": {}}}), &[11]),
        (
            Post::AUTHOR.is(User::POSTS.some(Post::COMMENTS.is_empty())),
            json!({"author": {"posts": {"$some": {"comments": {"$none": {}}}}}}),
            &[10, 11],
        ),
        (
            Post::TITLE
                .eq("SQL")
                .or(Post::AUTHOR.is(User::NAME.eq("Bob"))),
            json!({"$or": [{"title": "SQL"}, {"author.name": "Bob"}]}),
            &[12],
        ),
    ];
    for (typed, data, expected) in posts {
        let rows = || repository::<Post>(&database);
        let parsed = Filter::parse(
            database.schema_set(),
            Post::schema(),
            data.as_object().unwrap(),
        );
        let parsed = parsed.unwrap();
        assert_eq!(
            ids(rows(), parsed, |post| post.id).await,
            expected,
            "{data}"
        );
        assert_eq!(
            ids(rows(), typed.into_filter(), |post| post.id).await,
            expected,
            "{data}"
        );
    }
    let users: Vec<(Predicate<User>, &[i64])> = vec![
        (User::PROFILE.is(Profile::ABOUT.eq("writes")), &[1]),
        (User::GUESTS.some(User::POSTS.is_empty()), &[1]),
        (
            User::INVITER.is(User::PROFILE.is(Profile::ID.gt(0))),
            &[2, 3],
        ),
        (User::POSTS.is_empty(), &[2]),
    ];
    for (typed, expected) in users {
        let rows = repository::<User>(&database);
        assert_eq!(
            ids(rows, typed.into_filter(), |user| user.id).await,
            expected
        );
    }
}

async fn rows_are_counted_and_summed_up_by_conditions_on_others(setup: Setup) {
    let database = filled(&setup).await;
    let filter = json!({"posts": {"$some": {"tags": {"$some": {"name": "new"}}}}});
    let count = call(&database, "user_count", json!({"filter": filter})).await;
    assert_eq!(count.unwrap(), json!({"count": 2}));
    let posts = repository::<Post>(&database);
    let by_ann = posts.query().filter(Post::AUTHOR.is(User::NAME.eq("Ann")));
    assert_eq!(by_ann.aggregate(Post::ID.max()).await.unwrap(), Some(11));
}

async fn rows_are_sorted_by_a_row_that_they_lead_to_page_by_page(setup: Setup) {
    let database = filled(&setup).await;
    type Case = (fn() -> Sort<Post>, &'static str, [i64; 3]);
    let orders: [Case; 4] = [
        (
            || Post::AUTHOR.by(User::NAME.desc()),
            "author.name.desc",
            [12, 10, 11],
        ),
        (
            || Post::EDITOR.by(User::NAME.asc()),
            "editor.name",
            [12, 10, 11],
        ),
        (
            || Post::EDITOR.by(User::NAME.asc().nulls_first()),
            "editor.name.nullsfirst",
            [11, 12, 10],
        ),
        (
            || Post::EDITOR.by(User::INVITER.by(User::NAME.desc())),
            "editor.inviter.name.desc",
            [11, 12, 10],
        ),
    ];
    for (typed, data, expected) in orders {
        let posts = repository::<Post>(&database);
        let mut query = posts.query().order_by(typed()).limit(1);
        let mut seen = Vec::new();
        loop {
            let page = query.list().await.unwrap();
            seen.extend(page.rows.iter().map(|post| post.id));
            let Some(next) = page.next else { break };
            query = posts.query().order_by(typed()).limit(1).after(next);
        }
        assert_eq!(seen, expected, "{data}");
        let input = json!({"order": [data], "fields": ["id"]});
        let rows = call(&database, "post_list", input).await.unwrap();
        let expected = expected.map(|id| json!({"id": id}));
        assert_eq!(rows, json!(expected), "{data}");
    }
    let distinct = json!({"order": ["author.name"], "fields": ["title"], "distinct": true});
    assert!(
        call(&database, "post_list", distinct)
            .await
            .unwrap_err()
            .kind()
            == Kind::Malformed
    );
}

async fn what_a_filter_cannot_mean_is_refused_with_the_closest_name(setup: Setup) {
    let database = filled(&setup).await;
    let mut deep = json!({"name": "Ann"});
    for _ in 0..20 {
        deep = json!({"inviter": deep});
    }
    let cases = [
        (json!({"auhtor.name": "Ann"}), "author"),
        (json!({"author.nam": "Ann"}), "name"),
        (json!({"author": {"nam": "Ann"}}), "name"),
        (json!({"author": "Ann"}), "takes a filter"),
        (json!({"comments.text": "good"}), "$some"),
        (json!({"comments": {"text": "good"}}), "$some"),
        (json!({"comments": {"$som": {}}}), "$some"),
        (json!({"comments": null}), "$some"),
        (json!({"author": deep}), "levels"),
        (
            json!({format!("author.{}name", "inviter.".repeat(20)): "Ann"}),
            "levels",
        ),
    ];
    for (filter, words) in cases {
        let error = call(&database, "post_list", json!({"filter": filter.clone()})).await;
        let error = error.unwrap_err();
        assert!(error.kind() == Kind::Malformed, "{filter}: {error:?}");
        assert!(format!("{error:?}").contains(words), "{filter}: {error:?}");
    }
    let refused = json!({"filter": {"comments": {"$some": {"id": "x"}}}});
    let error = call(&database, "post_list", refused).await.unwrap_err();
    assert_eq!(error.faults()[0].pointer, "/filter/comments/$some/id");
}
