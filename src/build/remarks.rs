//! What is to be said of pictures once their pixels were seen, also of those that were made before.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::catalog::product::{Product, Shown};
use crate::cx::{Order, Want};
use crate::diag::{Diagnostic, Place, Span};
use crate::generation::Generation;
use crate::id::{Hash, OutPath, SourcePath};
use crate::image::{ALIKE_EDGES, Print};
use crate::output::store::Store;

/// SKUs that one finding names.
const NAMED: usize = 5;

/// Whether none of a file's sources could serve, as far as is known.
pub(super) fn refused(store: &Store, want: &Want) -> bool {
    let order = want.order.as_ref().filter(|order| order.frame.white && !order.must);
    order.is_some()
        && store
            .damage
            .get(&want.key())
            .is_some_and(|remarks| remarks.iter().any(|(code, _)| code == "picture/no-white"))
}

/// What is wrong with pictures that pages and channels show.
pub(super) fn findings(
    store: &Store,
    wants: &BTreeMap<OutPath, Want>,
    failed: &BTreeMap<SourcePath, (String, String)>,
) -> Vec<Diagnostic> {
    let mut sources: BTreeMap<&SourcePath, Hash> = BTreeMap::new();
    for want in wants.values() {
        sources.insert(&want.source, want.hash);
        let others = want.order.iter().flat_map(|order| &order.others);
        sources.extend(others.map(|(path, hash)| (path, *hash)));
    }
    let mut findings = Vec::new();
    let mut say = |path: &SourcePath, code: &str, reason: &str| {
        let code = match code {
            "picture/color" => "picture/color",
            "picture/damaged" => "picture/damaged",
            _ => "picture/broken",
        };
        findings.push(
            Diagnostic::new(code, Place::File(path.clone()))
                .with("found", path.name())
                .with("reason", reason),
        );
    };
    for (path, hash) in sources {
        if let Some((code, reason)) = failed.get(path) {
            say(path, code, reason);
        }
        for (code, reason) in store.damage.get(&hash).into_iter().flatten() {
            say(path, code, reason);
        }
    }
    findings.extend(of_channels(store, wants));
    findings
}

/// How files for channels came out.
fn of_channels(store: &Store, wants: &BTreeMap<OutPath, Want>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    // One finding for all products that have nothing for a role which nobody needs.
    let mut without: BTreeMap<(&str, &str), Vec<&Order>> = BTreeMap::new();
    let mut asked: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for want in wants.values() {
        let Some(order) = &want.order else { continue };
        let about = &order.about;
        let role = (about.channel.as_str(), about.role.as_str());
        if order.frame.white && !order.must {
            *asked.entry(role).or_default() += 1;
        }
        for (code, reason) in store.damage.get(&want.key()).into_iter().flatten() {
            if code == "picture/no-white" && !about.needed {
                without.entry(role).or_default().push(order);
            } else {
                findings.extend(finding(want, order, code, reason));
            }
        }
    }
    for (role, orders) in without {
        let Some(first) = orders.first() else { continue };
        let mut skus: Vec<&str> =
            orders.iter().take(NAMED).map(|order| order.about.sku.as_str()).collect();
        if orders.len() > NAMED {
            skus.push("…");
        }
        findings.push(
            Diagnostic::new("picture/none-white", first.about.at.clone())
                .with("channel", role.0)
                .with("role", role.1)
                .with("count", orders.len())
                .with("of", asked.get(&role).copied().unwrap_or_default())
                .with("skus", skus.join(", ")),
        );
    }
    findings
}

/// One remark in words.
fn finding(want: &Want, order: &Order, code: &str, reason: &str) -> Option<Diagnostic> {
    let (frame, about) = (&order.frame, &order.about);
    // A picture that the channel can do without spoils nothing.
    let grave = about.sure && (order.must || about.needed);
    let bytes = |bytes: u64| format!("{} KB", bytes.div_ceil(1024));
    let kilobytes = || reason.parse().map_or_else(|_| reason.to_owned(), bytes);
    let (code, found, limit) = match code {
        "picture/heavy" => {
            let code = if grave { "picture/too-heavy" } else { "picture/heavy" };
            (code, kilobytes(), bytes(frame.bytes.1))
        }
        "picture/light" => {
            let code = if grave { "picture/too-light" } else { "picture/light" };
            (code, kilobytes(), bytes(frame.bytes.0))
        }
        "picture/reduced" => ("picture/reduced", reason.to_owned(), bytes(frame.bytes.1)),
        "picture/lost-in-white" => {
            ("picture/lost-in-white", reason.to_owned(), frame.fill.to_string())
        }
        "picture/not-white" => ("picture/not-white", reason.to_owned(), String::new()),
        "picture/no-white" => ("picture/no-white", reason.to_owned(), String::new()),
        _ => return None,
    };
    let finding = Diagnostic::new(code, about.at.clone())
        .with("sku", &about.sku)
        .with("channel", &about.channel)
        .with("role", &about.role)
        .with("file", want.source.name())
        .with("found", found)
        .with("limit", limit)
        .with("source", &about.source);
    Some(finding)
}

/// A picture of a product, with its print.
struct Seen<'g> {
    path: &'g SourcePath,
    print: Print,
    /// The products that show it.
    products: BTreeSet<usize>,
}

/// Pictures of different products that look the same. One that several products name by its path is meant to be shared.
pub(super) fn alike(generation: &Generation, store: &Store) -> Vec<Diagnostic> {
    let catalog = &generation.catalog;
    let mut seen: Vec<Seen<'_>> = Vec::new();
    let mut by_path: HashMap<&SourcePath, usize> = HashMap::new();
    for (nth, product) in catalog.products.iter().enumerate() {
        if product.shown == Shown::Hidden {
            continue;
        }
        for image in &product.images {
            if let Some(at) = by_path.get(&image.path) {
                seen[*at].products.insert(nth);
                continue;
            }
            let look = catalog.pictures.get(&image.path).and_then(|one| store.looks.get(&one.hash));
            if let Some(print) = look.and_then(|look| look.print) {
                by_path.insert(&image.path, seen.len());
                seen.push(Seen { path: &image.path, print, products: BTreeSet::from([nth]) });
            }
        }
    }
    // Prints that differ in few edges are the same in one of more pieces than that.
    let pieces = ALIKE_EDGES as usize + 1;
    let width = 128_usize.div_ceil(pieces);
    let mut by_piece: HashMap<(usize, u128), Vec<usize>> = HashMap::new();
    let mut findings = Vec::new();
    for (nth, one) in seen.iter().enumerate() {
        let keys = (0..pieces)
            .map(|piece| (piece, one.print.edges >> (piece * width) & ((1 << width) - 1)));
        let keys: Vec<_> = keys.collect();
        let near: BTreeSet<usize> =
            keys.iter().filter_map(|key| by_piece.get(key)).flatten().copied().collect();
        let twin = near.into_iter().map(|at| &seen[at]).find(|other| {
            other.print.alike(&one.print) && other.products.is_disjoint(&one.products)
        });
        if let Some(twin) = twin {
            findings.extend(told(&catalog.products, one, twin));
        }
        for key in keys {
            by_piece.entry(key).or_default().push(nth);
        }
    }
    findings
}

fn told(
    products: &[std::sync::Arc<Product>],
    one: &Seen<'_>,
    twin: &Seen<'_>,
) -> Option<Diagnostic> {
    let product = products.get(*one.products.first()?)?;
    let other = products.get(*twin.products.first()?)?;
    Some(
        Diagnostic::new("picture/alike", place(product, one.path))
            .with("found", one.path.name())
            .with("sku", &product.sku)
            .with("file", twin.path)
            .with("other", &other.sku)
            .also(place(other, twin.path), "named-here"),
    )
}

/// Where a product names a picture.
fn place(product: &Product, path: &SourcePath) -> Place {
    let named =
        product.images.iter().find(|image| image.path == *path).and_then(|image| image.named);
    let records = product.own.record.images.as_deref().unwrap_or_default();
    let record = named.and_then(|nth| records.get(nth as usize)).map(|record| record.src.at);
    let sku = || product.own.record.sku.as_ref().map_or(Span::default(), |sku| sku.at);
    Place::Bytes(product.own.file.clone(), record.unwrap_or_else(sku))
}
