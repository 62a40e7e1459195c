//! `import`: a table of another shop system into content files.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::Outcome;
use super::args::{self, Args};
use super::build::options;
use super::print::Screen;
use crate::build::{Builder, Options, Progress};
use crate::diag::codes::table;
use crate::error::Error;
use crate::import::{self, Kind, Note};
use crate::output::disk;

pub(super) fn import(args: &Args, wanted: &args::Import, screen: &Screen) -> Outcome {
    let into = wanted.into.clone().unwrap_or_else(|| args.content.clone());
    let (bytes, mut pictures) = open(&wanted.file, wanted.pictures.as_deref())?;
    let found = import::read(wanted.origin.origin(), &bytes).map_err(|reason| {
        let words = table().term(reason.trim_start_matches('@'), screen.lang).to_owned();
        Error::Usage(format!("{}: {words}", wanted.file.display()))
    })?;
    let mut notes = found.notes;
    let known = known(args, &into)?;
    let files = import::files(
        &found.products,
        |source| pictures.take(source),
        |sku| known.contains(&sku.to_lowercase()),
        &mut notes,
    );
    let mut written = 0;
    for file in &files {
        let path = into.join(&file.path);
        // What stands there is somebody's: a folder's name may have been taken by another product.
        if disk::stat(&path).is_some() {
            if let Some(sku) = &file.sku {
                let about = file.path.clone();
                notes.push(Note { line: 0, about, what: Kind::There, value: sku.clone() });
            }
            continue;
        }
        disk::write(&path, &file.bytes)?;
        written += 1;
    }
    notes.sort();
    if wanted.json {
        let json = serde_json::to_string_pretty(&notes).unwrap_or_default();
        screen.result(&format!("{json}\n"));
    } else {
        tell(&notes, screen);
    }
    let products = files.iter().filter(|file| file.sku.is_some()).count();
    screen.line(&format!(
        "{} {}, {} {}, {} {}",
        found.rows,
        screen.say("rows", "行"),
        products,
        screen.say("products", "个商品"),
        written,
        screen.say("files written", "个文件已写入")
    ));
    Ok(true)
}

/// What could not be taken over as it was, kind by kind.
fn tell(notes: &[Note], screen: &Screen) {
    let mut kinds: BTreeMap<Kind, Vec<&Note>> = BTreeMap::new();
    for note in notes {
        kinds.entry(note.what).or_default().push(note);
    }
    for (kind, notes) in kinds {
        screen.line(&format!("{} ({})", words(kind, screen), notes.len()));
        for note in notes.iter().take(10) {
            let line = if note.line > 0 { format!("{}: ", note.line) } else { String::new() };
            screen.line(&format!("  {line}{}  {}", note.about, note.value));
        }
        if notes.len() > 10 {
            screen.line(&format!("  … {}", notes.len() - 10));
        }
    }
}

fn words(kind: Kind, screen: &Screen) -> &'static str {
    let (en, zh) = match kind {
        Kind::Stray => ("rows that belong to no product", "不属于任何商品的行"),
        Kind::MadeSku => ("SKUs made up", "自动补的 SKU"),
        Kind::TwiceSku => {
            ("SKUs that stand twice; the second is left out", "重复的 SKU，第二个未导入")
        }
        Kind::BadPrice => ("prices that are none", "不是金额的价格"),
        Kind::BadGtin => ("trade item numbers that are none", "不正确的条码"),
        Kind::MoreCategories => ("further categories became tags", "其余分类改为标签"),
        Kind::Picture => (
            "pictures that are not here; --pictures names their folder",
            "找不到的图片，用 --pictures 指定文件夹",
        ),
        Kind::There => ("the shop has them already; they stay as they are", "店里已有，保持不变"),
    };
    screen.say(en, zh)
}

/// SKUs that the shop has, in lower case.
fn known(args: &Args, into: &Path) -> Result<HashSet<String>, Error> {
    let mut args = Args { content: into.to_owned(), ..args.clone() };
    args.quiet = true;
    if disk::stat(&into.join("shop.yaml")).is_none() {
        return Ok(HashSet::new());
    }
    let options = Options { check: true, ..options(&args, &args::Run::default())? };
    let prepared = Builder::new(options).look(None, &Progress::QUIET);
    let generation = prepared.generation;
    let skus = generation.iter().flat_map(|one| one.catalog.by_sku.keys());
    Ok(skus.map(|sku| sku.to_lowercase()).collect())
}

/// Pictures of an import: of the archive, or of a folder, by their names.
struct Pictures {
    packed: HashMap<String, Vec<u8>>,
    files: HashMap<String, PathBuf>,
}

impl Pictures {
    fn take(&mut self, source: &str) -> Option<Vec<u8>> {
        let plain = source.split(['?', '#']).next().unwrap_or(source);
        let name = plain.rsplit('/').next().unwrap_or(plain).to_lowercase();
        if let Some(bytes) = self.packed.get(&name) {
            return Some(bytes.clone());
        }
        disk::read(self.files.get(&name)?).ok()
    }
}

/// The table, and where its pictures are.
fn open(file: &Path, folder: Option<&Path>) -> Result<(Vec<u8>, Pictures), Error> {
    let bytes = disk::read(file)?;
    let mut pictures = Pictures { packed: HashMap::new(), files: HashMap::new() };
    let beside = file.with_extension("");
    for folder in folder.into_iter().chain(beside.is_dir().then_some(beside.as_path())) {
        for entry in walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok) {
            if entry.file_type().is_file() {
                let name = entry.file_name().to_string_lossy().to_lowercase();
                pictures.files.entry(name).or_insert_with(|| entry.into_path());
            }
        }
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Ok((bytes, pictures));
    }
    let broken = |error: zip::result::ZipError| Error::Io {
        path: file.to_owned(),
        source: std::io::Error::other(error),
    };
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(broken)?;
    let mut table = Vec::new();
    for nth in 0..archive.len() {
        let mut entry = archive.by_index(nth).map_err(broken)?;
        let name = entry.name().map_err(broken)?.into_owned();
        let name = name.rsplit('/').next().unwrap_or_default().to_lowercase();
        let mut bytes = Vec::new();
        std::io::copy(&mut entry, &mut bytes).map_err(Error::io(file))?;
        if name.ends_with(".csv") || name.ends_with(".xml") {
            table = bytes;
        } else {
            pictures.packed.insert(name, bytes);
        }
    }
    Ok((table, pictures))
}
