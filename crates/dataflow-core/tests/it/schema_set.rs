use std::borrow::Cow;

use dataflow_core::SchemaSet;
use dataflow_core::error::Kind;
use dataflow_core::schema::{
    DefaultValue, Evolution, FieldType, Index, Key, KeyGenerator, ModelSchema, RenamedField,
};

use crate::models::{belongs_to, field, model, post, user};

fn check(models: Vec<ModelSchema>, expected: &[&str]) {
    let schema_set = models.into_iter().fold(SchemaSet::new(), SchemaSet::schema);
    let error = schema_set.validated().unwrap_err();
    assert_eq!(error.kind(), Kind::Configuration);
    match expected {
        [only] => assert_eq!(error.message(), *only),
        many => assert_eq!(error.details(), many),
    }
}

#[test]
fn parents_stand_before_their_children() {
    let schema_set = SchemaSet::new()
        .schema(post())
        .schema(user())
        .validated()
        .unwrap();
    let names: Vec<_> = schema_set.models().map(|model| &*model.name).collect();
    assert_eq!(names, ["User", "Post"]);
}

#[test]
fn a_circle_of_relations_keeps_its_order() {
    let mut left = model("Left");
    left.fields.to_mut().push(field("right_id", FieldType::I64));
    left.relations = vec![belongs_to("right_id", "rights")].into();
    let mut right = model("Right");
    right.fields.to_mut().push(field("left_id", FieldType::I64));
    right.relations = vec![belongs_to("left_id", "lefts")].into();
    let schema_set = SchemaSet::new().schema(left).schema(right);
    let ordered = schema_set.clone().validated().unwrap();
    assert_eq!(ordered, schema_set);
}

#[test]
fn every_mistake_is_reported_at_once() {
    let mut twice = model("User");
    twice.table = "USERS".into();
    twice.key.fields = vec!["nothing".into()].into();
    check(
        vec![model("User"), twice],
        &[
            "model \"User\" is registered twice",
            "table \"USERS\" belongs to two models; give one of them #[model(table = \"…\")]",
            "model \"User\" has no primary key",
        ],
    );
}

#[test]
fn names_that_no_database_keeps_are_refused() {
    let mut long = model("Long");
    long.table = "t".repeat(64).into();
    check(
        vec![long],
        &[&format!(
            "model \"Long\": table name {:?} is longer than 63 bytes",
            "t".repeat(64)
        )],
    );
    let mut reserved = model("Reserved");
    reserved.table = "dataflow_model_registry".into();
    check(
        vec![reserved],
        &["table \"dataflow_model_registry\": names that begin with \"dataflow_\" are reserved"],
    );
}

#[test]
fn a_generator_makes_only_what_its_key_holds() {
    let mut wrong = model("Wrong");
    wrong.key.generator = KeyGenerator::UuidV7;
    check(
        vec![wrong],
        &["model \"Wrong\": primary key \"id\" has a type that its generator cannot make"],
    );
}

#[test]
fn a_key_of_several_fields_is_given_and_nothing_points_at_it() {
    let mut pair = model("Pair");
    pair.fields.to_mut().push(field("right", FieldType::I64));
    pair.key = Key::composite(["id", "right"]);
    let mut pointing = model("Pointing");
    pointing
        .fields
        .to_mut()
        .push(field("pair_id", FieldType::I64));
    pointing.relations = vec![belongs_to("pair_id", "pairs")].into();
    let mut made = pair.clone();
    (made.name, made.table) = ("Made".into(), "mades".into());
    made.key.generator = KeyGenerator::Serial;
    let mut counted = model("Counted");
    counted.without_rowid = true;
    let mut twice = pair.clone();
    (twice.name, twice.table) = ("Twice".into(), "twices".into());
    twice.key = Key::composite(["id", "id"]);
    check(
        vec![pair, pointing, made, counted, twice],
        &[
            "model \"Pointing\": field \"pair_id\" cannot hold the key of \"Pair\", which has \
             several fields; give that model a key of one field, and let these be unique together",
            "model \"Made\": a primary key of several fields is given by the caller, never generated",
            "model \"Counted\": a table without rowid counts no keys up; let the caller give them \
             (#[model(generate = \"none\")]), or keep the rowid",
            "model \"Twice\": primary key names field \"id\" twice",
        ],
    );
}

#[test]
fn a_default_must_fit_its_field() {
    let mut wrong = model("Wrong");
    let mut level = field("level", FieldType::I16);
    level.default = Some(DefaultValue::Integer(70_000));
    wrong.fields.to_mut().push(level);
    check(
        vec![wrong],
        &[
            "model \"Wrong\": the default of field \"level\" is refused: expected an integer from \
           -32768 to 32767",
        ],
    );
}

#[test]
fn an_index_covers_declared_fields() {
    let mut wrong = model("Wrong");
    wrong.indexes = vec![Index::over(["nothing"])].into();
    check(
        vec![wrong],
        &["model \"Wrong\": an index covers field \"nothing\", which is not declared"],
    );
}

#[test]
fn a_relation_points_at_a_registered_key_of_its_type() {
    check(
        vec![post()],
        &[
            "model \"Post\": field \"author_id\" belongs to table \"users\", whose model is not \
           registered",
        ],
    );
    let mut other = user();
    other.fields.to_mut()[0].field_type = FieldType::Uuid;
    check(
        vec![other, post()],
        &[
            "model \"Post\": field \"author_id\" holds a string, but the key of \"User\" is a UUID \
           string",
        ],
    );
}

/// Only a schema made at run time can name such things; the tables could not be planned.
#[test]
fn a_relation_stands_on_a_declared_field_and_points_at_the_key() {
    let mut nowhere = post();
    nowhere.relations = vec![belongs_to("nothing", "users")].into();
    check(
        vec![user(), nowhere],
        &["model \"Post\": a relation stands on field \"nothing\", which is not declared"],
    );
    let mut aside = post();
    aside.relations.to_mut()[0].column = "email".into();
    check(
        vec![user(), aside],
        &[
            "model \"Post\": field \"author_id\" points at column \"email\" of \"users\", whose key \
           is \"id\"",
        ],
    );
}

#[test]
fn the_default_of_a_json_field_is_a_json_document() {
    let mut wrong = model("Wrong");
    let mut tags = field("tags", FieldType::Json);
    tags.default = Some(DefaultValue::Text("[1,".into()));
    wrong.fields.to_mut().push(tags);
    check(
        vec![wrong],
        &["model \"Wrong\": the default of field \"tags\" is refused: expected a JSON document"],
    );
}

#[test]
fn hints_that_contradict_each_other_are_refused_with_both() {
    let renamed = |field: &'static str, from: &'static str| RenamedField {
        field: field.into(),
        from: from.into(),
    };
    let mut person = model("Person");
    let names = ["name", "nick"].map(|name| field(name, FieldType::String));
    person.fields.to_mut().extend(names);
    person.evolution = Evolution {
        renamed_from: Some("people".into()),
        renamed_fields: vec![renamed("name", "called"), renamed("nick", "called")].into(),
        dropped_columns: vec!["called".into()].into(),
        ..Evolution::NONE
    };
    let mut human = model("Human");
    human.evolution.renamed_from = Some("people".into());
    let set = SchemaSet::new().schema(person).schema(human);
    let error = set.drop_table("people").validated().unwrap_err();
    assert_eq!(
        error.details(),
        [
            "table \"people\" is to be dropped, but model \"Person\" is renamed from it",
            "table \"people\" is to be dropped, but model \"Human\" is renamed from it",
            "models \"Person\" and \"Human\" are both renamed from table \"people\"",
            "model \"Person\": column \"called\" is to be dropped, but field \"name\" is renamed from it",
            "model \"Person\": column \"called\" is to be dropped, but field \"nick\" is renamed from it",
            "model \"Person\": fields \"name\" and \"nick\" are both renamed from column \"called\"",
        ]
    );
}

#[test]
fn what_is_added_to_a_validated_set_is_checked_again() {
    let validated = || SchemaSet::new().schema(model("User")).validated().unwrap();
    assert!(matches!(
        validated().to_validated().unwrap(),
        Cow::Borrowed(_)
    ));
    let additions = [
        validated().schema(model("User")),
        validated().and(validated()),
        validated().drop_table("users"),
    ];
    for set in additions {
        set.to_validated().unwrap_err();
        set.validated().unwrap_err();
    }
}
