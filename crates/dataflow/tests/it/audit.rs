use chrono::{DateTime, Utc};
use dataflow::error::Kind;
use dataflow::node::{Context, Form, Node as _, Source as _};
use dataflow::{
    AuditEntry, AuditVerb, DataFlow, Draft, Error, FieldChange, Hooks, Model, ModelSchema,
    Occasion, Repository, Result, Timestamp, Transaction,
};
use serde_json::{Value as Json, json};

use crate::setup::Setup;

on_every_database! {
    every_verb_leaves_what_it_changed_and_who_did
    nodes_name_the_caller_of_their_context
    what_is_sensitive_or_write_only_is_not_written_down
    what_is_undone_leaves_no_entry
    rows_of_several_keys_and_tenants_are_told_apart
    no_node_and_no_feed_shows_the_trail
    entries_before_a_time_are_pruned
    entries_past_their_time_go_by_themselves
    what_doors_show_of_the_trail_is_asked_for_and_only_read
    models_known_only_at_run_time_are_audited_alike
    the_trail_of_a_row_is_paged_newest_first_and_outlives_the_row
    the_trail_of_a_row_is_shown_to_its_tenant_alone
    what_became_secret_later_is_not_shown_of_older_entries
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(audit)]
struct Account {
    #[model(primary_key)]
    name: String,
    #[model(unique)]
    number: i64,
    open: bool,
    #[model(soft_delete)]
    closed_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(audit)]
struct Login {
    #[model(primary_key)]
    name: String,
    #[model(write_only)]
    password: String,
    #[model(sensitive)]
    phone: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(audit)]
struct Seat {
    #[model(primary_key)]
    row: String,
    #[model(primary_key)]
    number: i32,
    #[model(tenant)]
    house: String,
    guest: Option<String>,
}

fn account(name: &str, number: i64) -> Account {
    Account {
        name: name.to_owned(),
        number,
        open: true,
        closed_at: None,
    }
}

fn open(setup: &Setup) -> DataFlow {
    let builder = setup.builder().model::<Account>().model::<Login>();
    builder.model::<Seat>().open().unwrap()
}

async fn entries(database: &DataFlow) -> Vec<AuditEntry> {
    let query = database.audit().unwrap().order_by(AuditEntry::ID.asc());
    query.limit(1_000).list().await.unwrap().rows
}

fn in_words(entry: &AuditEntry) -> String {
    let changes = entry.changes.0.iter().map(|change| {
        let FieldChange {
            field,
            before,
            after,
            is_masked,
        } = change;
        match is_masked {
            true => format!("{field} masked"),
            false => format!("{field} {before}→{after}"),
        }
    });
    let changes: Vec<String> = changes.collect();
    let caller = entry.caller.as_deref().unwrap_or("nobody");
    let (verb, key) = (entry.verb, &entry.row_key);
    format!("{caller} {verb:?} {key}: {}", changes.join(", "))
}

/// What was written down since the last so many entries.
async fn since(database: &DataFlow, seen: &mut usize) -> Vec<String> {
    let entries = entries(database).await;
    let new = entries[*seen..].iter().map(in_words).collect();
    *seen = entries.len();
    new
}

async fn every_verb_leaves_what_it_changed_and_who_did(setup: Setup) {
    let database = open(&setup);
    let accounts: Repository<Account> = database.caller("ann").repository().unwrap();
    let mut seen = 0;
    accounts.create(&account("a", 1)).await.unwrap();
    accounts.update(&account("a", 2)).await.unwrap();
    accounts.update(&account("a", 2)).await.unwrap();
    accounts
        .upsert(&account("a", 3), Account::NAME)
        .await
        .unwrap();
    accounts
        .upsert(&account("b", 3), Account::NUMBER)
        .await
        .unwrap();
    let (new, change) = (account("c", 9), account("c", 8));
    for _ in 0..2 {
        accounts
            .create_or_update(&new, &change, Account::NAME)
            .await
            .unwrap();
    }
    let expected = [
        r#"ann Create ["a"]: name null→"a", number null→1, open null→true"#,
        r#"ann Update ["a"]: number 1→2"#,
        r#"ann Update ["a"]: number 2→3"#,
        r#"ann Create ["c"]: name null→"c", number null→9, open null→true"#,
        r#"ann Update ["c"]: number 9→8"#,
    ];
    assert_eq!(since(&database, &mut seen).await, expected);

    accounts
        .bulk_create(&[account("d", 11), account("e", 12)])
        .await
        .unwrap();
    accounts.bulk_load(&[account("f", 13)]).await.unwrap();
    accounts
        .bulk_update(&[account("d", 21), account("e", 22)])
        .await
        .unwrap();
    accounts
        .bulk_upsert(&[account("e", 32), account("g", 33)], Account::NAME)
        .await
        .unwrap();
    let verbs: Vec<(AuditVerb, String)> = entries(&database).await[seen..]
        .iter()
        .map(|entry| (entry.verb, entry.row_key.clone()))
        .collect();
    let expected = [
        (AuditVerb::Create, r#"["d"]"#),
        (AuditVerb::Create, r#"["e"]"#),
        (AuditVerb::Create, r#"["f"]"#),
        (AuditVerb::Update, r#"["d"]"#),
        (AuditVerb::Update, r#"["e"]"#),
        (AuditVerb::Update, r#"["e"]"#),
        (AuditVerb::Create, r#"["g"]"#),
    ];
    assert_eq!(verbs, expected.map(|(verb, key)| (verb, key.to_owned())));
    since(&database, &mut seen).await;

    let nobody = database.repository::<Account>().unwrap();
    nobody.delete(&"a".to_owned()).await.unwrap();
    nobody.restore(&"a".to_owned()).await.unwrap();
    nobody.purge(&"a".to_owned()).await.unwrap();
    assert_eq!(
        nobody
            .bulk_delete(&["d".to_owned(), "x".to_owned()])
            .await
            .unwrap(),
        1
    );
    let words = since(&database, &mut seen).await;
    assert!(
        words[0].starts_with(r#"nobody Delete ["a"]: closed_at null→"2"#),
        "{words:?}"
    );
    assert!(
        words[1].starts_with(r#"nobody Restore ["a"]: closed_at "2"#),
        "{words:?}"
    );
    assert!(words[1].ends_with("→null"), "{words:?}");
    assert_eq!(
        words[2],
        r#"nobody Delete ["a"]: name "a"→null, number 3→null, open true→null"#
    );
    assert!(
        words[3].starts_with(r#"nobody Delete ["d"]: closed_at"#),
        "{words:?}"
    );
    assert_eq!(words.len(), 4);

    let of_a = AuditEntry::of::<Account>(&"a".to_owned());
    assert_eq!(
        database
            .audit()
            .unwrap()
            .filter(of_a)
            .count()
            .await
            .unwrap(),
        6
    );
}

async fn nodes_name_the_caller_of_their_context(setup: Setup) {
    let database = open(&setup);
    let mut context = Context::new(Form::Value);
    context.caller = Some("bob".into());
    let calls = [
        (
            "account_create",
            json!({"name": "a", "number": 1, "open": true}),
        ),
        ("account_update", json!({"name": "a", "open": false})),
        (
            "account_bulk_update",
            json!({"rows": [{"name": "a", "number": 5}]}),
        ),
        ("account_delete", json!({"name": "a"})),
        ("account_restore", json!({"name": "a"})),
    ];
    for (node, input) in calls {
        let Json::Object(input) = input else {
            unreachable!()
        };
        let node = database.node(node).unwrap();
        node.call(&context, input).await.unwrap();
    }
    let entries = entries(&database).await;
    assert_eq!(entries.len(), 5);
    assert!(
        entries
            .iter()
            .all(|entry| entry.caller.as_deref() == Some("bob"))
    );
    assert_eq!(
        in_words(&entries[1]),
        r#"bob Update ["a"]: open true→false"#
    );
}

async fn what_is_sensitive_or_write_only_is_not_written_down(setup: Setup) {
    let database = open(&setup);
    let logins = database.repository::<Login>().unwrap();
    let login = |secret: &str| Login {
        name: "ann".to_owned(),
        password: secret.to_owned(),
        phone: Some(secret.to_owned()),
    };
    logins.create(&login("secret one")).await.unwrap();
    logins.update(&login("secret two")).await.unwrap();
    logins.delete(&"ann".to_owned()).await.unwrap();
    let words: Vec<String> = entries(&database).await.iter().map(in_words).collect();
    let expected = [
        r#"nobody Create ["ann"]: name null→"ann", password masked, phone masked"#,
        r#"nobody Update ["ann"]: password masked, phone masked"#,
        r#"nobody Delete ["ann"]: name "ann"→null, password masked, phone masked"#,
    ];
    assert_eq!(words, expected);
    let stored = "SELECT count(*) FROM audit_entries WHERE CAST(changes AS text) LIKE '%secret%'";
    assert_eq!(setup.sql(stored).as_deref(), Some("0"));
}

struct Refuses;

impl Hooks<Account> for Refuses {
    async fn before_write(
        &self,
        _: &Transaction,
        _: Occasion,
        accounts: &mut [Draft<Account>],
    ) -> Result<()> {
        for account in accounts {
            account.set(Account::OPEN, false)?;
        }
        Ok(())
    }

    async fn after_write(&self, _: &Transaction, _: Occasion, rows: &[Account]) -> Result<()> {
        match rows.iter().any(|row| row.number == 13) {
            true => Err(Error::new(Kind::Forbidden, "not that one")),
            false => Ok(()),
        }
    }
}

async fn what_is_undone_leaves_no_entry(setup: Setup) {
    let builder = setup.builder().model::<Account>().hooks::<Account>(Refuses);
    let database = builder.open().unwrap();
    let accounts = database.repository::<Account>().unwrap();
    assert!(accounts.create(&account("a", 13)).await.is_err());
    assert!(
        accounts
            .bulk_create(&[account("a", 1), account("b", 1)])
            .await
            .is_err()
    );
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Account>().unwrap();
    inside.create(&account("a", 1)).await.unwrap();
    tx.roll_back().await.unwrap();
    assert!(entries(&database).await.is_empty());

    accounts.create(&account("a", 1)).await.unwrap();
    let words: Vec<String> = entries(&database).await.iter().map(in_words).collect();
    let what_the_hook_gave =
        r#"nobody Create ["a"]: name null→"a", number null→1, open null→false"#;
    assert_eq!(words, [what_the_hook_gave]);
}

async fn rows_of_several_keys_and_tenants_are_told_apart(setup: Setup) {
    let database = open(&setup);
    let seat = |number| Seat {
        row: "A".to_owned(),
        number,
        house: String::new(),
        guest: None,
    };
    let ours = database.tenant("ours").repository::<Seat>().unwrap();
    ours.bulk_create(&[seat(1), seat(2)]).await.unwrap();
    let taken = Seat {
        guest: Some("Ann".to_owned()),
        ..seat(2)
    };
    ours.bulk_update(&[seat(1), taken]).await.unwrap();
    ours.bulk_delete(&[("A".to_owned(), 1)]).await.unwrap();
    let entries = entries(&database).await;
    let words: Vec<String> = entries[2..].iter().map(in_words).collect();
    let expected = [
        r#"nobody Update ["A",2]: guest null→"Ann""#,
        r#"nobody Delete ["A",1]: row "A"→null, number 1→null, house "ours"→null"#,
    ];
    assert_eq!(words, expected);
    assert!(
        entries
            .iter()
            .all(|entry| entry.tenant.as_deref() == Some("ours"))
    );
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

async fn entries_before_a_time_are_pruned(setup: Setup) {
    let database = open(&setup);
    let accounts = database.repository::<Account>().unwrap();
    let many: Vec<Account> = (0..7).map(|at| account(&at.to_string(), at)).collect();
    accounts.bulk_create(&many).await.unwrap();
    let first = entries(&database).await[0].written_at;
    assert_eq!(database.prune_audit(first).await.unwrap(), 0);
    let later = Timestamp::from_unix_micros(first.unix_micros() + 60_000_000);
    assert_eq!(database.prune_audit(later).await.unwrap(), 7);
    assert!(entries(&database).await.is_empty());
}

async fn entries_past_their_time_go_by_themselves(setup: Setup) {
    let builder = setup.builder().model::<Account>();
    let kept_for = std::time::Duration::from_secs(1);
    let database = builder.audit_kept_for(kept_for).open().unwrap();
    let accounts = database.repository::<Account>().unwrap();
    accounts.create(&account("a", 1)).await.unwrap();
    assert_eq!(entries(&database).await.len(), 1);
    let gone = async {
        while !entries(&database).await.is_empty() {
            tokio::time::sleep(kept_for / 20).await;
        }
    };
    let patience = std::time::Duration::from_secs(20);
    tokio::time::timeout(patience, gone).await.unwrap();

    let hasty = std::time::Duration::from_millis(999);
    let builder = setup.builder().model::<Account>().audit_kept_for(hasty);
    assert_eq!(builder.build().unwrap_err().kind(), Kind::Configuration);
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
