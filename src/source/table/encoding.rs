//! Bytes of a table as text: whatever a spreadsheet program saved it as.

use std::sync::Arc;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::diag::Diagnostic;
use crate::id::SourcePath;
use crate::source::disk;

/// UTF-8; UTF-16 when it says so by its first bytes; else GB18030, which Chinese Excel saves csv in.
pub(super) fn decode(file: &SourcePath, bytes: Vec<u8>) -> Result<Arc<str>, Diagnostic> {
    let marked = Encoding::for_bom(&bytes);
    let encoding = marked.map_or_else(|| unmarked(&bytes), |(encoding, _)| encoding);
    let sure = marked.is_some() || encoding != GB18030;
    if encoding != UTF_8 && (sure || std::str::from_utf8(&bytes).is_err()) {
        let start = marked.map_or(0, |(_, length)| length);
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[start..]);
        if let Some(text) = text {
            return Ok(Arc::from(&*text));
        }
    }
    disk::utf8(file, bytes)
}

/// Without a mark: UTF-16 when every second byte of the beginning is mostly zero, as in Western heads of columns.
fn unmarked(bytes: &[u8]) -> &'static Encoding {
    let start = &bytes[..bytes.len().min(200)];
    let zeros =
        |first: usize| start.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0) * 3 > start.len(), zeros(1) * 3 > start.len()) {
        (false, true) => UTF_16LE,
        (true, false) => UTF_16BE,
        _ => GB18030,
    }
}
