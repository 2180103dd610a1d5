//! What must not grow: the cost of a read with the number of models, that of a page with its depth.

use std::hint::black_box;

use benches::models;
use benches::people::{self, Person, ROWS};
use benches::race::Race;
use dataflow::{DataFlow, Repository};
use tokio::runtime::Runtime;

const PAGE: usize = 20;

/// Races on a database that holds people already.
pub(super) fn run(runtime: &Runtime, url: &str, names: [&'static str; 2]) {
    let [pages, registered] = names;
    let repository = people::open(url);
    deep_pages(runtime, &repository, pages);
    many_models(runtime, &repository, url, registered);
}

fn deep_pages(runtime: &Runtime, repository: &Repository<Person>, name: &'static str) {
    let deep = runtime.block_on(async {
        let most = repository.query().limit(ROWS as usize - 2 * PAGE);
        most.list().await.expect("it runs").next
    });
    let deep = deep.expect("more rows follow");
    let page = || repository.query().limit(PAGE);
    let skipped = ROWS as usize - 2 * PAGE;
    Race::new(name, 60, 20)
        .contender("first page", || {
            black_box(runtime.block_on(page().list()).expect("it runs"));
        })
        .contender("after 9960 rows, by cursor", || {
            let list = page().after(deep.as_str()).list();
            black_box(runtime.block_on(list).expect("it runs"));
        })
        .contender("after 9960 rows, by offset", || {
            let list = page().offset(skipped).list();
            black_box(runtime.block_on(list).expect("it runs"));
        })
        .run();
}

fn many_models(runtime: &Runtime, alone: &Repository<Person>, url: &str, name: &'static str) {
    let crowd = DataFlow::builder(url)
        .environment([("", ""); 0])
        .models(models(300))
        .model::<Person>()
        .open()
        .expect("the tables are made");
    let among_many: Repository<Person> = crowd.repository().expect("the model is registered");
    let read = |repository: &Repository<Person>| {
        black_box(runtime.block_on(repository.read(&7)).expect("it is there"));
    };
    Race::new(name, 60, 200)
        .contender("1 model", || read(alone))
        .contender("301 models", || read(&among_many))
        .run();
}
