//! Finding definition files without going astray.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use dataflow_core::error::{Error, Kind, Result};
use dataflow_workflow::Format;

use super::{Bounds, Refused};

/// What a search found: files in the order of their paths, and what could not be looked at.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) files: Vec<File>,
    pub(super) refused: Vec<Refused>,
}

/// A file that looks like a definition.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) format: Format,
}

struct Search<'a> {
    root: PathBuf,
    bounds: &'a Bounds,
    end: Instant,
    entries_left: usize,
    found: Found,
}

/// Why the search stops before it is through.
enum Stop {
    Entries,
    Time,
}

/// The definition files below a folder. Hidden entries are passed over. A link to a file inside the
/// folder is followed, because that is how Kubernetes mounts files; any other link is not.
pub(super) fn find(folder: &Path, bounds: &Bounds, end: Instant) -> Found {
    let root = match folder.canonicalize() {
        Ok(root) => root,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Found::default(),
        Err(error) => {
            let refused = vec![unreadable(folder, &error)];
            return Found {
                files: Vec::new(),
                refused,
            };
        }
    };
    let mut search = Search {
        root,
        bounds,
        end,
        entries_left: bounds.entries,
        found: Found::default(),
    };
    if let Err(stop) = search.enter(folder, 0) {
        let error = match stop {
            Stop::Time => out_of_time(),
            Stop::Entries => {
                let message = format!(
                    "there are more than {} entries; the rest is left out",
                    bounds.entries
                );
                Error::new(Kind::Configuration, message)
            }
        };
        let path = folder.to_owned();
        search.found.refused.push(Refused { path, error });
    }
    search.found
}

/// The text of a file that is not larger than a definition may be.
pub(super) fn text_of(path: &Path, limit: u64) -> Result<String> {
    let failed = |error: std::io::Error| unreadable(path, &error).error;
    let file = fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > limit {
        let message = format!("the file has more than {limit} bytes");
        return Err(Error::new(Kind::Configuration, message));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        Error::new(
            Kind::Configuration,
            format!("line {line}: the file is not UTF-8"),
        )
    })
}

pub(super) fn out_of_time() -> Error {
    Error::new(
        Kind::Timeout,
        "the search took too long; the rest is left out",
    )
}

impl Search<'_> {
    fn enter(&mut self, folder: &Path, depth: usize) -> std::result::Result<(), Stop> {
        let mut entries = Vec::new();
        let listing = match fs::read_dir(folder) {
            Ok(listing) => listing,
            Err(error) => {
                self.found.refused.push(unreadable(folder, &error));
                return Ok(());
            }
        };
        for entry in listing {
            self.count_entry()?;
            match entry {
                Ok(entry) => entries.push(entry),
                Err(error) => self.found.refused.push(unreadable(folder, &error)),
            }
        }
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            self.look_at(&entry, depth)?;
        }
        Ok(())
    }

    fn look_at(&mut self, entry: &fs::DirEntry, depth: usize) -> std::result::Result<(), Stop> {
        let path = entry.path();
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        let Ok(file_type) = entry.file_type() else {
            return Ok(());
        };
        if is_hidden {
            return Ok(());
        }
        if file_type.is_dir() {
            if depth == self.bounds.depth {
                let message =
                    format!("the folder lies deeper than {depth} folders and is left out");
                let error = Error::new(Kind::Configuration, message);
                self.found.refused.push(Refused { path, error });
                return Ok(());
            }
            return self.enter(&path, depth + 1);
        }
        let Some(format) = format_of(&path) else {
            return Ok(());
        };
        if file_type.is_symlink() && !self.stays_inside(&path) {
            let message = "the link leads out of the folder, or nowhere";
            let error = Error::new(Kind::Configuration, message);
            self.found.refused.push(Refused { path, error });
        } else if path.is_file() {
            self.found.files.push(File { path, format });
        }
        Ok(())
    }

    fn stays_inside(&self, link: &Path) -> bool {
        link.canonicalize()
            .is_ok_and(|target| target.starts_with(&self.root))
    }

    fn count_entry(&mut self) -> std::result::Result<(), Stop> {
        if Instant::now() >= self.end {
            return Err(Stop::Time);
        }
        self.entries_left = self.entries_left.checked_sub(1).ok_or(Stop::Entries)?;
        Ok(())
    }
}

fn format_of(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()? {
        "yml" => Some(Format::Yaml),
        extension => Format::from_extension(extension),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Refused {
    Refused {
        path: path.to_owned(),
        error: Error::new(Kind::Configuration, format!("it cannot be read: {error}")),
    }
}
