use super::*;

on_every_database! {
    hooks_and_trail_see_each_row_of_a_filter
    what_a_hook_refuses_has_happened_to_no_row
}

/// Closes what is voted out, and keeps what is dear.
struct Desk;

impl Hooks<Ticket> for Desk {
    async fn before_write(
        &self,
        _: &Transaction,
        _: Occasion,
        tickets: &mut [Draft<Ticket>],
    ) -> Result<()> {
        for ticket in tickets {
            if ticket.added(Ticket::VOTES)? == Some(-1) {
                ticket.set(Ticket::OPEN, false)?;
            }
            if ticket.key()?.as_deref() == Some("dear") && ticket.get(Ticket::OPEN)? == Some(false)
            {
                return Err(ticket.refusal(Ticket::OPEN, "stays open"));
            }
        }
        Ok(())
    }

    async fn before_delete(&self, _: &Transaction, names: &[String]) -> Result<()> {
        match names.iter().any(|name| name == "dear") {
            true => Err(Error::new(Kind::Forbidden, "it is dear")),
            false => Ok(()),
        }
    }
}

async fn hooks_and_trail_see_each_row_of_a_filter(setup: Setup) {
    let database = builder(&setup).hooks::<Ticket>(Desk).open().unwrap();
    let tickets = tickets(&database, &["a", "b", "c"]).await;
    let some = || Ticket::NAME.is_in(["a", "b"]);
    let votes = |votes| [Ticket::VOTES.add(votes)];
    assert_eq!(tickets.update_where(some(), votes(1)).await.unwrap(), 2);
    assert_eq!(tickets.update_where(some(), votes(-1)).await.unwrap(), 2);
    let a = tickets.read(&"a".to_owned()).await.unwrap();
    assert_eq!((a.open, a.votes), (false, 0));
    let again = tickets.update_fields(&a.name, votes(-1)).await.unwrap();
    assert_eq!((again.open, again.votes), (false, -1));
    assert_eq!(tickets.delete_where(some()).await.unwrap(), 2);
    let none = tickets.delete_where(some()).await.unwrap();
    assert_eq!(none, 0);

    let trail = database.audit().unwrap().limit(1_000).list().await.unwrap();
    let of = |verb| {
        let entries = trail.rows.iter().filter(|entry| entry.verb == verb);
        entries
            .filter(|entry| entry.caller.as_deref() == Some("ann"))
            .count()
    };
    let counts = [AuditVerb::Create, AuditVerb::Update, AuditVerb::Delete].map(of);
    assert_eq!(counts, [3, 5, 2]);
}

async fn what_a_hook_refuses_has_happened_to_no_row(setup: Setup) {
    let database = builder(&setup).hooks::<Ticket>(Desk).open().unwrap();
    let tickets = tickets(&database, &["a", "dear"]).await;
    let close = [Ticket::OPEN.set(false)];
    let error = tickets
        .update_where(Filter::all(), close)
        .await
        .unwrap_err();
    assert_eq!(faults(&error), [("/open", FaultCode::Rule)]);
    let error = tickets.delete_where(Filter::all()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Forbidden);
    let open = tickets.count(Ticket::OPEN.eq(true)).await.unwrap();
    assert_eq!(open, 2);
    assert_eq!(
        database.audit().unwrap().count().await.unwrap(),
        2,
        "that they were created"
    );
}
