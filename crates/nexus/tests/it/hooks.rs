//! What an application attached to a model, at every door.

use dataflow::error::Kind;
use dataflow::{DataFlow, Draft, Error, Hooks, Model, Occasion, Result, Transaction};
use nexus::Nexus;
use serde_json::{Value as Json, json};

use crate::client::{call_tool, get, post};

#[derive(Debug, Clone, Model)]
struct Seat {
    #[model(primary_key)]
    row: String,
    number: i64,
    guest: Option<String>,
}

/// Seats have numbers from one, are given to nobody at first, and row Z is not sold.
struct Plan;

impl Hooks<Seat> for Plan {
    async fn before_write(
        &self,
        _: &Transaction,
        occasion: Occasion,
        seats: &mut [Draft<Seat>],
    ) -> Result<()> {
        for seat in seats {
            if seat.get(Seat::NUMBER)?.is_some_and(|number| number < 1) {
                return Err(seat.refusal(Seat::NUMBER, "begins at one"));
            }
            if occasion == Occasion::Create {
                seat.set(Seat::GUEST, None)?;
            }
        }
        Ok(())
    }

    async fn after_write(&self, _: &Transaction, _: Occasion, seats: &[Seat]) -> Result<()> {
        match seats.iter().any(|seat| seat.row == "Z") {
            true => Err(Error::new(Kind::Forbidden, "row Z is not sold")),
            false => Ok(()),
        }
    }
}

fn seat(row: &str, number: i64) -> Json {
    json!({"row": row, "number": number, "guest": "Ann"})
}

#[tokio::test]
async fn hooks_change_and_refuse_what_comes_in_by_http_and_mcp() {
    let db = DataFlow::builder("sqlite::memory:").model::<Seat>();
    let db = db.hooks::<Seat>(Plan).build().unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());

    let made = post(api, "/api/seats", &seat("A", 1)).await;
    assert_eq!((made.status, &made.json()["guest"]), (201, &Json::Null));
    let refused = post(api, "/api/seats", &seat("B", 0)).await;
    let problem = refused.json();
    assert_eq!(refused.status, 422, "{problem}");
    let fault = json!({"pointer": "/number", "code": "rule", "detail": "begins at one"});
    assert_eq!(problem["errors"][0], fault);
    let refused = post(api, "/api/seats", &seat("Z", 1)).await;
    let problem = refused.json();
    assert_eq!(
        (refused.status, &problem["detail"]),
        (403, &json!("row Z is not sold"))
    );
    let many = json!([seat("C", 1), seat("D", 0)]);
    let refused = post(api, "/api/seats", &many).await.json();
    assert_eq!(refused["errors"][0]["pointer"], "/1/number", "{refused}");

    let made = call_tool(mcp, "seat_create", seat("E", 1)).await;
    assert_eq!(made["structuredContent"]["guest"], Json::Null, "{made}");
    let refused = call_tool(mcp, "seat_create", seat("Z", 1)).await;
    assert_eq!(refused["isError"], true, "{refused}");
    assert!(
        refused.to_string().contains("row Z is not sold"),
        "{refused}"
    );

    let kept = get(api, "/api/seats?select=row&order=row").await.json();
    assert_eq!(kept, json!([{"row": "A"}, {"row": "E"}]));
}
