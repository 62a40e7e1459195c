//! One product: what is made of it, and what is wrong with it.

use serde_json::{Value, json};

use super::products::{channels, status, thumb};
use super::{Live, Panel, Query, column, findings, link};
use crate::catalog::picture::Shot;
use crate::maker::Subject;

pub(super) const PANEL: Panel =
    Panel { id: "product", title: ("Product", "单品"), listed: false, view };

fn view(live: &Live, query: &Query) -> Value {
    let sku = query.get("sku");
    let snapshot = live.inner().snapshot.clone();
    let found = snapshot.as_ref().and_then(|one| one.generation.catalog.product(sku));
    let (Some(snapshot), Some(product)) = (&snapshot, found) else {
        let text =
            live.say(("Choose a product in the list of products.", "请在商品列表里选一个商品。"));
        return json!({"title": live.say(PANEL.title), "blocks": [{"kind": "text", "text": text}]});
    };
    let catalog = &snapshot.generation.catalog;
    let locale = catalog.shop.default_locale();
    let category = &catalog.categories[product.category as usize];
    let price = product.price_range().map(|(low, high)| {
        crate::catalog::product::price_text(low.now, high.now, &catalog.currency, locale)
    });
    let mut facts = vec![
        json!(["SKU", product.sku]),
        json!([live.say(("Category", "类目")), category.title(locale)]),
        json!([live.say(("Price", "价格")), price]),
        json!([live.say(("Stock", "库存")), product.stock()]),
    ];
    facts.extend(product.facts(locale).iter().map(|fact| json!([fact.name, fact.shown(locale)])));
    let pages: Vec<Value> = snapshot
        .artifacts
        .iter()
        .filter(|one| matches!(&one.subject, Subject::Product(of) if *of == product.sku))
        .map(|one| {
            let url = one.path.as_str().trim_start_matches("site").trim_end_matches("index.html");
            let locale = catalog.shop.locales.get(one.locale as usize);
            json!([link(url, url), locale, one.path.as_str()])
        })
        .collect();
    let pictures: Vec<Value> = product
        .images
        .iter()
        .filter_map(|image| {
            let shot = Shot::of(catalog, &image.path, || product.alt(locale, image))?;
            let src = thumb(live, &snapshot.generation, Some(&shot))?;
            Some(json!({
                "src": src,
                "title": shot.alt,
                "note": format!("{} · {}×{}", image.path.name(), shot.width, shot.height),
                "href": null,
                "width": shot.width,
                "height": shot.height,
            }))
        })
        .collect();
    let variants: Vec<Value> = product
        .variants
        .iter()
        .map(|one| {
            let price = one.price.map(|price| price.now.display(&catalog.currency, locale));
            json!([one.sku, price, one.stock])
        })
        .collect();
    let files: Vec<_> = std::iter::once(&product.own.file)
        .chain(product.locales.iter().map(|(_, layer)| &layer.file))
        .collect();
    let sources: Vec<Value> = files.iter().map(|file| json!([super::place(file)])).collect();
    let wrong = live.findings_in(&files);
    let uploads = link(
        live.say(("Rows of each channel", "各渠道的行")),
        &format!("#listings?sku={}", crate::id::escaped(&product.sku)),
    );
    let details = link(
        live.say(("As channels show them", "渠道里的样子")),
        &format!("#details?sku={}", crate::id::escaped(&product.sku)),
    );
    let mut blocks = vec![
        json!({"kind": "table", "columns": [
            column(live.say(("Status", "状态")), "badge"),
            column(live.say(("Channels", "渠道")), "badges"),
            column(live.say(("Uploads", "上传内容")), "link"),
            column(live.say(("Detail pictures", "详情图")), "link"),
        ], "rows": [[status(live, product), channels(product, &catalog.shop), uploads, details]]}),
        json!({"kind": "pictures", "items": pictures}),
        json!({"kind": "facts", "items": facts}),
        json!({"kind": "table", "columns": [
            column(live.say(("Page", "页面")), "link"),
            column(live.say(("Language", "语言")), "text"),
            column(live.say(("In the output", "输出文件")), "text"),
        ], "rows": pages}),
    ];
    blocks.extend(super::words::blocks(live, &snapshot.generation, product));
    if !variants.is_empty() {
        blocks.push(json!({"kind": "table", "columns": [
            column(live.say(("Variant", "规格")), "text"),
            column(live.say(("Price", "价格")), "text"),
            column(live.say(("Stock", "库存")), "number"),
        ], "rows": variants}));
    }
    blocks.push(json!({"kind": "table", "columns": [column(live.say(("Files", "文件")), "place")],
        "rows": sources}));
    if !wrong.is_empty() {
        blocks.push(json!({"kind": "findings", "groups": findings::groups(live, wrong.iter())}));
    }
    json!({"title": product.title(locale), "blocks": blocks})
}
