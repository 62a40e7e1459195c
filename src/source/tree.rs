//! Which files there are. Content decides whether one has changed, never its time alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use super::disk::{self, Roots};
use crate::diag::{Diagnostic, Place};
use crate::id::SourcePath;

/// Folders nested deeper than this are not looked into.
const MAX_FOLDERS: usize = 48;

/// What the file system says of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Debug)]
pub struct Stat {
    /// Length in bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds.
    pub changed: i64,
    /// The file's number, so that a file put in its place is noticed.
    pub inode: u64,
}

impl Stat {
    /// Reads it from what the system returned.
    pub fn of(meta: &std::fs::Metadata) -> Self {
        let changed = meta
            .modified()
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
            .map_or(0, |since| since.as_nanos() as i64);
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(meta);
        #[cfg(not(unix))]
        let inode = 0;
        Self { size: meta.len(), changed, inode }
    }
}

/// What the file system says of one file; nothing when it is no plain file of the shop.
pub fn stat(roots: &Roots, path: &SourcePath) -> Option<Stat> {
    let meta = disk::plain(&roots.real(path))?;
    Some(Stat::of(&meta))
}

/// All files of the shop at one moment.
#[derive(Clone, Default, Debug)]
pub struct Tree {
    /// Files by path, sorted.
    pub files: BTreeMap<SourcePath, Stat>,
    /// What could not be looked at, or must not be.
    pub faults: Vec<Diagnostic>,
}

impl Tree {
    /// Files below a folder (given without a closing `/`).
    pub fn below<'t>(&'t self, folder: &str) -> impl Iterator<Item = (&'t SourcePath, &'t Stat)> {
        let from = SourcePath::new(format!("{folder}/"));
        let prefix = from.clone();
        self.files
            .range(from..)
            .take_while(move |(path, _)| path.as_str().starts_with(prefix.as_str()))
    }

    /// Whether the file is there.
    pub fn has(&self, path: &SourcePath) -> bool {
        self.files.contains_key(path)
    }
}

/// Looks at the content folder and at the given theme folders.
pub fn scan(roots: &Roots, themes: &[String]) -> Tree {
    let mut tree = Tree::default();
    walk(&roots.content, "content", &mut tree);
    for theme in themes {
        walk(&roots.themes.join(theme), &format!("themes/{theme}"), &mut tree);
    }
    tree
}

fn walk(root: &Path, name: &str, tree: &mut Tree) {
    let Ok(home) = root.canonicalize() else { return };
    let entries = WalkDir::new(root)
        .follow_links(true)
        .max_depth(MAX_FOLDERS)
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !ignored(entry.file_name()));
    for entry in entries {
        match entry {
            Ok(entry) => {
                let Some(path) = logical(root, name, entry.path()) else {
                    let shown = entry.path().to_string_lossy().into_owned();
                    let folder = entry.path().parent().and_then(|up| logical(root, name, up));
                    let at = folder.map_or(Place::Nowhere, Place::File);
                    tree.faults.push(Diagnostic::new("path/not-utf8", at).with("path", shown));
                    continue;
                };
                if entry.path_is_symlink() && !inside(&home, entry.path()) {
                    let name = path.name().to_owned();
                    tree.faults.push(
                        Diagnostic::new("path/outside", Place::File(path)).with("found", name),
                    );
                    continue;
                }
                if !entry.file_type().is_file() {
                    continue;
                }
                // A link to a folder outside leads here by its children; each is looked at by its real place.
                if let Ok(meta) = entry.metadata() {
                    tree.files.insert(path, Stat::of(&meta));
                }
            }
            Err(error) => {
                let at = error.path().and_then(|path| logical(root, name, path));
                let at = at.map_or(Place::Nowhere, Place::File);
                tree.faults.push(match (error.loop_ancestor(), error.io_error()) {
                    (Some(_), _) => Diagnostic::new("path/loop", at),
                    (None, Some(io)) => {
                        Diagnostic::new("file/unreadable", at).with("reason", disk::reason(io))
                    }
                    (None, None) => {
                        Diagnostic::new("file/unreadable", at).with("reason", "@other-io")
                    }
                });
            }
        }
    }
    // Children of a folder link that leads outside were walked before its fault was known.
    let outside: Vec<String> = tree
        .faults
        .iter()
        .filter(|fault| fault.code == "path/outside")
        .filter_map(|fault| fault.file().map(|file| format!("{file}/")))
        .collect();
    if !outside.is_empty() {
        tree.files.retain(|path, _| {
            !outside.iter().any(|folder| path.as_str().starts_with(folder.as_str()))
        });
    }
}

fn inside(home: &Path, path: &Path) -> bool {
    path.canonicalize().is_ok_and(|real| real.starts_with(home))
}

/// A file's path in the shop: `root` is the folder called `name` there.
pub fn logical(root: &Path, name: &str, path: &Path) -> Option<SourcePath> {
    let rest = path.strip_prefix(root).ok()?;
    let mut text = name.to_owned();
    for part in rest.components() {
        text.push('/');
        text.push_str(part.as_os_str().to_str()?);
    }
    Some(SourcePath::new(text))
}

/// Files of editors and systems, not of the author.
pub fn ignored(name: &std::ffi::OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.')
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".tmp")
        || matches!(&*name, "Thumbs.db" | "desktop.ini" | "__MACOSX")
}
