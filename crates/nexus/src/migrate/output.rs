//! Where an answer goes that others read later.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use dataflow_core::error::{Error, Kind, Result};

use super::answer;

/// Where an answer goes that others read later.
#[derive(Debug, Clone, clap::Args)]
pub struct Output {
    /// The file, which is written whole or left as it was; standard output when it is not given.
    #[arg(long = "output", short = 'o', value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Output {
    /// A file.
    pub fn to(file: impl Into<PathBuf>) -> Self {
        Self {
            file: Some(file.into()),
        }
    }

    /// Writes a text there, in the place of what was there before.
    ///
    /// # Errors
    ///
    /// When the file cannot be written; it then holds what it held.
    pub fn write(&self, text: &str) -> Result<()> {
        let Some(path) = &self.file else {
            answer::print(text);
            return Ok(());
        };
        replace(path, &format!("{}\n", text.trim_end())).map_err(|fault| {
            let message = format!("{} cannot be written", path.display());
            Error::new(Kind::Configuration, message).with_source(fault)
        })
    }
}

/// Writes a file beside another one and then calls it by its name, so that nobody ever reads half of
/// it. A link goes on leading where it led; what is no file, as a pipe, is written to.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let found = fs::metadata(&path).ok();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.is_empty() || found.as_ref().is_some_and(|found| !found.is_file()) {
        return fs::write(path, text);
    }
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = File::create_new(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        if let Some(found) = found {
            file.set_permissions(found.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&beside, &path)
    });
    written.inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link] = ["plan.txt", "link.txt"].map(|name| folder.path().join(name));
        Output::to(&file).write("one\n\n").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "one\n");
        // Whoever has the old one open reads it to its end.
        let mut open = File::open(&file).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        Output::to(&link).write("two").unwrap();
        assert_eq!(io::read_to_string(&mut open).unwrap(), "one\n");
        assert_eq!(fs::read_to_string(&file).unwrap(), "two\n");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(names(folder.path()), ["link.txt", "plan.txt"]);
    }

    #[test]
    fn what_cannot_be_written_is_named_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        for path in [
            folder.path().to_owned(),
            folder.path().join("missing/plan.txt"),
        ] {
            let error = Output::to(&path).write("one").unwrap_err();
            let message = format!("{} cannot be written", path.display());
            assert_eq!(error.to_string(), message);
        }
        assert_eq!(names(folder.path()), [""; 0]);
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}
