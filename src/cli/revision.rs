//! The files of git revisions, unpacked into the cache. The next run goes on from there and writes only what differs: making
//! and removing ten thousand files anew costs a file system more than all the rest of a comparison.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Component, Path, PathBuf};

use super::print::Screen;
use crate::build::Options;
use crate::diag::codes::Lang;
use crate::error::Error;
use crate::id::Hash;
use crate::output::{cache, disk};
use crate::source::disk::Roots;
use crate::source::git::{self, Fault};

/// The folder in which revisions are kept, ours alone while this lives.
pub(super) struct Kept {
    folder: PathBuf,
    _lock: File,
}

impl Kept {
    /// Opens it, when no other run uses it any more.
    pub(super) fn open(roots: &Roots, screen: &Screen) -> Result<Self, Error> {
        let folder = cache(&roots.out).join("revisions");
        let waiting = || {
            screen.line(screen.say("waiting for another comparison", "正在等待另一次比较结束"));
        };
        let lock = disk::lock(&folder.join("lock"), waiting)?;
        Ok(Self { folder, _lock: lock })
    }

    /// The options for the shop as it was in a revision. A slot holds one revision at a time.
    pub(super) fn at(
        &self,
        options: &Options,
        slot: &str,
        name: &str,
        screen: &Screen,
    ) -> Result<Options, Error> {
        let fault = |fault: Fault| {
            Error::Usage(match fault {
                Fault::NoRepository => {
                    screen.say("the shop is in no git repository", "店铺不在 git 仓库里").to_owned()
                }
                Fault::NoRevision(name) => {
                    format!("{} `{name}`", screen.say("there is no revision", "没有这个版本"))
                }
                Fault::TooEarly(date) => match screen.lang {
                    Lang::En => {
                        format!("there is no revision before {date} yet; the first is newer")
                    }
                    Lang::Zh => format!("{date} 之前还没有版本，最早的版本比它晚"),
                },
                Fault::ToCome(date) => match screen.lang {
                    Lang::En => format!("{date} is still to come"),
                    Lang::Zh => format!("{date} 还没有到"),
                },
                Fault::Other(said) => said,
            })
        };
        let (top, content) = git::around(&options.roots.content).map_err(fault)?;
        let revision = git::revision(&top, name).map_err(fault)?;
        let folder = self.folder.join(slot);
        let mut roots = Roots { content: folder.join("content"), ..options.roots.clone() };
        let Some(bytes) = git::archive(&top, &revision, &content).map_err(fault)? else {
            let words = screen.say("has no such folder", "里没有这个文件夹");
            return Err(Error::Usage(format!("`{name}` {words}: {content}")));
        };
        unpack(bytes, &roots.content)?;
        // Themes may stand elsewhere; pages are told apart by facts, so the present ones do as well.
        if let Ok((_, themes)) = git::around(&options.roots.themes)
            && let Ok(Some(bytes)) = git::archive(&top, &revision, &themes)
        {
            roots.themes = folder.join("themes");
            unpack(bytes, &roots.themes)?;
        }
        Ok(Options { roots, ..options.clone() })
    }
}

/// Makes a folder hold what an archive does. A list beside it says what it holds already.
fn unpack(bytes: Vec<u8>, to: &Path) -> Result<(), Error> {
    let broken = |error: zip::result::ZipError| Error::Io {
        path: to.to_owned(),
        source: std::io::Error::other(error),
    };
    let list = to.with_extension("json");
    let known = disk::read(&list).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let known: BTreeMap<String, Hash> = known.unwrap_or_default();
    // While files are written there is no list: a run that is stopped leaves nothing to rely on.
    disk::remove(&list, &list)?;
    if known.is_empty() {
        disk::clear(to)?;
    }
    disk::make_folder(to)?;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(broken)?;
    // What is gone goes first: a folder may have taken the name of a file.
    let names: BTreeSet<String> =
        archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    for gone in known.keys().filter(|name| !names.contains(*name)) {
        let inside = |part| matches!(part, Component::Normal(_));
        if Path::new(gone).components().all(inside) {
            disk::remove(&to.join(gone), to)?;
        }
    }
    let mut held: BTreeMap<String, Hash> = BTreeMap::new();
    for nth in 0..archive.len() {
        let mut entry = archive.by_index(nth).map_err(broken)?;
        let Some(path) = entry.enclosed_name().filter(|_| entry.is_file()) else { continue };
        let name = entry.name().map_err(broken)?.into_owned();
        let path = to.join(path);
        let mut text = Vec::new();
        std::io::copy(&mut entry, &mut text).map_err(Error::io(&path))?;
        let hash = Hash::of(&text);
        if known.get(&name) != Some(&hash) {
            disk::put(&path, &text)?;
        }
        held.insert(name, hash);
    }
    disk::write(&list, &serde_json::to_vec(&held).unwrap_or_default())
}
