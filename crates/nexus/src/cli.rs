//! The command line of an application: the same operations, called from a shell.

mod command;
mod input;
mod print;

use std::process::ExitCode;

use clap::Parser;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Context, Form, Object};
use nexus_core::Dispatch;

use crate::builder::NexusBuilder;
use crate::start;
use command::{Arguments, Verb};

/// What the shell is told when the command line cannot be understood.
const USAGE: u8 = 2;

impl NexusBuilder {
    /// Does what the command line says: `serve` (also without a verb), `routes`, `list`, or
    /// `run NAME --input field=value`. Databases are opened for the verbs that need them only.
    ///
    /// The exit code is 0 when all went well and 2 when the command line cannot be understood; an
    /// error that `main` returns makes it 1.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run), and those of the operation that was called.
    pub fn cli(self) -> Result<ExitCode> {
        match Arguments::try_parse() {
            Ok(arguments) => self.obey(arguments.verb()).map(|()| ExitCode::SUCCESS),
            Err(refusal) => {
                // Without a terminal to print to, the exit code still tells.
                let _ = refusal.print();
                let is_help = !refusal.use_stderr();
                Ok(if is_help {
                    ExitCode::SUCCESS
                } else {
                    ExitCode::from(USAGE)
                })
            }
        }
    }

    fn obey(self, verb: Verb) -> Result<()> {
        match verb {
            Verb::Serve => self.run(),
            Verb::Routes => {
                print::routes(self.checked()?.dispatch.registry());
                Ok(())
            }
            Verb::List => {
                print::operations(self.checked()?.dispatch.registry());
                Ok(())
            }
            Verb::Run { name, inputs } => {
                let dispatch = self.checked()?.dispatch;
                start::runtime()?.block_on(call(&dispatch, &name, &inputs))
            }
        }
    }
}

/// Opens the sources, calls one operation, prints what it gives.
async fn call(dispatch: &Dispatch, name: &str, inputs: &[String]) -> Result<()> {
    let operation = dispatch.registry().find(name).ok_or_else(|| {
        Error::new(Kind::NotFound, format!("operation {name:?} does not exist"))
            .with_help("`list` prints those there are")
    })?;
    let input: Object = input::read(operation.descriptor().input(), inputs)?;
    start::open(dispatch).await?;
    let answer = dispatch
        .call(operation, &Context::new(Form::Value), input)
        .await;
    start::close(dispatch.registry().sources()).await;
    print::answer(answer?);
    Ok(())
}
