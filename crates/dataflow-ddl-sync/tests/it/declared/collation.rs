use dataflow_core::ModelSchema;
use dataflow_core::ddl::{Outcome, SyncOptions};
use dataflow_core::plan::Class;
use dataflow_core::schema::{Field, FieldType, Limit};

use super::{comes_back_equal, is_settled};
use crate::models::{With, field, model, set};
use crate::setup::Setup;

fn sorted(collation: Option<&'static str>) -> ModelSchema {
    let name = Field {
        collation: collation.map(Into::into),
        limit: Some(Limit::Length(30)),
        ..field("full name", FieldType::String)
    };
    model("Person").with(name).with_index(&["full name"], true)
}

/// A collation that is there and not the usual one.
fn other(setup: &Setup) -> &'static str {
    match setup.is_postgres() {
        true => "C",
        false => "nocase",
    }
}

#[test]
fn a_collation_comes_back_equal_and_is_compared_by() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[sorted(Some(other(&setup)))]);
    }
    let setup = Setup::sqlite();
    setup.outcome([sorted(Some("NOCASE"))]);
    setup.execute("INSERT INTO persons (\"full name\") VALUES ('Ada')");
    let twice = "INSERT INTO persons (\"full name\") VALUES ('ADA')";
    assert!(setup.try_execute(twice).is_err());
}

#[test]
fn another_collation_has_to_be_allowed_and_stays_when_it_is_declared_no_longer() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[sorted(None)]);
        setup.execute("INSERT INTO persons (\"full name\") VALUES ('Ada')");
        let collated = || sorted(Some(other(&setup)));
        let (models, executor) = (set([collated()]), setup.executor());
        let ready = setup.synchronize([collated()]).unwrap();
        assert!(ready.findings()[0].to_string().contains("collation"));
        let plan = executor.plan(&models).unwrap();
        assert_eq!(plan.class(), Some(Class::Rewrite), "{plan}");
        let options = SyncOptions::default();
        executor.apply(&models, &options, plan.hash()).unwrap();
        is_settled(&setup, &[collated()]);

        let mut wider = sorted(None);
        wider.fields.to_mut()[1].limit = Some(Limit::Length(40));
        assert_eq!(setup.outcome([wider]), Outcome::Applied { steps: 1 });
        let mut wider = collated();
        wider.fields.to_mut()[1].limit = Some(Limit::Length(40));
        is_settled(&setup, &[wider]);
    }
}
