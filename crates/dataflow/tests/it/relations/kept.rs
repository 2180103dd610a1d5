//! What is kept of reads that look into several tables.

use super::*;

on_every_database! {
    what_goes_with_a_deleted_row_is_not_given_out_of_the_cache
    what_is_kept_of_a_filter_on_other_rows_is_forgotten_with_them
    a_rolled_back_delete_leaves_what_is_kept
    kept_groups_give_their_aggregates
}

async fn cached(setup: &Setup) -> DataFlow {
    let database = builder(setup).enable_caching(true).open().unwrap();
    fill(&database).await;
    database
}

async fn count(database: &DataFlow, node: &str) -> i64 {
    let count = call(database, node, json!({})).await.unwrap();
    count["count"].as_i64().unwrap()
}

async fn what_goes_with_a_deleted_row_is_not_given_out_of_the_cache(setup: Setup) {
    let database = cached(&setup).await;
    assert_eq!(count(&database, "comment_count").await, 3);
    call(&database, "comment_read", json!({"id": 100}))
        .await
        .unwrap();
    call(&database, "post_delete", json!({"id": 10}))
        .await
        .unwrap();
    assert_eq!(count(&database, "comment_count").await, 1);
    let gone = call(&database, "comment_read", json!({"id": 100})).await;
    assert!(gone.unwrap_err().is_not_found());
    assert_eq!(count(&database, "post_tag_count").await, 1);
    call(&database, "post_bulk_delete", json!({"ids": [12]}))
        .await
        .unwrap();
    assert_eq!(count(&database, "comment_count").await, 0);

    let transaction = database.begin().await.unwrap();
    call(&database, "comment_count", json!({})).await.unwrap();
    let posts = transaction.repository::<Post>().unwrap();
    posts.delete(&11).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(count(&database, "post_count").await, 0);
}

async fn what_is_kept_of_a_filter_on_other_rows_is_forgotten_with_them(setup: Setup) {
    let database = cached(&setup).await;
    let users_with_new = async || {
        let filter = json!({"posts": {"$some": {"tags": {"$some": {"name": "new"}}}}});
        let count = call(&database, "user_count", json!({"filter": filter})).await;
        count.unwrap()["count"].as_i64().unwrap()
    };
    let posts_of = async |name: &str| {
        let input = json!({"filter": {"author.name": name}, "order": ["author.name"]});
        let rows = call(&database, "post_list", input).await.unwrap();
        rows.as_array().unwrap().len()
    };
    let titles_beside = async || {
        let rows = call(&database, "user_list", json!({"include": {"posts": {}}})).await;
        rows.unwrap()[0]["posts"].as_array().unwrap().len()
    };
    for _ in 0..2 {
        assert_eq!(users_with_new().await, 2);
        assert_eq!((posts_of("Ann").await, posts_of("Eve").await), (2, 0));
        assert_eq!(titles_beside().await, 2);
    }
    call(&database, "user_update", json!({"id": 1, "name": "Eve"}))
        .await
        .unwrap();
    assert_eq!((posts_of("Ann").await, posts_of("Eve").await), (0, 2));
    let pair = json!({"post_id": 11, "tag_id": "new"});
    call(&database, "post_tag_create", pair).await.unwrap();
    call(&database, "post_delete", json!({"id": 12}))
        .await
        .unwrap();
    assert_eq!(users_with_new().await, 1);
    call(&database, "post_delete", json!({"id": 10}))
        .await
        .unwrap();
    assert_eq!(titles_beside().await, 1);
}

async fn a_rolled_back_delete_leaves_what_is_kept(setup: Setup) {
    let database = cached(&setup).await;
    let transaction = database.begin().await.unwrap();
    transaction
        .repository::<Post>()
        .unwrap()
        .delete(&10)
        .await
        .unwrap();
    transaction.roll_back().await.unwrap();
    assert_eq!(count(&database, "comment_count").await, 3);
}

async fn kept_groups_give_their_aggregates(setup: Setup) {
    let database = cached(&setup).await;
    for _ in 0..2 {
        let input = json!({"fields": ["author_id"], "aggregate": ["count"]});
        let rows = call(&database, "post_list", input).await.unwrap();
        let expected = json!([{"author_id": 1, "count": 2}, {"author_id": 3, "count": 1}]);
        assert_eq!(rows, expected);
    }
}
