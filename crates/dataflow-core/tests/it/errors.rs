use std::collections::HashSet;
use std::fmt::Write as _;

use dataflow_core::Error;
use dataflow_core::error::{Code, Fault, FaultCode, Kind, Place};

/// `docs/errors.md`, as the catalogue says it.
fn page() -> String {
    let mut page = String::from(
        "# Errors\n\n\
         Every error has a code, which never changes its meaning.\n\
         It stands in brackets after the message of a program that ends with an error and in its log, \
         as `code` in a problem document of the HTTP port, and as `catalogue` in the `nexus/error` of \
         an MCP result.\n\
         The message names what is at fault in the case at hand; no message holds a value of a row or \
         a secret.\n",
    );
    for code in Code::all() {
        let (title, cause, remedy) = (code.title(), code.cause(), code.remedy());
        let _ = write!(
            page,
            "\n## {code}: {title}\n\nCause: {cause}\n\nRemedy: {remedy}\n"
        );
    }
    page
}

#[test]
fn v23_one_catalogue_gives_each_code_one_meaning() {
    let numbers: HashSet<u16> = Code::all().map(Code::number).collect();
    let titles: HashSet<&str> = Code::all().map(Code::title).collect();
    let count = Code::all().count();
    assert_eq!((numbers.len(), titles.len()), (count, count));
    for code in Code::all() {
        assert_eq!(Error::of(code, "x").code(), code);
        assert_eq!(Error::of(code, "x").kind(), code.kind());
        assert!((100..=599).contains(&code.number()), "{code}");
    }
}

#[test]
fn the_page_says_what_the_catalogue_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors.md");
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if std::env::var_os("UPDATE_ERRORS").is_some() {
        std::fs::write(path, page()).unwrap();
        return;
    }
    assert!(
        found == page(),
        "docs/errors.md is not what the catalogue says; write it anew with \
         UPDATE_ERRORS=1 cargo test -p dataflow-core"
    );
}

#[test]
fn an_error_of_a_kind_alone_has_the_kinds_first_code() {
    let cases = [
        (Kind::Configuration, "DF-100"),
        (Kind::Schema, "DF-110"),
        (Kind::Malformed, "DF-200"),
        (Kind::Invalid, "DF-201"),
        (Kind::Unsupported, "DF-206"),
        (Kind::NotFound, "DF-300"),
        (Kind::Unique, "DF-301"),
        (Kind::ForeignKey, "DF-302"),
        (Kind::Precondition, "DF-303"),
        (Kind::Forbidden, "DF-304"),
        (Kind::Gone, "DF-310"),
        (Kind::Unavailable, "DF-400"),
        (Kind::Timeout, "DF-402"),
        (Kind::Contention, "DF-403"),
        (Kind::Internal, "DF-500"),
    ];
    for (kind, expected) in cases {
        assert_eq!(Error::new(kind, "x").code().to_string(), expected);
    }
}

#[test]
fn faults_of_one_sort_say_what_the_error_is() {
    let fault = |code| Fault::of_field("a", code, "x");
    let code = |faults: &[FaultCode]| {
        Error::invalid(faults.iter().map(|code| fault(*code)).collect()).code()
    };
    assert_eq!(code(&[FaultCode::Required]), Code::NotNull);
    assert_eq!(
        code(&[FaultCode::Range, FaultCode::Range]),
        Code::OutOfRange
    );
    assert_eq!(code(&[FaultCode::Range, FaultCode::Type]), Code::Invalid);
    assert_eq!(code(&[]), Code::Invalid);
}

#[test]
fn other_words_change_nothing_else() {
    let place = Place {
        table: Some("users".to_owned()),
        columns: vec!["email".to_owned()],
        constraint: Some("users_email_key".to_owned()),
    };
    let error = Error::of(Code::Unique, "taken")
        .with_place(place.clone())
        .with_help("try another");
    let error = error.with_message("row 3: taken").within("bulk");
    assert_eq!(error.to_string(), "bulk: row 3: taken");
    assert_eq!(error.place(), &place);
    assert!(error.is_unique() && error.is_conflict());
    assert_eq!(
        format!("{error:?}"),
        "bulk: row 3: taken [DF-301]\n  help: try another"
    );
}
