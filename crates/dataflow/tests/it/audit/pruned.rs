use super::*;

on_every_database! {
    entries_before_a_time_are_pruned
    entries_past_their_time_go_by_themselves
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
