//! `/docs`: the OpenAPI document as a page.

use super::setup::Setup;

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    let setup = Setup::sqlite();
    let page = setup.start("quickstart").http().get("/docs");
    assert_eq!(page.status, 200, "{page:?}");
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    for reference in ["src=", "@import", ": url(", "//cdn", "href=\"http"] {
        assert!(!page.body.contains(reference), "{reference}");
    }
    // It may be served below any path.
    assert!(!page.body.contains("'/openapi.json"), "{}", page.body);
}

#[test]
fn the_page_may_run_its_own_script_and_ask_its_own_server_alone() {
    let setup = Setup::sqlite();
    let page = setup.start("quickstart").http().get("/docs");
    let policy = page.header("content-security-policy").unwrap();
    let directives: Vec<&str> = policy.split(';').map(str::trim).collect();
    for directive in ["default-src 'none'", "connect-src 'self'"] {
        assert!(directives.contains(&directive), "{directive}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn the_page_is_guarded_as_the_document_is() {
    let setup = Setup::sqlite();
    let program = setup.start("quickstart");
    for target in ["/openapi.json", "/docs"] {
        let foreign = [("Host", "evil.example")];
        let answer = program.http().send("GET", target, &foreign, "");
        answer.expect_problem(target, 403);
        let answer = program.http().send("POST", target, &[], "");
        answer.expect_problem(target, 405);
    }
}

#[test]
fn a_start_says_where_the_page_is() {
    let setup = Setup::sqlite();
    let program = setup.start("quickstart");
    let address = program.http().address();
    let line = format!("  docs       http://{address}/docs");
    assert!(
        program.report().lines().any(|found| found == line),
        "{}",
        program.report()
    );
}
