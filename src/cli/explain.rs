//! `explain`: a rule, an output file, or where a product's value comes from.

use std::fmt::Write;

use super::Outcome;
use super::args::{self, Args};
use super::build::options;
use super::print::Screen;
use crate::build::Builder;
use crate::catalog::product::{Layer, Product};
use crate::catalog::record::Record;
use crate::catalog::text::Text;
use crate::cx::Read;
use crate::diag::codes;
use crate::diag::nearest;
use crate::diag::render::severity_name;
use crate::error::Error;
use crate::generation::Generation;
use crate::id::OutPath;
use crate::source::fields::At;

pub(super) fn explain(args: &Args, what: &str, screen: &Screen) -> Outcome {
    if let Some(row) = codes::table().row(what) {
        let words = row.words(screen.lang);
        let text = format!(
            "{what} ({})\n\n{}\n\n{}\n\n{}: {}\n",
            severity_name(row.severity),
            plain(&words.says),
            plain(&words.why),
            screen.say("what to do", "怎么办"),
            plain(&words.fix)
        );
        screen.result(&text);
        return Ok(true);
    }
    let out = args.out.to_string_lossy().replace('\\', "/");
    let inside = what.strip_prefix(&format!("{}/", out.trim_end_matches('/')));
    let path = inside.or_else(|| what.starts_with("site/").then_some(what));
    let mut builder = Builder::new(options(args, &args::Build::default())?);
    if let Some(path) = path {
        return output(&mut builder, path, screen);
    }
    let (generation, _) = builder.facts();
    let Some(generation) = generation else {
        return Err(Error::Usage(
            screen
                .say(
                    "the shop cannot be read; run `shangjia check`",
                    "无法读取店铺，请运行 `shangjia check`",
                )
                .to_owned(),
        ));
    };
    let (address, channel) = what.split_once('@').unwrap_or((what, ""));
    let (sku, field) = split_sku(&generation, address);
    if let Some(product) = generation.catalog.product(sku) {
        screen.result(&product_text(&generation, product, field, channel, screen));
        Ok(true)
    } else {
        let codes = codes::table().codes().map(|(code, _)| code);
        let skus = generation.catalog.products.iter().map(|product| &*product.sku);
        let near = nearest(what, codes.chain(skus)).map_or(String::new(), |near| {
            format!("; {} `{near}`?", screen.say("did you mean", "是不是"))
        });
        let words = screen.say("is no output path, rule or SKU", "不是输出路径、规则代码或 SKU");
        Err(Error::Usage(format!("`{what}` {words}{near}")))
    }
}

/// A message without its braces.
fn plain(text: &str) -> String {
    codes::fill(text, codes::Lang::En, |_| Some("…"))
}

fn output(builder: &mut Builder, path: &str, screen: &Screen) -> Outcome {
    let path = OutPath::new(path);
    let Some(explained) = builder.explain(&path)? else {
        let words = screen.say("was not made by a build", "不是构建生成的文件");
        return Err(Error::Usage(format!("`{path}` {words}")));
    };
    let mut text = format!(
        "{path}\n{}: {} {:?}\n",
        screen.say("made by", "由谁生成"),
        explained.maker,
        explained.subject
    );
    let changed = explained.reads.iter().filter(|(_, then, now)| then != now).count();
    let state = if !explained.intact {
        screen.say(
            "the file was changed or removed: the next build makes it again",
            "文件被改动或删除：下次构建会重新生成",
        )
    } else if changed > 0 {
        screen.say(
            "something it read has changed: the next build makes it again",
            "它读取的内容已变化：下次构建会重新生成",
        )
    } else {
        screen.say(
            "nothing it read has changed: the next build keeps it",
            "它读取的内容没有变化：下次构建会沿用",
        )
    };
    let _ = writeln!(text, "{state}\n");
    for (read, then, now) in &explained.reads {
        let mark = if then == now { ' ' } else { '*' };
        let hashes = if then == now {
            then.short(8)
        } else {
            format!("{} → {}", then.short(8), now.short(8))
        };
        let _ = writeln!(text, "{mark} {:<44} {hashes}", name(read));
    }
    for want in &explained.wants {
        let _ = writeln!(text, "  {:<44} {}", format!("picture {}", want.source), want.path());
    }
    screen.result(&text);
    Ok(true)
}

fn name(read: &Read) -> String {
    match read {
        Read::Shop => "shop.yaml".to_owned(),
        Read::Navigation(locale) => format!("navigation, language {locale}"),
        Read::Product(sku) => format!("product {sku}"),
        Read::Card(sku, locale) => format!("card of {sku}, language {locale}"),
        Read::Window(query, _, from, length) => format!("{query:?}, {length} from {from}"),
        Read::Count(query) => format!("count of {query:?}"),
        Read::Category(path) => format!("category {path}"),
        Read::Campaign(key) | Read::Page(key) => key.clone(),
        Read::Brand(slug) => format!("brand {slug}"),
        Read::Tag(slug) => format!("tag {slug}"),
        Read::Body(file) => format!("text of {file}"),
        Read::Picture(path) => format!("picture {path}"),
        Read::Address(file) => format!("address of {file}"),
        Read::Addresses(locale) => format!("all addresses, language {locale}"),
        Read::Profile(name) => format!("channel {name}"),
        Read::Wares => "everything that is for sale".to_owned(),
        Read::Theme => "the theme's templates and words".to_owned(),
        Read::Asset(name) => format!("asset {name}"),
        Read::Keywords => "keyword tables".to_owned(),
        Read::Rules => "rules for texts".to_owned(),
        Read::Source(file) => format!("lines of {file}"),
    }
}

/// A SKU may have points of its own: the longest one that exists wins.
fn split_sku<'w>(generation: &Generation, what: &'w str) -> (&'w str, &'w str) {
    if generation.catalog.product(what).is_some() {
        return (what, "");
    }
    let cuts = what.match_indices('.').map(|(at, _)| at).rev();
    for at in cuts {
        if generation.catalog.product(&what[..at]).is_some() {
            return (&what[..at], &what[at + 1..]);
        }
    }
    (what, "")
}

/// A text field and its name.
type TextField = (&'static str, fn(&Record) -> Option<&At<Text>>);

const TEXTS: [TextField; 4] = [
    ("title", |record| record.title.as_ref()),
    ("subtitle", |record| record.subtitle.as_ref()),
    ("description", |record| record.description.as_ref()),
    ("brand", |record| record.brand.as_ref()),
];

fn product_text(
    generation: &Generation,
    product: &Product,
    field: &str,
    channel: &str,
    screen: &Screen,
) -> String {
    let catalog = &generation.catalog;
    let mut text = format!(
        "{}  {}\n",
        product.sku,
        catalog.url(catalog.shop.default_locale(), &product.address)
    );
    let wanted = |name: &str| field.is_empty() || field == name;
    let mut line = |name: &str, value: &str, layer: Option<&Layer>| {
        let from = layer.map_or_else(
            || screen.say("computed", "推算").to_owned(),
            |layer| layer.file.to_string(),
        );
        let _ = writeln!(text, "{name:<14} {value}\n{:<14} ← {from}", "");
    };
    for locale in &catalog.shop.locales {
        for (name, pick) in TEXTS.iter().filter(|(name, _)| wanted(name)) {
            let found = product.find(locale, |record| {
                pick(record).filter(|text| text.value.exact(locale).is_some())
            });
            let found = found.or_else(|| product.find(locale, |record| pick(record)));
            if let Some((value, layer)) = found {
                line(&format!("{name}@{locale}"), value.value.get(locale), Some(layer));
            }
        }
    }
    if wanted("price") {
        if let Some((list, layer)) = product.find("", |record| record.price.list.as_ref()) {
            line("price.list", &list.value.decimal(&catalog.currency), Some(layer));
        }
        if let Some((sale, layer)) = product.find("", |record| record.price.sale.as_ref()) {
            line("price.sale", &sale.value.decimal(&catalog.currency), Some(layer));
        }
        if let Some((low, high)) = product.price_range() {
            let now = crate::catalog::product::price_text(
                low.now,
                high.now,
                &catalog.currency,
                catalog.shop.default_locale(),
            );
            line("price now", &now, None);
        }
    }
    if wanted("status") {
        let layer = product.find("", |record| record.status.as_ref()).map(|(_, layer)| layer);
        line("status", &format!("{:?}", product.shown), layer);
    }
    if wanted("stock") {
        let value = product.stock().map_or("–".to_owned(), |stock| stock.to_string());
        line(
            "stock",
            &value,
            product.find("", |record| record.stock.as_ref()).map(|(_, layer)| layer),
        );
    }
    if wanted("tags")
        && let Some((tags, layer)) = product.find("", |record| record.tags.as_ref())
    {
        let names: Vec<&str> = tags.iter().map(|tag| tag.value.as_str()).collect();
        line("tags", &names.join(", "), Some(layer));
    }
    if !channel.is_empty() {
        for record in product.channel(channel) {
            for (name, value) in [("category", &record.category), ("url", &record.url)] {
                if let Some(value) = value {
                    line(&format!("{name}@{channel}"), &value.value, None);
                }
            }
        }
    }
    text
}
