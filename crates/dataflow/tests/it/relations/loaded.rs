//! Rows beside the rows of a query.

use dataflow::error::Kind;
use futures_util::TryStreamExt as _;
use serde_json::json;

use super::*;
use crate::heard::{heard, listen};

on_every_database! {
    each_kind_of_relation_leads_to_its_rows
    rows_beside_rows_lead_on
    what_is_loaded_has_its_own_filter_order_and_limit
    statements_are_as_many_as_relations_whatever_the_rows
    the_same_is_asked_for_as_data
    a_row_that_is_read_comes_with_others
    what_cannot_be_included_is_refused_by_name
    rows_that_a_model_between_pairs_are_loaded_from_either_side
    a_transaction_loads_what_it_has_written
    some_columns_of_rows_come_with_others
    streams_give_rows_with_others_portion_by_portion
}

async fn each_kind_of_relation_leads_to_its_rows(setup: Setup) {
    let database = filled(&setup).await;
    let page = repository::<User>(&database)
        .query()
        .with((User::POSTS, User::PROFILE, User::INVITER, User::GUESTS))
        .list()
        .await
        .unwrap();
    let seen: Vec<_> = page
        .rows
        .iter()
        .map(|(user, (posts, profile, inviter, guests))| {
            let posts: Vec<&str> = posts.iter().map(|post| &*post.title).collect();
            let profile = profile.as_ref().map(|profile| &*profile.about);
            let inviter = inviter.as_ref().map(|inviter| &*inviter.name);
            let guests: Vec<&str> = guests.iter().map(|guest| &*guest.name).collect();
            (&*user.name, posts, profile, inviter, guests)
        })
        .collect();
    assert_eq!(
        seen,
        [
            (
                "Ann",
                vec!["Rust", "Python"],
                Some("writes"),
                None,
                vec!["Bob", "Cleo"]
            ),
            ("Bob", vec![], None, Some("Ann"), vec![]),
            ("Cleo", vec!["SQL"], None, Some("Ann"), vec![]),
        ]
    );
}

async fn rows_beside_rows_lead_on(setup: Setup) {
    let database = filled(&setup).await;
    let with = User::POSTS.with((Post::COMMENTS.with(Comment::POST), Post::EDITOR));
    let page = repository::<User>(&database)
        .query()
        .filter(User::NAME.eq("Ann"))
        .with(with)
        .list()
        .await
        .unwrap();
    let [(_, posts)] = &*page.rows else {
        panic!("there is one Ann");
    };
    let (rust, (comments, editor)) = &posts[0];
    assert_eq!(rust.title, "Rust");
    assert_eq!(editor.as_ref().unwrap().name, "Cleo");
    assert_eq!(comments.len(), 2);
    assert_eq!(comments[0], (comment(100, 10, "good"), Some(rust.clone())));
    let (_, (comments, editor)) = &posts[1];
    assert_eq!((comments.len(), editor), (0, &None));
}

async fn what_is_loaded_has_its_own_filter_order_and_limit(setup: Setup) {
    let database = filled(&setup).await;
    let users = repository::<User>(&database);
    let latest = User::POSTS.order_by(Post::ID.desc()).limit(1);
    let page = users.query().with(latest).list().await.unwrap();
    let titles: Vec<Vec<&str>> = page
        .rows
        .iter()
        .map(|(_, posts)| posts.iter().map(|post| &*post.title).collect())
        .collect();
    assert_eq!(titles, [vec!["Python"], vec![], vec!["SQL"]]);

    let praised = User::POSTS.filter(Post::COMMENTS.some(Comment::TEXT.eq("good")));
    let page = users.query().with(praised).list().await.unwrap();
    let counts: Vec<usize> = page.rows.iter().map(|(_, posts)| posts.len()).collect();
    assert_eq!(counts, [1, 0, 1]);

    let by_editor = User::POSTS.order_by(Post::EDITOR.by(User::NAME.desc().nulls_first()));
    let first = users.query().with(by_editor).first().await.unwrap();
    let (_, posts) = first.unwrap();
    assert_eq!([posts[0].id, posts[1].id], [11, 10]);

    let cleo = Post::EDITOR.filter(User::NAME.eq("Cleo"));
    let page = repository::<Post>(&database)
        .query()
        .with(cleo)
        .list()
        .await
        .unwrap();
    let editors: Vec<bool> = page
        .rows
        .iter()
        .map(|(_, editor)| editor.is_some())
        .collect();
    assert_eq!(editors, [true, false, false]);
}

async fn statements_are_as_many_as_relations_whatever_the_rows(setup: Setup) {
    let database = filled(&setup).await;
    let more: Vec<User> = (1000..1400).map(|id| user(id, "More", Some(1))).collect();
    repository::<User>(&database)
        .bulk_create(&more)
        .await
        .unwrap();
    let posts: Vec<Post> = (1000..1400).map(|id| post(id, id, None, "More")).collect();
    repository::<Post>(&database)
        .bulk_create(&posts)
        .await
        .unwrap();

    let users = repository::<User>(&database);
    for limit in [1, 20, 400] {
        let with = (
            User::POSTS.with((Post::COMMENTS, Post::TAGS)),
            User::INVITER,
        );
        listen();
        let page = users.query().limit(limit).with(with).list().await.unwrap();
        let seen = heard().statements;
        assert_eq!(page.rows.len(), limit);
        // Users, posts, comments, tags, inviters. Nobody invited the only user of the first page.
        let expected = if limit == 1 { 4 } else { 5 };
        assert_eq!(seen.len(), expected, "{seen:#?}");
    }
    let include = json!({"posts": {"include": {"comments": {}, "tags": {}}}});
    let input = json!({"limit": 20, "include": include});
    listen();
    let rows = call(&database, "user_list", input).await.unwrap();
    let seen = heard().statements;
    assert_eq!(rows.as_array().unwrap().len(), 20);
    assert_eq!(seen.len(), 4, "{seen:#?}");
}

async fn the_same_is_asked_for_as_data(setup: Setup) {
    let database = filled(&setup).await;
    let input = json!({
        "fields": ["name"],
        "order": ["name.desc"],
        "include": {
            "posts": {
                "fields": ["title"],
                "order": ["id.desc"],
                "include": {"tags": {}, "editor": {"fields": ["name"]}},
            },
            "profile": {"fields": ["about"]},
        },
    });
    let rows = call(&database, "user_list", input.clone()).await.unwrap();
    let expected = json!([
        {"name": "Cleo", "posts": [
            {"title": "SQL", "tags": [{"name": "new"}], "editor": {"name": "Ann"}},
        ], "profile": null},
        {"name": "Bob", "posts": [], "profile": null},
        {"name": "Ann", "posts": [
            {"title": "Python", "tags": [], "editor": null},
            {"title": "Rust", "tags": [{"name": "new"}, {"name": "old"}], "editor": {"name": "Cleo"}},
        ], "profile": {"about": "writes"}},
    ]);
    assert_eq!(rows, expected);
    let bytes = crate::nodes::bytes(&database, "user_list", input).await;
    assert_eq!(bytes, expected.to_string());

    let limited = json!({"limit": 1, "include": {"guests": {"limit": 1}}});
    let rows = call(&database, "user_list", limited).await.unwrap();
    assert_eq!(
        rows[0]["guests"],
        json!([{"id": 2, "name": "Bob", "inviter_id": 1}])
    );
}

async fn a_row_that_is_read_comes_with_others(setup: Setup) {
    let database = filled(&setup).await;
    let input = json!({"id": 10, "fields": ["title"], "include": {"author": {"fields": ["name"]}}});
    let row = call(&database, "post_read", input).await.unwrap();
    assert_eq!(row, json!({"title": "Rust", "author": {"name": "Ann"}}));
    let missing = json!({"id": 99, "include": {"author": {}}});
    let error = call(&database, "post_read", missing).await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
}

async fn what_cannot_be_included_is_refused_by_name(setup: Setup) {
    let database = filled(&setup).await;
    let deep = json!({"inviter": {"include": {"inviter": {"include": {"inviter": {
        "include": {"inviter": {"include": {"inviter": {}}}},
    }}}}}});
    let cases = [
        (json!({"include": {"psots": {}}}), "/include/psots", "posts"),
        (json!({"include": {"posts": 1}}), "/include/posts", "object"),
        (json!({"include": ["posts"]}), "/include", "object"),
        (
            json!({"include": {"posts": {"sort": []}}}),
            "/include/posts/sort",
            "not declared",
        ),
        (
            json!({"include": {"posts": {"limit": 0}}}),
            "/include/posts/limit",
            "from 1",
        ),
        (
            json!({"include": {"posts": {"filter": {"tilte": "a"}}}}),
            "/include/posts/filter/tilte",
            "title",
        ),
        (
            json!({"include": {"posts": {"fields": ["tilte"]}}}),
            "/include/posts/fields/0",
            "title",
        ),
        (
            json!({"include": {"posts": {"order": ["comments.text"]}}}),
            "/include/posts/order/0",
            "many",
        ),
        (json!({"include": deep}), "", "4 levels"),
    ];
    for (input, pointer, words) in cases {
        let error = call(&database, "user_list", input.clone())
            .await
            .unwrap_err();
        assert!(
            error.faults()[0].pointer.starts_with(pointer),
            "{input}: {error:?}"
        );
        assert!(format!("{error:?}").contains(words), "{input}: {error:?}");
    }
    let distinct = json!({"distinct": true, "fields": ["name"], "include": {"posts": {}}});
    let error = call(&database, "user_list", distinct).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed);
    let error = call(
        &database,
        "comment_read",
        json!({"id": 100, "include": {"pots": {}}}),
    )
    .await;
    assert_eq!(error.unwrap_err().help(), Some("did you mean \"post\"?"));
}

async fn rows_that_a_model_between_pairs_are_loaded_from_either_side(setup: Setup) {
    let database = filled(&setup).await;
    let page = repository::<Tag>(&database)
        .query()
        .with(Tag::POSTS)
        .list()
        .await
        .unwrap();
    let seen: Vec<_> = page
        .rows
        .iter()
        .map(|(tag, posts)| {
            (
                &*tag.name,
                posts.iter().map(|post| post.id).collect::<Vec<_>>(),
            )
        })
        .collect();
    assert_eq!(seen, [("new", vec![10, 12]), ("old", vec![10])]);
}

async fn a_transaction_loads_what_it_has_written(setup: Setup) {
    let database = filled(&setup).await;
    let transaction = database.begin().await.unwrap();
    let posts = transaction.repository::<Post>().unwrap();
    posts.create(&post(13, 2, None, "Draft")).await.unwrap();
    let users = transaction.repository::<User>().unwrap();
    let of_bob = users.query().filter(User::ID.eq(2)).with(User::POSTS);
    assert_eq!(of_bob.first().await.unwrap().unwrap().1.len(), 1);
    transaction.roll_back().await.unwrap();
    let users = repository::<User>(&database);
    let of_bob = users.query().filter(User::ID.eq(2)).with(User::POSTS);
    assert_eq!(of_bob.first().await.unwrap().unwrap().1, []);
}

async fn some_columns_of_rows_come_with_others(setup: Setup) {
    let database = filled(&setup).await;
    let users = repository::<User>(&database);
    let names = users.query().select(User::NAME).order_by(User::NAME.desc());
    let page = names.limit(2).with((User::POSTS, User::INVITER)).list();
    let page = page.await.unwrap();
    let seen: Vec<_> = page
        .rows
        .iter()
        .map(|(name, (posts, inviter))| (&**name, posts.len(), inviter.is_some()))
        .collect();
    assert_eq!(seen, [("Cleo", 1, true), ("Bob", 0, true)]);
    let rest = users.query().select(User::NAME).order_by(User::NAME.desc());
    let rest = rest.after(page.next.unwrap()).with(User::POSTS).first();
    let (name, posts) = rest.await.unwrap().unwrap();
    assert_eq!((&*name, posts.len()), ("Ann", 2));

    let groups = users.query().select(User::NAME).distinct();
    let error = groups.with(User::POSTS).list().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed);
}

async fn streams_give_rows_with_others_portion_by_portion(setup: Setup) {
    let database = filled(&setup).await;
    let users = repository::<User>(&database);
    let many: Vec<User> = (100..1_300).map(|id| user(id, "x", Some(1))).collect();
    users.bulk_create(&many).await.unwrap();
    let query = || users.query().with((User::INVITER, User::POSTS));
    let rows: Vec<_> = query().stream().try_collect().await.unwrap();
    assert_eq!(rows.len(), 1_203);
    assert_eq!(rows[0].1.1.len(), 2);
    let invited = rows.iter().filter(|(_, (inviter, _))| inviter.is_some());
    assert_eq!(invited.count(), 1_202);

    let some = users.query().select(User::ID).limit(501).with(User::GUESTS);
    let some: Vec<(i64, Vec<User>)> = some.stream().try_collect().await.unwrap();
    assert_eq!((some.len(), some[0].1.len()), (501, 1_202));
    let none = users.query().after("nonsense").with(User::POSTS).stream();
    assert!(none.try_collect::<Vec<_>>().await.is_err());
}
