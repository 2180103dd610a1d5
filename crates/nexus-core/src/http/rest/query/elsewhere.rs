//! Words of other interfaces.

/// How that is said here which a parameter of this name says elsewhere.
pub(super) fn said_here(name: &str) -> Option<&'static str> {
    let said = match name {
        "page" | "page_size" | "pageSize" | "per_page" | "perPage" | "size" | "skip" => {
            "a page is limit=20 and offset=40, and the Link header leads to the next"
        }
        "order_by" | "orderBy" | "sort" | "sort_by" => "write order=field.desc",
        "columns" | "fields" => "write select=field,field",
        "filter" | "q" | "query" | "search" | "where" => {
            "write a condition on a field, such as name=eq.value or name=ilike.*part*"
        }
        "embed" | "expand" | "include" | "populate" | "with" => "write select=*,relation(*)",
        _ => return None,
    };
    Some(said)
}
