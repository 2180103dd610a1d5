//! What is to be served, as it was said: the settings understood, the registration yet to be done.
//!
//! Registering every operation of many models takes about as long as logging in to a database, so a
//! start does both at once. It needs to know the ports and the sources for that, and no more.

use std::sync::Arc;

use axum::Router;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Node, Source};
use nexus_core::config::{Config, Settings};
use nexus_core::discovery::{Bounds, Discovery, discover};
use nexus_core::metrics::Recorder;
use nexus_core::{Dispatch, Measured, Registry};

use crate::assembly::Assembly;
use crate::sources::Sources;

/// One thing that an application said it serves.
pub(crate) enum Registration {
    Source(Arc<dyn Source>),
    Node(Arc<dyn Node>),
    /// What could not even be said.
    Refused(Error),
}

/// What is to be served, with its settings understood.
pub(crate) struct Draft {
    pub(crate) settings: Settings,
    registrations: Vec<Registration>,
    own_routes: Option<Router>,
}

impl Draft {
    /// # Errors
    ///
    /// Every mistake of the settings, and then of the registration too.
    pub(crate) fn new(
        config: Config,
        registrations: Vec<Registration>,
        own_routes: Option<Router>,
    ) -> Result<Self> {
        match config.resolve() {
            Ok(settings) => Ok(Self {
                settings,
                registrations,
                own_routes,
            }),
            Err(mistake) => {
                let mut mistakes = registered(registrations).err().unwrap_or_default();
                mistakes.push(mistake);
                Err(as_one(mistakes))
            }
        }
    }

    /// The sources, in the order they were mounted.
    pub(crate) fn sources(&self) -> Sources {
        let as_source = |registration: &Registration| match registration {
            Registration::Source(source) => Some(source.clone()),
            Registration::Node(_) | Registration::Refused(_) => None,
        };
        Sources(self.registrations.iter().filter_map(as_source).collect())
    }

    /// Registers everything, and puts it together.
    ///
    /// # Errors
    ///
    /// Every mistake of the registration.
    pub(crate) fn assemble(self) -> Result<Assembly> {
        let settings = self.settings;
        let mut registry = registered(self.registrations).map_err(as_one)?;
        let discovery = match &settings.workflows_dir {
            Some(folder) => discover(folder, &Bounds::default(), &mut registry),
            None => Discovery::default(),
        };
        // The dispatch makes its series, and what is made before the recorder counts nothing.
        let (recorder, measured) = match settings.enable_metrics {
            true => (Some(Recorder::install()?), Measured::Yes),
            false => (None, Measured::No),
        };
        Ok(Assembly {
            dispatch: Dispatch::with(registry, settings.call_deadline, measured),
            settings,
            recorder,
            own_routes: self.own_routes,
            discovery,
        })
    }
}

/// A registry of everything, or every mistake.
fn registered(registrations: Vec<Registration>) -> Result<Registry, Vec<Error>> {
    let mut registry = Registry::new();
    let mut mistakes = Vec::new();
    for registration in registrations {
        let outcome = match registration {
            Registration::Source(source) => registry.mount(source),
            Registration::Node(node) => registry.register(node),
            Registration::Refused(mistake) => Err(mistake),
        };
        mistakes.extend(outcome.err());
    }
    match mistakes.is_empty() {
        true => Ok(registry),
        false => Err(mistakes),
    }
}

/// One error that tells all mistakes.
fn as_one(mut mistakes: Vec<Error>) -> Error {
    if mistakes.len() == 1 {
        return mistakes.remove(0);
    }
    let message = format!("{} mistakes in what is to be served", mistakes.len());
    let lines = mistakes.iter().flat_map(|mistake| {
        let line = match mistake.help() {
            Some(help) => format!("{mistake} ({help})"),
            None => mistake.to_string(),
        };
        std::iter::once(line).chain(mistake.details().iter().cloned())
    });
    Error::new(Kind::Configuration, message).with_details(lines.collect())
}
