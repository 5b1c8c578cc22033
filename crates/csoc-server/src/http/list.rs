//! Pages of lists that are computed from memory.
//!
//! A cursor names the last row of the page and where it stood. When that row is gone by the time of the
//! next request, the page goes on at its place: rows may then be met twice, none is skipped silently.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use csoc_api::page::Page;

use crate::service::Fault;

const LIMIT: u32 = 100;
const MOST: u32 = 500;

/// The page after `cursor` of rows that are filtered and sorted already; `id` tells rows apart.
pub(crate) fn page<T>(
    rows: Vec<T>,
    id: impl Fn(&T) -> String,
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<Page<T>, Fault> {
    let limit = limit_of(limit)?;
    let total = rows.len() as u64;
    let start = match cursor {
        Some(cursor) => start_after(&rows, &id, cursor)?,
        None => 0,
    };
    let more = rows.len() > start + limit;
    let items: Vec<T> = rows.into_iter().skip(start).take(limit).collect();
    let next = items
        .last()
        .filter(|_| more)
        .map(|last| BASE64_URL_SAFE_NO_PAD.encode(format!("{} {}", start + limit, id(last))));
    Ok(Page { items, total, next })
}

/// A body that was serialized before.
pub(super) fn json(bytes: axum::body::Bytes) -> axum::response::Response {
    let mut response = axum::response::Response::new(axum::body::Body::from(bytes));
    let kind = axum::http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(axum::http::header::CONTENT_TYPE, kind);
    response
}

pub(crate) fn limit_of(limit: Option<u32>) -> Result<usize, Fault> {
    match limit {
        Some(0) => Err(Fault::invalid("limit", "`limit` must be 1 to 500")),
        Some(limit) if limit > MOST => Err(Fault::invalid("limit", "`limit` must be 1 to 500")),
        limit => Ok(limit.unwrap_or(LIMIT) as usize),
    }
}

fn start_after<T>(rows: &[T], id: &impl Fn(&T) -> String, cursor: &str) -> Result<usize, Fault> {
    let unknown = || Fault::invalid("cursor", "this cursor was not made by this list");
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| unknown())?;
    let text = String::from_utf8(bytes).map_err(|_| unknown())?;
    let (at, last) = text.split_once(' ').ok_or_else(unknown)?;
    let at: usize = at.parse().map_err(|_| unknown())?;
    Ok(rows.iter().position(|row| id(row) == last).map_or(at, |found| found + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(mut rows: Vec<u32>, gone: Option<u32>) -> Vec<u32> {
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = page(rows.clone(), u32::to_string, Some(2), cursor.as_deref()).unwrap();
            seen.extend(page.items);
            rows.retain(|row| Some(*row) != gone);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return seen,
            }
        }
    }

    #[test]
    fn pages_join_to_the_whole_list() {
        assert_eq!(pages(vec![5, 3, 8, 1, 9], None), [5, 3, 8, 1, 9]);
        assert_eq!(pages(vec![5, 3], None), [5, 3]);
        assert_eq!(pages(vec![], None), [0u32; 0]);
    }

    #[test]
    fn a_row_that_went_does_not_end_the_list() {
        assert_eq!(pages(vec![5, 3, 8, 1, 9], Some(3)), [5, 3, 1, 9], "goes on at its place");
        let other = page(vec![1], u32::to_string, None, Some("!")).unwrap_err();
        assert_eq!(other.to_string(), "this cursor was not made by this list");
    }
}
