//! `title --category`: a category's keywords shared out over its products, as a table.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Outcome;
use super::args::{self, TitleFormat};
use super::print::Screen;
use super::title::{channels, language};
use crate::catalog::query::Query;
use crate::compose::memo::Common;
use crate::compose::share::{Shared, share};
use crate::compose::{self, Asked};
use crate::diag::nearest;
use crate::error::Error;
use crate::generation::Generation;

pub(super) fn category(
    generation: &Generation,
    asked: &args::Title,
    path: &str,
    screen: &Screen,
) -> Outcome {
    let catalog = &generation.catalog;
    let path = path.trim_matches('/');
    let Some(category) = catalog.category(path) else {
        let known = catalog.categories.iter().map(|one| &*one.path);
        let near = screen.meant(nearest(path, known));
        let words = screen.say("there is no category", "没有类目");
        return Err(Error::Usage(format!("{words} `{path}`{near}")));
    };
    let listed = catalog.listing(&Query::Category(category.path.clone()));
    let none = BTreeSet::new();
    let common = Common::default();
    let mut all = Vec::new();
    for profile in &channels(generation, asked, screen)? {
        let Some(rule) = profile.title.as_ref().filter(|rule| rule.compose) else { continue };
        let locale = language(generation, profile);
        let products = listed.iter().map(|nth| &*catalog.products[*nth as usize]);
        let tables = &catalog.wordbook.tables;
        let mut products: Vec<_> =
            products.filter(|one| compose::table(tables, one, locale).is_some()).collect();
        products.sort_by(|a, b| a.sku.cmp(&b.sku));
        let question = |product| Asked {
            catalog,
            product,
            profile,
            rule,
            locale,
            title: "",
            spent: &none,
            common: &common,
        };
        let questions: Vec<Asked<'_>> = products.iter().map(|one| question(*one)).collect();
        let shared = share(&questions, asked.cap.max(1), generation.segmenter());
        let skus: Vec<&str> = products.iter().map(|one| &*one.sku).collect();
        match asked.format {
            TitleFormat::Human => screen.result(&human(&profile.name, &skus, &shared, screen)),
            TitleFormat::Json => all.push(data(&profile.name, &skus, &shared)),
        }
    }
    if asked.format == TitleFormat::Json {
        screen.result(&format!("{:#}\n", Value::Array(all)));
    }
    Ok(true)
}

fn human(channel: &str, skus: &[&str], shared: &Shared, screen: &Screen) -> String {
    let [alone, together] = shared.totals;
    let mut lines = vec![format!(
        "{channel}: {} {alone} → {together}",
        screen.say(
            "worth of all titles, each on its own → shared out",
            "全部标题的价值，各自为政 → 统一分配"
        )
    )];
    for (sku, titles) in skus.iter().zip(&shared.titles) {
        let Some([one, other]) = titles else { continue };
        lines.push(format!("  {sku}\n    {}", one.text));
        if one.text != other.text {
            lines.push(format!("    → {}", other.text));
        }
    }
    lines.push(format!(
        "  {}",
        screen.say("keyword, points, titles with it", "关键词、分值、用到它的标题数")
    ));
    let mut words: Vec<_> = shared.keywords.iter().collect();
    words.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(b.0)));
    for (word, (value, [one, other])) in words {
        lines.push(format!("    {word} {value}  {one} → {other}"));
    }
    lines.push(String::new());
    lines.join("\n") + "\n"
}

fn data(channel: &str, skus: &[&str], shared: &Shared) -> Value {
    let titles = skus.iter().zip(&shared.titles).filter_map(|(sku, titles)| {
        let [one, other] = titles.as_ref()?;
        Some(json!({"sku": sku, "alone": one.text, "shared": other.text}))
    });
    let words = shared.keywords.iter().map(|(word, (value, [one, other]))| {
        json!({"keyword": word, "value": value, "alone": one, "shared": other})
    });
    let [alone, together] = shared.totals;
    json!({
        "channel": channel, "alone": alone, "shared": together,
        "titles": titles.collect::<Vec<_>>(), "keywords": words.collect::<Vec<_>>(),
    })
}
