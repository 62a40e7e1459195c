//! The detail pictures of one product, as each channel gets them: drawn when they are looked at.

use serde_json::{Value, json};

use super::{Live, Panel, Query};
use crate::diag::codes::Lang;
use crate::image;
use crate::maker::Subject;
use crate::poster;
use crate::serve::answer;

pub(super) const PANEL: Panel =
    Panel { id: "details", title: ("Detail pictures", "详情图"), listed: false, view };

fn view(live: &Live, query: &Query) -> Value {
    let sku = query.get("sku");
    let snapshot = live.inner().snapshot.clone();
    let lang = if live.lang == Lang::Zh { "zh-CN" } else { "en" };
    let mut blocks: Vec<Value> = Vec::new();
    for artifact in snapshot.iter().flat_map(|one| one.artifacts.iter()) {
        let Subject::Detail { channel, product } = &artifact.subject else { continue };
        if **product != *sku {
            continue;
        }
        let inside = artifact.path.as_str().trim_start_matches(poster::DETAILS);
        let pack = answer::details(live, inside);
        let files = pack.as_deref().and_then(poster::slices).unwrap_or_default();
        let items: Vec<Value> = (0..)
            .zip(&files)
            .filter_map(|(nth, file)| {
                let head = image::probe(file).ok()?;
                let src = format!("/_/details/{inside}/{nth}.jpg");
                Some(json!({
                    "src": src,
                    "note": format!("{} × {} · {} KB", head.width, head.height, file.len() / 1024),
                    "width": head.width,
                    "height": head.height,
                }))
            })
            .collect();
        let generation = snapshot.as_ref().map(|one| &one.generation);
        let profile = generation.and_then(|one| one.channels.get(channel));
        let name = profile.map_or(channel.as_str(), |one| one.label(lang));
        let count = live.say(("pictures", "张图"));
        let title = format!("{name} · {} {count}", items.len());
        blocks.push(json!({"kind": "strip", "title": title, "items": items}));
    }
    if blocks.is_empty() {
        let text = live.say((
            "Choose a product in the list of products. Only channels whose profile says `page` take detail pictures.",
            "请在商品列表里选一个商品。只有配置里写了 `page` 的渠道才有详情图。",
        ));
        blocks.push(json!({"kind": "text", "text": text}));
    }
    let found = snapshot.as_ref().and_then(|one| one.generation.catalog.product(sku));
    let name = found.map_or("", |product| product.title(""));
    let title = live.say(PANEL.title);
    let title = if name.is_empty() { title.to_owned() } else { format!("{title} · {name}") };
    json!({"title": title, "blocks": blocks})
}
