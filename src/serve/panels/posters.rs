//! The posters of the shop, of one campaign or of one product: drawn when they are looked at.

use serde_json::{Value, json};

use super::{Live, Panel, Query, column, link};
use crate::maker::Subject;

pub(super) const PANEL: Panel =
    Panel { id: "posters", title: ("Posters", "海报"), listed: true, view };

/// Posters shown at once.
const MOST: usize = 60;

fn view(live: &Live, query: &Query) -> Value {
    let wanted = query.get("of");
    let snapshot = live.inner().snapshot.clone();
    let Some(snapshot) = snapshot else {
        let text = live.say(("The shop is being read.", "正在读取店铺。"));
        return json!({"title": live.say(PANEL.title), "blocks": [{"kind": "text", "text": text}]});
    };
    let posters = &snapshot.generation.theme.posters;
    let mut folders: Vec<(String, usize)> = Vec::new();
    let mut items: Vec<Value> = Vec::new();
    for artifact in snapshot.artifacts.iter() {
        let Subject::Poster { template, size: (width, height), .. } = &artifact.subject else {
            continue;
        };
        let inside = artifact.path.as_str().trim_start_matches("posters/");
        let (folder, name) = inside.rsplit_once('/').unwrap_or(("", inside));
        match folders.last_mut() {
            Some((known, count)) if known == folder => *count += 1,
            _ => folders.push((folder.to_owned(), 1)),
        }
        if folder.starts_with(wanted) && items.len() < MOST {
            let label = posters
                .get(template)
                .map(|one| one.label.get(snapshot.generation.catalog.shop.default_locale()));
            let src = format!("/_/posters/{inside}");
            items.push(json!({
                "src": src,
                "title": label,
                "note": format!("{folder} · {name}"),
                "href": src,
                "width": width,
                "height": height,
            }));
        }
    }
    let rows: Vec<Value> = folders
        .iter()
        .map(|(folder, count)| json!([link(folder, &format!("#posters?of={folder}")), count]))
        .collect();
    json!({
        "title": live.say(PANEL.title),
        "blocks": [
            {"kind": "pictures", "items": items},
            {
                "kind": "table",
                "filter": true,
                "empty": live.say(("No product or campaign asks for posters", "还没有商品或活动要海报")),
                "columns": [
                    {"title": live.say(("Of", "属于")), "as": "link", "wide": true},
                    column(live.say(("Posters", "海报数")), "number"),
                ],
                "rows": rows,
            },
        ],
    })
}
