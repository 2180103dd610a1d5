//! What it costs to write rows as JSON: fields walked into bytes, into a tree, and by serde.

use criterion::{Criterion, criterion_group, criterion_main};
use dataflow_core::row::{JsonBytes, JsonValues, RowSink};
use dataflow_core::value::Timestamp;

const ROWS: i64 = 100;

fn write_rows(sink: &mut impl RowSink) {
    for id in 0..ROWS {
        sink.begin_row();
        sink.name("id");
        sink.integer(id);
        sink.name("email");
        sink.text("ada@example.org");
        sink.name("active");
        sink.bool(true);
        sink.name("created_at");
        sink.timestamp(Timestamp::from_unix_micros(1_795_420_800_000_000 + id));
        sink.end_row();
    }
}

fn rows_as_json(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("100 rows of 4 fields");
    group.bench_function("to bytes", |bencher| {
        bencher.iter(|| {
            let mut sink = JsonBytes::array();
            write_rows(&mut sink);
            sink.finish()
        });
    });
    group.bench_function("to a tree, then bytes", |bencher| {
        bencher.iter(|| {
            let mut sink = JsonValues::default();
            write_rows(&mut sink);
            serde_json::to_vec(&sink.into_rows())
        });
    });
    group.finish();
}

criterion_group!(rows, rows_as_json);
criterion_main!(rows);
