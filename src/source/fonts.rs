//! Where fonts are: in the shop, in its theme, on this machine. Files by their names; what is in them is read later.

use std::path::{Path, PathBuf};

use super::disk;
use crate::id::{Hash, Hasher};

/// Folders to look in instead of those of the system: for tests and for builds that must not depend on the machine.
const INSTEAD: &str = "SHANGJIA_FONTS";
/// A font file is never larger.
const MOST: u64 = 128 << 20;
/// A font's directory of tables, with their sums, stands at its head.
const HEAD: u64 = 64 << 10;

/// A font file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The file on disk.
    pub path: PathBuf,
    /// It is the shop's or the theme's own.
    pub own: bool,
}

/// Font files in which a family may be, the shop's own first.
pub fn find(own: &[PathBuf], families: &[String]) -> Vec<Found> {
    let mut found = Vec::new();
    for folder in own {
        found.extend(files(folder).into_iter().map(|path| Found { path, own: true }));
    }
    for folder in system() {
        let named = files(&folder).into_iter().filter(|path| may_have(path, families));
        found.extend(named.map(|path| Found { path, own: false }));
    }
    found
}

/// What tells the fonts of one build from those of another: names, lengths, heads.
pub fn hash(found: &[Found]) -> Hash {
    let mut hasher = Hasher::default();
    for font in found {
        let name = font.path.file_name().map(|name| name.to_string_lossy().into_owned());
        hasher.value(&(name, disk::head(&font.path, HEAD)));
    }
    hasher.finish()
}

/// A font's bytes.
pub fn bytes(found: &Found) -> Option<Vec<u8>> {
    disk::limited(&found.path, MOST)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).follow_links(true).max_depth(6).sort_by_file_name();
    let files = walk.into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    let ends = |path: &PathBuf| {
        let end = path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase());
        end.is_some_and(|end| matches!(end.as_str(), "ttf" | "otf" | "ttc" | "otc"))
    };
    files.filter(ends).collect()
}

/// Folders that systems keep fonts in.
fn system() -> Vec<PathBuf> {
    if let Some(instead) = std::env::var_os(INSTEAD) {
        return std::env::split_paths(&instead).collect();
    }
    let under =
        |name: &str, below: &str| std::env::var_os(name).map(|at| Path::new(&at).join(below));
    let fixed = if cfg!(target_os = "macos") {
        &["/System/Library/Fonts", "/Library/Fonts"][..]
    } else if cfg!(windows) {
        &[][..]
    } else {
        &["/usr/share/fonts", "/usr/local/share/fonts"]
    };
    let own = if cfg!(target_os = "macos") {
        [under("HOME", "Library/Fonts"), None]
    } else if cfg!(windows) {
        [under("WINDIR", "Fonts"), under("LOCALAPPDATA", "Microsoft/Windows/Fonts")]
    } else {
        [under("HOME", ".local/share/fonts"), under("HOME", ".fonts")]
    };
    fixed.iter().map(PathBuf::from).chain(own.into_iter().flatten()).collect()
}

/// Whether a file of the system may hold one of the families, by its name: `NotoSansCJK-Bold.ttc` for
/// `Noto Sans CJK SC`. Of a family's weights only two are taken, so that one more of them changes no poster.
fn may_have(path: &Path, families: &[String]) -> bool {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let (name, weight) = stem.split_once('-').unwrap_or((&stem, "Regular"));
    let name = plain(name);
    matches!(weight, "Regular" | "Bold")
        && name.len() > 3
        && families.iter().any(|family| plain(family).starts_with(&name))
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_name() {
        let families = ["Noto Sans CJK SC".to_owned()];
        let has = |name: &str| may_have(Path::new(name), &families);
        assert!(has("fonts/NotoSansCJK-Regular.ttc") && has("NotoSansCJK-Bold.ttc"));
        assert!(has("NotoSansCJKsc-Regular.otf"));
        assert!(!has("NotoSansCJK-Black.ttc") && !has("NotoSerifCJK-Bold.ttc") && !has("x.ttf"));
    }
}
