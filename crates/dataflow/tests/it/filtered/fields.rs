use super::*;

on_every_database! {
    columns_that_are_not_named_are_left_alone
    those_who_add_at_once_lose_nothing
    a_sum_keeps_the_rules_and_the_width_of_its_field
    what_is_not_given_is_refused_and_changes_nothing
}

async fn columns_that_are_not_named_are_left_alone(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    let before = tasks.read(&1).await.unwrap();
    let changes = [Task::STATE.set("done"), Task::HOURS.set(Some(1.5))];
    let after = tasks.update_fields(&1, changes).await.unwrap();
    assert!(after.updated_at > before.updated_at);
    let expected = Task {
        state: "done".to_owned(),
        hours: Some(1.5),
        version: 2,
        updated_at: after.updated_at,
        ..before
    };
    assert_eq!(after, expected);
    let null = [Task::HOURS.set(None)];
    assert_eq!(tasks.update_fields(&1, null).await.unwrap().hours, None);

    // Nothing to change is no change, and a row that is not there is not found.
    let same = tasks.update_fields(&1, []).await.unwrap();
    assert_eq!(same.version, 3);
    for out_of_reach in [4, 5, 6] {
        let change = [Task::STATE.set("done")];
        let error = tasks.update_fields(&out_of_reach, change).await;
        assert!(error.unwrap_err().is_not_found());
    }
}

async fn those_who_add_at_once_lose_nothing(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    let add = |_| tasks.update_fields(&1, [Task::POINTS.add(2), Task::HOURS.add(0.5)]);
    for added in join_all((0..20).map(add)).await {
        added.unwrap();
    }
    let task = tasks.read(&1).await.unwrap();
    assert_eq!((task.points, task.version), (50, 21));
    assert_eq!(task.hours, None, "a null stays null");
    let less = tasks.update_fields(&1, [Task::POINTS.add(-50)]).await;
    assert_eq!(less.unwrap().points, 0);
}

async fn a_sum_keeps_the_rules_and_the_width_of_its_field(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    for points in [91, -11, i16::MAX] {
        let error = tasks.update_fields(&1, [Task::POINTS.add(points)]).await;
        assert!(error.unwrap_err().is_invalid(), "{points}");
        let every = Filter::all();
        let error = tasks.update_where(every, [Task::POINTS.add(points)]).await;
        assert!(error.unwrap_err().is_invalid(), "{points}");
    }
    assert_eq!(tasks.read(&1).await.unwrap().points, 10);
    let shelves = database.repository::<Shelf>().unwrap();
    let name = "full".to_owned();
    let full = Shelf {
        name: name.clone(),
        books: i64::MAX,
    };
    shelves.create(&full).await.unwrap();
    let error = shelves.update_fields(&name, [Shelf::BOOKS.add(1)]).await;
    assert!(error.unwrap_err().is_invalid());
    assert_eq!(shelves.read(&name).await.unwrap(), full);

    // A function cannot be asked of what the database comes to.
    let error = tasks.update_fields(&1, [Task::PAIRS.add(2)]).await;
    assert_eq!(faults(&error.unwrap_err()), [("/pairs", FaultCode::Rule)]);
    let odd = tasks.update_fields(&1, [Task::PAIRS.set(3)]).await;
    assert_eq!(faults(&odd.unwrap_err()), [("/pairs", FaultCode::Rule)]);
}

async fn what_is_not_given_is_refused_and_changes_nothing(setup: Setup) {
    let database = builder(&setup).open().unwrap();
    let tasks = tasks(&database).await;
    let changes = || {
        [
            Task::ID.set(9),
            Task::TEAM.set("theirs"),
            Task::VERSION.add(1),
            Task::UPDATED_AT.set(DateTime::UNIX_EPOCH),
            Task::PARENT_ID.add(1),
            Task::POINTS.set(1),
            Task::POINTS.add(1),
        ]
    };
    let refused = [
        ("/id", FaultCode::Generated),
        ("/team", FaultCode::Generated),
        ("/version", FaultCode::Generated),
        ("/updated_at", FaultCode::Generated),
        ("/parent_id", FaultCode::Type),
        ("/points", FaultCode::Unknown),
    ];
    let error = tasks.update_fields(&1, changes()).await.unwrap_err();
    assert_eq!(faults(&error), refused);
    let error = tasks.update_where(Task::ID.eq(1), changes()).await;
    assert_eq!(faults(&error.unwrap_err()), refused);
    let error = tasks.update_where(Filter::all(), [Task::STATE.set("far too long")]);
    assert_eq!(
        faults(&error.await.unwrap_err()),
        [("/state", FaultCode::Range)]
    );
    assert_eq!(tasks.read(&1).await.unwrap().version, 1);
    let other = Filter::all().and_equal(Seat::schema(), "taken", Value::Bool(true));
    let error = tasks.delete_where(other.unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed, "a filter of another model");
}
