//! The OpenAPI document as a page for people, with a form for each operation.
//!
//! The page is one text, joined when this is compiled; its script reads `openapi.json` beside it. It
//! takes nothing from elsewhere, and its policy lets it take nothing.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::response;

const PAGE: &str = concat!(
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n",
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Nexus</title>\n<style>",
    include_str!("docs/page.css"),
    "</style>\n<body>\n<noscript>This page needs scripts; <a href=\"openapi.json\">openapi.json</a> does not.</noscript>\n<script>",
    include_str!("docs/element.js"),
    include_str!("docs/schema.js"),
    include_str!("docs/request.js"),
    include_str!("docs/page.js"),
    "</script>\n</body>\n</html>\n",
);

/// This style and this script by their digests, requests to where the page came from, and nothing
/// else: what an answer holds can neither run nor send anything.
const POLICY: &str = "default-src 'none'; \
     style-src 'sha256-hU8H4mz4WajxFKCZXXq6wsRA8OHdgQ1JdwNqVNbmAIc='; \
     script-src 'sha256-laO+ePF/hAxteWohdG3naHPcXrTwhHm4Fjk6kKKpVCk='; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'";

/// The page.
pub(super) async fn page() -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    let page = response::with_type(StatusCode::OK, "text/html; charset=utf-8", PAGE);
    (headers, page).into_response()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn the_policy_names_the_style_and_the_script_of_the_page() {
        for (tag, directive) in [("style", "style-src"), ("script", "script-src")] {
            let (_, rest) = PAGE.split_once(&format!("<{tag}>")).unwrap();
            let (text, _) = rest.split_once(&format!("</{tag}>")).unwrap();
            let digest = BASE64_STANDARD.encode(Sha256::digest(text));
            let expected = format!("{directive} 'sha256-{digest}';");
            assert!(POLICY.contains(&expected), "write {expected}");
        }
    }

    #[test]
    fn the_page_has_one_style_and_one_script() {
        for tag in ["<style", "<script"] {
            assert_eq!(PAGE.matches(tag).count(), 1, "{tag}");
        }
        for markup in ["innerHTML", "outerHTML", "document.write", "eval("] {
            assert!(!PAGE.contains(markup), "{markup}");
        }
    }
}
