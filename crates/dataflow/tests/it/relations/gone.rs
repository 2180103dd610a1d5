//! What becomes of rows when the row that they point at goes.

use dataflow::Filter;

use super::*;
use crate::changes::Told;

on_every_database! {
    rows_that_pointed_at_a_row_that_is_gone_are_read_as_they_are_now
    rows_that_pointed_at_a_row_that_is_gone_are_told_as_changed
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Club {
    #[model(primary_key, client_key)]
    id: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Team {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(belongs_to = Club, on_delete = "cascade")]
    club_id: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Player {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(belongs_to = Team, on_delete = "set_null")]
    team_id: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Game {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(belongs_to = Team, on_delete = "set_default", default = 1)]
    host_id: i64,
}

fn clubs(setup: &Setup) -> dataflow::DataFlowBuilder {
    let builder = setup.builder().model::<Club>().model::<Team>();
    builder.model::<Player>().model::<Game>()
}

/// Teams 1 to 4, of which the last is of a club; players and games of each but the first have its
/// number.
async fn season(database: &DataFlow) {
    call(database, "club_create", json!({"id": 9}))
        .await
        .unwrap();
    let teams = json!([{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4, "club_id": 9}]);
    let players = [2, 3, 4].map(|id| json!({"id": id, "team_id": id}));
    let games = [2, 3, 4].map(|id| json!({"id": id, "host_id": id}));
    for (node, rows) in [
        ("team_bulk_create", teams),
        ("player_bulk_create", json!(players)),
        ("game_bulk_create", json!(games)),
    ] {
        call(database, node, json!({"rows": rows})).await.unwrap();
    }
}

async fn rows_that_pointed_at_a_row_that_is_gone_are_read_as_they_are_now(setup: Setup) {
    let fresh = clubs(&setup).open().unwrap();
    season(&fresh).await;
    let cached = clubs(&setup).enable_caching(true).open().unwrap();
    let teams_of_rows = async |database: &DataFlow| {
        let players = database.repository::<Player>().unwrap();
        let games = database.repository::<Game>().unwrap();
        let mut teams = Vec::new();
        for id in [2, 3, 4] {
            let (player, game) = (players.read(&id).await, games.read(&id).await);
            teams.push((player.unwrap().team_id, game.unwrap().host_id));
        }
        let listed = players.list(Filter::all()).await.unwrap().rows;
        let listed: Vec<_> = listed.into_iter().map(|player| player.team_id).collect();
        let read: Vec<_> = teams.iter().map(|(team_id, _)| *team_id).collect();
        assert_eq!(listed, read);
        let hosted = games.count(Game::HOST_ID.eq(1)).await.unwrap();
        let at_home = teams.iter().filter(|(_, host_id)| *host_id == 1);
        assert_eq!(hosted as usize, at_home.count());
        teams
    };
    let is_now = async |expected: [(Option<i64>, i64); 3]| {
        for database in [&fresh, &cached] {
            assert_eq!(teams_of_rows(database).await, expected);
        }
    };
    let free = (None, 1);
    is_now([(Some(2), 2), (Some(3), 3), (Some(4), 4)]).await;
    let teams = cached.repository::<Team>().unwrap();
    teams.delete(&2).await.unwrap();
    is_now([free, (Some(3), 3), (Some(4), 4)]).await;
    call(&cached, "team_bulk_delete", json!({"ids": [3]}))
        .await
        .unwrap();
    is_now([free, free, (Some(4), 4)]).await;
    let with_its_club = cached.transaction(async |tx| {
        let clubs = tx.repository::<Club>()?;
        clubs.delete(&9).await
    });
    with_its_club.await.unwrap();
    is_now([free; 3]).await;
    assert_eq!(teams.count(Filter::all()).await.unwrap(), 1);
}

async fn rows_that_pointed_at_a_row_that_is_gone_are_told_as_changed(setup: Setup) {
    let database = clubs(&setup).enable_changes(true).open().unwrap();
    season(&database).await;
    let mut told = Told::of(database.changes().from_oldest());
    let created = told.words(11).await;
    assert!(created.iter().all(|word| word.contains("create")));
    let mut told_of = async |node: &str, id: i64, count: usize| {
        call(&database, node, json!({"id": id})).await.unwrap();
        let mut words = told.words(count).await;
        words.sort();
        words
    };
    assert_eq!(
        told_of("team_delete", 2, 3).await,
        ["Game update 2", "Player update 2", "Team delete 2"]
    );
    assert_eq!(
        told_of("club_delete", 9, 4).await,
        [
            "Club delete 9",
            "Game update 4",
            "Player update 4",
            "Team delete 4"
        ]
    );
}
