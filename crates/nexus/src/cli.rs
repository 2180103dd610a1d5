//! The command line of an application: the same operations, called from a shell.

mod command;
mod input;
mod print;
mod source;

use std::process::ExitCode;

use clap::Parser;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Context, Form, Object};
use nexus_core::Dispatch;

use crate::builder::NexusBuilder;
use crate::sources::Sources;
use crate::{migrate, sources, start};
use command::{Arguments, Verb};

/// What the shell is told when the command line cannot be understood.
const USAGE: u8 = 2;

/// The verb below which that code has another meaning.
const MIGRATE: &str = "migrate";

impl NexusBuilder {
    /// Does what the command line says: `serve` (also without a verb), `routes`, `list`,
    /// `run NAME --input field=value`, or `migrate plan` and its like, which plan from the compiled
    /// models. Databases are opened for the verbs that need them only, and nothing is migrated on
    /// the way to a `migrate` verb.
    ///
    /// The exit code is 0 when all went well and 2 when the command line cannot be understood; an
    /// error that `main` returns makes it 1. Below `migrate`, 2 says that changes are pending, and
    /// a command line that cannot be understood is 1.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run), and those of the operation that was called.
    pub fn cli(self) -> Result<ExitCode> {
        match Arguments::try_parse() {
            Ok(arguments) => self.obey(arguments.verb()),
            Err(refusal) => {
                // Without a terminal to print to, the exit code still tells.
                let _ = refusal.print();
                let is_help = !refusal.use_stderr();
                Ok(if is_help {
                    ExitCode::SUCCESS
                } else if std::env::args().any(|word| word == MIGRATE) {
                    ExitCode::FAILURE
                } else {
                    ExitCode::from(USAGE)
                })
            }
        }
    }

    fn obey(self, verb: Verb) -> Result<ExitCode> {
        match verb {
            Verb::Serve => self.run()?,
            Verb::Routes => print::routes(self.assemble()?.dispatch.registry()),
            Verb::List => print::operations(self.assemble()?.dispatch.registry()),
            Verb::Run { name, inputs } => {
                let dispatch = self.assemble()?.dispatch;
                start::runtime()?.block_on(call(&dispatch, &name, &inputs))?;
            }
            Verb::Migrate { source, verb } => {
                let dispatch = self.assemble()?.dispatch;
                let source = source::find(dispatch.registry().sources(), source.as_deref())?;
                return migrate::obey(&verb, &*source.migrations()?);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Opens the sources, calls one operation, prints what it gives.
async fn call(dispatch: &Dispatch, name: &str, inputs: &[String]) -> Result<()> {
    let operation = dispatch.registry().find(name).ok_or_else(|| {
        Error::new(Kind::NotFound, format!("operation {name:?} does not exist"))
            .with_help("`list` prints those there are")
    })?;
    let input: Object = input::read(operation.descriptor().input(), inputs)?;
    sources::open(dispatch).await?;
    let answer = dispatch
        .call(operation, &Context::new(Form::Value), input)
        .await;
    Sources::of(dispatch.registry()).close().await;
    print::answer(answer?);
    Ok(())
}
