use super::*;

on_every_database! {
    no_node_and_no_feed_shows_the_trail
    what_doors_show_of_the_trail_is_asked_for_and_only_read
    models_known_only_at_run_time_are_audited_alike
    the_trail_of_a_row_is_paged_newest_first_and_outlives_the_row
    the_trail_of_a_row_is_shown_to_its_tenant_alone
    what_became_secret_later_is_not_shown_of_older_entries
}

async fn no_node_and_no_feed_shows_the_trail(setup: Setup) {
    let builder = setup.builder().model::<Account>().enable_changes(true);
    let database = builder.open().unwrap();
    let nodes = database.nodes();
    let names = nodes.iter().map(|node| node.descriptor().name().to_owned());
    assert!(names.into_iter().all(|name| name.starts_with("account_")));
    assert_eq!(database.followed_models(), ["Account"]);

    let without = setup.library().build().unwrap();
    let error = without.audit().unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
}

async fn what_doors_show_of_the_trail_is_asked_for_and_only_read(setup: Setup) {
    let builder = setup.builder().model::<Account>().model::<Login>();
    let builder = builder.model::<Seat>().audit_at_doors(true);
    let database = builder.open().unwrap();
    let nodes = database.nodes();
    let names = nodes.iter().map(|node| node.descriptor().name().to_owned());
    let of_trail: Vec<String> = names.filter(|name| name.starts_with("audit_")).collect();
    assert_eq!(
        of_trail,
        ["audit_entry_read", "audit_entry_list", "audit_entry_count"]
    );
    let everybodys = database.repository::<Account>().unwrap();
    everybodys.create(&account("a", 1)).await.unwrap();
    for house in ["ours", "theirs"] {
        let seats = database.tenant(house).repository::<Seat>().unwrap();
        let row = house.to_owned();
        let (house, guest) = (String::new(), None);
        let seat = Seat {
            row,
            number: 1,
            house,
            guest,
        };
        seats.create(&seat).await.unwrap();
    }
    for (tenant, id, model) in [
        (None, 1, "Account"),
        (Some("ours"), 2, "Seat"),
        (Some("theirs"), 3, "Seat"),
    ] {
        for input in [
            json!({}),
            json!({"filter": {"id": {"$gt": 0}}, "order": ["id.desc"]}),
        ] {
            let (listed, _) = ask(&database, tenant, "audit_entry_list", input)
                .await
                .unwrap();
            assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
            assert_eq!(
                (&listed[0]["id"], &listed[0]["model"]),
                (&json!(id), &json!(model))
            );
        }
        let counted = ask(&database, tenant, "audit_entry_count", json!({})).await;
        let (counted, _) = counted.unwrap();
        assert_eq!(counted, json!({"count": 1}));
        let total = json!({"aggregate": ["count"]});
        let (total, _) = ask(&database, tenant, "audit_entry_list", total)
            .await
            .unwrap();
        assert_eq!(total[0]["count"], 1, "{total}");
        for other in 1..=3 {
            let read = ask(&database, tenant, "audit_entry_read", json!({"id": other})).await;
            match other == id {
                true => assert_eq!(read.unwrap().0["row_key"], listed_key(model, tenant)),
                false => assert!(read.unwrap_err().is_not_found()),
            }
        }
    }
}

fn listed_key(model: &str, tenant: Option<&str>) -> Json {
    match (model, tenant) {
        ("Seat", Some(house)) => json!([house, 1]).to_string().into(),
        _ => json!(["a"]).to_string().into(),
    }
}

async fn models_known_only_at_run_time_are_audited_alike(setup: Setup) {
    let document = serde_json::to_value(Account::schema()).unwrap();
    assert_eq!(document["audited"], true);
    let schema: ModelSchema = serde_json::from_value(document).unwrap();
    let database = setup.builder().schema(schema).open().unwrap();
    let input = json!({"name": "a", "number": 1, "open": true});
    crate::nodes::call(&database, "account_create", input)
        .await
        .unwrap();
    assert_eq!(entries(&database).await.len(), 1);
}

/// Asks a node on behalf of a tenant, and gives the answer with the cursor of the next page.
async fn ask(
    database: &DataFlow,
    tenant: Option<&str>,
    node: &str,
    input: Json,
) -> Result<(Json, Option<String>)> {
    let Json::Object(input) = input else {
        panic!("the input of a node is an object")
    };
    let mut context = Context::new(Form::Value);
    context.tenant = tenant.map(Into::into);
    let answer = database.node(node)?.call(&context, input).await?;
    Ok((answer.body.into_value(), answer.next))
}

async fn the_trail_of_a_row_is_paged_newest_first_and_outlives_the_row(setup: Setup) {
    let shown = setup.builder().model::<Account>().audit_at_doors(true);
    let database = shown.open().unwrap();
    let accounts = database.repository::<Account>().unwrap();
    for name in ["a", "b"] {
        accounts
            .create(&account(name, if name == "a" { 100 } else { 101 }))
            .await
            .unwrap();
    }
    for number in 1..=3 {
        accounts.update(&account("a", number)).await.unwrap();
    }
    accounts.delete(&"a".to_owned()).await.unwrap();

    let mut verbs = Vec::new();
    let mut input = json!({"name": "a", "limit": 2});
    loop {
        let (entries, next) = ask(&database, None, "account_audit", input).await.unwrap();
        let entries = entries.as_array().unwrap();
        assert!(entries.len() <= 2);
        for entry in entries {
            assert_eq!(
                (&entry["model"], &entry["row_key"]),
                (&json!("Account"), &json!("[\"a\"]"))
            );
            verbs.push(entry["verb"].as_str().unwrap().to_owned());
        }
        match next {
            Some(after) => input = json!({"name": "a", "limit": 2, "after": after}),
            None => break,
        }
    }
    assert_eq!(verbs, ["delete", "update", "update", "update", "create"]);

    let unknown = ask(&database, None, "account_audit", json!({"name": "c"})).await;
    assert!(unknown.unwrap_err().is_not_found());
    for (wrong, kind) in [
        (json!({}), Kind::Invalid),
        (json!({"name": "a", "limit": 0}), Kind::Invalid),
        (json!({"name": "a", "filter": {}}), Kind::Invalid),
        (json!({"name": "a", "after": "nonsense"}), Kind::Malformed),
    ] {
        let refused = ask(&database, None, "account_audit", wrong.clone()).await;
        assert_eq!(refused.unwrap_err().kind(), kind, "{wrong}");
    }

    let kept_to_itself = setup.builder().model::<Account>().open().unwrap();
    assert!(kept_to_itself.node("account_audit").is_err());
    let late = "DELETE FROM audit_entries";
    setup.sql(late);
    let (entries, _) = ask(&database, None, "account_audit", json!({"name": "b"}))
        .await
        .unwrap();
    assert_eq!(
        entries,
        json!([]),
        "a row that is there and older than its trail is found"
    );
}

async fn the_trail_of_a_row_is_shown_to_its_tenant_alone(setup: Setup) {
    let builder = setup.builder().model::<Seat>().audit_at_doors(true);
    let database = builder.open().unwrap();
    let ours = database.tenant("ours").repository::<Seat>().unwrap();
    let seat = Seat {
        row: "A".to_owned(),
        number: 1,
        house: String::new(),
        guest: None,
    };
    ours.create(&seat).await.unwrap();
    let key = json!({"row": "A", "number": 1});
    let (entries, _) = ask(&database, Some("ours"), "seat_audit", key.clone())
        .await
        .unwrap();
    assert_eq!(entries[0]["tenant"], "ours");
    let theirs = ask(&database, Some("theirs"), "seat_audit", key.clone()).await;
    assert!(theirs.unwrap_err().is_not_found());
    let nobodys = ask(&database, None, "seat_audit", key.clone()).await;
    assert_eq!(nobodys.unwrap_err().code().to_string(), "DF-305");

    // The key goes on to somebody else, who is not told what was before.
    ours.delete(&("A".to_owned(), 1)).await.unwrap();
    let theirs = database.tenant("theirs").repository::<Seat>().unwrap();
    theirs.create(&seat).await.unwrap();
    for (tenant, verbs) in [
        ("ours", vec!["delete", "create"]),
        ("theirs", vec!["create"]),
    ] {
        let (entries, _) = ask(&database, Some(tenant), "seat_audit", key.clone())
            .await
            .unwrap();
        let entries = entries.as_array().unwrap().iter();
        let found: Vec<&str> = entries
            .map(|entry| entry["verb"].as_str().unwrap())
            .collect();
        assert_eq!(found, verbs, "{tenant}");
    }
}

async fn what_became_secret_later_is_not_shown_of_older_entries(setup: Setup) {
    let mut document = serde_json::to_value(Account::schema()).unwrap();
    let before: ModelSchema = serde_json::from_value(document.clone()).unwrap();
    let open = |schema: ModelSchema| setup.builder().schema(schema).audit_at_doors(true).open();
    let create = json!({"name": "a", "number": 4711, "open": true});
    let database = open(before).unwrap();
    ask(&database, None, "account_create", create)
        .await
        .unwrap();

    document["fields"][1]["access"] = json!({"sensitive": true});
    let database = open(serde_json::from_value(document).unwrap()).unwrap();
    let trail = ask(&database, None, "account_audit", json!({"name": "a"})).await;
    let (entries, _) = trail.unwrap();
    let number = json!({"field": "number", "is_masked": true});
    assert_eq!(entries[0]["changes"][1], number);
    assert_eq!(
        entries[0]["changes"][2],
        json!({"field": "open", "after": true})
    );
}
