//! What a key of several fields cannot be.

use dataflow_core::Model;

#[derive(Model)]
struct Seat {
    #[model(primary_key)]
    hall: i64,
    #[model(primary_key)]
    number: i64,
}

#[derive(Model)]
struct Ticket {
    #[model(primary_key)]
    id: i64,
    #[model(belongs_to = Seat)]
    seat_id: i64,
}

fn main() {}
