//! What is kept between builds: facts about source files, traces, and which files are ours. Losing it costs time, never correctness.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use redb::{
    Database, ReadTransaction, ReadableDatabase, ReadableTable, ReadableTableMetadata,
    TableDefinition,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::disk;
use crate::catalog::doc::Doc;
use crate::catalog::picture::Picture;
use crate::compose::memo;
use crate::cx::{Kept, Read};
use crate::engine::Trace;
use crate::error::Error;
use crate::id::{Hash, OutPath, SourcePath};
use crate::image::Look;
use crate::maker::Subject;
use crate::source::tree::Stat;

const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
const FILES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("files");
const OUTPUTS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("outputs");
/// Paths alone, readable whatever version wrote them: what may be removed.
const OURS: TableDefinition<'_, &str, ()> = TableDefinition::new("ours");
const LINKS: TableDefinition<'_, u32, &str> = TableDefinition::new("links");
const DAMAGE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("damage");
/// The file with titles, beside the store: it is read only when one is asked for.
const TITLES: &str = "titles";
const LOOKS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("looks");

/// Entries kept in memory while reading; the rest stays in the file.
const CACHE: usize = 16 << 20;

/// What is known of a source file whose stat is the same as before.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct FileEntry {
    /// Its stat when it was read.
    pub stat: Stat,
    /// The stat was old enough then to be trusted: a file changed twice within a tick of the clock looks unchanged.
    pub settled: bool,
    /// Hash of its bytes.
    pub hash: Hash,
    /// What it says, if it is Markdown.
    pub doc: Option<Arc<Doc>>,
    /// What it shows, if it is a picture.
    pub picture: Option<Picture>,
}

/// A file we wrote.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Output {
    /// Its stat after it was written.
    pub stat: Option<Stat>,
    /// Name of its maker; pictures have none.
    pub maker: String,
    /// What it is about.
    pub subject: Subject,
    /// In which language.
    pub locale: u8,
    /// What its making read; for pictures only the hash of its recipe.
    pub trace: Trace<Read, Kept>,
}

/// What is wrong with a picture's bytes, or what is to be said of a file that was made: code, reason.
pub type Damage = Vec<(String, String)>;

/// Numbers for addresses, so that a link that stands in every page is kept once.
#[derive(Default)]
pub struct Links {
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    saved: usize,
}

impl Links {
    /// The number of an address.
    pub fn number(&mut self, link: &str) -> u32 {
        if let Some(number) = self.numbers.get(link) {
            return *number;
        }
        let text: Arc<str> = Arc::from(link);
        let number = self.texts.len() as u32;
        self.texts.push(text.clone());
        self.numbers.insert(text, number);
        number
    }

    /// The address of a number.
    pub fn text(&self, number: u32) -> Option<&Arc<str>> {
        self.texts.get(number as usize)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// Everything kept between builds, in memory.
#[derive(Default)]
pub struct Store {
    /// Source files.
    pub files: HashMap<SourcePath, FileEntry>,
    /// Files we wrote.
    pub outputs: HashMap<OutPath, Output>,
    /// Every path that is ours, also of builds that were cut short.
    pub ours: BTreeSet<OutPath>,
    /// Addresses.
    pub links: Mutex<Links>,
    /// Damage of pictures by their bytes, remarks on channel files by their key.
    pub damage: BTreeMap<Hash, Damage>,
    /// What was seen on pictures, by their bytes.
    pub looks: BTreeMap<Hash, Look>,
    /// Counts saves, so that a process notices when another one saved in between.
    pub revision: u64,
    changed_files: BTreeSet<SourcePath>,
    changed_outputs: BTreeSet<OutPath>,
    new_damage: BTreeSet<Hash>,
    new_looks: BTreeSet<Hash>,
    /// Everything must be written: the file on disk is of another version or gone.
    fresh: bool,
}

/// Entries of another version of the program or of these structures are not read.
fn header() -> String {
    // A debug build changes without its version changing.
    let build = if cfg!(debug_assertions) { executable_stamp() } else { String::new() };
    format!("shangjia {} store 1 {build}", env!("CARGO_PKG_VERSION"))
}

fn executable_stamp() -> String {
    let stat = std::env::current_exe().ok().and_then(|path| disk::stat(&path));
    stat.map_or(String::new(), |stat| format!("{}-{}", stat.size, stat.changed))
}

fn path(cache: &Path) -> PathBuf {
    cache.join("store.redb")
}

/// Titles of earlier builds; a file that cannot be read is as good as none.
pub fn titles(cache: &Path) -> Option<memo::Kept> {
    let bytes = disk::read(&cache.join(TITLES)).ok()?;
    let (from, titles): (String, memo::Kept) = postcard::from_bytes(&bytes).ok()?;
    (from == header()).then_some(titles)
}

/// Keeps titles.
pub fn keep_titles(cache: &Path, titles: memo::Kept) -> Result<(), Error> {
    disk::write(&cache.join(TITLES), &bytes(&(header(), titles)))
}

impl Store {
    /// Reads what was kept; a file that cannot be read is as good as none.
    pub fn load(cache: &Path) -> Self {
        let mut store = Store { fresh: true, ..Store::default() };
        let file = path(cache);
        if !file.exists() {
            return store;
        }
        let Ok(database) = open(&file) else { return store };
        if read_ours(&database, &mut store).is_err() {
            return store;
        }
        let ours = std::mem::take(&mut store.ours);
        match read_all(&database, &mut store) {
            Ok(true) => store.fresh = false,
            // Half of an unreadable store must not be trusted.
            Ok(false) | Err(_) => store = Store { fresh: true, ..Store::default() },
        }
        store.ours = ours;
        store
    }

    /// The revision on disk, to see whether another process built in between.
    pub fn revision_on_disk(cache: &Path) -> Option<u64> {
        let database = open(&path(cache)).ok()?;
        let read = database.begin_read().ok()?;
        let meta = read.open_table(META).ok()?;
        let bytes = meta.get("revision").ok()??.value().to_vec();
        Some(u64::from_le_bytes(bytes.try_into().ok()?))
    }

    /// Keeps a source file's entry.
    pub fn put_file(&mut self, path: SourcePath, entry: FileEntry) {
        self.changed_files.insert(path.clone());
        self.files.insert(path, entry);
    }

    /// Forgets a source file.
    pub fn drop_file(&mut self, path: &SourcePath) {
        if self.files.remove(path).is_some() {
            self.changed_files.insert(path.clone());
        }
    }

    /// Keeps an output's entry.
    pub fn put_output(&mut self, path: OutPath, output: Output) {
        self.changed_outputs.insert(path.clone());
        self.ours.insert(path.clone());
        self.outputs.insert(path, output);
    }

    /// Forgets an output.
    pub fn drop_output(&mut self, path: &OutPath) {
        self.outputs.remove(path);
        self.ours.remove(path);
        self.changed_outputs.insert(path.clone());
    }

    /// Keeps what is wrong with a picture.
    pub fn put_damage(&mut self, picture: Hash, damage: Damage) {
        self.new_damage.insert(picture);
        self.damage.insert(picture, damage);
    }

    /// Keeps what was seen on a picture.
    pub fn put_look(&mut self, picture: Hash, look: Look) {
        self.new_looks.insert(picture);
        self.looks.insert(picture, look);
    }

    /// Notes paths that are about to be written, so that a build that is cut short leaves nothing without an owner.
    pub fn announce(&mut self, cache: &Path, paths: &[OutPath]) -> Result<(), Error> {
        let new: Vec<&OutPath> = paths.iter().filter(|path| !self.ours.contains(*path)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let file = path(cache);
        if self.fresh {
            // It is of another version, or spoilt: nothing of it is kept but the paths, which are in memory.
            disk::remove(&file, cache)?;
        }
        let all: Vec<&OutPath> =
            if self.fresh { self.ours.iter().chain(new).collect() } else { new };
        let why = |error: redb::Error| Error::Cache { path: file.clone(), why: error.to_string() };
        let run = || -> Result<(), redb::Error> {
            let database = create(&file)?;
            let write = database.begin_write()?;
            {
                let mut ours = write.open_table(OURS)?;
                for path in &all {
                    ours.insert(path.as_str(), ())?;
                }
            }
            write.commit()?;
            Ok(())
        };
        run().map_err(why)?;
        let all: Vec<OutPath> = all.into_iter().cloned().collect();
        self.ours.extend(all);
        Ok(())
    }

    /// Writes what changed since it was loaded.
    pub fn save(&mut self, cache: &Path) -> Result<(), Error> {
        let clean = self.changed_files.is_empty()
            && self.changed_outputs.is_empty()
            && self.new_damage.is_empty()
            && self.new_looks.is_empty();
        if clean && !self.fresh {
            return Ok(());
        }
        let file = path(cache);
        let why = |error: redb::Error| Error::Cache { path: file.clone(), why: error.to_string() };
        if self.fresh {
            let keep = self.ours.clone();
            disk::remove(&file, cache)?;
            self.changed_files = self.files.keys().cloned().collect();
            self.changed_outputs = self.outputs.keys().cloned().collect();
            self.changed_outputs.extend(keep);
            self.new_damage = self.damage.keys().copied().collect();
            self.new_looks = self.looks.keys().copied().collect();
            if let Ok(mut links) = self.links.lock() {
                links.saved = 0;
            }
        }
        self.revision += 1;
        self.write(&file).map_err(why)?;
        self.fresh = false;
        self.changed_files.clear();
        self.changed_outputs.clear();
        self.new_damage.clear();
        self.new_looks.clear();
        Ok(())
    }

    fn write(&self, file: &Path) -> Result<(), redb::Error> {
        let database = create(file)?;
        let write = database.begin_write()?;
        {
            let mut meta = write.open_table(META)?;
            meta.insert("header", header().as_bytes())?;
            meta.insert("revision", &self.revision.to_le_bytes()[..])?;
            let mut files = write.open_table(FILES)?;
            for path in &self.changed_files {
                match self.files.get(path) {
                    Some(entry) => drop(files.insert(path.as_str(), &*bytes(entry))?),
                    None => drop(files.remove(path.as_str())?),
                }
            }
            let mut outputs = write.open_table(OUTPUTS)?;
            let mut ours = write.open_table(OURS)?;
            for path in &self.changed_outputs {
                match self.outputs.get(path) {
                    Some(output) => drop(outputs.insert(path.as_str(), &*bytes(output))?),
                    None => drop(outputs.remove(path.as_str())?),
                }
                if self.ours.contains(path) {
                    ours.insert(path.as_str(), ())?;
                } else {
                    ours.remove(path.as_str())?;
                }
            }
            let mut damage = write.open_table(DAMAGE)?;
            for picture in &self.new_damage {
                if let Some(found) = self.damage.get(picture) {
                    damage.insert(&picture.0[..], &*bytes(found))?;
                }
            }
            let mut looks = write.open_table(LOOKS)?;
            for picture in &self.new_looks {
                if let Some(look) = self.looks.get(picture) {
                    looks.insert(&picture.0[..], &*bytes(look))?;
                }
            }
            let mut table = write.open_table(LINKS)?;
            if let Ok(mut links) = self.links.lock() {
                for (number, text) in links.texts.iter().enumerate().skip(links.saved) {
                    table.insert(number as u32, &**text)?;
                }
                links.saved = links.texts.len();
            }
        }
        write.commit()?;
        Ok(())
    }
}

fn open(file: &Path) -> Result<Database, redb::Error> {
    Ok(Database::builder().set_cache_size(CACHE).open(file)?)
}

fn create(file: &Path) -> Result<Database, redb::Error> {
    Ok(Database::builder().set_cache_size(CACHE).create(file)?)
}

fn read_ours(database: &Database, store: &mut Store) -> Result<(), redb::Error> {
    let read = database.begin_read()?;
    for row in read.open_table(OURS)?.iter()? {
        store.ours.insert(OutPath::new(row?.0.value()));
    }
    Ok(())
}

/// Reads everything; `false` when it is of another version.
fn read_all(database: &Database, store: &mut Store) -> Result<bool, redb::Error> {
    let read = database.begin_read()?;
    let meta = read.open_table(META)?;
    let same = meta.get("header")?.is_some_and(|found| found.value() == header().as_bytes());
    if !same {
        return Ok(false);
    }
    if let Some(revision) = meta.get("revision")? {
        store.revision = revision.value().try_into().map_or(0, u64::from_le_bytes);
    }
    let (files, outputs) = rayon::join(
        || read_table(&read, FILES, |path| SourcePath::new(path)),
        || read_table(&read, OUTPUTS, |path| OutPath::new(path)),
    );
    let (Some(files), Some(outputs)) = (files?, outputs?) else { return Ok(false) };
    (store.files, store.outputs) = (files, outputs);
    for row in read.open_table(DAMAGE)?.iter()? {
        let (picture, found) = row?;
        let (Ok(key), Ok(found)) =
            (picture.value().try_into(), postcard::from_bytes(found.value()))
        else {
            return Ok(false);
        };
        store.damage.insert(Hash(key), found);
    }
    for row in read.open_table(LOOKS)?.iter()? {
        let (picture, look) = row?;
        let (Ok(key), Ok(look)) = (picture.value().try_into(), postcard::from_bytes(look.value()))
        else {
            return Ok(false);
        };
        store.looks.insert(Hash(key), look);
    }
    let mut links = Links::default();
    for row in read.open_table(LINKS)?.iter()? {
        links.number(row?.1.value());
    }
    links.saved = links.texts.len();
    store.links = Mutex::new(links);
    Ok(true)
}

/// The entries of a table by their paths; nothing when one of them cannot be read.
fn read_table<K: Eq + std::hash::Hash, V: DeserializeOwned>(
    read: &ReadTransaction,
    table: TableDefinition<&str, &[u8]>,
    key: impl Fn(&str) -> K,
) -> Result<Option<HashMap<K, V>>, redb::Error> {
    let table = read.open_table(table)?;
    let mut all = HashMap::with_capacity(usize::try_from(table.len()?).unwrap_or_default());
    for row in table.iter()? {
        let (path, entry) = row?;
        let Ok(entry) = postcard::from_bytes(entry.value()) else { return Ok(None) };
        all.insert(key(path.value()), entry);
    }
    Ok(Some(all))
}

fn bytes<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).expect("entries are plain data and serialise")
}
