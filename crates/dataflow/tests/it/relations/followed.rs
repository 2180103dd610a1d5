//! What the registration of models sees of their relations.

use dataflow::DataFlow;
use dataflow::schema::{Arity, Inverse, ModelSchema, Relation};

use super::*;

fn refusal(models: impl IntoIterator<Item = ModelSchema>) -> String {
    let mut builder = DataFlow::builder("sqlite::memory:").environment([("", ""); 0]);
    for model in models {
        builder = builder.schema(model);
    }
    format!("{:?}", builder.build().unwrap_err())
}

fn changed(change: impl FnOnce(&mut ModelSchema)) -> [ModelSchema; 2] {
    let mut user = User::schema().clone();
    user.inverses = vec![].into();
    let mut profile = Profile::schema().clone();
    change(&mut user);
    profile.indexes = vec![].into();
    [user, profile]
}

#[test]
fn a_relation_that_leads_nowhere_stops_the_start() {
    let inverse = |inverse: Inverse| changed(|user| user.inverses = vec![inverse].into());
    let cases = [
        (
            inverse(Inverse::new("pets", "pets", Arity::Many, "owner_id")),
            "whose model is not registered",
        ),
        (
            inverse(Inverse::new("profiles", "profiles", Arity::Many, "about")),
            "to belong to",
        ),
        (
            inverse(Inverse::new("profile", "profiles", Arity::One, "user_id")),
            "must be unique",
        ),
        (
            inverse(Inverse::new("name", "profiles", Arity::Many, "user_id")),
            "the name of a field or of another relation",
        ),
        (
            inverse(Inverse::new("inviter", "profiles", Arity::Many, "user_id")),
            "the name of a field or of another relation",
        ),
        (
            changed(|user| {
                let mut relation = Relation::new("inviter_id", "users", "id");
                relation.name = Some("a.b".into());
                user.relations = vec![relation].into();
            }),
            "can be called",
        ),
    ];
    for (models, words) in cases {
        let refusal = refusal(models);
        assert!(refusal.contains(words), "{words}: {refusal}");
    }
}
