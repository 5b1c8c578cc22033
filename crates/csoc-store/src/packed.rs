//! Large JSON texts are kept compressed (zstd; about a tenth). Off the async threads: some are megabytes.

use crate::StoreError;

const LEVEL: i32 = 3;
/// A damaged or hostile row must not fill the memory.
const LARGEST: usize = 1 << 30;
const SMALL: usize = 64 * 1024;

fn odd(reason: impl ToString) -> StoreError {
    StoreError::Row { column: "compressed content".to_owned(), reason: reason.to_string() }
}

pub(crate) async fn pack(bytes: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    if bytes.len() < SMALL {
        return zstd::bulk::compress(&bytes, LEVEL).map_err(odd);
    }
    let packed = tokio::task::spawn_blocking(move || zstd::bulk::compress(&bytes, LEVEL)).await;
    packed.map_err(odd)?.map_err(odd)
}

pub(crate) async fn unpack(bytes: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    let size = zstd::zstd_safe::get_frame_content_size(&bytes).ok().flatten().unwrap_or(u64::MAX);
    let size = usize::try_from(size).ok().filter(|size| *size <= LARGEST).ok_or_else(|| odd("too large"))?;
    if size < SMALL {
        return zstd::bulk::decompress(&bytes, size).map_err(odd);
    }
    tokio::task::spawn_blocking(move || zstd::bulk::decompress(&bytes, size)).await.map_err(odd)?.map_err(odd)
}
