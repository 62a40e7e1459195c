//! Names of things: files of the shop, files of the output, hashes. Knows no product.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A file or folder of the shop, with `/` between its parts: `content/pages/about.md`, `themes/default/theme.yaml`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    /// Takes a path whose parts are already divided by `/`.
    pub fn new(path: impl Into<Arc<str>>) -> Self {
        Self(path.into())
    }

    /// The whole path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder, without a closing `/`; empty for a top-level name.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The ending in lower case, without its dot; empty when there is none.
    pub fn extension(&self) -> String {
        self.name().rsplit_once('.').map_or(String::new(), |(_, end)| end.to_ascii_lowercase())
    }

    /// The name without its ending.
    pub fn stem(&self) -> &str {
        self.name().rsplit_once('.').map_or(self.name(), |(stem, _)| stem)
    }

    /// A path relative to this file's folder, or from `content` when it begins with `/`.
    /// `None` when it would leave the shop.
    pub fn resolve(&self, reference: &str) -> Option<SourcePath> {
        let (start, rest) = match reference.strip_prefix('/') {
            Some(rest) => ("content", rest),
            None => (self.folder(), reference),
        };
        let mut parts: Vec<&str> = start.split('/').filter(|part| !part.is_empty()).collect();
        for part in rest.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                    if parts.is_empty() {
                        return None;
                    }
                }
                // A drive letter or a back slash is another system's way out.
                other if other.contains(['\\', ':', '\0']) => return None,
                other => parts.push(other),
            }
        }
        Some(SourcePath::new(parts.join("/")))
    }
}

impl Borrow<str> for SourcePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A file below the output folder: `site/cups/celadon/index.html`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Debug)]
pub struct OutPath(Arc<str>);

impl OutPath {
    /// Takes a path whose parts are already divided by `/`.
    pub fn new(path: impl Into<Arc<str>>) -> Self {
        Self(path.into())
    }

    /// The file that answers a site address: `/cups/` is `site/cups/index.html`.
    pub fn of_url(url: &str) -> Self {
        let inside = url.trim_start_matches('/');
        Self::new(if inside.is_empty() || inside.ends_with('/') {
            format!("site/{inside}index.html")
        } else {
            format!("site/{inside}")
        })
    }

    /// The whole path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for OutPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OutPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text as a part of an address: what is not plain becomes `%` and two digits (RFC 3986).
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A part of an address with its `%E9%9D%92` undone; nothing when that is not UTF-8. A `%` without two digits stays.
pub fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(text.into());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = (*byte == b'%').then(|| after.get(..2)).flatten();
        let hex = hex.filter(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        let value = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(value.unwrap_or(*byte));
        rest = if value.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(out).ok().map(Cow::Owned)
}

/// 128 bits of BLAKE3: what facts and outputs are compared by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
pub struct Hash(pub [u8; 16]);

impl Hash {
    /// What an absent thing hashes to.
    pub const ABSENT: Hash = Hash([0; 16]);

    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_digest(&blake3::hash(bytes))
    }

    /// The hash of a value's serialised form.
    pub fn of_value<T: Serialize + ?Sized>(value: &T) -> Self {
        let mut hasher = Hasher::default();
        hasher.value(value);
        hasher.finish()
    }

    fn from_digest(digest: &blake3::Hash) -> Self {
        let mut short = [0; 16];
        short.copy_from_slice(&digest.as_bytes()[..16]);
        Self(short)
    }

    /// The first `n` hexadecimal digits.
    pub fn short(&self, n: usize) -> String {
        let mut text = self.to_string();
        text.truncate(n);
        text
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short(8))
    }
}

/// The hash of bytes that come piece by piece.
#[derive(Default)]
pub struct Digest(blake3::Hasher);

impl Digest {
    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all bytes: what [`Hash::of`] gives for them in one piece.
    pub fn finish(&self) -> Hash {
        Hash::from_digest(&self.0.finalize())
    }
}

/// Hashes several values in order.
#[derive(Default)]
pub struct Hasher(Vec<u8>);

impl Hasher {
    /// Adds a value in its serialised form; lengths are part of it, so neighbours cannot run together.
    pub fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> &mut Self {
        let buffer = std::mem::take(&mut self.0);
        self.0 = postcard::to_extend(value, buffer).expect("facts are plain data and serialise");
        self
    }

    /// The hash of everything added.
    pub fn finish(&self) -> Hash {
        Hash::of(&self.0)
    }
}
