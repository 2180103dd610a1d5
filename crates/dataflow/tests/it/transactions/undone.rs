use super::*;

on_every_database! {
    what_is_rolled_back_or_dropped_takes_no_effect
    v03_rollback_undoes_every_verb
    v03_rollback_undoes_what_changes_some_fields_and_what_brings_rows_back
    v03_nodes_of_a_transaction_see_it_and_are_undone_with_it
    work_that_fails_is_undone
}

async fn what_is_rolled_back_or_dropped_takes_no_effect(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let tx = database.begin().await.unwrap();
    tx.repository::<Country>()
        .unwrap()
        .create(&italy())
        .await
        .unwrap();
    tx.roll_back().await.unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);

    let tx = database.begin().await.unwrap();
    tx.repository::<Country>()
        .unwrap()
        .create(&italy())
        .await
        .unwrap();
    drop(tx);
    countries.create(&italy()).await.unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
}

/// Every verb that writes, typed and as a node.
async fn v03_rollback_undoes_every_verb(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let before = [Country::new("es", "Spain"), france(), italy()];
    countries.bulk_create(&before).await.unwrap();

    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    let poland = Country::new("pl", "Poland");
    inside.create(&poland).await.unwrap();
    let renamed = Country::new("it", "Italia");
    inside.update(&renamed).await.unwrap();
    inside.upsert(&renamed, Country::CODE).await.unwrap();
    let norway = Country::new("no", "Norway");
    inside
        .create_or_update(&norway, &norway, Country::CODE)
        .await
        .unwrap();
    inside.delete(&"es".to_owned()).await.unwrap();
    inside
        .bulk_create(&[Country::new("at", "Austria")])
        .await
        .unwrap();
    inside
        .bulk_load(&[Country::new("pt", "Portugal")])
        .await
        .unwrap();
    inside.bulk_update(&[renamed]).await.unwrap();
    inside.bulk_upsert(&[poland], Country::CODE).await.unwrap();
    inside.bulk_delete(&["fr".to_owned()]).await.unwrap();
    let mut context = Context::new(Form::Value);
    context.scope = Some(tx.scope());
    for (node, input) in [
        ("country_create", json!({"code": "se", "name": "Sweden"})),
        ("country_update", json!({"code": "it", "name": "Italie"})),
        ("country_upsert", json!({"code": "se", "name": "Sverige"})),
        ("country_delete", json!({"code": "no"})),
        (
            "country_bulk_create",
            json!({"rows": [{"code": "fi", "name": "Finland"}]}),
        ),
        (
            "country_bulk_update",
            json!({"rows": [{"code": "fi", "name": "Suomi"}]}),
        ),
        (
            "country_bulk_upsert",
            json!({"rows": [{"code": "fi", "name": "Finland"}]}),
        ),
        ("country_bulk_delete", json!({"ids": ["at"]})),
    ] {
        let called = database.node(node).unwrap();
        let input = input.as_object().unwrap().clone();
        called
            .call(&context, input)
            .await
            .unwrap_or_else(|error| panic!("{node}: {error:?}"));
    }
    let during: Vec<String> = codes(&inside.list(Filter::all()).await.unwrap().rows);
    assert_eq!(during, ["fi", "it", "pl", "pt", "se"]);
    tx.roll_back().await.unwrap();
    let after = countries.list(Filter::all()).await.unwrap().rows;
    assert_eq!(after, before);
}

/// A row that stays when it is deleted.
#[derive(Debug, Clone, PartialEq, Model)]
struct Draft {
    #[model(primary_key)]
    name: String,
    pages: i64,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

fn draft(name: &str) -> Draft {
    Draft {
        name: name.to_owned(),
        pages: 1,
        deleted_at: None,
    }
}

/// Drafts a and b, and c, which was deleted.
async fn drafts(setup: &Setup) -> (DataFlow, Repository<Draft>) {
    let database = setup.builder().model::<Draft>().open().unwrap();
    let drafts = database.repository::<Draft>().unwrap();
    drafts
        .bulk_create(&["a", "b", "c"].map(draft))
        .await
        .unwrap();
    drafts.delete(&"c".to_owned()).await.unwrap();
    (database, drafts)
}

/// Each that was not deleted, with its pages.
async fn in_words(drafts: &Repository<Draft>) -> String {
    let rows = drafts.list(Filter::all()).await.unwrap().rows;
    let words = rows.iter().map(|row| format!("{}{}", row.name, row.pages));
    words.collect::<Vec<_>>().join(" ")
}

async fn v03_rollback_undoes_what_changes_some_fields_and_what_brings_rows_back(setup: Setup) {
    let (database, outside) = drafts(&setup).await;
    let everything = async || outside.query().with_deleted().list().await.unwrap().rows;
    let before = everything().await;
    let [a, b, c] = ["a", "b", "c"].map(str::to_owned);
    let one_more = || [Draft::PAGES.add(1)];

    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Draft>().unwrap();
    let seen = async || {
        assert_eq!(in_words(&outside).await, "a1 b1", "others see none of it");
        in_words(&inside).await
    };
    inside.update_fields(&a, one_more()).await.unwrap();
    assert_eq!(seen().await, "a2 b1");
    inside
        .create_or_update_fields(&draft("b"), one_more(), Draft::NAME)
        .await
        .unwrap();
    assert_eq!(seen().await, "a2 b2");
    inside
        .bulk_create_or_update(&["b", "d"].map(draft), |_| one_more(), Draft::NAME)
        .await
        .unwrap();
    assert_eq!(seen().await, "a2 b3 d1");
    inside
        .update_where(Draft::PAGES.gt(1), one_more())
        .await
        .unwrap();
    assert_eq!(seen().await, "a3 b4 d1");
    inside.restore(&c).await.unwrap();
    assert_eq!(seen().await, "a3 b4 c1 d1");
    inside.purge(&b).await.unwrap();
    assert_eq!(seen().await, "a3 c1 d1");
    assert_eq!(inside.query().with_deleted().count().await.unwrap(), 3);
    inside.delete_where(Draft::PAGES.eq(1)).await.unwrap();
    assert_eq!(seen().await, "a3");

    tx.roll_back().await.unwrap();
    assert_eq!(everything().await, before);
}

async fn v03_nodes_of_a_transaction_see_it_and_are_undone_with_it(setup: Setup) {
    let (database, outside) = drafts(&setup).await;
    let tx = database.begin().await.unwrap();
    let typed = tx.repository::<Draft>().unwrap();
    let mut context = Context::new(Form::Value);
    context.scope = Some(tx.scope());
    let inside = async |node: &str, input: Json| {
        let input = input.as_object().unwrap().clone();
        let answer = database.node(node).unwrap().call(&context, input).await;
        let answer = answer.unwrap_or_else(|error| panic!("{node}: {error:?}"));
        answer.body.into_value()
    };
    let one_more = json!({"add": {"pages": 1}});
    let writes = [
        (
            "draft_update",
            json!({"name": "a", "add": {"pages": 1}}),
            "a2 b1",
        ),
        (
            "draft_upsert",
            json!({"name": "b", "pages": 1, "on_conflict": one_more}),
            "a2 b2",
        ),
        (
            "draft_bulk_upsert",
            json!({
                "rows": [{"name": "b", "pages": 1}, {"name": "d", "pages": 1}],
                "on_conflict": [one_more, one_more],
            }),
            "a2 b3 d1",
        ),
        (
            "draft_bulk_update",
            json!({"filter": {"pages": {"$gt": 1}}, "set": one_more}),
            "a3 b4 d1",
        ),
        ("draft_restore", json!({"name": "c"}), "a3 b4 c1 d1"),
        (
            "draft_bulk_delete",
            json!({"filter": {"pages": 1}}),
            "a3 b4",
        ),
        ("draft_create", json!({"name": "e", "pages": 5}), "a3 b4 e5"),
    ];
    for (node, input, expected) in writes {
        inside(node, input).await;
        assert_eq!(in_words(&typed).await, expected, "{node}");
        assert_eq!(in_words(&outside).await, "a1 b1", "{node}");
    }

    let [one, all] = [json!({"name": "e"}), json!({})];
    assert_eq!(inside("draft_read", one.clone()).await["pages"], 5);
    assert_eq!(inside("draft_list", all.clone()).await[2]["name"], "e");
    assert_eq!(inside("draft_count", all.clone()).await["count"], 3);
    let unseen = call(&database, "draft_read", one).await;
    assert!(unseen.unwrap_err().is_not_found());
    let listed = call(&database, "draft_list", all.clone()).await.unwrap();
    assert_eq!((&listed[0]["pages"], &listed[2]), (&json!(1), &Json::Null));
    assert_eq!(
        call(&database, "draft_count", all).await.unwrap()["count"],
        2
    );

    tx.roll_back().await.unwrap();
    assert_eq!(in_words(&outside).await, "a1 b1");
    let all = outside.query().with_deleted().count().await;
    assert_eq!(all.unwrap(), 3, "c is still deleted");
}

async fn work_that_fails_is_undone(setup: Setup) {
    let database = setup.open();
    let outcome = database.transaction(async |tx| {
        let countries = tx.repository::<Country>()?;
        countries.create(&italy()).await?;
        countries.create(&italy()).await
    });
    let outcome = outcome.await;
    assert_eq!(outcome.unwrap_err().kind(), Kind::Unique);
    let countries = database.repository::<Country>().unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);
    let name = database.transaction(async |tx| {
        let countries = tx.repository::<Country>()?;
        Ok(countries.create(&italy()).await?.name)
    });
    assert_eq!(name.await.unwrap(), "Italy");
    let ended = database.transaction(async |tx| tx.commit().await);
    let error = ended.await.unwrap_err();
    assert!(error.to_string().contains("ends with the work"), "{error}");
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
}
