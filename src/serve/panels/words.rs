//! A product's words on its page in the workbench: each channel's title with a meter, and the score of its texts.

use serde_json::{Value, json};

use super::{Live, badge, column};
use crate::catalog::product::Product;
use crate::generation::Generation;
use crate::review::score::score;

/// A score from which texts are good, and one from which they are fair.
const GOOD: u32 = 80;
const FAIR: u32 = 60;

/// The tables of a product's words; none where no channel composes titles.
pub(super) fn blocks(live: &Live, generation: &Generation, product: &Product) -> Vec<Value> {
    let shop = &generation.catalog.shop;
    let mut titles = Vec::new();
    let mut checks = Vec::new();
    for channel in &shop.channels {
        let Some(profile) = generation.channels.get(&channel.value) else { continue };
        let Some(rule) = &profile.title else { continue };
        let spoken = profile.language.as_deref();
        let spoken = spoken.filter(|own| shop.locales.iter().any(|one| one == own));
        let locale = spoken.unwrap_or(shop.default_locale());
        let Some(composed) = generation.composed(product, profile, None, locale) else { continue };
        let own = product.channel(&profile.name).find_map(|record| record.title.as_ref());
        let own = own.map(|title| title.value.get(locale)).filter(|title| !title.is_empty());
        let title = own.unwrap_or(&composed.text);
        let length = rule.unit.measure(title);
        let keyword = composed.covered.first().map(|(word, _)| word.as_str());
        let score =
            score(generation, product, locale, keyword.unwrap_or(product.title(locale)), title);
        let tone = match score.total {
            GOOD.. => "good",
            FAIR.. => "calm",
            _ => "warn",
        };
        titles.push(json!([
            profile.name,
            title,
            {"value": length, "max": rule.max, "text": format!("{length}/{} {}", rule.max, live.say(rule.unit.label()))},
            badge(&format!("{}", score.total), tone),
        ]));
        let (en, zh) = (0, 1);
        for check in score.checks.iter().filter(|check| check.points < 9) {
            let advice = &check.advice[if live.say(("en", "zh")) == "zh" { zh } else { en }];
            let row =
                json!([profile.name, check.label(live.lang), check.points, advice, check.found]);
            checks.push(row);
        }
    }
    if titles.is_empty() {
        return Vec::new();
    }
    vec![
        json!({"kind": "table", "columns": [
            column(live.say(("Channel", "渠道")), "text"),
            json!({"title": live.say(("Title", "标题")), "as": "text", "wide": true}),
            column(live.say(("Length", "长度")), "meter"),
            column(live.say(("Texts", "文字得分")), "badge"),
        ], "rows": titles}),
        json!({"kind": "table", "columns": [
            column(live.say(("Channel", "渠道")), "text"),
            column(live.say(("Check", "检查")), "text"),
            column(live.say(("Of nine", "满分 9")), "number"),
            json!({"title": live.say(("Advice", "建议")), "as": "text", "wide": true}),
            column(live.say(("Found", "现状")), "text"),
        ], "rows": checks}),
    ]
}
