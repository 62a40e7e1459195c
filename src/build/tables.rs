//! Files of channels, put together of the rows that were made for some products at a time. Nothing of them is held in
//! memory but one lot.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::channel::profile::{File, Format, Profile};
use crate::cx::Read;
use crate::engine::Facts;
use crate::error::Error;
use crate::export::{self, Around, Fact, Head, MANIFEST, Sheet};
use crate::generation::Generation;
use crate::id::{Hash, OutPath};
use crate::maker::{Artifact, Subject};
use crate::output::Output;
use crate::output::disk::{self, Growing, Stage, Staged};
use crate::output::store::Store;

use super::Options;
use super::make::Made;

/// A file of a channel, and what became of it.
pub(super) struct Table {
    pub path: OutPath,
    pub subject: Subject,
    pub locale: u8,
    /// Hash of what it is made of.
    pub hash: Hash,
    pub reads: Vec<(Read, Hash)>,
    /// `None` when the one that is there still holds.
    pub staged: Option<Staged>,
}

/// A lot of a channel: where its rows are, and what tells them from others.
struct Lot<'a> {
    hash: Hash,
    staged: Option<&'a Staged>,
    path: &'a OutPath,
}

/// Everything files are put together of.
pub(super) struct Parts<'a> {
    pub generation: &'a Generation,
    pub options: &'a Options,
    pub artifacts: &'a [Artifact],
    pub results: &'a [Made],
    pub store: &'a Store,
    pub output: &'a Output,
    pub stage: &'a Stage,
}

/// Makes the files whose rows are not what they were.
pub(super) fn make(parts: &Parts<'_>) -> Result<Vec<Table>, Error> {
    let lots = parts.lots();
    let mut tables = Vec::new();
    for name in &parts.generation.channels.wanted {
        let Some(profile) = parts.generation.channels.get(name) else { continue };
        let lots = lots.get(name.as_str()).map_or(&[][..], Vec::as_slice);
        tables.extend(parts.channel(profile, lots)?);
    }
    Ok(tables)
}

/// The names of a channel's files, the manifest last.
fn names(profile: &Profile) -> impl Iterator<Item = &str> {
    profile.files.iter().map(|file| file.path.as_str()).chain([MANIFEST])
}

impl<'a> Parts<'a> {
    /// The lots of each channel, in the order of the catalogue.
    fn lots(&self) -> BTreeMap<&'a str, Vec<Lot<'a>>> {
        let mut lots: BTreeMap<&str, Vec<Lot<'a>>> = BTreeMap::new();
        for (artifact, made) in self.artifacts.iter().zip(self.results) {
            let Subject::Lot { channel, .. } = &artifact.subject else { continue };
            let (hash, staged) = match made {
                Made::Kept => match self.store.outputs.get(&artifact.path) {
                    Some(known) => (known.trace.output, None),
                    None => continue,
                },
                Made::New { hash, staged, .. } => (*hash, staged.as_ref()),
                Made::Failed { .. } => continue,
            };
            lots.entry(channel).or_default().push(Lot { hash, staged, path: &artifact.path });
        }
        lots
    }

    /// The rows of a lot.
    fn bytes(&self, lot: &Lot<'a>) -> Result<Cow<'a, [u8]>, Error> {
        match lot.staged {
            Some(staged) => staged.bytes(),
            None => disk::read(&self.output.real(lot.path)).map(Cow::Owned),
        }
    }

    /// The files of a channel: all are made anew when one is, since the manifest tells of all.
    fn channel(&self, profile: &Profile, lots: &[Lot<'a>]) -> Result<Vec<Table>, Error> {
        let generation = self.generation;
        let only = generation.channels.only.clone();
        let folder = export::folder(&profile.name, only.is_some());
        if !names(profile).any(|file| self.options.covers(&format!("{folder}/{file}"))) {
            return Ok(Vec::new());
        }
        let locale = export::locale(generation, profile);
        let lang = generation.locale(locale);
        let arounds: Vec<Around> = profile
            .files
            .iter()
            .map(|file| export::around(file, &generation.catalog, lang))
            .collect();
        let edges: Vec<_> =
            arounds.iter().map(|one| (&one.head, &one.between, &one.foot)).collect();
        let hashes: Vec<Hash> = lots.iter().map(|lot| lot.hash).collect();
        let key = Hash::of_value(&(profile.hash, edges, hashes));
        let facts = [Read::Shop, Read::Profile(profile.name.clone()), Read::Keywords, Read::Wares];
        let mut tables: Vec<Table> = names(profile)
            .map(|file| Table {
                path: OutPath::new(format!("{folder}/{file}")),
                subject: Subject::Channel {
                    channel: profile.name.clone(),
                    file: file.to_owned(),
                    only: only.clone(),
                },
                locale,
                hash: Hash::of_value(&(key, file)),
                reads: facts.iter().map(|read| (read.clone(), generation.hash(read))).collect(),
                staged: None,
            })
            .filter(|table| self.options.covers(table.path.as_str()))
            .collect();
        let there = |table: &Table| {
            let known = self.store.outputs.get(&table.path);
            known.is_some_and(|known| known.stat.is_some() && known.trace.output == table.hash)
        };
        if !tables.iter().all(there) {
            let files = self.written(profile, &arounds, lots, lang)?;
            for (table, staged) in tables.iter_mut().zip(files) {
                table.staged = Some(staged);
            }
        }
        Ok(tables)
    }

    /// Writes the files of a channel, one lot after the other.
    fn written(
        &self,
        profile: &Profile,
        arounds: &[Around],
        lots: &[Lot<'a>],
        lang: &str,
    ) -> Result<Vec<Staged>, Error> {
        let files = profile.files.iter().zip(arounds);
        let mut files: Vec<Target<'_>> = files
            .map(|(file, around)| Target::new(self.stage, file, around))
            .collect::<Result<_, _>>()?;
        let mut heads: Vec<Head> = Vec::with_capacity(lots.len());
        for lot in lots {
            let bytes = self.bytes(lot)?;
            // What was made by this program and is as it was written can be read.
            let Some((head, parts)) = export::read(&bytes) else { continue };
            for (file, (rows, part)) in files.iter_mut().zip(parts) {
                file.add(rows, part)?;
            }
            heads.push(head);
        }
        let mut facts = Vec::with_capacity(files.len());
        let mut all = Vec::with_capacity(files.len() + 1);
        for file in files {
            let name = file.file.path.clone();
            let (staged, bytes, hash) = file.finish(self.stage)?;
            facts.push(Fact { file: name, bytes, hash });
            all.push(staged);
        }
        all.push(self.stage.put(export::manifest(profile, lang, &heads, &facts))?);
        Ok(all)
    }
}

/// A file that grows lot by lot.
struct Target<'f> {
    file: &'f File,
    around: &'f Around,
    rows: usize,
    kind: Kind,
}

enum Kind {
    Plain(Box<Growing>),
    Sheet(Box<Sheet>),
}

impl<'f> Target<'f> {
    fn new(stage: &Stage, file: &'f File, around: &'f Around) -> Result<Self, Error> {
        let kind = if file.format == Format::Xlsx {
            Kind::Sheet(Box::new(Sheet::new(file)))
        } else {
            let mut growing = stage.grow()?;
            growing.add(&around.head)?;
            Kind::Plain(Box::new(growing))
        };
        Ok(Self { file, around, rows: 0, kind })
    }

    fn add(&mut self, rows: usize, part: &[u8]) -> Result<(), Error> {
        match &mut self.kind {
            Kind::Sheet(sheet) => sheet.add(part),
            Kind::Plain(growing) if rows > 0 => {
                if self.rows > 0 {
                    growing.add(&self.around.between)?;
                }
                growing.add(part)?;
            }
            Kind::Plain(_) => {}
        }
        self.rows += rows;
        Ok(())
    }

    /// The file, its length and the hash of its bytes.
    fn finish(self, stage: &Stage) -> Result<(Staged, usize, Hash), Error> {
        match self.kind {
            Kind::Plain(mut growing) => {
                // A file of lines without lines is empty.
                if self.rows > 0 || self.file.format != Format::Jsonl {
                    growing.add(&self.around.foot)?;
                }
                growing.finish()
            }
            Kind::Sheet(sheet) => {
                let why = |why| Error::Io {
                    path: self.file.path.clone().into(),
                    source: std::io::Error::other(why),
                };
                let bytes = sheet.finish().map_err(why)?;
                let (length, hash) = (bytes.len(), Hash::of(&bytes));
                Ok((stage.put(bytes)?, length, hash))
            }
        }
    }
}
