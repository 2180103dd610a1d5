//! A way of its own to the database, for its schema.

use dataflow::DataFlow;
use dataflow::error::Kind;

use crate::models::Country;
use crate::setup::Setup;

#[test]
fn ddl_url_is_where_tables_are_made() {
    let setup = Setup::postgres();
    let main = format!(
        "{}?options=-c%20default_transaction_read_only%3Don",
        setup.url()
    );
    let builder = || {
        let builder = DataFlow::builder(&main).environment([("", ""); 0]);
        builder.model::<Country>()
    };
    let error = builder().open().err().unwrap();
    assert!(error.to_string().contains("read-only"), "{error}");
    builder().ddl_url(setup.url()).open().unwrap();
    assert!(setup.has_table("countries"));
    let other = setup
        .library()
        .ddl_url("sqlite://other.db")
        .build()
        .err()
        .unwrap();
    assert!(other.to_string().contains("ddl_url"), "{other}");
}

#[test]
fn a_ddl_url_to_another_database_or_schema_is_refused_and_nothing_is_made() {
    let (main, other) = (Setup::postgres(), Setup::postgres());
    main.sql("CREATE SCHEMA elsewhere");
    let other_schema = format!("{}?options=-c%20search_path%3Delsewhere", main.url());
    for ddl_url in [other.url(), &other_schema] {
        let error = main.library().ddl_url(ddl_url).open().err().unwrap();
        assert_eq!(error.kind(), Kind::Configuration);
        let expected = "ddl_url leads to another database than the database url";
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.details().len(), 2, "{error:?}");
    }
    for setup in [&main, &other] {
        assert!(!setup.has_table("countries"));
    }
    let made = main.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'elsewhere'");
    assert_eq!(made.as_deref(), Some("0"));
    // Another address of the same database is the point of the setting.
    let same = format!("{}?application_name=direct", main.url());
    main.library().ddl_url(same).open().unwrap();
}
