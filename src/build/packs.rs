//! Archives of channels and campaigns, and the contact sheet of posters: files that are made, put together. Made after
//! the pictures, since they hold them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::cx::Want;
use crate::error::Error;
use crate::export;
use crate::generation::Generation;
use crate::id::{Hash, OutPath};
use crate::maker::{Artifact, Subject};
use crate::output::Output;
use crate::output::disk::{self, Stage, Staged};
use crate::output::store::Store;
use crate::poster;

use super::Options;
use super::make::Made;
use super::pictures::Pictures;

/// An archive of the output, and what became of it.
pub(super) struct Pack {
    pub path: OutPath,
    /// Hash of the hashes of its members.
    pub hash: Hash,
    /// `None` when the one that is there still holds.
    pub staged: Option<Staged>,
}

/// Everything an archive may be made of.
pub(super) struct Parts<'a> {
    pub artifacts: &'a [Artifact],
    pub results: &'a [Made],
    pub wants: &'a BTreeMap<OutPath, Want>,
    pub pictures: &'a Pictures,
    pub store: &'a Store,
    pub output: &'a Output,
    pub stage: &'a Stage,
}

/// What a pack is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Archive,
    Sheet,
}

/// Every poster at once, for a look and for a README.
const SHEET: &str = "posters/contact-sheet.png";

/// Archives of campaigns that have posters, and the contact sheet.
fn poster_places(parts: &Parts<'_>) -> Vec<(OutPath, String, Kind)> {
    let posters = parts.artifacts.iter().filter_map(|artifact| match &artifact.subject {
        Subject::Poster { campaign, .. } => Some((artifact.path.as_str(), campaign.is_some())),
        _ => None,
    });
    let mut folders: BTreeSet<&str> = BTreeSet::new();
    let mut any = false;
    for (path, of_campaign) in posters {
        any = true;
        if of_campaign
            && let Some((at, name)) = path.find("campaigns/").zip(path.split("campaigns/").nth(1))
        {
            let end = name.find('/').unwrap_or(name.len());
            folders.insert(&path[..at + "campaigns/".len() + end]);
        }
    }
    let archives = folders
        .into_iter()
        .map(|folder| (OutPath::new(format!("{folder}.zip")), folder.to_owned(), Kind::Archive));
    let sheet = any.then(|| (OutPath::new(SHEET), "posters".to_owned(), Kind::Sheet));
    archives.chain(sheet).collect()
}

/// Where the archives of channels go.
fn places(generation: &Generation, options: &Options) -> Vec<(OutPath, String, Kind)> {
    let channels = &generation.channels;
    let chosen = channels.only.is_some();
    channels
        .wanted
        .iter()
        .filter_map(|name| {
            let pack = channels.get(name)?.pack.as_ref()?;
            let folder = export::folder(name, chosen);
            Some((OutPath::new(format!("{folder}/{}", pack.path)), folder, Kind::Archive))
        })
        .filter(|(path, ..)| options.covers(path.as_str()))
        .collect()
}

/// Makes the archives whose members are not what they were.
pub(super) fn make(
    generation: &Generation,
    options: &Options,
    parts: &Parts<'_>,
) -> Result<Vec<Pack>, Error> {
    let mut packs = Vec::new();
    for (path, folder, kind) in places(generation, options).into_iter().chain(poster_places(parts))
    {
        let mut members = parts.members(&format!("{folder}/"));
        members.retain(|path, _| kind == Kind::Archive || !path.as_str().ends_with(".html"));
        let hash = Hash::of_value(&members);
        let known = parts.store.outputs.get(&path);
        let there = known.is_some_and(|known| known.stat.is_some() && known.trace.output == hash);
        let staged = match kind {
            _ if there => None,
            Kind::Archive => Some(parts.pack(&folder, &members)?),
            Kind::Sheet => Some(parts.stage.put(parts.sheet(&members))?),
        };
        packs.push(Pack { path, hash, staged });
    }
    Ok(packs)
}

impl Parts<'_> {
    /// Tables and pictures below a folder, with what tells their content.
    fn members(&self, folder: &str) -> BTreeMap<OutPath, Hash> {
        let inside = |path: &OutPath| path.as_str().starts_with(folder);
        let mut members = BTreeMap::new();
        for (artifact, made) in self.artifacts.iter().zip(self.results) {
            if !inside(&artifact.path) || artifact.path.as_str().ends_with(export::MANIFEST) {
                continue;
            }
            let hash = match made {
                Made::Kept => {
                    self.store.outputs.get(&artifact.path).map(|known| known.trace.output)
                }
                Made::New { hash, .. } => Some(*hash),
                Made::Failed { .. } => None,
            };
            members.extend(hash.map(|hash| (artifact.path.clone(), hash)));
        }
        let pictures = self.wants.iter().filter(|(path, _)| inside(path));
        members.extend(pictures.map(|(path, want)| (path.clone(), want.key())));
        members
    }

    /// What was made just now and is not in its place yet.
    fn staged(&self) -> HashMap<OutPath, &Staged> {
        let tables = self.artifacts.iter().zip(self.results).filter_map(|(one, made)| match made {
            Made::New { staged: Some(staged), .. } => Some((one.path.clone(), staged)),
            _ => None,
        });
        let pictures = self.pictures.made.iter().map(|made| (made.want.path(), &made.staged));
        tables.chain(pictures).collect()
    }

    /// Small pictures of all members side by side.
    fn sheet(&self, members: &BTreeMap<OutPath, Hash>) -> Vec<u8> {
        let staged = self.staged();
        let pictures = members.keys().filter_map(|path| match staged.get(path) {
            Some(staged) => staged.read(),
            None => disk::read(&self.output.real(path)).ok(),
        });
        poster::sheet(pictures)
    }

    /// An archive: the same members give the same bytes, whenever it is made.
    fn pack(&self, folder: &str, members: &BTreeMap<OutPath, Hash>) -> Result<Staged, Error> {
        let why = |error: zip::result::ZipError| Error::Io {
            path: self.output.root.join(folder),
            source: std::io::Error::other(error),
        };
        let staged = self.staged();
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let plain = SimpleFileOptions::default()
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(0o644);
        for path in members.keys() {
            // A picture that could not be made has been reported.
            let bytes = match staged.get(path) {
                Some(staged) => staged.read(),
                None => disk::read(&self.output.real(path)).ok(),
            };
            let Some(bytes) = bytes else { continue };
            let name = path.as_str().trim_start_matches(folder).trim_start_matches('/');
            // Pictures are packed already.
            let picture = [".jpg", ".png", ".webp"].iter().any(|end| name.ends_with(end));
            let table = !picture && !self.wants.contains_key(path);
            let method =
                if table { CompressionMethod::Deflated } else { CompressionMethod::Stored };
            archive.start_file(name, plain.compression_method(method)).map_err(why)?;
            archive.write_all(&bytes).map_err(Error::io(&self.output.real(path)))?;
        }
        self.stage.put(archive.finish().map_err(why)?.into_inner())
    }
}
