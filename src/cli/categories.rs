//! `categories`: which of the shop's categories have none on a channel yet, and which of the channel's would fit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use serde_json::json;

use super::Outcome;
use super::args::{self, Args, CategoriesFormat};
use super::build::{options, unread};
use super::export::known;
use super::print::Screen;
use crate::build::{Builder, Options};
use crate::catalog::product::{Product, Shown};
use crate::channel::profile::Profile;
use crate::channel::taxonomy::{self, Entry, Index};
use crate::channel::value::Expression;
use crate::diag::Diagnostic;
use crate::diag::render::Format;
use crate::generation::Generation;
use crate::id::SourcePath;
use crate::source::disk;

/// Suggestions for one category.
const MOST: usize = 3;

/// The category's own name counts this many times as much as all titles of its products together, each name above it a
/// third of the one below.
const NAME: f64 = 2.0;

pub(super) fn categories(args: &Args, asked: &args::Categories, screen: &Screen) -> Outcome {
    known(&args.roots(), &asked.channels, screen)?;
    let channels = asked.channels.clone();
    let run = Options { channels, ..options(args, &args::Run::default())? };
    let (generation, _) = Builder::new(run).facts();
    let Some(generation) = generation else {
        return Err(unread(args));
    };
    let mut faults = Vec::new();
    let mut lists = Vec::new();
    for name in &generation.channels.wanted {
        if let Some(profile) = generation.channels.get(name).filter(|one| takes_category(one)) {
            lists.push(List::of(&generation, profile, &mut faults));
        }
    }
    let bare = bare(&generation, &lists);
    screen.findings(&faults, Format::Human);
    match asked.format {
        CategoriesFormat::Yaml => screen.result(&yaml(&generation, &lists, &bare, screen)),
        CategoriesFormat::Json => screen.result(&data(&generation, &lists, &bare)),
    }
    Ok(!faults.iter().any(|fault| fault.severity() == crate::diag::Severity::Error))
}

/// Whether a channel shows the category that authors choose for it.
fn takes_category(profile: &Profile) -> bool {
    let shows = |value: &Expression| matches!(value, Expression::Value("category", _));
    let mut columns = profile.files.iter().flat_map(|file| &file.columns);
    profile.category.required
        || profile.category.taxonomy.is_some()
        || columns.any(|column| column.value.iter().any(shows))
}

/// A channel with its list of categories, if the shop has one.
struct List<'g> {
    profile: &'g Arc<Profile>,
    file: Option<SourcePath>,
    index: Option<Index>,
}

impl<'g> List<'g> {
    fn of(
        generation: &Generation,
        profile: &'g Arc<Profile>,
        faults: &mut Vec<Diagnostic>,
    ) -> Self {
        let shop = SourcePath::new("content/shop.yaml");
        let named = profile.category.taxonomy.as_deref();
        let file = named.and_then(|name| shop.resolve(name));
        // A list that is not there is nothing wrong: most shops have none.
        let there =
            file.as_ref().filter(|file| disk::plain(&generation.roots.real(file)).is_some());
        let entries = there.map(|file| taxonomy::read(&generation.roots, file, faults));
        let index = entries.map(|entries| Index::new(entries, generation.segmenter()));
        Self { profile, file, index }
    }
}

/// By category and channel, both by their numbers: the products that are without.
type Bare<'g> = BTreeMap<u32, BTreeMap<usize, Vec<&'g Product>>>;

fn bare<'g>(generation: &'g Generation, lists: &[List<'_>]) -> Bare<'g> {
    let mut bare: Bare<'g> = BTreeMap::new();
    let products = generation.catalog.products.iter();
    for product in products.filter(|product| product.shown != Shown::Hidden) {
        for (nth, list) in lists.iter().enumerate() {
            let mut said = product.channel(&list.profile.name);
            if !said.any(|record| record.category.is_some()) {
                bare.entry(product.category).or_default().entry(nth).or_default().push(product);
            }
        }
    }
    bare
}

/// What fits a category's products best, by its name, those above it, and their titles, in every language of the shop.
fn suggest<'l>(
    generation: &Generation,
    list: &'l List<'_>,
    category: u32,
    products: &[&Product],
) -> Vec<(&'l Entry, f64)> {
    let Some(index) = &list.index else { return Vec::new() };
    let locales = &generation.catalog.shop.locales;
    let mut texts: Vec<(&str, f64)> = Vec::new();
    let mut at = Some(category).filter(|index| *index != 0);
    let mut counts = NAME * taxonomy::number(products.len());
    while let Some(number) = at {
        let one = &generation.catalog.categories[number as usize];
        let names: BTreeSet<&str> = locales.iter().map(|locale| one.title(locale)).collect();
        texts.extend(names.into_iter().map(|name| (name, counts)));
        counts /= 3.0;
        at = one.parent.filter(|parent| *parent != 0);
    }
    for product in products {
        let titles: BTreeSet<&str> = locales.iter().map(|locale| product.title(locale)).collect();
        texts.extend(titles.into_iter().map(|title| (title, 1.0)));
    }
    index.suggest(texts, generation.segmenter(), MOST)
}

/// The file that says what all products of a category have in common.
fn file(generation: &Generation, category: u32) -> String {
    match &*generation.catalog.categories[category as usize].path {
        "" => "content/products/category.md".to_owned(),
        path => format!("content/products/{path}/category.md"),
    }
}

/// Text to be pasted into the categories' files: the best suggestion holds, others stand beside it as remarks.
fn yaml(generation: &Generation, lists: &[List<'_>], bare: &Bare<'_>, screen: &Screen) -> String {
    let mut out = String::new();
    // Writing to a text cannot fail.
    for (nth, list) in lists.iter().enumerate() {
        let name = &list.profile.name;
        let open = bare.values().filter(|channels| channels.contains_key(&nth)).count();
        let words =
            screen.say("categories without one of the channel", "个类目还没有对应的渠道类目");
        let _ = write!(out, "# {name}: {open} {words}");
        let _ = match (&list.index, &list.file) {
            (Some(_), Some(file)) => writeln!(out, " ({file})"),
            (None, Some(file)) => {
                let words = screen.say("its list would be", "类目表应放在");
                writeln!(out, " ({words} {file})")
            }
            _ => {
                let words = screen.say("no list: `category: {taxonomy: …}` in", "没有类目表，写在");
                writeln!(out, " ({words} content/channels/{name}.yaml)")
            }
        };
    }
    for (category, channels) in bare {
        let _ = writeln!(out, "\n# {}", file(generation, *category));
        let own = &generation.catalog.categories[*category as usize].own;
        let has = own.as_ref().is_some_and(|(_, record, _)| !record.defaults.channels.is_empty());
        if has {
            let words = screen.say("it has `channels:` already", "文件里已有 `channels:`");
            let _ = writeln!(out, "# {words}");
        }
        let _ = writeln!(out, "channels:");
        for (nth, products) in channels {
            let list = &lists[*nth];
            let name = &list.profile.name;
            let found = suggest(generation, list, *category, products);
            let skus: Vec<&str> = products.iter().take(3).map(|one| &*one.sku).collect();
            let more = if products.len() > 3 { " …" } else { "" };
            let _ = writeln!(out, "  # {}: {}{more}", products.len(), skus.join(", "));
            if found.is_empty() {
                let _ = writeln!(out, "  # {name}: {{category: }}");
            }
            for (nth, (entry, _)) in found.iter().enumerate() {
                let mark = if nth == 0 { "" } else { "# " };
                let (id, path) = (quoted(&entry.id), entry.path.join(" > "));
                let _ = writeln!(out, "  {mark}{name}: {{category: {id}}}  # {}", one_line(&path));
            }
        }
    }
    out
}

/// An id as YAML takes it for a text of its own.
fn quoted(id: &str) -> String {
    let plain = id.chars().all(|c| c.is_ascii_digit());
    if plain { id.to_owned() } else { serde_json::to_string(id).unwrap_or_default() }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn data(generation: &Generation, lists: &[List<'_>], bare: &Bare<'_>) -> String {
    let mut all = Vec::new();
    for (category, channels) in bare {
        for (nth, products) in channels {
            let list = &lists[*nth];
            let found = suggest(generation, list, *category, products);
            let found = found.into_iter().map(|(entry, score)| {
                let score = (score * 1000.0).round() / 1000.0;
                json!({"id": entry.id, "path": entry.path, "score": score})
            });
            all.push(json!({
                "category": generation.catalog.categories[*category as usize].path,
                "file": file(generation, *category),
                "channel": list.profile.name,
                "products": products.iter().map(|product| &*product.sku).collect::<Vec<_>>(),
                "list": list.index.as_ref().and(list.file.as_ref()).map(SourcePath::as_str),
                "suggestions": found.collect::<Vec<_>>(),
            }));
        }
    }
    format!("{:#}\n", serde_json::Value::Array(all))
}
