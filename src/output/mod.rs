//! The output folder: what is ours in it, and how a finished build gets there.

pub mod disk;
pub mod store;

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::id::OutPath;
use crate::source::disk::Roots;

/// Says that a folder may be thrown away, and that it is ours (bford.info/cachedir).
const COMMITTING: &str = "committing";
const TAG: &str = "CACHEDIR.TAG";
const TAG_TEXT: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55\n# Kept by shangjia between builds; may be removed.\n";

/// The output folder, locked for this process.
pub struct Output {
    /// The folder.
    pub root: PathBuf,
    /// What is kept between builds.
    pub cache: PathBuf,
    _lock: File,
}

/// Where the cache of an output folder is.
pub fn cache(root: &Path) -> PathBuf {
    root.join(".cache")
}

/// Whether an output folder was opened by a build before.
pub fn is_ours(root: &Path) -> bool {
    disk::stat(&cache(root).join(TAG)).is_some()
}

impl Output {
    /// Opens the output folder; refuses one that holds other things.
    pub fn open(roots: &Roots, waiting: impl FnOnce()) -> Result<Self, Error> {
        let root = roots.out.clone();
        refuse(roots)?;
        let cache = cache(&root);
        disk::make_folder(&cache)?;
        let lock = disk::lock(&cache.join("lock"), waiting)?;
        let tag = cache.join(TAG);
        if disk::stat(&tag).is_none() {
            disk::write(&tag, TAG_TEXT)?;
        }
        Ok(Self { root, cache, _lock: lock })
    }

    /// Notes that files are being put in their places.
    pub fn begin(&self) -> Result<(), Error> {
        disk::write(&self.cache.join(COMMITTING), b"")
    }

    /// Notes that all of them are there.
    pub fn end(&self) -> Result<(), Error> {
        disk::remove(&self.cache.join(COMMITTING), &self.cache)
    }

    /// Whether a build was cut short while it put files in their places.
    pub fn was_cut_short(&self) -> bool {
        disk::stat(&self.cache.join(COMMITTING)).is_some()
    }

    /// Where a file of the output is on disk.
    pub fn real(&self, path: &OutPath) -> PathBuf {
        self.root.join(path.as_str())
    }
}

fn refuse(roots: &Roots) -> Result<(), Error> {
    let root = &roots.out;
    if root.exists() && !root.is_dir() {
        return Err(Error::OutIsFile(root.clone()));
    }
    let content = whole(&roots.content);
    let out = whole(root);
    if out.starts_with(&content) || content.starts_with(&out) {
        return Err(Error::OutInContent { out: root.clone(), content: roots.content.clone() });
    }
    if !is_ours(root) && disk::has_others(root, &[]) {
        return Err(Error::OutNotOurs(root.clone()));
    }
    Ok(())
}

/// The path without links and `..`, also when its end does not exist yet.
fn whole(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(up), Some(name)) if up.as_os_str().is_empty() => whole(Path::new(".")).join(name),
        (Some(up), Some(name)) => whole(up).join(name),
        _ => path.to_owned(),
    }
}
