//! What changes on each channel between two states of a shop: the effective rows, and the files that are the reason.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::Serialize;

use crate::catalog::Category;
use crate::catalog::product::{Layer, Product, Shown};
use crate::cx::Cx;
use crate::export::{self, Listing};
use crate::generation::Generation;
use crate::id::Hash;

/// Everything that differs between two states of a shop.
#[derive(Serialize, Default, Debug)]
pub struct Difference {
    /// Channels that differ.
    pub channels: Vec<Channel>,
    /// Pages of the site that came, went or changed.
    pub pages: Pages,
}

/// What differs on one channel.
#[derive(Serialize, Default, Debug)]
pub struct Channel {
    /// The channel.
    pub channel: String,
    /// Rows that are new.
    pub added: Vec<Row>,
    /// Rows that are gone.
    pub removed: Vec<Row>,
    /// Rows that say something else.
    pub changed: Vec<Row>,
}

/// One row that differs.
#[derive(Serialize, Default, Debug)]
pub struct Row {
    /// Its SKU.
    pub sku: String,
    /// What it is called.
    pub title: String,
    /// Columns that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<Cell>,
    /// Files whose change is the reason.
    pub because: Vec<String>,
}

/// One cell that differs.
#[derive(Serialize, Default, Debug)]
pub struct Cell {
    /// The column's label.
    pub column: String,
    /// What stood there.
    pub before: String,
    /// What stands there now.
    pub after: String,
}

/// Pages of products that differ.
#[derive(Serialize, Default, Debug)]
pub struct Pages {
    /// Addresses that are new.
    pub added: Vec<String>,
    /// Addresses that are gone.
    pub removed: Vec<String>,
    /// Addresses that show something else.
    pub changed: Vec<String>,
}

impl Difference {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.channels.is_empty()
            && self.pages.added.is_empty()
            && self.pages.removed.is_empty()
            && self.pages.changed.is_empty()
    }
}

/// Compares two states of a shop.
pub fn between(before: &Arc<Generation>, after: &Arc<Generation>) -> Difference {
    let touched = Touched::of(before, after);
    let mut names: Vec<&String> = after.channels.wanted.iter().collect();
    names
        .extend(before.channels.wanted.iter().filter(|name| !after.channels.wanted.contains(name)));
    let channels = names
        .into_iter()
        .map(|name| channel(name, before, after, &touched))
        .filter(|one| !(one.added.is_empty() && one.removed.is_empty() && one.changed.is_empty()))
        .collect();
    Difference { channels, pages: touched.pages() }
}

/// Products of which anything is said otherwise.
struct Touched<'g> {
    /// By SKU: before, after.
    pairs: BTreeMap<&'g str, (Option<&'g Product>, Option<&'g Product>)>,
    /// Those whose facts differ.
    changed: BTreeSet<&'g str>,
    shop: bool,
}

impl<'g> Touched<'g> {
    fn of(before: &'g Arc<Generation>, after: &'g Arc<Generation>) -> Self {
        let mut pairs: BTreeMap<&str, (Option<&Product>, Option<&Product>)> = BTreeMap::new();
        let mut hashes = HashMap::new();
        let old = Cx::new(before.clone(), 0);
        let old = old.wares();
        for (nth, product) in before.catalog.products.iter().enumerate() {
            pairs.entry(&product.sku).or_default().0 = Some(product);
            hashes.insert(&*product.sku, old.hash(nth));
        }
        let new = Cx::new(after.clone(), 0);
        let new = new.wares();
        let mut changed = BTreeSet::new();
        for (nth, product) in after.catalog.products.iter().enumerate() {
            pairs.entry(&product.sku).or_default().1 = Some(product);
            if hashes.remove(&*product.sku) != Some(new.hash(nth)) {
                changed.insert(&*product.sku);
            }
        }
        // What is left was there before and is not there now.
        let gone: BTreeSet<&str> = hashes.into_keys().collect();
        changed.extend(gone);
        Self { pairs, changed, shop: before.catalog.shop_hash != after.catalog.shop_hash }
    }

    fn pages(&self) -> Pages {
        let mut pages = Pages::default();
        let shown = |one: Option<&'g Product>| one.filter(|product| product.shown != Shown::Hidden);
        for (sku, (before, after)) in &self.pairs {
            match (shown(*before), shown(*after)) {
                (None, Some(after)) => pages.added.push(format!("/{}", after.address)),
                (Some(before), None) => pages.removed.push(format!("/{}", before.address)),
                (Some(before), Some(after)) if before.address != after.address => {
                    pages.removed.push(format!("/{}", before.address));
                    pages.added.push(format!("/{}", after.address));
                }
                (Some(_), Some(after)) if self.shop || self.changed.contains(sku) => {
                    pages.changed.push(format!("/{}", after.address));
                }
                _ => {}
            }
        }
        pages
    }
}

fn channel(
    name: &str,
    before: &Arc<Generation>,
    after: &Arc<Generation>,
    touched: &Touched<'_>,
) -> Channel {
    let mut found = Channel { channel: name.to_owned(), ..Channel::default() };
    let wanted = |one: &Arc<Generation>| one.channels.wanted.iter().any(|known| known == name);
    let profile = |one: &Arc<Generation>| one.channels.get(name).map(|profile| profile.hash);
    let all = touched.shop || profile(before) != profile(after) || wanted(before) != wanted(after);
    let products = |old: bool| {
        touched
            .pairs
            .iter()
            .filter(|(sku, _)| all || touched.changed.contains(*sku))
            .filter_map(|(_, (before, after))| if old { *before } else { *after })
            .collect::<Vec<&Product>>()
    };
    let rows = |one: &Arc<Generation>, old: bool| {
        if wanted(one) { export::listings(one, name, products(old)) } else { Vec::new() }
    };
    let (old, new) = (keyed(rows(before, true)), keyed(rows(after, false)));
    for (key, row) in &new {
        let because = || because(name, before, after, &key.0);
        match old.get(key) {
            None => found.added.push(Row { because: because(), ..of(key, row) }),
            Some(was) if was.cells != row.cells => {
                let cells = cells(was, row);
                found.changed.push(Row { cells, because: because(), ..of(key, row) });
            }
            Some(_) => {}
        }
    }
    for (key, row) in &old {
        if !new.contains_key(key) {
            let because = because(name, before, after, &key.0);
            found.removed.push(Row { because, ..of(key, row) });
        }
    }
    found
}

/// Rows by SKU; further rows of one SKU, such as pictures, by their number.
fn keyed(rows: Vec<Listing>) -> BTreeMap<(String, usize), Listing> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut last = String::new();
    let mut map = BTreeMap::new();
    for row in rows {
        if !row.sku.is_empty() {
            last.clone_from(&row.sku);
        }
        let nth = counts.entry(last.clone()).or_default();
        map.insert((last.clone(), *nth), row);
        *nth += 1;
    }
    map
}

fn of(key: &(String, usize), row: &Listing) -> Row {
    let names = ["title", "Title", "Name", "宝贝名称", "商品标题", "商品名称", "标题"];
    let title = row.cells.iter().find(|(label, _)| names.contains(&label.as_str()));
    Row {
        sku: key.0.clone(),
        title: title.map_or(String::new(), |(_, title)| title.clone()),
        ..Row::default()
    }
}

fn cells(before: &Listing, after: &Listing) -> Vec<Cell> {
    let text = |row: &Listing, label: &str| {
        let found = row.cells.iter().find(|(name, _)| name == label);
        found.map_or(String::new(), |(_, text)| text.clone())
    };
    let mut labels: Vec<&String> = after.cells.iter().map(|(label, _)| label).collect();
    labels.extend(before.cells.iter().map(|(label, _)| label));
    let mut seen = BTreeSet::new();
    labels
        .into_iter()
        .filter(|label| seen.insert(*label))
        .map(|label| Cell {
            column: label.clone(),
            before: text(before, label),
            after: text(after, label),
        })
        .filter(|cell| cell.before != cell.after)
        .collect()
}

/// The files whose change reaches a row.
fn because(
    channel: &str,
    before: &Arc<Generation>,
    after: &Arc<Generation>,
    sku: &str,
) -> Vec<String> {
    let mut files = BTreeSet::new();
    let (old, new) = (before.catalog.product(sku), after.catalog.product(sku));
    let mut words: BTreeMap<String, [Option<Hash>; 2]> = BTreeMap::new();
    for (nth, product) in [old, new].into_iter().enumerate() {
        let Some(product) = product else { continue };
        let own = std::iter::once(&product.own);
        let local = product.locales.iter().map(|(_, layer)| layer);
        // What a product inherits is no reason for its coming or going, unless it changed too.
        let inherited = product.defaults.iter().filter(|_| old.is_some() && new.is_some());
        let layers: Vec<&Layer> = own.chain(local).chain(inherited).collect();
        for layer in layers {
            let body = layer.body.as_ref().map(|body| body.hash);
            let hash = Hash::of_value(&(layer.hash, body));
            // The shop's own defaults and what else it says are one file.
            words.entry(layer.file.to_string()).or_default()[nth] = Some(hash);
        }
        let (catalog, other) = ([before, after][nth], [after, before][nth]);
        let alone = [old, new][1 - nth].is_none();
        for image in &product.images {
            let hash = catalog.catalog.pictures.get(&image.path).map(|picture| picture.hash);
            words.entry(image.path.to_string()).or_default()[nth] = hash;
        }
        let mut at = Some(product.category).filter(|index| *index != 0);
        while let Some(index) = at {
            let category = &catalog.catalog.categories[index as usize];
            if let Some((file, ..)) = &category.own {
                let entry = words.entry(file.to_string()).or_default();
                let is = |one: &&Category| one.own.as_ref().is_some_and(|(own, ..)| own == file);
                let same = other.catalog.categories.iter().find(is).filter(|_| alone);
                for (at, category) in [(nth, Some(category)), (1 - nth, same)] {
                    let hash = category.map(|one| Hash::of_value(&(entry[at], one.hash)));
                    entry[at] = hash.or(entry[at]);
                }
            }
            at = category.parent;
            at = at.filter(|parent| *parent != 0);
        }
        let prices = product.variants.iter().filter_map(|one| one.price).chain(product.price);
        for campaign in prices.filter_map(|price| price.campaign) {
            let campaign = &catalog.catalog.campaigns[campaign as usize];
            let entry = words.entry(campaign.file.to_string()).or_default();
            entry[nth] = Some(campaign.hash);
            if alone {
                let same = other.catalog.campaigns.iter().find(|one| one.file == campaign.file);
                entry[1 - nth] = same.map(|one| one.hash);
            }
        }
    }
    files.extend(words.into_iter().filter(|(_, [old, new])| old != new).map(|(file, _)| file));
    if before.catalog.shop_hash != after.catalog.shop_hash {
        files.insert("content/shop.yaml".to_owned());
    }
    let profile = |one: &Arc<Generation>| one.channels.get(channel).map(|profile| profile.hash);
    if profile(before) != profile(after) {
        files.insert(format!("content/channels/{channel}.yaml"));
    }
    files.into_iter().collect()
}
