//! Rules of stored enums.

use dataflow_core::ModelEnum;

#[derive(ModelEnum)]
enum Status {
    Draft,
    #[model(rename = "draft")]
    Sketch,
    #[model(rename = "")]
    Nameless,
    #[model(renam = "x")]
    Misspelled,
    #[model(table = "x")]
    Misplaced,
    Holding(i64),
    Named { id: i64 },
}

#[derive(ModelEnum)]
#[model(rename = "empty")]
enum Empty {}

#[derive(ModelEnum)]
#[model(type = "")]
enum Untyped {
    #[model(type = "mood")]
    One,
}

#[derive(ModelEnum)]
enum Generic<T> {
    One(T),
}

fn main() {}
