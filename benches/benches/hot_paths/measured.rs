//! What it costs that operations are measured, with the recorder that servers install.

use std::hint::black_box;

use benches::people::{Person, ROWS};
use benches::race::Race;
use dataflow::{DataFlow, Repository};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::runtime::Runtime;

/// Races on a database that holds people already.
pub(super) fn run(runtime: &Runtime, url: &str, names: [&'static str; 2]) {
    // The other database has installed it where this is the second.
    let _ = PrometheusBuilder::new().install_recorder();
    let [plain, measured] = [false, true].map(|is_measured| open(url, is_measured));
    let [read, list] = names;
    let read_one = |repository: &Repository<Person>| {
        black_box(runtime.block_on(repository.read(&7)).expect("it is there"));
    };
    let list_all = |repository: &Repository<Person>| {
        let rows = repository.query().limit(ROWS as usize).list();
        black_box(runtime.block_on(rows).expect("it runs"));
    };
    Race::new(read, 60, 200)
        .by_cpu()
        .contender("not measured", || read_one(&plain))
        .contender("measured", || read_one(&measured))
        .run();
    Race::new(list, 60, 1)
        .by_cpu()
        .contender("not measured", || list_all(&plain))
        .contender("measured", || list_all(&measured))
        .run();
}

fn open(url: &str, is_measured: bool) -> Repository<Person> {
    let database = DataFlow::builder(url)
        .environment([("", ""); 0])
        .model::<Person>()
        .enable_metrics(is_measured)
        .open()
        .expect("the database opens");
    database.repository().expect("the model is registered")
}
