use super::*;

on_every_database! {
    nodes_with_a_scope_work_inside
    a_scope_of_another_database_is_refused
}

async fn nodes_with_a_scope_work_inside(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let create = database.node("country_create").unwrap();
    let input = json!({"code": "it", "name": "Italy"});
    let input = input.as_object().unwrap();
    for is_kept in [false, true] {
        let scope = scope_of(&database).await.unwrap();
        let mut context = Context::new(Form::Value);
        context.scope = Some(scope.clone());
        create.call(&context, input.clone()).await.unwrap();
        assert_eq!(countries.count(Filter::all()).await.unwrap(), 0);
        match is_kept {
            true => scope.commit().await.unwrap(),
            false => scope.roll_back().await,
        }
        let error = create.call(&context, input.clone()).await.unwrap_err();
        assert!(error.to_string().contains("is over"), "{error}");
    }
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);

    let tx = database.begin().await.unwrap();
    let mut context = Context::new(Form::Value);
    context.scope = Some(tx.scope());
    let delete = database.node("country_delete").unwrap();
    let input = json!({"code": "it"}).as_object().unwrap().clone();
    delete.call(&context, input).await.unwrap();
    tx.roll_back().await.unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 1);
}

/// As a caller has it who knows only sources and nodes.
async fn scope_of(source: &dyn Source) -> Result<Arc<dyn Scope>> {
    source.begin().await
}

async fn a_scope_of_another_database_is_refused(setup: Setup) {
    let (database, other) = (setup.open(), Setup::sqlite());
    let other = other.open();
    let mut context = Context::new(Form::Value);
    context.scope = Some(scope_of(&other).await.unwrap());
    let create = database.node("country_create").unwrap();
    let input = json!({"code": "it", "name": "Italy"});
    let error = create
        .call(&context, input.as_object().unwrap().clone())
        .await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.to_string().contains("Country"), "{error}");
}
