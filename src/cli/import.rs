//! `import`: a table of another shop system into content files.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Outcome;
use super::args::{self, Args};
use super::build::options;
use super::print::Screen;
use crate::build::{Builder, Options, Progress};
use crate::diag::codes::table;
use crate::error::Error;
use crate::generation::Generation;
use crate::id::SourcePath;
use crate::import::{self, Kind, Note, Product, merge};
use crate::output::disk;

pub(super) fn import(args: &Args, wanted: &args::Import, screen: &Screen) -> Outcome {
    let into = wanted.into.clone().unwrap_or_else(|| args.content.clone());
    let (bytes, mut pictures) = open(&wanted.file, wanted.pictures.as_deref())?;
    let origin = wanted.origin;
    let found = import::read(origin.origin(), &bytes).map_err(|reason| {
        let words = table().term(reason.trim_start_matches('@'), screen.lang).to_owned();
        Error::Usage(format!("{}: {words}", wanted.file.display()))
    })?;
    let left_out = found.left_out();
    let mut notes = found.notes;
    let there = shop(args, &into)?;
    let known: HashMap<String, usize> = there.iter().flat_map(skus).collect();
    let in_shop = |product: &Product| {
        let mut all =
            std::iter::once(&product.sku).chain(product.variants.iter().map(|one| &one.sku));
        all.find_map(|sku| known.get(&sku.to_lowercase())).copied()
    };
    let fresh: Vec<Product> =
        found.products.iter().filter(|product| in_shop(product).is_none()).cloned().collect();
    let files = import::files(&fresh, |source| pictures.take(source), &mut notes);
    let mut writes: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for file in &files {
        let path = into.join(&file.path);
        // What stands there is somebody's: a folder's name may have been taken by another product.
        if disk::stat(&path).is_none() {
            writes.push((path, file.bytes.clone()));
        } else if let Some(sku) = &file.sku {
            let (about, value) = (file.path.clone(), sku.clone());
            notes.push(Note { about, what: Kind::There, value, ..Note::default() });
        }
    }
    let recorded = into.join(format!(".imports/{}.json", origin.name()));
    let mut base = base(args, wanted, &recorded, screen)?;
    let locale = there.as_ref().map_or("", |generation| generation.catalog.shop.default_locale());
    let mut merged = 0;
    for product in &found.products {
        let pair = in_shop(product).zip(there.as_ref());
        let before = base.get(&product.sku.to_lowercase()).cloned();
        let conflicts = notes.len();
        if let Some((nth, generation)) = pair
            && before.as_ref() != Some(product)
        {
            let file = &generation.catalog.products[nth].own.file;
            let side = Side { file, locale, before: before.as_ref(), product };
            if let Some(write) = side.merge(&into, &mut notes)? {
                writes.push(write);
                merged += 1;
            }
        }
        let open = notes[conflicts..].iter().any(|note| note.what == Kind::Conflict);
        if wanted.mine {
            let told = notes.split_off(conflicts);
            notes.extend(told.into_iter().filter(|note| note.what != Kind::Conflict));
        }
        // What is in conflict is told again until both sides agree, or `--mine` says that the author is right.
        if !open || wanted.mine {
            base.insert(product.sku.to_lowercase(), product.clone());
        }
    }
    let now: HashSet<String> = found.products.iter().map(|one| one.sku.to_lowercase()).collect();
    for (sku, product) in
        base.iter().filter(|(sku, _)| !now.contains(*sku) && known.contains_key(*sku))
    {
        let about = product.handle.clone();
        notes.push(Note { about, what: Kind::Gone, value: sku.clone(), ..Note::default() });
    }
    let written = writes.len();
    let base: Vec<&Product> = base.values().collect();
    writes.push((recorded, serde_json::to_vec_pretty(&base).unwrap_or_default()));
    write(writes)?;
    notes.sort();
    if wanted.json {
        let json = serde_json::to_string_pretty(&notes).unwrap_or_default();
        screen.result(&format!("{json}\n"));
    } else {
        tell(&notes, screen);
    }
    let products = files.iter().filter(|file| file.sku.is_some()).count();
    screen.line(&format!(
        "{} {} ({} {}), {} {}, {} {}, {} {}",
        found.rows,
        screen.say("rows", "行"),
        left_out,
        screen.say("left out", "未导入"),
        products,
        screen.say("new products", "个新商品"),
        merged,
        screen.say("products changed", "个商品有改动"),
        written,
        screen.say("files written", "个文件已写入")
    ));
    Ok(!notes.iter().any(|note| note.what == Kind::Conflict))
}

/// Writes all files or none.
fn write(writes: Vec<(PathBuf, Vec<u8>)>) -> Result<(), Error> {
    let mut done: Vec<(&PathBuf, Option<Vec<u8>>)> = Vec::new();
    for (path, bytes) in &writes {
        let before = disk::stat(path).and_then(|_| disk::read(path).ok());
        if let Err(error) = disk::write(path, bytes) {
            for (path, before) in done {
                // The first fault is the one to be told.
                let _ = match before {
                    Some(bytes) => disk::write(path, &bytes),
                    None => disk::remove(path, path.parent().unwrap_or(path)),
                };
            }
            return Err(error);
        }
        done.push((path, before));
    }
    Ok(())
}

/// A product of the shop beside what the table says of it.
struct Side<'a> {
    file: &'a SourcePath,
    locale: &'a str,
    before: Option<&'a Product>,
    product: &'a Product,
}

impl Side<'_> {
    /// The author's file with what only the table changed; what both changed is noted.
    fn merge(
        &self,
        into: &Path,
        notes: &mut Vec<Note>,
    ) -> Result<Option<(PathBuf, Vec<u8>)>, Error> {
        let (product, file) = (self.product, self.file);
        let inside = file.as_str().strip_prefix("content/").filter(|name| name.ends_with(".md"));
        let note = |what, value: String, place: String| {
            let about = product.handle.clone();
            Note { line: product.line, about, what, value, place }
        };
        let Some(path) = inside.map(|inside| into.join(inside)) else {
            notes.push(note(Kind::InTable, product.sku.clone(), file.to_string()));
            return Ok(None);
        };
        let bytes = disk::read(&path)?;
        let Ok(text) = String::from_utf8(bytes) else { return Ok(None) };
        let plain = self.before.map(import::plain);
        let merged =
            merge::merge(file, self.locale, &text, plain.as_deref(), &import::plain(product));
        for one in merged.conflicts {
            let value = format!("{}: {} ≠ {}", one.field, one.ours, one.theirs);
            notes.push(note(Kind::Conflict, value, format!("{file}:{}:{}", one.at.0, one.at.1)));
        }
        let known = |source: &String| {
            let before = self.before.map(|before| &before.pictures[..]).unwrap_or_default();
            before.iter().any(|picture| picture.source == *source)
        };
        // Pictures are the author's once the product is there.
        let new =
            product.pictures.iter().filter(|one| self.before.is_some() && !known(&one.source));
        notes.extend(new.map(|one| note(Kind::NewPicture, one.source.clone(), file.to_string())));
        if self.before.is_some_and(|before| before.category != product.category) {
            let value = format!("category: {}", product.category.join(" > "));
            notes.push(note(Kind::Conflict, value, file.to_string()));
        }
        Ok(merged.text.map(|text| (path, text.into_bytes())))
    }
}

/// What both sides began with, by SKU: the table named by `--base`, else what the last import or export said,
/// whichever is newer.
fn base(
    args: &Args,
    wanted: &args::Import,
    recorded: &Path,
    screen: &Screen,
) -> Result<BTreeMap<String, Product>, Error> {
    let origin = wanted.origin;
    let table = |path: &Path| -> Result<Vec<Product>, Error> {
        let (bytes, _) = open(path, None)?;
        let found = import::read(origin.origin(), &bytes).map_err(|reason| {
            let words = table().term(reason.trim_start_matches('@'), screen.lang).to_owned();
            Error::Usage(format!("{}: {words}", path.display()))
        })?;
        Ok(found.products)
    };
    let exports = args.out.join("exports").join(origin.name());
    let exported = origin.files().iter().map(|name| exports.join(name));
    let exported = exported.filter_map(|path| Some((disk::stat(&path)?.changed, path))).max();
    let imported = disk::stat(recorded).map(|stat| stat.changed);
    let products = match (&wanted.base, exported, imported) {
        (Some(path), ..) => table(path)?,
        (None, Some((changed, path)), imported) if imported.is_none_or(|at| at < changed) => {
            table(&path)?
        }
        (None, _, Some(_)) => serde_json::from_slice(&disk::read(recorded)?)
            .map_err(|error| Error::Usage(format!("{}: {error}", recorded.display())))?,
        (None, ..) => Vec::new(),
    };
    Ok(products.into_iter().map(|product| (product.sku.to_lowercase(), product)).collect())
}

/// What could not be taken over as it was, kind by kind.
fn tell(notes: &[Note], screen: &Screen) {
    let mut kinds: BTreeMap<Kind, Vec<&Note>> = BTreeMap::new();
    for note in notes {
        kinds.entry(note.what).or_default().push(note);
    }
    for (kind, notes) in kinds {
        screen.line(&format!("{} ({})", words(kind, screen), notes.len()));
        // Each conflict is for a person to settle.
        let most = if kind == Kind::Conflict { usize::MAX } else { 10 };
        for note in notes.iter().take(most) {
            let line = if note.line > 0 { format!("{}: ", note.line) } else { String::new() };
            let place =
                if note.place.is_empty() { String::new() } else { format!("  ({})", note.place) };
            screen.line(&format!("  {line}{}  {}{place}", note.about, note.value));
        }
        if notes.len() > most {
            screen.line(&format!("  … {}", notes.len() - most));
        }
    }
}

fn words(kind: Kind, screen: &Screen) -> &'static str {
    let (en, zh) = match kind {
        Kind::Above => ("lines above the names of the columns", "列名上方的行"),
        Kind::Heading => ("rows that repeat the names of the columns", "重复列名的行"),
        Kind::Stray => ("rows that belong to no product", "不属于任何商品的行"),
        Kind::Nothing => ("rows that say nothing new of their product", "对商品没有新内容的行"),
        Kind::ExtraCells => ("rows with more cells than columns", "单元格多于列数的行"),
        Kind::OpenQuote => {
            ("quotes that none closes, taken as characters", "没有配对的引号，按普通字符处理")
        }
        Kind::QuoteInside => (
            "text behind the quote that ends its cell: look whether cells have moved",
            "结束单元格的引号后面还有文字，请检查是否错列",
        ),
        Kind::NoOptions => ("variants that do not say what they differ in", "没有写明规格值的规格"),
        Kind::BadStock => ("stocks that are no number", "不是数字的库存"),
        Kind::NewPicture => ("new pictures, which are left to you", "新图片，需自行放入"),
        Kind::InTable => (
            "products that stand in a table of the shop; change them there",
            "店里由表格维护的商品，请在表格里改",
        ),
        Kind::Gone => {
            ("products that the table no longer has; they stay", "表格里已没有的商品，店里保留")
        }
        Kind::Conflict => (
            "changed on both sides; yours stays until you settle it (--mine: yours is right)",
            "两边都改过，保留店里的，请处理（--mine 表示以店里为准）",
        ),
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
        Kind::There => {
            ("files that are there already; they stay as they are", "文件已存在，保持不变")
        }
    };
    screen.say(en, zh)
}

/// The shop as it is, if there is one.
fn shop(args: &Args, into: &Path) -> Result<Option<Arc<Generation>>, Error> {
    let mut args = Args { content: into.to_owned(), ..args.clone() };
    args.quiet = true;
    if disk::stat(&into.join("shop.yaml")).is_none() {
        return Ok(None);
    }
    let options = Options { check: true, ..options(&args, &args::Run::default())? };
    Ok(Builder::new(options).look(None, &Progress::QUIET).generation)
}

/// SKUs of products and variants in lower case, and whose they are.
fn skus(generation: &Arc<Generation>) -> Vec<(String, usize)> {
    let all = generation.catalog.by_sku.iter();
    all.map(|(sku, at)| (sku.to_lowercase(), *at as usize)).collect()
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
    // A workbook is an archive too, and a table as it is.
    let workbook = file.extension().is_some_and(|end| end.to_string_lossy().starts_with("xls"));
    if workbook || !bytes.starts_with(b"PK\x03\x04") {
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
