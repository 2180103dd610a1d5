use tokio::sync::oneshot;

use super::*;

fn table() -> Arc<TableCache> {
    let cache = Cache::new(None);
    Arc::new(TableCache::new(cache, Duration::from_millis(20)))
}

fn statement() -> Statement {
    Statement::new("SELECT 1", Vec::new())
}

fn miss(table: &Arc<TableCache>) -> Load {
    match look_up(table, Value::Integer(1)) {
        Lookup::Miss(load) => load,
        Lookup::Hit(_) => panic!("the cache gave out what it should not have"),
    }
}

fn is_hit(table: &Arc<TableCache>) -> bool {
    matches!(look_up(table, Value::Integer(1)), Lookup::Hit(_))
}

fn look_up(table: &Arc<TableCache>, value: Value) -> Lookup {
    table.look_up(Box::default(), &statement(), &[value])
}

#[test]
fn what_was_stored_is_given_out_until_the_table_is_written_to() {
    let table = table();
    miss(&table).store(Arc::new([]));
    assert!(is_hit(&table));
    table.write(None).end();
    assert!(!is_hit(&table));
}

#[test]
fn a_read_that_a_write_overtook_is_not_stored() {
    let table = table();
    let load = miss(&table);
    table.write(None).end();
    load.store(Arc::new([]));
    assert!(!is_hit(&table));
}

#[test]
fn nothing_is_stored_while_a_write_whose_caller_left_may_still_take_effect() {
    let table = table();
    drop(table.write(None));
    miss(&table).store(Arc::new([]));
    assert!(!is_hit(&table));
    std::thread::sleep(table.longest_write);
    miss(&table).store(Arc::new([]));
    assert!(is_hit(&table));
}

#[test]
fn a_read_that_began_before_such_a_write_settled_is_not_stored() {
    let table = table();
    drop(table.write(None));
    let load = miss(&table);
    std::thread::sleep(table.longest_write);
    load.store(Arc::new([]));
    assert!(!is_hit(&table));
}

#[test]
fn a_write_that_takes_effect_after_all_patience_is_noticed() {
    let table = table();
    let tail = Tail::of(&table);
    drop(table.write(None));
    std::thread::sleep(table.longest_write);
    miss(&table).store(Arc::new([]));
    assert!(is_hit(&table));
    drop(tail);
    assert!(!is_hit(&table));
}

#[test]
fn other_values_are_another_read() {
    let table = table();
    miss(&table).store(Arc::new([]));
    let other = look_up(&table, Value::Text("1".to_owned()));
    assert!(matches!(other, Lookup::Miss(_)));
}

/// Asks for rows that are read once something is sent; nothing is, where somebody reads them.
fn ask(table: &Arc<TableCache>) -> (Reading, Option<oneshot::Sender<()>>) {
    let (send, receive) = oneshot::channel();
    let read = || {
        let read = async move {
            receive.await.expect("something is sent");
            Ok(Vec::new())
        };
        read.boxed()
    };
    match table.rows(&[], &statement(), &[], Company::Any, read) {
        Source::Kept(_) => panic!("nothing is kept yet"),
        Source::Joined(reading) => (reading, None),
        Source::Begun(reading) => (reading, Some(send)),
    }
}

#[test]
fn a_reader_that_leaves_strands_nobody_who_waits_with_it() {
    let table = table();
    let (mut first, send) = ask(&table);
    assert!((&mut first).now_or_never().is_none());
    let (mut idle, none) = ask(&table);
    assert!(none.is_none() && (&mut idle).now_or_never().is_none());
    drop(first);
    let (third, none) = ask(&table);
    assert!(none.is_none());
    send.expect("the first reads").send(()).unwrap();
    assert!(third.now_or_never().is_some(), "though the idle one waits");
}

#[test]
fn a_read_that_all_have_left_is_stopped_and_begun_again() {
    let table = table();
    let (first, send) = ask(&table);
    drop(first);
    assert!(send.expect("the first reads").is_closed());
    assert!(ask(&table).1.is_some());
}

#[test]
fn a_read_that_began_before_a_write_is_not_joined_after_it() {
    let table = table();
    let (early, send) = ask(&table);
    table.write(None).end();
    let (late, sent) = ask(&table);
    send.expect("the first reads").send(()).unwrap();
    assert!(early.now_or_never().is_some());
    assert!(late.clone().now_or_never().is_none());
    sent.expect("the second reads too").send(()).unwrap();
    assert!(late.now_or_never().is_some());
}

#[test]
fn a_read_of_two_tables_is_given_out_until_either_is_written_to() {
    let (own, other) = (table(), table());
    let look_up = || own.look_up(Box::new([other.clone()]), &statement(), &[]);
    let is_hit = || matches!(look_up(), Lookup::Hit(_));
    let store = || match look_up() {
        Lookup::Miss(load) => load.store(Arc::new([])),
        Lookup::Hit(_) => panic!("the cache gave out what it should not have"),
    };
    store();
    assert!(is_hit());
    other.write(None).end();
    assert!(!is_hit());
    store();
    own.write(None).end();
    assert!(!is_hit());
    store();
    drop(other.write(None));
    assert!(!is_hit());
}
