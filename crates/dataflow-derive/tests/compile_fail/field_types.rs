//! The macro does not judge types: the traits' own messages speak, at the type.

use dataflow_core::Model;

struct Money;

#[derive(Model)]
struct Order {
    #[model(primary_key)]
    id: i64,
    total: Money,
    #[model(belongs_to = Money)]
    account: i64,
    #[model(belongs_to = Order)]
    replaces: Option<String>,
}

fn main() {}
