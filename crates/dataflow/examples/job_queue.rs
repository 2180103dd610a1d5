//! A queue of jobs that several workers share, each of which is done once:
//!
//! ```sh
//! cargo run -p dataflow --example job_queue
//! DATABASE_URL=postgres://user:password@host/database cargo run -p dataflow --example job_queue
//! ```
//!
//! A worker that dies in the middle of a job leaves it to the next, because its transaction is rolled
//! back. On PostgreSQL the workers may be programs of their own.

use dataflow::{DataFlow, IfLocked, Model};

#[derive(Debug, Clone, Model)]
struct Job {
    #[model(primary_key)]
    id: i64,
    address: String,
    #[model(default = false)]
    sent: bool,
}

#[tokio::main]
async fn main() -> dataflow::Result<()> {
    let url = std::env::var("DATABASE_URL").unwrap_or("sqlite::memory:".to_owned());
    let db = DataFlow::builder(url).model::<Job>().open_async().await?;
    let jobs = (1..=20).map(|number| Job {
        id: 0,
        address: format!("{number}@example.org"),
        sent: false,
    });
    let jobs: Vec<Job> = jobs.collect();
    db.repository::<Job>()?.bulk_create(&jobs).await?;

    let workers = (1..=4).map(|worker| tokio::spawn(work(db.clone(), worker)));
    for worker in workers.collect::<Vec<_>>() {
        let sent = worker.await.expect("a worker does not panic")?;
        println!("{sent} letters");
    }
    let left = db.repository::<Job>()?.count(Job::SENT.eq(false)).await?;
    println!("{left} left");
    Ok(())
}

/// Sends letters until there are none, and says how many.
async fn work(db: DataFlow, worker: u32) -> dataflow::Result<u32> {
    let mut sent = 0;
    while let Some(job) = send_next(&db).await? {
        println!("worker {worker}: {}", job.address);
        sent += 1;
    }
    Ok(sent)
}

/// Sends the oldest letter that no other worker has in hand.
async fn send_next(db: &DataFlow) -> dataflow::Result<Option<Job>> {
    db.transaction(async |tx| {
        let jobs = tx.repository::<Job>()?;
        let waiting = jobs.query().filter(Job::SENT.eq(false));
        let oldest = waiting.order_by(Job::ID.asc());
        let Some(job) = oldest.for_update(IfLocked::Skip).first().await? else {
            return Ok(None);
        };
        // Here the letter would be sent.
        let sent = jobs.update_fields(&job.id, [Job::SENT.set(true)]);
        sent.await.map(Some)
    })
    .await
}
