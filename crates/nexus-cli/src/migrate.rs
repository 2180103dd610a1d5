//! `nexus migrate`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{ArgGroup, Args};
use dataflow::SchemaSet;
use dataflow_core::ddl::{Migrations, SyncOptions};
use dataflow_core::inventory::Schemas;
use dataflow_ddl_sync::Imitator;
use nexus::migrate::{Verb, obey};
use nexus::{Error, Kind, Result, Source as _};

use crate::database::Database;
use crate::timeouts::Timeouts;

/// Which database is meant, and what it is to hold.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("target").multiple(false))]
pub(crate) struct Target {
    #[command(flatten)]
    database: Database,
    /// Plan from a schema file, as `migrate dump` writes it.
    #[arg(long, global = true, group = "target", value_name = "FILE")]
    schema: Option<PathBuf>,
    /// Plan from another database: make this one like that one. What only this one has is dropped,
    /// once the plan is approved; what cannot be expressed (operator classes, foreign tables, …) and
    /// differs is refused by name. Compared is the current schema of each connection, in full, or
    /// those of --schemas.
    #[arg(long, global = true, group = "target", value_name = "URL")]
    to: Option<String>,
    /// With --to, on PostgreSQL: the schemas that are compared, divided by commas, or * for all. One
    /// that only the target has is made, one that only this database has is dropped, once the plan
    /// is approved.
    #[arg(long, global = true, value_name = "NAMES", value_delimiter = ',')]
    schemas: Vec<String>,
    /// The application in the model registry; without --schema and --to, its registered models
    /// are the schema.
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        default_value_t = SyncOptions::default().application
    )]
    application: String,
    #[command(flatten)]
    timeouts: Timeouts,
}

/// Does what is asked.
///
/// # Errors
///
/// When the target cannot be read, and those of [`obey`].
pub(crate) fn migrate(target: &Target, verb: &Verb) -> Result<ExitCode> {
    obey(verb, &*target.migrations()?)
}

impl Target {
    fn migrations(&self) -> Result<Box<dyn Migrations>> {
        let url = self.database.url()?;
        if let Some(target) = &self.to {
            let executor = self.timeouts.executor(url.parse()?);
            let target = target
                .parse()
                .map_err(|error: Error| error.within("--to"))?;
            let imitator = Imitator::new(executor, self.timeouts.executor(target));
            return Ok(Box::new(match &*self.schemas {
                [] => imitator,
                [all] if all == "*" => imitator.schemas(Schemas::All),
                names => imitator.schemas(Schemas::Named(names.to_vec())),
            }));
        }
        if !self.schemas.is_empty() {
            let message = "--schemas says what of another database is meant, and none is named";
            return Err(Error::new(Kind::Configuration, message)
                .with_help("name the other database with --to"));
        }
        let models = match &self.schema {
            Some(path) => read(path)?,
            None => self.registered(&url)?,
        };
        self.timeouts
            .builder(url)
            .application_name(&self.application)
            .models(models)
            .build()?
            .migrations()
    }

    /// The models that the application registered in the database.
    fn registered(&self, url: &str) -> Result<SchemaSet> {
        let registered = self.timeouts.executor(url.parse()?).registered()?;
        let of_application = |name: &String| *name == self.application;
        let models: Vec<_> = registered
            .iter()
            .filter(|registered| of_application(&registered.application))
            .map(|registered| registered.model.clone())
            .collect();
        if models.is_empty() {
            let mut others: Vec<String> = registered
                .into_iter()
                .map(|registered| registered.application)
                .collect();
            others.dedup();
            let message = format!(
                "the registry holds no model of application {:?}",
                self.application
            );
            return Err(Error::new(Kind::NotFound, message)
                .with_details(
                    others
                        .iter()
                        .map(|name| format!("it knows {name:?}"))
                        .collect(),
                )
                .with_help("name another with --application, or a schema file with --schema"));
        }
        let schema_set = SchemaSet::new();
        Ok(models.into_iter().fold(schema_set, SchemaSet::schema))
    }
}

fn read(path: &Path) -> Result<SchemaSet> {
    let text = std::fs::read_to_string(path).map_err(|fault| {
        let message = format!("schema file {} cannot be read", path.display());
        Error::new(Kind::Configuration, message).with_source(fault)
    })?;
    SchemaSet::from_json(&text).map_err(|error| error.within(path.display()))
}
