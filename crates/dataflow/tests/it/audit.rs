// What nodes show of the trail.
mod doors;
// Entries whose time is over.
mod pruned;

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
