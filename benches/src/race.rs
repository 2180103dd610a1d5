//! Contenders that do the same, turn and turn about, so that a noisy minute hits all of them.

mod asked;

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use asked::Asked;

/// Several ways to do the same thing, each timed in every round.
///
/// Its name is printed above a table with a line for each contender: the median and the least time
/// of one lap, and both as ratios to the first contender.
pub struct Race<'a> {
    name: &'static str,
    rounds: usize,
    laps: usize,
    clock: fn() -> Duration,
    contenders: Vec<Contender<'a>>,
}

struct Contender<'a> {
    name: &'static str,
    prepare: Box<dyn FnMut() + 'a>,
    lap: Box<dyn FnMut() + 'a>,
    /// Of one lap, one of each round.
    times: Vec<Duration>,
}

impl<'a> Race<'a> {
    /// A race over so many rounds, in each of which every contender does so many laps.
    pub fn new(name: &'static str, rounds: usize, laps: usize) -> Self {
        Self {
            name,
            rounds,
            laps,
            clock: wall,
            contenders: Vec::new(),
        }
    }

    /// Measures what a lap costs this process, on all of its threads, rather than how long it takes.
    pub fn by_cpu(mut self) -> Self {
        self.clock = cpu;
        self
    }

    /// Adds who does a lap by calling `lap`.
    pub fn contender(self, name: &'static str, lap: impl FnMut() + 'a) -> Self {
        self.prepared(name, || (), lap)
    }

    /// Adds who has `prepare` called, untimed, before the laps of a round.
    pub fn prepared(
        mut self,
        name: &'static str,
        prepare: impl FnMut() + 'a,
        lap: impl FnMut() + 'a,
    ) -> Self {
        self.contenders.push(Contender {
            name,
            prepare: Box::new(prepare),
            lap: Box::new(lap),
            times: Vec::new(),
        });
        self
    }

    /// Does what the command line asks for, if that holds this race.
    ///
    /// - `--bench [PART OF A NAME …]`: runs it after one round that does not count, and prints it.
    /// - `--list`: prints a line for each contender: the race, the contender, the laps of a round.
    /// - `--laps COUNT RACE CONTENDER`: has one contender do so many laps, each prepared, so that a
    ///   profiler sees nothing else.
    /// - Neither, as in `cargo test --benches`: each contender does one lap, and nothing is printed.
    pub fn run(mut self) {
        match Asked::of(std::env::args().skip(1)) {
            Asked::Bench(names) if names.hold(self.name) => self.bench(),
            Asked::List => self.list(),
            Asked::Laps(laps, race, contender) if race == self.name => {
                let one = |each: &&mut Contender<'_>| each.name == contender;
                if let Some(contender) = self.contenders.iter_mut().find(one) {
                    for _ in 0..laps {
                        contender.lap();
                    }
                }
            }
            Asked::Test => {
                for contender in &mut self.contenders {
                    contender.lap();
                }
            }
            Asked::Bench(_) | Asked::Laps(..) => (),
        }
    }

    fn list(&self) {
        for contender in &self.contenders {
            println!("{}\t{}\t{}", self.name, contender.name, self.laps);
        }
    }

    fn bench(mut self) {
        let laps = self.laps;
        for round in 0..=self.rounds {
            let count = self.contenders.len();
            for turn in 0..count {
                let contender = &mut self.contenders[(round + turn) % count];
                let time = contender.round(laps, self.clock);
                if round > 0 {
                    contender.times.push(time);
                }
            }
        }
        self.print();
    }

    fn print(mut self) {
        for contender in &mut self.contenders {
            contender.times.sort();
        }
        println!("\n{}", self.name);
        println!(
            "  {:<28} {:>11} {:>7} {:>11} {:>7}",
            "", "median", "ratio", "minimum", "ratio"
        );
        let Some(first) = self.contenders.first() else {
            return;
        };
        let (first_median, first_least) = (first.median(), first.least());
        for contender in &self.contenders {
            let (median, least) = (contender.median(), contender.least());
            println!(
                "  {:<28} {:>11} {:>7.2} {:>11} {:>7.2}",
                contender.name,
                in_words(median),
                median.as_secs_f64() / first_median.as_secs_f64(),
                in_words(least),
                least.as_secs_f64() / first_least.as_secs_f64(),
            );
        }
    }
}

impl Contender<'_> {
    /// The time of one lap.
    fn round(&mut self, laps: usize, clock: fn() -> Duration) -> Duration {
        (self.prepare)();
        let started = clock();
        for _ in 0..laps {
            (self.lap)();
        }
        (clock() - started) / u32::try_from(laps).unwrap_or(u32::MAX)
    }

    /// A lap that is not timed: reading the clock fails under valgrind.
    fn lap(&mut self) {
        (self.prepare)();
        (self.lap)();
    }

    fn median(&self) -> Duration {
        self.times[self.times.len() / 2]
    }

    fn least(&self) -> Duration {
        self.times[0]
    }
}

/// The time that passes.
fn wall() -> Duration {
    since(ClockId::Monotonic)
}

/// The time that the threads of this process were at work.
fn cpu() -> Duration {
    since(ClockId::ProcessCPUTime)
}

fn since(clock: ClockId) -> Duration {
    let now = clock_gettime(clock);
    Duration::try_from(now).expect("a clock does not run below zero")
}

fn in_words(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        ..1_000.0 => format!("{micros:.2} µs"),
        _ => format!("{:.2} ms", micros / 1_000.0),
    }
}
