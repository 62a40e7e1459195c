//! `title`: the titles that a product gets, what they cover, and the proof; or the check of a proof.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::Outcome;
use super::args::{self, Args, TitleFormat};
use super::build::{options, unread};
use super::print::Screen;
use super::share;
use crate::build::Builder;
use crate::catalog::product::Product;
use crate::channel;
use crate::channel::limit::TitleRule;
use crate::channel::profile::Profile;
use crate::compose::memo::Common;
use crate::compose::{self, Asked, Composed, NoTitle, Why};
use crate::diag::nearest;
use crate::error::Error;
use crate::generation::Generation;
use crate::id::SourcePath;
use crate::review::score::{Score, score};
use crate::source::disk;
use crate::title::verify::{Certificate, check};

/// Words left out that are shown.
const SHOWN: usize = 8;
const METER: usize = 20;

pub(super) fn title(args: &Args, asked: &args::Title, screen: &Screen) -> Outcome {
    if let Some(file) = &asked.verify {
        return verify(args, file, screen);
    }
    let mut builder = Builder::new(options(args, &args::Run::default())?);
    let (generation, _) = builder.facts();
    let Some(generation) = generation else {
        return Err(unread(args));
    };
    if let Some(path) = &asked.category {
        return share::category(&generation, asked, path, screen);
    }
    let Some(sku) = &asked.sku else {
        return every(&generation, asked, screen);
    };
    let Some(product) = generation.catalog.product(sku) else {
        let known = generation.catalog.products.iter().map(|product| &*product.sku);
        let near = screen.meant(nearest(sku, known));
        let words = screen.say("there is no product", "没有商品");
        return Err(Error::Usage(format!("{words} `{sku}`{near}")));
    };
    let channels = channels(&generation, asked, screen)?;
    let mut all = Vec::new();
    let mut sound = true;
    let none = BTreeSet::new();
    let common = Common::default();
    for profile in &channels {
        let locale = language(&generation, profile);
        let title = profile.title.iter().map(|rule| (None, rule));
        let others = profile.composed.iter().map(|(name, rule)| (Some(name.as_str()), rule));
        for (field, rule) in title.chain(others) {
            let beside = generation.title_beside(product, profile, rule, locale);
            let catalog = &generation.catalog;
            let question = Asked {
                catalog,
                product,
                profile,
                rule,
                locale,
                title: &beside,
                spent: &none,
                common: &common,
            };
            let made = compose::compose(&question, generation.segmenter(), true);
            let own = match field {
                None => compose::own_title(product, profile, locale),
                Some(name) => own_field(product, profile, name),
            };
            let score = made.as_ref().ok().filter(|_| field.is_none()).map(|(composed, _)| {
                let keyword = composed.covered.first().map(|(word, _)| word.as_str());
                let keyword = keyword.unwrap_or_else(|| product.title(locale));
                score(&generation, product, locale, keyword, own.unwrap_or(&composed.text))
            });
            let name = field
                .map_or_else(|| profile.name.clone(), |field| format!("{} {field}", profile.name));
            match (asked.format, made) {
                (TitleFormat::Human, Ok((composed, _))) => {
                    let worth = |own| compose::worth(&composed, own, generation.segmenter());
                    let own = own.map(|own| (own, worth(own), rule.unit.measure(own)));
                    screen.result(&human(&name, rule, locale, &composed, own, screen));
                    screen.result(&score.map_or("\n".to_owned(), |score| judged(&score, screen)));
                }
                (TitleFormat::Human, Err(no)) => {
                    sound = false;
                    screen
                        .result(&format!("{name} ({locale})\n  {}\n\n", reason(&no, rule, screen)));
                }
                (TitleFormat::Json, Ok((composed, certificate))) => all.push(json!({
                    "sku": &*product.sku, "channel": profile.name, "field": field, "locale": locale,
                    "unit": rule.unit.name(), "title": composed, "own": own,
                    "certificate": certificate, "score": score,
                })),
                (TitleFormat::Json, Err(no)) => {
                    sound = false;
                    all.push(json!({
                        "sku": &*product.sku, "channel": profile.name, "field": field,
                        "locale": locale, "error": reason(&no, rule, screen),
                    }));
                }
            }
        }
    }
    if asked.format == TitleFormat::Json {
        screen.result(&format!("{:#}\n", Value::Array(all)));
    }
    Ok(sound)
}

/// One line for each title of the shop, and how many of them are proven best.
#[expect(clippy::cast_precision_loss, reason = "values of titles are far below 2^52")]
fn every(generation: &Generation, asked: &args::Title, screen: &Screen) -> Outcome {
    let (mut count, mut proven, mut widest) = (0, 0, 0.0_f64);
    for profile in channels(generation, asked, screen)? {
        let locale = language(generation, &profile);
        let make = |product: &Arc<Product>| generation.composed(product, &profile, None, locale);
        let made: Vec<_> = generation.catalog.products.par_iter().map(make).collect();
        let pairs = generation.catalog.products.iter().zip(made);
        for (product, title) in pairs.filter_map(|(one, title)| Some((one, title?))) {
            let gap = title.bound.saturating_sub(title.value) as f64 / title.value.max(1) as f64;
            count += 1;
            proven += usize::from(title.value == title.bound);
            widest = widest.max(gap);
            let rest =
                if gap > 0.0 { format!("\t≤ +{:.1} %", gap * 100.0) } else { String::new() };
            let Composed { text, length, max, .. } = title;
            screen.result(&format!(
                "{}\t{}\t{length}/{max}\t{text}{rest}\n",
                product.sku, profile.name
            ));
        }
    }
    let says = screen.say("titles, proven best:", "个标题，已证明最优：");
    let gap = screen.say("; the others at most below the best by", "；其余离最优至多");
    let gap = if proven < count { format!("{gap} {:.1} %", widest * 100.0) } else { String::new() };
    screen.result(&format!("{count} {says} {proven}{gap}\n"));
    Ok(true)
}

/// The language of a channel's texts: its own when the shop has it, else the shop's first.
pub(super) fn language<'g>(generation: &'g Generation, profile: &'g Profile) -> &'g str {
    let locales = &generation.catalog.shop.locales;
    let spoken = profile.language.as_deref().filter(|own| locales.iter().any(|one| one == own));
    spoken.or(locales.first().map(String::as_str)).unwrap_or_default()
}

/// The channels that are asked for, also those that the shop does not list; those it lists when none is named.
pub(super) fn channels(
    generation: &Generation,
    asked: &args::Title,
    screen: &Screen,
) -> Result<Vec<Arc<Profile>>, Error> {
    let listed =
        || generation.catalog.shop.channels.iter().map(|channel| channel.value.as_str()).collect();
    let names: Vec<&str> = if asked.channel.is_empty() {
        listed()
    } else {
        asked.channel.iter().map(String::as_str).collect()
    };
    let mut found = Vec::new();
    for name in names {
        let own = generation.channels.get(name).cloned();
        let Some(profile) = own.or_else(|| channel::built_in(name).map(Arc::new)) else {
            let words = screen.say("there is no channel", "没有渠道");
            return Err(Error::Usage(format!("{words} `{name}`")));
        };
        found.push(profile);
    }
    Ok(found)
}

/// What the author says for a channel by a name.
fn own_field<'p>(product: &'p Product, profile: &'p Profile, name: &str) -> Option<&'p str> {
    let mut fields = product.channel(&profile.name).flat_map(|record| &record.fields);
    fields.find(|(key, _)| key == name).map(|(_, value)| value.value.as_str())
}

fn reason(no: &NoTitle, rule: &TitleRule, screen: &Screen) -> String {
    match no {
        NoTitle::TooLong { cost } => format!(
            "{}: {cost} > {} {}",
            screen.say("the words that must stand are too long", "必须出现的词太长"),
            rule.max,
            rule.unit
        ),
        NoTitle::Excluded(word) => {
            format!(
                "{}: {word}",
                screen.say("words that must stand exclude each other", "必须出现的词互相排斥")
            )
        }
    }
}

fn human(
    name: &str,
    rule: &TitleRule,
    locale: &str,
    composed: &Composed,
    own: Option<(&str, u64, usize)>,
    screen: &Screen,
) -> String {
    let filled = (composed.length * METER).div_ceil(composed.max.max(1)).min(METER);
    let meter = format!("{}{}", "█".repeat(filled), "░".repeat(METER - filled));
    let proven = if composed.value == composed.bound {
        screen.say("proven best", "已证明最优").to_owned()
    } else {
        format!("≤ {}", composed.bound)
    };
    let mut text = format!(
        "{name} ({locale})\n  {}\n  {meter} {}/{} {}\n  {} {} ({proven})",
        composed.text,
        composed.length,
        composed.max,
        rule.unit,
        screen.say("value", "价值"),
        composed.value,
    );
    if let Some(table) = &composed.table {
        let _ = write!(text, ", {} {table}", screen.say("table", "词表"));
    }
    let list = composed.covered.iter().map(|(word, points)| format!("{word} {points}"));
    let list: Vec<String> = list.take(SHOWN * 2).collect();
    let _ = write!(
        text,
        "\n  {} ({}): {}",
        screen.say("covers", "覆盖"),
        composed.covered.len(),
        list.join(", ")
    );
    let _ = write!(text, "\n  {} ({}):", screen.say("leaves out", "未用"), composed.left_out.len());
    for (word, points, why) in composed.left_out.iter().take(SHOWN) {
        let _ = write!(text, "\n    {word} {points}  {}", because(why, screen));
    }
    if let Some((own, worth, length)) = own {
        let _ = write!(
            text,
            "\n  {}: {own}\n    {length}/{} {}, {} {worth}",
            screen.say("your own words, which are used", "你自己写的（以它为准）"),
            rule.max,
            rule.unit,
            screen.say("value", "价值"),
        );
    }
    text.push('\n');
    text
}

/// The score of the texts, and what would make it better.
fn judged(score: &Score, screen: &Screen) -> String {
    let mut text = format!(
        "  {} {}/100 ({} {})\n",
        screen.say("texts", "文字得分"),
        score.total,
        screen.say("for", "关键词"),
        score.keyword
    );
    for check in score.checks.iter().filter(|check| check.points < 9) {
        let advice = screen.say(&check.advice[0], &check.advice[1]);
        let _ = writeln!(
            text,
            "    {} {}/9: {advice} ({})",
            check.label(screen.lang),
            check.points,
            check.found
        );
    }
    text.push('\n');
    text
}

fn because(why: &Why, screen: &Screen) -> String {
    match why {
        Why::Room => {
            screen.say("no room: other words are worth more", "放不下：别的词更值").to_owned()
        }
        Why::Title => screen.say("the title has its words", "标题里已有").to_owned(),
        Why::Never(word) => format!("{} {word}", screen.say("you said never:", "你写了不用：")),
        Why::Brand(word) => format!("{} {word}", screen.say("another brand:", "别家品牌：")),
        Why::Contradicts(word, said) => {
            format!(
                "{word}: {} {said}",
                screen.say("the product says otherwise,", "与商品不符，商品写的是")
            )
        }
        Why::Unsupported(word) => {
            format!(
                "{word}: {}",
                screen.say("nothing the product says supports it", "商品信息里没有依据")
            )
        }
        Why::Forbidden(rule) => format!("{} {rule}", screen.say("forbidden by", "违反规则")),
    }
}

/// Checks a certificate, or the output of `title --format json`.
fn verify(args: &Args, file: &str, screen: &Screen) -> Outcome {
    let path = SourcePath::new(file.to_owned());
    let text =
        disk::bytes(&args.roots(), &path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let unreadable =
        || Error::Usage(format!("{} `{file}`", screen.say("not a certificate:", "不是证书：")));
    let value: Value =
        text.and_then(|text| serde_json::from_str(&text).ok()).ok_or_else(unreadable)?;
    let items = match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    let mut sound = true;
    for item in items {
        let inner = item.get("certificate").cloned().unwrap_or(item);
        let certificate: Certificate = serde_json::from_value(inner).map_err(|_| unreadable())?;
        match check(&certificate) {
            Ok(()) => {
                let gap = certificate.bound - certificate.value;
                let best = if gap == 0 {
                    screen.say("proven best", "已证明最优").to_owned()
                } else {
                    format!("+{gap}")
                };
                screen
                    .result(&format!("ok  {}  {} ({best})\n", certificate.text, certificate.value));
            }
            Err(wrong) => {
                sound = false;
                screen.result(&format!(
                    "{}  {}  {wrong:?}\n",
                    screen.say("wrong", "不成立"),
                    certificate.text
                ));
            }
        }
    }
    Ok(sound)
}
