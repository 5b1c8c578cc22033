//! The hash of one row. Everything is length-prefixed, so that no two different rows feed the same bytes.

use aws_lc_rs::digest;

pub type Hash = [u8; 32];

/// What the first row takes for the hash of the row before it.
pub const GENESIS: Hash = [0; 32];

const ROW: &[u8] = b"csoc audit row v1";

/// The text columns, in the order in which they are hashed. Adding one means a new row version.
pub const TEXT_COLUMNS: [&str; 13] = [
    "actor_id",
    "actor_name",
    "credential_kind",
    "credential_id",
    "address",
    "request_id",
    "action",
    "object_kind",
    "object_id",
    "object_name",
    "organization",
    "result",
    "detail",
];

/// A row exactly as it is stored: numbers and texts, nothing parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFields {
    pub seq: i64,
    /// Unix milliseconds.
    pub time: i64,
    /// The row whose act this row ends.
    pub intent: Option<i64>,
    /// In the order of [`TEXT_COLUMNS`].
    pub texts: [Option<String>; TEXT_COLUMNS.len()],
}

/// SHA-256 over the hash of the row before and every column of this one.
pub fn hash_row(previous: &Hash, row: &RowFields) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    feed(&mut context, Some(ROW));
    feed(&mut context, Some(previous));
    feed(&mut context, Some(&row.seq.to_be_bytes()));
    feed(&mut context, Some(&row.time.to_be_bytes()));
    feed(&mut context, row.intent.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    for text in &row.texts {
        feed(&mut context, text.as_deref().map(str::as_bytes));
    }
    let mut hash = GENESIS;
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// A missing value and an empty one are different.
fn feed(context: &mut digest::Context, value: Option<&[u8]>) {
    match value {
        None => context.update(&[0]),
        Some(bytes) => {
            context.update(&[1]);
            context.update(&(bytes.len() as u64).to_be_bytes());
            context.update(bytes);
        }
    }
}

pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| char::from(DIGITS[usize::from(n)]);
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

/// `None` when it is not lower-case hexadecimal of whole bytes.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> RowFields {
        RowFields {
            seq: 7,
            time: 1_700_000_000_000,
            intent: None,
            texts: std::array::from_fn(|n| Some(format!("t{n}"))),
        }
    }

    #[test]
    fn every_column_counts() {
        let hash = hash_row(&GENESIS, &row());
        assert_ne!(hash, hash_row(&[1; 32], &row()));
        assert_ne!(hash, hash_row(&GENESIS, &RowFields { seq: 8, ..row() }));
        assert_ne!(hash, hash_row(&GENESIS, &RowFields { time: 1, ..row() }));
        assert_ne!(hash, hash_row(&GENESIS, &RowFields { intent: Some(0), ..row() }));
        for (n, column) in TEXT_COLUMNS.iter().enumerate() {
            for other in [None, Some(String::new()), Some("x".to_owned())] {
                let mut changed = row();
                changed.texts[n] = other;
                assert_ne!(hash, hash_row(&GENESIS, &changed), "{column}");
            }
        }
    }

    #[test]
    fn a_byte_cannot_move_between_columns() {
        let (mut left, mut right) = (row(), row());
        (left.texts[0], left.texts[1]) = (Some("ab".into()), Some("c".into()));
        (right.texts[0], right.texts[1]) = (Some("a".into()), Some("bc".into()));
        assert_ne!(hash_row(&GENESIS, &left), hash_row(&GENESIS, &right));
    }

    #[test]
    fn hexadecimal_there_and_back() {
        assert_eq!(unhex(&hex(&[0, 15, 255])), Some(vec![0, 15, 255]));
        assert!(unhex("0").is_none() && unhex("0G").is_none() && unhex("AB").is_none());
    }
}
