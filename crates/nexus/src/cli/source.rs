//! Which of an application's sources is meant.

use std::sync::Arc;

use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::Source;

/// The source of a name; without a name, the only one that there is.
///
/// # Errors
///
/// When there is none, none of that name, or several and no name.
pub(super) fn find<'a>(
    sources: &'a [Arc<dyn Source>],
    name: Option<&str>,
) -> Result<&'a Arc<dyn Source>> {
    let names: Vec<String> = sources.iter().map(|source| source.name()).collect();
    match (sources, name) {
        ([], _) => Err(
            Error::new(Kind::NotFound, "the application has no database")
                .with_help("mount one: Nexus::builder().mount(&db)"),
        ),
        ([only], None) => Ok(only),
        (_, None) => Err(
            Error::new(Kind::Configuration, "the application has several databases")
                .with_details(names)
                .with_help("say which is meant with --source NAME"),
        ),
        (_, Some(wanted)) => {
            let position = names.iter().position(|name| name == wanted);
            position.map(|at| &sources[at]).ok_or_else(|| {
                let error = Error::new(
                    Kind::NotFound,
                    format!("the application has no database {wanted:?}"),
                );
                error.with_closest(wanted, names.iter().map(String::as_str))
            })
        }
    }
}
