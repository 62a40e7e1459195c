//! `import`: a table of another shop system, or any table, into content files.

mod table;
mod tell;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Outcome;
use super::args::{self, Args};
use super::build::options;
use super::print::Screen;
use crate::build::{Builder, Options, Progress};
use crate::catalog;
use crate::catalog::money::Money;
use crate::catalog::product::Price;
use crate::catalog::shop::Shop;
use crate::error::Error;
use crate::generation::Generation;
use crate::import::{self, Kind, Note, Product, merge};
use crate::output::disk;

pub(super) fn import(args: &Args, wanted: &args::Import, screen: &Screen) -> Outcome {
    let into = wanted.into.clone().unwrap_or_else(|| args.content.clone());
    let (mut found, mut pictures) = table::read(args, wanted, &wanted.file, screen)?;
    let left_out = found.left_out();
    let mut notes = std::mem::take(&mut found.notes);
    let there = shop(args, &into)?;
    if let Some(generation) = &there {
        let shop = &generation.catalog.shop;
        unlisted(&mut found.products, shop, &mut notes);
        let others = found.currencies.iter().filter(|(code, _)| **code != shop.currency);
        notes.extend(others.map(|(code, (line, value))| Note {
            line: *line,
            about: format!("{code} ≠ {}", shop.currency),
            what: Kind::Currency,
            value: value.clone(),
            ..Note::default()
        }));
    }
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
    let recorded = into.join(format!(".imports/{}.json", table::record(wanted)));
    let mut base = base(args, wanted, &recorded, screen)?;
    let mut merged = 0;
    for product in &found.products {
        let pair = in_shop(product).zip(there.as_ref());
        let before = base.get(&product.sku.to_lowercase()).cloned();
        let conflicts = notes.len();
        if let Some((nth, generation)) = pair
            && before.as_ref() != Some(product)
        {
            let own = &generation.catalog.products[nth];
            let side =
                Side { shop: &generation.catalog.shop, own, before: before.as_ref(), product };
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
        tell::tell(&notes, screen);
    }
    if !found.mapping.is_empty() {
        screen.line(&tell::mapping(wanted, &found.mapping, screen));
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

/// What is said for channels that the shop does not list would be an error there.
fn unlisted(products: &mut [Product], shop: &Shop, notes: &mut Vec<Note>) {
    let listed = |name: &str| shop.channels.iter().any(|known| known.value == name);
    for product in products {
        let all = std::mem::take(&mut product.channels);
        let (kept, left) = all.into_iter().partition(|(name, ..)| listed(name));
        product.channels = kept;
        let left: Vec<(String, String, String)> = left;
        notes.extend(left.into_iter().map(|(channel, field, value)| Note {
            line: product.line,
            about: product.handle.clone(),
            what: Kind::Unlisted,
            value: format!("{channel}.{field}: {value}"),
            ..Note::default()
        }));
    }
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
    shop: &'a Shop,
    own: &'a catalog::product::Product,
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
        let (product, file) = (self.product, &self.own.own.file);
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
        let base = self.before.map(import::plain);
        let (theirs, held) = (import::plain(product), import::plain(&self.held()));
        let sides =
            merge::Sides { ours: &text, base: base.as_deref(), theirs: &theirs, held: Some(&held) };
        let merged = merge::merge(file, self.shop.default_locale(), sides);
        let gone = merged.gone.into_iter();
        notes.extend(gone.map(|sku| note(Kind::Gone, sku, file.to_string())));
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
        if self.before.map_or(&[][..], |before| &before.locales) != product.locales {
            let names: Vec<&str> = product.locales.iter().map(|(name, ..)| &**name).collect();
            notes.push(note(Kind::OtherLanguage, names.join(", "), file.to_string()));
        }
        if self.before.is_some_and(|before| before.category != product.category) {
            let value = product.category.join(" > ");
            notes.push(note(Kind::Moved, value, file.to_string()));
        }
        Ok(merged.text.map(|text| (path, text.into_bytes())))
    }

    /// What holds of the product, whether its own file says it or not, in the words of a table.
    fn held(&self) -> Product {
        let price = |price: Option<Price>| {
            let Some(price) = price else { return import::Price::default() };
            let digits = |amount: Money| amount.decimal(&self.shop.currency());
            let sale = if price.on_sale() { digits(price.now) } else { String::new() };
            import::Price { list: digits(price.list), sale, ..import::Price::default() }
        };
        let mut held = Product {
            sku: self.own.sku.to_string(),
            brand: self.own.brand(self.shop.default_locale()).to_owned(),
            ..Product::default()
        };
        if self.own.variant_records().is_none() {
            held.price = price(self.own.variants.first().and_then(|variant| variant.price));
            return held;
        }
        let variants = self.own.variants.iter();
        held.variants = variants
            .map(|variant| import::Variant {
                sku: variant.sku.to_string(),
                price: price(variant.price),
                ..import::Variant::default()
            })
            .collect();
        held
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
    let read = |path: &Path| -> Result<Vec<Product>, Error> {
        Ok(table::read(args, wanted, path, screen)?.0.products)
    };
    let exports = args.out.join("exports").join(origin.name());
    let exported = origin.files().iter().map(|name| exports.join(name));
    let exported = exported.filter_map(|path| Some((disk::stat(&path)?.changed, path))).max();
    let imported = disk::stat(recorded).map(|stat| stat.changed);
    let products = match (&wanted.base, exported, imported) {
        (Some(path), ..) => read(path)?,
        (None, Some((changed, path)), imported) if imported.is_none_or(|at| at < changed) => {
            read(&path)?
        }
        (None, _, Some(_)) => serde_json::from_slice(&disk::read(recorded)?)
            .map_err(|error| Error::Usage(format!("{}: {error}", recorded.display())))?,
        (None, ..) => Vec::new(),
    };
    Ok(products.into_iter().map(|product| (product.sku.to_lowercase(), product)).collect())
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
