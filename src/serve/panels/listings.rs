//! One product on its channels: the rows as they will be uploaded, and where its title is cut.

use serde_json::{Value, json};

use super::{Live, Panel, Query, column};
use crate::catalog::product::Product;
use crate::channel::profile::Profile;
use crate::export::{self, Listing};

pub(super) const PANEL: Panel =
    Panel { id: "listings", title: ("Uploads", "上传内容"), listed: false, view };

/// Rows of a product that are shown side by side.
const ROWS: usize = 4;
/// Characters of a cell that are shown.
const SHOWN: usize = 160;

fn view(live: &Live, query: &Query) -> Value {
    let sku = query.get("sku");
    let snapshot = live.inner().snapshot.clone();
    let found = snapshot.as_ref().and_then(|one| one.generation.catalog.product(sku));
    let (Some(snapshot), Some(product)) = (&snapshot, found) else {
        let text =
            live.say(("Choose a product in the list of products.", "请在商品列表里选一个商品。"));
        return json!({"title": live.say(PANEL.title), "blocks": [{"kind": "text", "text": text}]});
    };
    let generation = &snapshot.generation;
    let mut blocks = Vec::new();
    for name in &generation.channels.wanted {
        let Some(profile) = generation.channels.get(name) else { continue };
        let rows = export::listings(generation, name, [product]);
        blocks.extend(channel(live, profile, product, &rows));
    }
    if blocks.is_empty() {
        let text = live.say(("The shop lists no channels.", "店铺没有列出渠道。"));
        blocks.push(json!({"kind": "text", "text": text}));
    }
    json!({"title": product.title(generation.catalog.shop.default_locale()), "blocks": blocks})
}

/// What a channel gets of a product.
fn channel(live: &Live, profile: &Profile, product: &Product, rows: &[Listing]) -> Vec<Value> {
    let label = profile.label(live.say(("en", "zh-CN")));
    if rows.is_empty() {
        let words = live.say(("is left out", "不导出"));
        return vec![json!({"kind": "text", "text": format!("{label}: {} {words}", product.sku)})];
    }
    let mut labels: Vec<&String> = Vec::new();
    for (label, _) in rows.iter().flat_map(|row| &row.cells) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let shown = &rows[..rows.len().min(ROWS)];
    let mut columns = vec![column(live.say(("Column", "列")), "text")];
    columns.extend(shown.iter().map(|row| json!({"title": row.sku, "as": "text", "wide": true})));
    let cells = |label: &String| {
        let texts = shown.iter().map(|row| {
            let found = row.cells.iter().find(|(name, _)| name == label);
            found.map_or(String::new(), |(_, text)| short(text))
        });
        Value::from(std::iter::once(label.clone()).chain(texts).collect::<Vec<_>>())
    };
    let table: Vec<Value> = labels.into_iter().map(cells).collect();
    let more = rows.len() - shown.len();
    let mut facts = vec![json!([live.say(("Rows", "行数")), rows.len()])];
    if more > 0 {
        facts.push(json!([live.say(("Not shown", "未显示")), more]));
    }
    facts.extend(title(live, profile, &rows[0]));
    vec![
        json!({"kind": "text", "text": label}),
        json!({"kind": "facts", "items": facts}),
        json!({"kind": "table", "columns": columns, "rows": table}),
    ]
}

/// The title as far as the channel takes it, what is cut off, and how long it is.
fn title(live: &Live, profile: &Profile, row: &Listing) -> Vec<Value> {
    let Some(rule) = &profile.title else { return Vec::new() };
    let Some(text) = export::title(profile, row) else { return Vec::new() };
    let fits = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|end| rule.unit.measure(&text[..*end]) <= rule.max)
        .last()
        .unwrap_or(0);
    let mut facts = vec![
        json!([live.say(("Title", "标题")), &text[..fits]]),
        json!([
            live.say(("Length", "长度")),
            format!("{} / {} {}", rule.unit.measure(text), rule.max, live.say(rule.unit.label()))
        ]),
    ];
    if fits < text.len() {
        facts.push(json!([live.say(("Cut off", "被截去")), &text[fits..]]));
    }
    facts
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
