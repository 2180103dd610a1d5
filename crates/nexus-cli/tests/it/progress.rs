//! `migrate apply` while it fills in the rows of a table, in a file and on a terminal.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::process::ExitStatus;
use std::thread;

use dataflow::SchemaSet;
use dataflow::schema::{DefaultValue, Field, FieldType, Key, KeyGenerator, ModelSchema};
use rustix::pty::{self, OpenptFlags};

use crate::setup::Setup;

const ROWS: usize = 40_000;

/// Back to the beginning of the line, and the line is gone.
const CLEARED: &str = "\r\u{1b}[2K";

const APPLY: [&str; 3] = ["migrate", "apply", "--schema=schema.json"];

/// A table with rows, and a schema file that wants a value of its own for each of them.
fn setup() -> Setup {
    let setup = Setup::postgres();
    write_schema(&setup, []);
    setup.nexus(&APPLY).expect(0);
    setup.execute(&format!(
        "INSERT INTO notes (text) SELECT repeat('x', 500) FROM generate_series(1, {ROWS})"
    ));
    let token = Field {
        default: Some(DefaultValue::Sql("gen_random_uuid()".into())),
        ..Field::new("token", FieldType::Uuid)
    };
    write_schema(&setup, [token]);
    setup
}

fn write_schema(setup: &Setup, more: impl IntoIterator<Item = Field>) {
    let mut fields = vec![
        Field::new("id", FieldType::I64),
        Field::new("text", FieldType::String),
    ];
    fields.extend(more);
    let note = ModelSchema::new("Note", fields, Key::new("id", KeyGenerator::Serial));
    let set = SchemaSet::new().schema(note).validated().unwrap();
    fs::write(setup.folder().join("schema.json"), set.to_json()).unwrap();
}

/// The numbers of `batch 3 of 13, 11800 rows`.
fn batches(line: &str) -> Option<[usize; 3]> {
    let (_, rest) = line.split_once("batch ")?;
    let (done, rest) = rest.split_once(" of ")?;
    let (count, rest) = rest.split_once(", ")?;
    let (rows, _) = rest.split_once(" rows")?;
    let number = |text: &str| text.parse().unwrap();
    Some([done, count, rows].map(number))
}

#[test]
fn elsewhere_than_on_a_terminal_a_step_is_a_line_and_so_is_each_tenth_of_its_batches() {
    let apply = setup().nexus(&APPLY).expect(0);

    let lines: Vec<&str> = apply.stderr.lines().collect();
    let step = "add column \"token\" to table \"notes\"";
    assert!(lines[0].starts_with(&format!("[1/1] {step}")), "{lines:?}");
    for line in &lines[1..] {
        assert!(line.starts_with("[1/1] batch "), "{lines:?}");
        assert!(line.contains(&format!(" rows: {step}")), "{lines:?}");
    }
    let told: Vec<[usize; 3]> = lines.iter().filter_map(|line| batches(line)).collect();
    // What the batches moved stands on new pages, which are looked at once more.
    assert!((3..=20).contains(&told.len()), "{lines:?}");
    assert!(told.is_sorted(), "{lines:?}");
    let [done, count, rows] = told[told.len() - 1];
    assert_eq!((done, rows), (count, ROWS), "{lines:?}");
}

#[test]
fn on_a_terminal_one_line_moves_and_is_gone_in_the_end() {
    let (status, shown) = on_a_terminal(&setup(), "xterm");

    assert!(status.success(), "{shown}");
    let frames: Vec<&str> = shown.split(CLEARED).collect();
    for part in ["[1/1] add column", "[1/1] batch 1 of "] {
        let is_shown = frames.iter().any(|frame| frame.contains(part));
        assert!(is_shown, "{part}: {shown:?}");
    }
    let told: Vec<[usize; 3]> = frames.iter().filter_map(|frame| batches(frame)).collect();
    assert!(told.is_sorted(), "{shown:?}");
    assert!(
        !shown.contains('\n'),
        "a line that does not fit is cut off: {shown:?}"
    );
    assert_eq!(frames.last(), Some(&""), "{shown:?}");
}

#[test]
fn on_a_terminal_on_which_nothing_can_move_there_are_lines() {
    let (status, shown) = on_a_terminal(&setup(), "dumb");

    assert!(status.success(), "{shown}");
    assert!(shown.starts_with("[1/1] add column"), "{shown:?}");
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
}

/// Applies with a terminal for standard error, and gives all that was written to it.
fn on_a_terminal(setup: &Setup, kind: &str) -> (ExitStatus, String) {
    let (mine, its) = terminal();
    let reader = thread::spawn(|| read_all(mine));
    let mut command = setup.command(&APPLY);
    let status = command.env("TERM", kind).stderr(its).status().unwrap();
    // The command holds the other end of the terminal until it is dropped.
    drop(command);
    (status, reader.join().unwrap())
}

/// Both ends of a terminal: the one that shows, and the one that a program writes to.
fn terminal() -> (OwnedFd, File) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
    let mine = pty::openpt(flags).unwrap();
    pty::grantpt(&mine).unwrap();
    pty::unlockpt(&mine).unwrap();
    let name = pty::ptsname(&mine, Vec::new()).unwrap();
    let its = File::options()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap());
    (mine, its.unwrap())
}

/// Until nobody holds the other end any more, which Linux tells as an error.
fn read_all(terminal: OwnedFd) -> String {
    let mut terminal = File::from(terminal);
    let mut shown = Vec::new();
    let mut portion = [0; 4096];
    loop {
        match terminal.read(&mut portion) {
            Ok(0) | Err(_) => break,
            Ok(length) => shown.extend_from_slice(&portion[..length]),
        }
    }
    String::from_utf8(shown).unwrap()
}
