//! All products at a glance.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Live, Panel, Query, badge, column, link, place};
use crate::catalog::product::{Product, Shown};
use crate::cx::Want;
use crate::diag::Severity;
use crate::id::SourcePath;

pub(super) const PANEL: Panel =
    Panel { id: "products", title: ("Products", "商品"), listed: true, view };

fn view(live: &Live, _: &Query) -> Value {
    let title = live.say(PANEL.title);
    let Some(snapshot) = live.inner().snapshot.clone() else {
        let text = live.say(("The shop cannot be read yet.", "店铺还读不出来。"));
        return json!({"title": title, "blocks": [{"kind": "text", "text": text}]});
    };
    let catalog = &snapshot.generation.catalog;
    let locale = catalog.shop.default_locale();
    let findings = live.inner().findings.clone();
    let mut wrong: HashMap<&SourcePath, (usize, usize)> = HashMap::new();
    for finding in findings.iter() {
        let Some(file) = finding.file() else { continue };
        let counts = wrong.entry(file).or_default();
        match finding.severity() {
            Severity::Error => counts.0 += 1,
            Severity::Warning => counts.1 += 1,
            Severity::Note => {}
        }
    }
    let rows: Vec<Value> = (0..)
        .zip(&catalog.products)
        .map(|(at, product)| {
            let card = &catalog.card(at, 0).0;
            let category = &catalog.categories[product.category as usize];
            json!([
                thumb(live, &snapshot.generation, card.image.as_ref()),
                link(&card.title, &format!("#product?sku={}", product.sku)),
                product.sku,
                category.title(locale),
                status(live, product),
                card.price.as_ref().map(|price| price.text.clone()),
                product.stock(),
                channels(product, &catalog.shop),
                count(live, wrong.get(&product.own.file).copied().unwrap_or_default()),
                link(live.say(("page", "页面")), &card.url),
                place(&product.own.file),
            ])
        })
        .collect();
    json!({
        "title": format!("{title} · {}", rows.len()),
        "blocks": [{
            "kind": "table",
            "filter": true,
            "empty": live.say(("No product matches", "没有符合的商品")),
            "columns": [
                column("", "picture"),
                json!({"title": live.say(("Title", "标题")), "as": "link", "wide": true}),
                column("SKU", "text"),
                column(live.say(("Category", "类目")), "text"),
                column(live.say(("Status", "状态")), "badge"),
                column(live.say(("Price", "价格")), "text"),
                column(live.say(("Stock", "库存")), "number"),
                column(live.say(("Channels", "渠道")), "badges"),
                column(live.say(("Findings", "问题")), "badge"),
                column(live.say(("Page", "网页")), "link"),
                column(live.say(("File", "文件")), "place"),
            ],
            "rows": rows,
        }],
    })
}

/// The smallest file of a picture, which the browser may ask for.
pub(super) fn thumb(
    live: &Live,
    generation: &crate::generation::Generation,
    shot: Option<&crate::catalog::picture::Shot>,
) -> Option<String> {
    let shot = shot?;
    let settings = &generation.catalog.shop.pictures;
    let width = if shot.drawing { 0 } else { settings.widths.first().copied()?.min(shot.width) };
    let want = Want::site(shot, settings, width, settings.formats.first().copied()?);
    live.wanted(std::slice::from_ref(&want));
    Some(want.url())
}

pub(super) fn status(live: &Live, product: &Product) -> Value {
    match product.shown {
        Shown::OnShelf if product.available() => badge(live.say(("on shelf", "在架")), "good"),
        Shown::OnShelf => badge(live.say(("sold out", "售罄")), "warn"),
        Shown::OffShelf => badge(live.say(("off shelf", "下架")), "calm"),
        Shown::Hidden => badge(live.say(("hidden", "未上架")), "calm"),
    }
}

/// The shop's channels, with those marked for which the product says something of its own.
pub(super) fn channels(product: &Product, shop: &crate::catalog::shop::Shop) -> Value {
    let all = shop.channels.iter().map(|channel| {
        let own = product.channel(&channel.value).next().is_some();
        badge(&channel.value, if own { "good" } else { "calm" })
    });
    all.collect()
}

fn count(live: &Live, (errors, warnings): (usize, usize)) -> Value {
    match (errors, warnings) {
        (0, 0) => Value::Null,
        (0, warnings) => badge(&live.count(warnings, ("warning", "warnings", "个警告")), "warn"),
        (errors, _) => badge(&live.count(errors, ("error", "errors", "个错误")), "bad"),
    }
}
