//! The only room that reads the author's files. Every failure carries its path.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diag::{Diagnostic, Place};
use crate::id::SourcePath;

/// A text an author writes by hand is never larger.
const MAX_TEXT: u64 = 8 << 20;
/// A table or picture may be larger, but is still held in memory once.
const MAX_BYTES: u64 = 512 << 20;

/// Where the shop's folders are on this machine.
#[derive(Clone, Debug)]
pub struct Roots {
    /// The folder with `shop.yaml`.
    pub content: PathBuf,
    /// The folder with one folder a theme.
    pub themes: PathBuf,
    /// The folder that is built into.
    pub out: PathBuf,
}

impl Roots {
    /// The file on disk.
    pub fn real(&self, path: &SourcePath) -> PathBuf {
        let text = path.as_str();
        if let Some(rest) = text.strip_prefix("content/") {
            self.content.join(rest)
        } else if let Some(rest) = text.strip_prefix("themes/") {
            self.themes.join(rest)
        } else if text == "content" {
            self.content.clone()
        } else {
            PathBuf::from(text)
        }
    }
}

/// Bytes of a file, refused when there are too many.
pub fn bytes(roots: &Roots, path: &SourcePath) -> Result<Vec<u8>, Diagnostic> {
    read(&roots.real(path), path, MAX_BYTES)
}

/// A text: UTF-8, its byte order mark taken off.
pub fn text(roots: &Roots, path: &SourcePath) -> Result<Arc<str>, Diagnostic> {
    let bytes = read(&roots.real(path), path, MAX_TEXT)?;
    utf8(path, bytes)
}

/// Takes bytes as UTF-8; the first wrong byte is named by line and column.
pub fn utf8(path: &SourcePath, bytes: Vec<u8>) -> Result<Arc<str>, Diagnostic> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Arc::from(text.strip_prefix('\u{feff}').unwrap_or(&text))),
        Err(error) => {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
            let start = good.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let column = 1 + String::from_utf8_lossy(&good[start..]).chars().count();
            let place = Place::Line(path.clone(), line as u32, column as u32);
            Err(Diagnostic::new("file/not-utf8", place))
        }
    }
}

/// Bytes of a theme or table file outside the usual limits is an error of the file, not of the machine:
/// whatever cannot be read is a finding about that file.
fn read(real: &Path, path: &SourcePath, limit: u64) -> Result<Vec<u8>, Diagnostic> {
    let whole = Place::File(path.clone());
    let unreadable = |error: std::io::Error| {
        Diagnostic::new("file/unreadable", whole.clone()).with("reason", reason(&error))
    };
    let file = open(real).map_err(unreadable)?;
    let meta = file.metadata().map_err(unreadable)?;
    if !meta.is_file() {
        return Err(Diagnostic::new("file/unreadable", whole).with("reason", "@not-a-file"));
    }
    if meta.len() > limit {
        return Err(Diagnostic::new("file/too-large", whole)
            .with("size", meta.len() >> 20)
            .with("limit", limit >> 20));
    }
    let mut bytes = Vec::with_capacity(meta.len() as usize);
    // The length was checked above, but a file may grow while it is read.
    file.take(limit).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

#[expect(clippy::disallowed_methods, reason = "this is the disk layer")]
fn open(real: &Path) -> std::io::Result<std::fs::File> {
    std::fs::File::open(real)
}

/// Length and first bytes of a file that is no source of the shop; nothing when it cannot be read.
pub fn head(real: &Path, length: u64) -> Option<(u64, Vec<u8>)> {
    let file = open(real).ok()?;
    let whole = file.metadata().ok()?.len();
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).ok()?;
    Some((whole, bytes))
}

/// Bytes of a file that is no source of the shop, unless there are too many.
pub fn limited(real: &Path, limit: u64) -> Option<Vec<u8>> {
    let (length, bytes) = head(real, limit)?;
    (length <= limit).then_some(bytes)
}

/// What the file system says of a plain file; nothing for a link, a folder or what is not there.
pub fn plain(real: &Path) -> Option<std::fs::Metadata> {
    real.symlink_metadata().ok().filter(std::fs::Metadata::is_file)
}

/// Names of the folders in a folder.
pub fn folders(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// The system's reason without its number, in words that `codes/*.yaml` can translate.
pub fn reason(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind as Kind;
    match error.kind() {
        Kind::NotFound => "@not-found",
        Kind::PermissionDenied => "@permission",
        Kind::StorageFull => "@no-space",
        Kind::ReadOnlyFilesystem => "@read-only",
        Kind::IsADirectory | Kind::NotADirectory => "@not-a-file",
        _ => "@other-io",
    }
}
