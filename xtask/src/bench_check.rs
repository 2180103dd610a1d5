//! `cargo xtask bench-check`: how long `cargo check` of models takes, beside sea-orm.
//!
//! Two packages with the same models are written to the target folder. Their dependencies are
//! checked once; then, turn and turn about, each package alone is checked again and again.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use xshell::cmd;

use crate::stats::Times;
use crate::{Result, workspace};

#[derive(Args)]
pub(crate) struct Arguments {
    /// How many models of 8 fields each package has
    #[arg(long, default_value_t = 100)]
    models: usize,

    /// How often each package is checked
    #[arg(long, default_value_t = 10)]
    checks: usize,
}

/// Whose models are checked.
struct Contender {
    name: &'static str,
    dependencies: String,
    model: fn(usize) -> String,
}

pub(crate) fn run(arguments: &Arguments) -> Result {
    let folder = workspace::root().join("target/bench-check");
    let contenders = [dataflow(), sea_orm()];
    let mut packages = Vec::new();
    for contender in &contenders {
        let package = write(contender, &folder, arguments.models)?;
        check(&package, &folder)?;
        packages.push((contender.name, package, Times::default()));
    }
    for _ in 0..arguments.checks {
        for (_, package, times) in &mut packages {
            let source = package.join("src/lib.rs");
            std::fs::File::options()
                .append(true)
                .open(source)?
                .set_modified(std::time::SystemTime::now())?;
            let started = Instant::now();
            check(package, &folder)?;
            times.push(started.elapsed());
        }
    }
    println!("cargo check of {} models, ms", arguments.models);
    for (name, _, times) in &packages {
        let (median, minimum) = (times.median(), times.minimum());
        println!(
            "  {name:<10} median {:>7.0}  minimum {:>7.0}",
            median.unwrap_or_default(),
            minimum.unwrap_or_default()
        );
    }
    Ok(())
}

/// Writes a package, and returns its folder.
fn write(contender: &Contender, folder: &Path, models: usize) -> Result<PathBuf> {
    let package = folder.join(contender.name);
    std::fs::create_dir_all(package.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"checked-{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [workspace]\n\n[dependencies]\n{}\n",
        contender.name, contender.dependencies
    );
    let mut source = String::new();
    for number in 0..models {
        writeln!(source, "{}", (contender.model)(number))?;
    }
    std::fs::write(package.join("Cargo.toml"), manifest)?;
    std::fs::write(package.join("src/lib.rs"), source)?;
    Ok(package)
}

fn check(package: &Path, folder: &Path) -> Result {
    let shell = workspace::shell()?;
    shell.change_dir(package);
    shell.set_var("CARGO_TARGET_DIR", folder.join("target"));
    cmd!(shell, "cargo check --quiet").quiet().run()?;
    Ok(())
}

fn dataflow() -> Contender {
    let path = workspace::root().join("crates/dataflow");
    Contender {
        name: "dataflow",
        dependencies: format!("dataflow = {{ path = {path:?} }}"),
        model: |number| {
            format!(
                "#[derive(Debug, Clone, dataflow::Model)]
pub struct Model{number} {{
    #[model(primary_key)]
    pub id: i64,
    #[model(unique)]
    pub email: String,
    #[model(index)]
    pub name: String,
    pub age: Option<i32>,
    #[model(default = true)]
    pub active: bool,
    pub score: Option<f64>,
    pub visits: i64,
    pub note: Option<String>,
}}"
            )
        },
    }
}

fn sea_orm() -> Contender {
    Contender {
        name: "sea-orm",
        dependencies: "sea-orm = { version = \"2.0\", default-features = false, \
                       features = [\"macros\", \"runtime-tokio\", \"sqlx-postgres\"] }"
            .to_owned(),
        model: |number| {
            format!(
                "pub mod model{number} {{
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = \"model{number}s\")]
    pub struct Model {{
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(unique)]
        pub email: String,
        #[sea_orm(indexed)]
        pub name: String,
        pub age: Option<i32>,
        #[sea_orm(default_value = true)]
        pub active: bool,
        pub score: Option<f64>,
        pub visits: i64,
        pub note: Option<String>,
    }}

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {{}}

    impl ActiveModelBehavior for ActiveModel {{}}
}}"
            )
        },
    }
}
