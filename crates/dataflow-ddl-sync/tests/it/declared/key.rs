use dataflow_core::ModelSchema;
use dataflow_core::ddl::SyncOptions;
use dataflow_core::schema::{FieldType, Key};

use super::comes_back_equal;
use crate::models::{With, field, model, set};
use crate::setup::Setup;

/// A pair whose key has an order of its own.
fn pair(key: [&'static str; 2]) -> ModelSchema {
    let mut pair = model("Pair").with(field("other half", FieldType::String));
    pair.key = Key::composite(key);
    pair
}

#[test]
fn a_key_of_several_columns_comes_back_equal_in_its_order() {
    for key in [["id", "other half"], ["other half", "id"]] {
        for setup in Setup::both() {
            comes_back_equal(&setup, &[pair(key)]);
            setup.execute("INSERT INTO pairs VALUES (1, 'a'), (1, 'b'), (2, 'a')");
            let twice = setup.try_execute("INSERT INTO pairs VALUES (1, 'b')");
            assert!(twice.is_err());
        }
    }
}

#[test]
fn a_key_in_another_order_is_another_key() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[pair(["id", "other half"])]);
        let models = set([pair(["other half", "id"])]);
        let executor = setup.executor();
        let refused = executor.synchronize(&models, &SyncOptions::default());
        let error = format!("{:?}", refused.unwrap_err());
        assert!(error.contains("primary key"), "{error}");
    }
}
