//! Long lists, a page at a time.

use rmcp::ErrorData;

/// How many entries a page holds: large enough that a client that never asks for the second page
/// sees eighteen models, small enough for one message.
const LENGTH: usize = 200;

/// One page of a list, and the cursor of the next.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<String>,
}

/// The page at a cursor; the first without one.
///
/// # Errors
///
/// When the cursor is not one that this list gave.
pub(crate) fn page<T: Clone>(list: &[T], cursor: Option<&str>) -> Result<Page<T>, ErrorData> {
    let start = match cursor {
        None => 0,
        Some(cursor) => start(cursor, list.len()).ok_or_else(|| {
            ErrorData::invalid_params("the cursor is not one that this list gave", None)
        })?,
    };
    let end = list.len().min(start + LENGTH);
    Ok(Page {
        items: list[start..end].to_vec(),
        next: (end < list.len()).then(|| end.to_string()),
    })
}

fn start(cursor: &str, length: usize) -> Option<usize> {
    let start: usize = cursor.parse().ok()?;
    let is_given = start > 0 && start < length && start.is_multiple_of(LENGTH);
    is_given.then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_give_every_entry_once_and_in_order() {
        let list: Vec<usize> = (0..2 * LENGTH + 1).collect();
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let page = page(&list, cursor.as_deref()).unwrap();
            seen.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, list);
    }

    #[test]
    fn a_cursor_of_somebody_else_is_refused() {
        for cursor in ["", "x", "-1", "0", "1", "400", "99999999999999999999"] {
            assert!(page(&[0; 300], Some(cursor)).is_err(), "{cursor}");
        }
    }
}
