use dataflow::error::{FaultCode, Kind};
use dataflow::node::{Context, Form, Node as _};
use dataflow::query::{IsNull, Listing, Sort, Start};
use dataflow::{DataFlow, Filter, Model, Predicate, Repository};
use dataflow_core::dialect::{Postgres, Sqlite, dml};
use serde_json::{Value as Json, json};

use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    pages_of_any_order_together_hold_every_row_once
    rows_come_in_the_order_that_was_asked_for
    a_cursor_leads_nowhere_in_another_order
    an_offset_passes_rows_over
    selected_columns_are_read_as_their_types
    distinct_rows_are_given_once_page_by_page
    a_list_as_data_sorts_selects_and_goes_on
    what_a_list_cannot_mean_is_refused_at_its_place
    a_deep_page_reads_no_more_rows_than_the_first
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(index(team, rank))]
struct Player {
    #[model(primary_key, client_key)]
    id: i64,
    team: Option<String>,
    rank: Option<i32>,
    score: f64,
}

fn player(id: i64, team: Option<&str>, rank: Option<i32>, score: f64) -> Player {
    let team = team.map(str::to_owned);
    Player {
        id,
        team,
        rank,
        score,
    }
}

/// Each combination of a team or none, a rank or none, twice.
fn squad() -> Vec<Player> {
    let mut players = Vec::new();
    for team in [Some("b"), None, Some("a")] {
        for rank in [None, Some(2), Some(1)] {
            for score in [0.5, 0.25] {
                let id = i64::try_from(players.len()).unwrap();
                players.push(player((id * 7) % 18, team, rank, score));
            }
        }
    }
    players
}

async fn players(setup: &Setup) -> (DataFlow, Repository<Player>) {
    let database = setup.builder().model::<Player>().open().unwrap();
    let players = database.repository::<Player>().unwrap();
    players.bulk_create(&squad()).await.unwrap();
    (database, players)
}

type Sorts = fn() -> Vec<Sort<Player>>;

/// Orders of one and both directions, with nulls at either end, with and without the key.
const ORDERS: [Sorts; 13] = [
    || vec![],
    || vec![Player::ID.desc()],
    || vec![Player::SCORE.asc()],
    || vec![Player::SCORE.desc(), Player::ID.desc()],
    || vec![Player::SCORE.desc(), Player::ID.asc()],
    || vec![Player::RANK.asc()],
    || vec![Player::RANK.asc().nulls_first()],
    || vec![Player::RANK.desc()],
    || vec![Player::RANK.desc().nulls_last()],
    || vec![Player::TEAM.asc(), Player::RANK.desc().nulls_last()],
    || {
        vec![
            Player::TEAM.desc(),
            Player::RANK.asc().nulls_first(),
            Player::SCORE.desc(),
        ]
    },
    || {
        vec![
            Player::TEAM.desc().nulls_last(),
            Player::ID.desc(),
            Player::RANK.asc(),
        ]
    },
    || vec![Player::TEAM.asc(), Player::TEAM.desc(), Player::SCORE.asc()],
];

async fn pages_of_any_order_together_hold_every_row_once(setup: Setup) {
    let (_, players) = players(&setup).await;
    let filters: [fn() -> Predicate<Player>; 2] = [
        || Player::ID.gte(0),
        || Player::SCORE.eq(0.5).or(Player::RANK.is_null()),
    ];
    for (number, order) in ORDERS.iter().enumerate() {
        for filter in filters {
            let query = || {
                let query = players.query().filter(filter());
                order()
                    .into_iter()
                    .fold(query, |query, sort| query.order_by(sort))
            };
            let whole = query().limit(100).list().await.unwrap();
            assert_eq!(whole.next, None);
            for size in [1, 2, 5] {
                let mut rows = Vec::new();
                let mut page = query().limit(size).list().await.unwrap();
                loop {
                    rows.append(&mut page.rows);
                    let Some(cursor) = page.next else { break };
                    page = query().limit(size).after(cursor).list().await.unwrap();
                }
                assert_eq!(rows, whole.rows, "order {number}, pages of {size}");
            }
        }
    }
}

async fn rows_come_in_the_order_that_was_asked_for(setup: Setup) {
    let (_, players) = players(&setup).await;
    let ranks = async |sort| {
        let query = players
            .query()
            .filter(Player::SCORE.eq(0.5).and(Player::TEAM.eq("a")));
        let rows = query
            .order_by(sort)
            .select(Player::RANK)
            .list()
            .await
            .unwrap();
        rows.rows
    };
    assert_eq!(ranks(Player::RANK.asc()).await, [Some(1), Some(2), None]);
    assert_eq!(ranks(Player::RANK.desc()).await, [None, Some(2), Some(1)]);
    assert_eq!(
        ranks(Player::RANK.asc().nulls_first()).await,
        [None, Some(1), Some(2)]
    );
    assert_eq!(
        ranks(Player::RANK.desc().nulls_last()).await,
        [Some(2), Some(1), None]
    );
}

async fn a_cursor_leads_nowhere_in_another_order(setup: Setup) {
    let (_, players) = players(&setup).await;
    let first = players
        .query()
        .order_by(Player::RANK.asc())
        .limit(1)
        .list()
        .await
        .unwrap();
    let cursor = first.next.unwrap();
    let others = [
        players.query(),
        players.query().order_by(Player::RANK.desc()),
        players.query().order_by(Player::RANK.asc().nulls_first()),
        players
            .query()
            .order_by(Player::RANK.asc())
            .order_by(Player::SCORE.asc()),
    ];
    for other in others {
        let error = other.after(cursor.clone()).list().await.unwrap_err();
        assert_eq!(error.kind(), Kind::Malformed, "{error:?}");
    }
    for broken in ["", "%", "AAAA", "bnVsbA", "e30"] {
        let error = players.query().after(broken).list().await.unwrap_err();
        assert_eq!(error.kind(), Kind::Malformed, "{broken}");
    }
}

async fn an_offset_passes_rows_over(setup: Setup) {
    let (_, players) = players(&setup).await;
    let query = || players.query().order_by(Player::RANK.desc());
    let whole = query().list().await.unwrap();
    let page = query().offset(5).limit(3).list().await.unwrap();
    assert_eq!(page.rows, whole.rows[5..8]);
    let next = query().after(page.next.unwrap()).list().await.unwrap();
    assert_eq!(next.rows, whole.rows[8..]);
    let beyond = query().offset(usize::MAX).list().await.unwrap();
    assert_eq!((beyond.rows.len(), beyond.next), (0, None));
}

async fn selected_columns_are_read_as_their_types(setup: Setup) {
    let (_, players) = players(&setup).await;
    let query = || players.query().filter(Player::ID.lt(2));
    let columns = (Player::SCORE, Player::TEAM, Player::ID);
    let rows = query().select(columns).list().await.unwrap().rows;
    assert_eq!(
        rows,
        [
            (0.5, Some("b".to_owned()), 0),
            (0.25, Some("a".to_owned()), 1)
        ]
    );
    let ids = query()
        .select(Player::ID)
        .order_by(Player::ID.desc())
        .list()
        .await
        .unwrap();
    assert_eq!(ids.rows, [1, 0]);
    let first = query().select((Player::ID,)).first().await.unwrap();
    assert_eq!(first, Some((0,)));
}

async fn distinct_rows_are_given_once_page_by_page(setup: Setup) {
    let (_, players) = players(&setup).await;
    let query = || {
        players
            .query()
            .select((Player::TEAM, Player::SCORE))
            .distinct()
    };
    let whole = query().list().await.unwrap().rows;
    let named = |team: Option<&str>| team.map(str::to_owned);
    assert_eq!(
        whole,
        [
            (named(Some("a")), 0.25),
            (named(Some("a")), 0.5),
            (named(Some("b")), 0.25),
            (named(Some("b")), 0.5),
            (None, 0.25),
            (None, 0.5),
        ]
    );
    let sorted = || query().order_by(Player::SCORE.desc()).limit(4);
    let first = sorted().list().await.unwrap();
    let second = sorted().after(first.next.unwrap()).list().await.unwrap();
    assert_eq!(
        (first.rows.len(), second.rows.len(), second.next),
        (4, 2, None)
    );
    assert_eq!(first.rows[0], (named(Some("a")), 0.5));
    let teams = players
        .query()
        .select(Player::TEAM)
        .distinct()
        .list()
        .await
        .unwrap();
    assert_eq!(teams.rows, [named(Some("a")), named(Some("b")), None]);
}

async fn a_list_as_data_sorts_selects_and_goes_on(setup: Setup) {
    let (database, players) = players(&setup).await;
    let input = json!({
        "filter": {"score": 0.5}, "order": ["rank.desc.nullslast", "team"], "limit": 4,
    });
    let typed = players
        .query()
        .filter(Player::SCORE.eq(0.5))
        .order_by(Player::RANK.desc().nulls_last())
        .order_by(Player::TEAM.asc())
        .select(Player::ID)
        .list()
        .await
        .unwrap();
    let node = database.node("player_list").unwrap();
    let mut ids = Vec::new();
    let mut input = input;
    loop {
        let context = Context::new(Form::Bytes);
        let answer = node
            .call(&context, input.as_object().unwrap().clone())
            .await
            .unwrap();
        let rows: Json = serde_json::from_slice(&answer.body.into_bytes()).unwrap();
        ids.extend(
            rows.as_array()
                .unwrap()
                .iter()
                .map(|row| row["id"].as_i64().unwrap()),
        );
        match answer.next {
            Some(next) => input["after"] = next.into(),
            None => break,
        }
    }
    assert_eq!(ids, typed.rows);

    let some = json!({"fields": ["rank", "id"], "order": ["score", "id"], "limit": 2});
    let rows = call(&database, "player_list", some).await.unwrap();
    let keys: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["rank", "id"]);
    let distinct = json!({"fields": ["team"], "distinct": true, "offset": 1});
    let rows = call(&database, "player_list", distinct).await.unwrap();
    assert_eq!(rows, json!([{"team": "b"}, {"team": null}]));
    let output = &node.descriptor().output();
    assert_eq!(output.faults(&rows), []);
}

async fn what_a_list_cannot_mean_is_refused_at_its_place(setup: Setup) {
    let (database, _) = players(&setup).await;
    let cases = [
        (
            json!({"order": ["rnak"]}),
            Kind::Malformed,
            "/order/0",
            "rank",
        ),
        (
            json!({"order": ["id", "rank.down"]}),
            Kind::Malformed,
            "/order/1",
            "down",
        ),
        (json!({"order": "rank"}), Kind::Invalid, "/order", "array"),
        (
            json!({"fields": ["id", "rnak"]}),
            Kind::Malformed,
            "/fields/1",
            "rank",
        ),
        (
            json!({"fields": ["id", "id"]}),
            Kind::Invalid,
            "/fields/1",
            "twice",
        ),
        (
            json!({"fields": []}),
            Kind::Invalid,
            "/fields",
            "at least one",
        ),
        (
            json!({"distinct": 1}),
            Kind::Invalid,
            "/distinct",
            "true or false",
        ),
        (json!({"offset": -1}), Kind::Invalid, "/offset", "from 0"),
        (
            json!({"offset": 100_001}),
            Kind::Invalid,
            "/offset",
            "100000",
        ),
        (
            json!({"offset": 1, "after": "x"}),
            Kind::Invalid,
            "/offset",
            "beside",
        ),
        (json!({"limit": 0}), Kind::Invalid, "/limit", "from 1"),
        (json!({"after": 1}), Kind::Invalid, "/after", "string"),
    ];
    for (input, kind, pointer, words) in cases {
        let error = call(&database, "player_list", input.clone())
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), &*error.faults()[0].pointer),
            (kind, pointer),
            "{input}"
        );
        assert!(format!("{error:?}").contains(words), "{input}: {error:?}");
    }
    let unknown = json!({"filter": {"$or": [{"rnak": 1}]}});
    let error = call(&database, "player_list", unknown).await.unwrap_err();
    assert_eq!(error.faults()[0].pointer, "/filter/$or/0/rnak");
    assert_eq!(error.faults()[0].code, FaultCode::Unknown);
}

/// In an order of both directions over columns that may be null, which no comparison of rows says.
async fn a_deep_page_reads_no_more_rows_than_the_first(setup: Setup) {
    let _players = players(&setup).await;
    let model = Player::schema();
    let order = [Player::TEAM.desc().nulls_last(), Player::RANK.asc()].map(Sort::into_order);
    let after = Start::After(vec![IsNull::No; 3]);
    let listing = Listing::of_rows(model, &order).starting(after);
    if setup.is_sqlite() {
        setup.sql("CREATE INDEX players_by_team ON players (team DESC, rank, id)");
        let statement = dml::list(model, &Sqlite, &Filter::all(), &listing).unwrap();
        let plan = setup.sql_rows(&format!("EXPLAIN QUERY PLAN {}", statement.sql()), 3);
        let reads: Vec<&String> = plan
            .iter()
            .filter(|line| line.contains(" players"))
            .collect();
        assert_eq!(reads.len(), 5, "{plan:?}");
        for read in reads {
            assert!(read.starts_with("SEARCH players USING INDEX"), "{plan:?}");
        }
        return;
    }
    setup.sql(
        "INSERT INTO players (id, team, rank, score) \
         SELECT n, 't' || n % 100, CASE WHEN n % 7 > 0 THEN n % 50 END, 0 \
         FROM generate_series(100, 20000) AS n",
    );
    setup.sql("CREATE INDEX players_by_team ON players (team DESC NULLS LAST, rank, id)");
    setup.sql("VACUUM ANALYZE players");
    let statement = dml::list(model, &Postgres, &Filter::all(), &listing).unwrap();
    let explained = setup.sql(&format!(
        "PREPARE page AS {}; \
         EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE page ('t11', 40, 16011, 11)",
        statement.sql()
    ));
    let plan: Json = serde_json::from_str(&explained.unwrap()).unwrap();
    let read = rows_read(&plan[0]["Plan"]);
    assert!((11..=55).contains(&read), "{read} rows: {plan:#}");
}

/// How many rows the scans of a plan gave or threw away.
fn rows_read(plan: &Json) -> u64 {
    let inner: u64 = plan["Plans"]
        .as_array()
        .into_iter()
        .flatten()
        .map(rows_read)
        .sum();
    if plan["Relation Name"].is_null() {
        return inner;
    }
    let number = |name: &str| plan[name].as_f64().unwrap_or_default() as u64;
    inner + number("Actual Rows") + number("Rows Removed by Filter")
}
