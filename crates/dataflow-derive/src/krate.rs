//! How the user's crate calls the foundation.
//!
//! Generated code needs a path to `__private`, which dataflow-core and dataflow both have, under
//! whatever name the user's manifest gives them. The manifest is read here rather than by a library
//! because the libraries put dependencies and dev-dependencies into one pot, and a crate that only
//! tests may use cannot be named in code that is not a test.

use std::cell::LazyCell;
use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use toml::{Table, Value};

/// The packages that re-export `__private`, the more direct one first.
const FOUNDATIONS: [&str; 2] = ["dataflow-core", "dataflow"];

/// The path of the foundation, such as `::dataflow_core`.
pub(crate) fn path() -> syn::Result<TokenStream> {
    let message = "this package depends on neither `dataflow` nor `dataflow-core`; \
        add one of them, or say where it is: `#[model(crate = \"…\")]`";
    path_of(&FOUNDATIONS, message)
}

/// The path of the face that opens databases, such as `::dataflow`.
pub(crate) fn path_of_dataflow() -> syn::Result<TokenStream> {
    let message = "this package does not depend on `dataflow`; \
        add it, or say where it is: `#[dataflow::test(crate = \"…\")]`";
    path_of(&["dataflow"], message)
}

fn path_of(packages: &[&str], message: &str) -> syn::Result<TokenStream> {
    let name = env::var_os("CARGO_MANIFEST_DIR")
        .and_then(|folder| extern_name(&PathBuf::from(folder), packages, sections()))
        .ok_or_else(|| syn::Error::new(Span::call_site(), message))?;
    let name = Ident::new(&name, Span::call_site());
    Ok(quote!(::#name))
}

/// The sections of a manifest that the crate being compiled sees: a build script its own, all others
/// what every target can use, then what only tests and examples can.
fn sections() -> &'static [&'static str] {
    let name = env::var("CARGO_CRATE_NAME").unwrap_or_default();
    if name.starts_with("build_script_") {
        &["build-dependencies"]
    } else {
        &["dependencies", "dev-dependencies"]
    }
}

/// The name under which the package in a folder sees the first of several packages that it sees.
fn extern_name(folder: &Path, packages: &[&str], sections: &[&str]) -> Option<String> {
    let manifest = read_manifest(folder)?;
    let workspace = LazyCell::new(|| workspace_dependencies(folder, &manifest));
    let inherited = |name: &str| workspace.as_ref()?.get(name).cloned();
    own_name(&manifest, packages)
        .or_else(|| {
            dependency_tables(&manifest, sections)
                .find_map(|dependencies| name_in(dependencies, packages, &inherited))
        })
        .map(|name| name.replace('-', "_"))
}

/// A foundation's own tests, examples and library see it under its own name: it declares
/// `extern crate self`.
fn own_name(manifest: &Table, packages: &[&str]) -> Option<String> {
    let name = manifest.get("package")?.get("name")?.as_str()?;
    packages.contains(&name).then(|| name.to_owned())
}

/// The tables of each section in turn: for every platform, then for single ones.
fn dependency_tables<'a>(
    manifest: &'a Table,
    sections: &'a [&str],
) -> impl Iterator<Item = &'a Table> {
    sections.iter().flat_map(|section| {
        let platforms = manifest.get("target").and_then(Value::as_table);
        let platforms = platforms.into_iter().flat_map(Table::values);
        let everywhere = manifest.get(*section);
        everywhere
            .into_iter()
            .chain(platforms.filter_map(|platform| platform.get(*section)))
            .filter_map(Value::as_table)
    })
}

fn name_in(
    dependencies: &Table,
    packages: &[&str],
    inherited: &impl Fn(&str) -> Option<Value>,
) -> Option<String> {
    packages.iter().find_map(|wanted| {
        dependencies
            .iter()
            .find(|(name, dependency)| package(name, dependency, inherited) == *wanted)
            .map(|(name, _)| name.clone())
    })
}

/// The package behind a dependency: another than its name if it is renamed, here or, for one that
/// is inherited, in the workspace.
fn package(name: &str, dependency: &Value, inherited: &impl Fn(&str) -> Option<Value>) -> String {
    let renamed = |dependency: &Value| Some(dependency.get("package")?.as_str()?.to_owned());
    let inherits = dependency.get("workspace").and_then(Value::as_bool) == Some(true);
    let package = if inherits {
        inherited(name).as_ref().and_then(renamed)
    } else {
        renamed(dependency)
    };
    package.unwrap_or_else(|| name.to_owned())
}

/// `[workspace.dependencies]` of the workspace that a package belongs to.
fn workspace_dependencies(folder: &Path, manifest: &Table) -> Option<Table> {
    let workspace_of = |manifest: &Table| manifest.get("workspace")?.as_table().cloned();
    let declared = manifest
        .get("package")
        .and_then(|package| package.get("workspace")?.as_str());
    let workspace = match declared {
        Some(root) => workspace_of(&read_manifest(&folder.join(root))?)?,
        None => folder
            .ancestors()
            .filter_map(read_manifest)
            .find_map(|manifest| workspace_of(&manifest))?,
    };
    workspace.get("dependencies")?.as_table().cloned()
}

fn read_manifest(folder: &Path) -> Option<Table> {
    fs::read_to_string(folder.join("Cargo.toml"))
        .ok()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a package sees, given its manifest, in a workspace with another.
    fn check(manifest: &str, workspace: &str, sections: &[&str]) -> Option<String> {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        let member = root.path().join("members").join("one");
        fs::create_dir_all(&member).expect("a folder can be made in a temporary folder");
        let write = |folder: &Path, text| fs::write(folder.join("Cargo.toml"), text);
        write(root.path(), workspace).expect("a file can be written in a temporary folder");
        write(&member, manifest).expect("a file can be written in a temporary folder");
        extern_name(&member, &FOUNDATIONS, sections)
    }

    const LIBRARY: &[&str] = &["dependencies", "dev-dependencies"];
    const BUILD_SCRIPT: &[&str] = &["build-dependencies"];

    #[test]
    fn a_dependency_is_found_under_the_name_that_the_package_gives_it() {
        let cases = [
            ("[dependencies]\ndataflow-core = '1'", Some("dataflow_core")),
            (
                "[dependencies]\ndataflow = { version = '1' }",
                Some("dataflow"),
            ),
            (
                "[dependencies]\ndf = { package = 'dataflow-core', path = 'x' }",
                Some("df"),
            ),
            (
                "[dependencies.data-flow]\npackage = 'dataflow'",
                Some("data_flow"),
            ),
            ("[dev-dependencies]\ndataflow = '1'", Some("dataflow")),
            (
                "[target.'cfg(unix)'.dependencies]\ndataflow = '1'",
                Some("dataflow"),
            ),
            // Both: the more direct one, but never one that only tests can use.
            (
                "[dependencies]\ndataflow = '1'\ndataflow-core = '1'",
                Some("dataflow_core"),
            ),
            (
                "[dependencies]\ndataflow = '1'\n[dev-dependencies]\ndataflow-core = '1'",
                Some("dataflow"),
            ),
            // A foundation sees itself, whatever else it depends on.
            (
                "[package]\nname = 'dataflow'\n[dependencies]\ndataflow-core = '1'",
                Some("dataflow"),
            ),
            // A renamed stranger is not the foundation.
            ("[dependencies]\ndataflow = { package = 'other' }", None),
            ("[build-dependencies]\ndataflow = '1'", None),
            ("[dependencies]\nserde = '1'", None),
            ("", None),
            ("not a manifest", None),
        ];
        for (manifest, expected) in cases {
            assert_eq!(
                check(manifest, "[workspace]", LIBRARY).as_deref(),
                expected,
                "{manifest}"
            );
        }
    }

    #[test]
    fn an_inherited_dependency_is_found_under_its_name_in_the_workspace() {
        let workspace =
            "[workspace.dependencies]\ndf = { package = 'dataflow-core' }\ndataflow = '1'";
        let cases = [
            ("[dependencies]\ndf = { workspace = true }", Some("df")),
            ("[dependencies]\ndf.workspace = true", Some("df")),
            (
                "[dependencies]\ndataflow.workspace = true",
                Some("dataflow"),
            ),
            (
                "[package]\nworkspace = '../..'\n[dependencies]\ndf.workspace = true",
                Some("df"),
            ),
            ("[dependencies]\ndf = '1'", None),
        ];
        for (manifest, expected) in cases {
            assert_eq!(
                check(manifest, workspace, LIBRARY).as_deref(),
                expected,
                "{manifest}"
            );
        }
    }
    #[test]
    fn a_build_script_sees_what_is_declared_for_it() {
        let manifest = "[dependencies]\ndataflow = '1'\n[build-dependencies]\ndataflow-core = '1'";
        let name = check(manifest, "[workspace]", BUILD_SCRIPT);
        assert_eq!(name.as_deref(), Some("dataflow_core"));
    }
}
