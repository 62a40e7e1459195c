//! What each channel will get: its rows as they will be uploaded, what is left out and why, and how a phone shows them.

use std::sync::Arc;

use serde_json::{Value, json};

use super::products::thumb;
use super::{Live, Panel, Query, badge, column, link};
use crate::catalog::product::Product;
use crate::channel::profile::Profile;
use crate::export::{self, Listing};
use crate::generation::Generation;
use crate::id::escaped;

pub(super) const PANEL: Panel =
    Panel { id: "channels", title: ("Channels", "渠道"), listed: true, view };

/// Products on one page. Rows of thousands would take seconds to make and to send; a filter finds them as quickly.
const PAGE: usize = 100;

fn view(live: &Live, query: &Query) -> Value {
    let snapshot = live.inner().snapshot.clone();
    let Some(snapshot) = snapshot else {
        let text = live.say(("The shop is being read.", "正在读取店铺。"));
        return json!({"title": live.say(PANEL.title), "blocks": [{"kind": "text", "text": text}]});
    };
    let generation = &snapshot.generation;
    let channels = &generation.channels;
    let wanted = channels.wanted.iter().find(|name| name.as_str() == query.get("channel"));
    match wanted.and_then(|name| channels.get(name)) {
        Some(profile) => rows(live, generation, profile, query),
        None => overview(live, generation),
    }
}

/// Every channel with how many products it takes.
fn overview(live: &Live, generation: &Arc<Generation>) -> Value {
    let lang = generation.catalog.shop.default_locale();
    let rows: Vec<Value> = generation
        .channels
        .wanted
        .iter()
        .filter_map(|name| {
            let profile = generation.channels.get(name)?;
            let files: Vec<&str> = profile.files.iter().map(|file| file.path.as_str()).collect();
            let title = link(profile.label(lang), &format!("#channels?channel={name}"));
            Some(json!([title, files.join(", "), profile.version]))
        })
        .collect();
    json!({"title": live.say(PANEL.title), "blocks": [{
        "kind": "table",
        "empty": live.say(("shop.yaml lists no channels", "shop.yaml 里还没有渠道")),
        "columns": [
            {"title": live.say(("Channel", "渠道")), "as": "link", "wide": true},
            column(live.say(("Files", "文件")), "text"),
            column(live.say(("Profile", "规格版本")), "text"),
        ],
        "rows": rows,
    }]})
}

/// The products that a filter's words fit: those in whose names all of them stand first, then those of whose SKU some are
/// letters in order.
fn fitting<'g>(generation: &'g Generation, filter: &str) -> Vec<&'g Product> {
    let catalog = &generation.catalog;
    let filter = filter.to_lowercase();
    let words: Vec<&str> = filter.split_whitespace().collect();
    let mut found: Vec<(bool, &Product)> = Vec::new();
    for product in &catalog.products {
        let category = &catalog.categories[product.category as usize];
        let variants = product.variants.iter().map(|variant| &*variant.sku);
        let skus = std::iter::once(&*product.sku).chain(variants);
        let skus: Vec<String> = skus.map(str::to_lowercase).collect();
        let texts = catalog.shop.locales.iter().flat_map(|locale| {
            [product.title(locale), product.brand(locale), category.title(locale)]
        });
        let texts: Vec<String> = texts.map(str::to_lowercase).collect();
        let within = |word: &&str| skus.iter().chain(&texts).any(|text| text.contains(*word));
        let whole = words.iter().all(&within);
        if whole
            || words.iter().all(|word| within(word) || skus.iter().any(|sku| spells(sku, word)))
        {
            found.push((!whole, product));
        }
    }
    found.sort_by_key(|(apart, _)| *apart);
    found.into_iter().map(|(_, product)| product).collect()
}

/// Whether the letters of a word stand in a SKU in their order.
fn spells(sku: &str, word: &str) -> bool {
    let mut letters = sku.chars();
    word.chars().count() > 1 && word.chars().all(|c| letters.any(|letter| letter == c))
}

/// The pages around one, the first and the last.
fn pages(page: usize, count: usize, channel: &str, filter: &str) -> Value {
    let near = |nth: &usize| *nth == 1 || *nth == count || nth.abs_diff(page) < 3;
    let q = if filter.is_empty() { String::new() } else { format!("&q={}", escaped(filter)) };
    let item = |nth: usize| {
        let href = format!("#channels?channel={channel}&page={nth}{q}");
        json!({"text": nth.to_string(), "href": href, "current": nth == page})
    };
    let items: Vec<Value> = (1..=count).filter(near).map(item).collect();
    json!({"kind": "pages", "items": if count > 1 { items } else { Vec::new() }})
}

/// The rows of a channel, a page at a time.
fn rows(live: &Live, generation: &Arc<Generation>, profile: &Profile, query: &Query) -> Value {
    let catalog = &generation.catalog;
    let filter = query.get("q").trim();
    let fitting = fitting(generation, filter);
    let count = fitting.len().div_ceil(PAGE).max(1);
    let page = query.get("page").parse().unwrap_or(1).clamp(1, count);
    let (from, to) = ((page - 1) * PAGE, fitting.len().min(page * PAGE));
    let shown = match (fitting.len(), live.say(("products", "个商品"))) {
        (0, words) => format!("0 {words}"),
        (all, words) => format!("{}–{to} / {all} {words}", from + 1),
    };
    let lang = catalog.shop.default_locale();
    let mut table: Vec<Value> = Vec::new();
    let mut phones: Vec<Value> = Vec::new();
    let mut heads: Vec<String> = Vec::new();
    let mut all: Vec<(&Product, Vec<Listing>)> = Vec::new();
    for product in &fitting[from..to] {
        let found = export::listings(generation, &profile.name, std::iter::once(*product));
        for (label, _) in found.iter().flat_map(|row| &row.cells) {
            if !heads.contains(label) {
                heads.push(label.clone());
            }
        }
        all.push((product, found));
    }
    for (product, found) in all {
        let name = link(&product.sku, &format!("#listings?sku={}", product.sku));
        if found.is_empty() {
            let mut cells = vec![name, badge(live.say(("left out", "未列入")), "warn")];
            cells.extend(heads.iter().map(|_| Value::Null));
            table.push(Value::Array(cells));
            continue;
        }
        if phones.len() < 12 {
            phones.extend(phone(live, generation, profile, product, &found[0]));
        }
        for row in &found {
            let mut cells = vec![name.clone(), Value::Null];
            let cell = |head: &String| row.cells.iter().find(|(label, _)| label == head);
            cells.extend(heads.iter().map(|head| json!(cell(head).map(|(_, text)| short(text)))));
            table.push(Value::Array(cells));
        }
    }
    let mut columns = vec![column("SKU", "link"), column(live.say(("Status", "状态")), "badge")];
    columns.extend(heads.iter().map(|head| column(head, "text")));
    let empty = live.say(("No product matches", "没有符合的商品"));
    json!({"title": format!("{} · {}", live.say(PANEL.title), profile.label(lang)), "blocks": [
        {"kind": "phones", "items": phones},
        pages(page, count, &profile.name, filter),
        {"kind": "table", "filter": "server", "shown": shown, "empty": empty, "columns": columns, "rows": table},
        pages(page, count, &profile.name, filter),
    ]})
}

/// A listing as a phone shows it; behind `cut` stands what the channel cuts off or refuses.
fn phone(
    live: &Live,
    generation: &Arc<Generation>,
    profile: &Profile,
    product: &Product,
    row: &Listing,
) -> Option<Value> {
    let catalog = &generation.catalog;
    let title = export::title(profile, row)?;
    let shop = catalog.shop.default_locale();
    let image = product.images.first().and_then(|image| {
        crate::catalog::picture::Shot::of(catalog, &image.path, || product.alt(shop, image))
    });
    let price = product.price_range().map(|(low, high)| {
        crate::catalog::product::price_text(low.now, high.now, &catalog.currency, shop)
    });
    let cut = profile.title.as_ref().map_or(title.len(), |rule| {
        let most = rule.visible.unwrap_or(rule.max).min(rule.max);
        let fits = |end: &usize| rule.unit.measure(&title[..*end]) <= most;
        let ends = title.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.take_while(fits).last().unwrap_or(0)
    });
    let note = profile.title.as_ref().map(|rule| {
        format!("{} / {} {}", rule.unit.measure(title), rule.max, live.say(rule.unit.label()))
    });
    Some(json!({
        "channel": profile.label(shop),
        "src": thumb(live, generation, image.as_ref()),
        "title": &title[..cut],
        "cut": &title[cut..],
        "price": price,
        "note": note,
        "href": format!("#listings?sku={}", product.sku),
    }))
}

/// The beginning of a cell: as much as stands on one line of a narrow column.
fn short(text: &str) -> String {
    let mut width = 0;
    let fits = |c: &char| {
        width += if c.is_ascii() { 1 } else { 2 };
        width <= 22
    };
    let line: String = text.chars().take_while(fits).collect();
    let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.len() < text.len() { format!("{line}…") } else { line }
}
