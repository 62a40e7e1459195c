//! Archives of channels and campaigns, and the contact sheet of posters: files that are made, put together. Made after
//! the pictures, since they hold them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufWriter, Write};

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
use super::tables::Table;

/// A file that is made of others, and what became of it: an archive, a sheet, a picture cut from a page.
pub(super) struct Pack {
    pub path: OutPath,
    /// Tells whether it is still the same: of an archive the hash of the hashes of its members.
    pub hash: Hash,
    /// `None` when the one that is there still holds.
    pub staged: Option<Staged>,
}

/// Everything an archive may be made of.
pub(super) struct Parts<'a> {
    pub artifacts: &'a [Artifact],
    pub results: &'a [Made],
    pub tables: &'a [Table],
    /// Pictures of details.
    pub slices: &'a [Pack],
    pub wants: &'a BTreeMap<OutPath, Want>,
    pub pictures: &'a Pictures,
    pub store: &'a Store,
    pub output: &'a Output,
    pub stage: &'a Stage,
}

/// What a pack is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Everything of a folder.
    Archive,
    /// The pictures of a folder; there is none without any.
    Pictures,
    Sheet,
}

/// Every poster at once, for a look and for a README.
const SHEET: &str = "posters/contact-sheet.png";

/// Archives of campaigns that have posters, and the contact sheet.
fn poster_places(parts: &Parts<'_>) -> Vec<(OutPath, String, Kind)> {
    let posters = parts.posters().filter_map(|(artifact, _)| match &artifact.subject {
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
            let kind = if pack.tables { Kind::Archive } else { Kind::Pictures };
            Some((OutPath::new(format!("{folder}/{}", pack.path)), folder, kind))
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
        if kind == Kind::Pictures {
            for table in parts.tables {
                members.remove(&table.path);
            }
            if members.is_empty() {
                continue;
            }
        }
        let hash = Hash::of_value(&members);
        let known = parts.store.outputs.get(&path);
        let there = known.is_some_and(|known| known.stat.is_some() && known.trace.output == hash);
        let staged = match kind {
            _ if there => None,
            Kind::Archive | Kind::Pictures => Some(parts.pack(&folder, &members)?),
            Kind::Sheet => Some(parts.stage.put(parts.sheet(generation, &members))?),
        };
        packs.push(Pack { path, hash, staged });
    }
    Ok(packs)
}

impl Parts<'_> {
    /// Posters, and what became of each.
    fn posters(&self) -> impl Iterator<Item = (&Artifact, &Made)> {
        let is = |artifact: &Artifact| matches!(artifact.subject, Subject::Poster { .. });
        self.artifacts.iter().zip(self.results).filter(move |(artifact, _)| is(artifact))
    }

    /// Tables, posters and pictures below a folder, with what tells their content.
    fn members(&self, folder: &str) -> BTreeMap<OutPath, Hash> {
        let inside = |path: &OutPath| path.as_str().starts_with(folder);
        let mut members = BTreeMap::new();
        let listed = |table: &&Table| {
            inside(&table.path) && !table.path.as_str().ends_with(export::MANIFEST)
        };
        let tables = self.tables.iter().filter(listed);
        members.extend(tables.map(|table| (table.path.clone(), table.hash)));
        let posters = self.posters().filter(|(artifact, _)| inside(&artifact.path));
        members.extend(posters.filter_map(|(artifact, made)| {
            let known = || self.store.outputs.get(&artifact.path);
            let hash = match made {
                Made::Kept => known()?.trace.output,
                Made::New { hash, .. } => *hash,
                Made::Failed { .. } => return None,
            };
            Some((artifact.path.clone(), hash))
        }));
        let slices = self.slices.iter().filter(|slice| inside(&slice.path));
        members.extend(slices.map(|slice| (slice.path.clone(), slice.hash)));
        let pictures = self.wants.iter().filter(|(path, _)| inside(path));
        members.extend(pictures.map(|(path, want)| (path.clone(), want.key())));
        members
    }

    /// What was made just now and is not in its place yet.
    fn staged(&self) -> HashMap<OutPath, &Staged> {
        let tables = self.tables.iter();
        let tables = tables.filter_map(|table| Some((table.path.clone(), table.staged.as_ref()?)));
        let pictures = self.pictures.made.iter().map(|made| (made.want.path(), &made.staged));
        let posters = self.posters().filter_map(|(artifact, made)| match made {
            Made::New { staged: Some(staged), .. } => Some((artifact.path.clone(), staged)),
            _ => None,
        });
        let slices = self.slices.iter();
        let slices = slices.filter_map(|slice| Some((slice.path.clone(), slice.staged.as_ref()?)));
        tables.chain(pictures).chain(posters).chain(slices).collect()
    }

    /// Small pictures of all members side by side.
    fn sheet(&self, generation: &Generation, members: &BTreeMap<OutPath, Hash>) -> Vec<u8> {
        let staged = self.staged();
        let pictures = members.keys().filter_map(|path| {
            let bytes = match staged.get(path) {
                Some(staged) => staged.read(),
                None => disk::read(&self.output.real(path)).ok(),
            };
            Some((path.clone(), bytes?))
        });
        poster::sheet(generation, members.len(), pictures)
    }

    /// An archive: the same members give the same bytes, whenever it is made.
    fn pack(&self, folder: &str, members: &BTreeMap<OutPath, Hash>) -> Result<Staged, Error> {
        let why = |error: zip::result::ZipError| Error::Io {
            path: self.output.root.join(folder),
            source: std::io::Error::other(error),
        };
        let staged = self.staged();
        let (place, file) = self.stage.blank()?;
        let mut archive = ZipWriter::new(BufWriter::new(file));
        let plain = SimpleFileOptions::default()
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(0o644);
        for path in members.keys() {
            // A picture that could not be made has been reported.
            let real = self.output.real(path);
            let bytes = match staged.get(path) {
                Some(staged) => staged.open(),
                None => disk::open(&real),
            };
            let Ok(mut bytes) = bytes else { continue };
            let name = path.as_str().trim_start_matches(folder).trim_start_matches('/');
            // Pictures are packed already.
            let picture = [".jpg", ".png", ".webp"].iter().any(|end| name.ends_with(end));
            let table = !picture && !self.wants.contains_key(path);
            let method =
                if table { CompressionMethod::Deflated } else { CompressionMethod::Stored };
            // The lightest packing: a table is packed anew after each edit, and read but once.
            let level = table.then_some(1);
            let way = plain.compression_method(method).compression_level(level);
            archive.start_file(name, way).map_err(why)?;
            std::io::copy(&mut bytes, &mut archive).map_err(Error::io(&real))?;
        }
        archive.finish().map_err(why)?.flush().map_err(Error::io(&place))?;
        Ok(Staged::File(place))
    }
}
