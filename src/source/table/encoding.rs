//! Bytes of a table as text: whatever a spreadsheet program saved it as.

use std::sync::Arc;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::diag::Diagnostic;
use crate::id::SourcePath;
use crate::source::disk;

/// UTF-8; UTF-16 when it says so by its first bytes; else GB18030, which Chinese Excel saves csv in.
pub(super) fn decode(file: &SourcePath, bytes: Vec<u8>) -> Result<Arc<str>, Diagnostic> {
    let marked = Encoding::for_bom(&bytes);
    let encoding = marked.map_or(GB18030, |(encoding, _)| encoding);
    if encoding != UTF_8 && (marked.is_some() || std::str::from_utf8(&bytes).is_err()) {
        let start = marked.map_or(0, |(_, length)| length);
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[start..]);
        if let Some(text) = text {
            return Ok(Arc::from(&*text));
        }
    }
    disk::utf8(file, bytes)
}
