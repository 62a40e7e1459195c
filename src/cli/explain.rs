//! `explain`: a rule, an output file, a file of the shop, or where a product's value comes from.

mod product;

use std::fmt::Write;

use super::Outcome;
use super::args::{self, Args};
use super::build::{options, unread};
use super::print::Screen;
use crate::build::Builder;
use crate::catalog::query::Query;
use crate::cx::Read;
use crate::diag::codes;
use crate::diag::nearest;
use crate::diag::render::severity_name;
use crate::error::Error;
use crate::generation::Generation;
use crate::id::{OutPath, SourcePath};
use crate::maker::Subject;

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
    // An address of the site stands for the file behind it.
    let address = what.starts_with('/').then(|| OutPath::of_url(what));
    let behind = address.as_ref().filter(|_| inside.is_none()).map(OutPath::as_str);
    let path = inside.or(behind).or_else(|| what.starts_with("site/").then_some(what));
    let mut builder = Builder::new(options(args, &args::Run::default())?);
    if let Some(path) = path {
        return output(&mut builder, path, screen);
    }
    let (generation, _) = builder.facts();
    let Some(generation) = generation else {
        // A code needs no shop, and a slip in one is told without it too.
        return Err(match nearest(what, codes::table().codes().map(|(code, _)| code)) {
            Some(near) => Error::Usage(unknown(what, Some(near), screen)),
            None => unread(args),
        });
    };
    if let Some(text) = source(args, &generation, what, screen) {
        screen.result(&text);
        return Ok(true);
    }
    let (address, channel) = what.split_once('@').unwrap_or((what, ""));
    let (sku, field) = split_sku(&generation, address);
    if let Some(product) = generation.catalog.product(sku) {
        let channels = generation.catalog.shop.channels.iter().map(|one| one.value.as_str());
        if !channel.is_empty() && !channels.clone().any(|known| known == channel) {
            let words = screen.say("is no channel of the shop", "不是店铺的渠道");
            let near = screen.meant(nearest(channel, channels));
            return Err(Error::Usage(format!("`{channel}` {words}{near}")));
        }
        let root = field.split('.').next().unwrap_or_default();
        if !root.is_empty() && !product::FIELDS.contains(&root) {
            let words = screen.say("is no field of a product", "不是商品的字段");
            let near = screen.meant(nearest(root, product::FIELDS));
            return Err(Error::Usage(format!("`{field}` {words}{near}")));
        }
        screen.result(&product::text(&generation, product, field, channel, screen));
        Ok(true)
    } else {
        let codes = codes::table().codes().map(|(code, _)| code);
        let skus = generation.catalog.products.iter().map(|product| &*product.sku);
        Err(Error::Usage(unknown(what, nearest(what, codes.chain(skus)), screen)))
    }
}

fn unknown(what: &str, near: Option<&str>, screen: &Screen) -> String {
    let words = screen.say(
        "is no output path, address, file of the shop, rule or SKU",
        "不是输出路径、网址、店铺文件、规则代码或 SKU",
    );
    format!("`{what}` {words}{}", screen.meant(near))
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
        "{path}\n{}: {}\n",
        screen.say("what it is", "内容"),
        about(&explained.subject, screen)
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
        let _ = writeln!(text, "{mark} {:<44} {hashes}", name(read, screen));
    }
    for want in &explained.wants {
        let _ = writeln!(
            text,
            "  {:<44} {}",
            format!("{} {}", screen.say("picture", "图片"), want.source),
            want.path()
        );
    }
    screen.result(&text);
    Ok(true)
}

/// What a file is about, in words.
fn about(subject: &Subject, screen: &Screen) -> String {
    let (word, name) = match subject {
        Subject::Product(sku) => (screen.say("page of product", "商品页"), sku.to_string()),
        Subject::Listing(query, page) => {
            let page = format!("{} {page}", screen.say("page", "页码"));
            return format!("{}, {page}", list(query, screen));
        }
        Subject::Campaign(key) => (screen.say("page of campaign", "活动页"), key.clone()),
        Subject::Page(key) => (screen.say("page", "页面"), key.clone()),
        Subject::Shop => (screen.say("file of the whole shop", "全店文件"), String::new()),
        Subject::Part(part) => {
            (screen.say("site map, part", "网站地图，第几部分："), part.to_string())
        }
        Subject::Asset(name) => (screen.say("file of the theme", "主题文件"), name.clone()),
        Subject::Redirect(to) => {
            (screen.say("old address, leads to", "旧网址，转到"), format!("/{to}"))
        }
        Subject::Poster { template, .. } => (screen.say("poster", "海报"), template.clone()),
        Subject::PosterIndex(_) => (screen.say("list of posters", "海报清单"), String::new()),
        Subject::Detail { product, .. } => {
            (screen.say("detail pictures of", "详情图，商品："), product.to_string())
        }
        Subject::Channel { channel, .. } | Subject::Lot { channel, .. } => {
            (screen.say("file of the channel", "渠道文件："), channel.clone())
        }
    };
    format!("{word} {name}").trim_end().to_owned()
}

/// A list of products, in words.
fn list(query: &Query, screen: &Screen) -> String {
    let (word, name) = match query {
        Query::All => (screen.say("all products", "全部商品"), ""),
        Query::Sale => (screen.say("products at a reduced price", "特价商品"), ""),
        Query::Category(path) => (screen.say("category", "类目"), path.as_str()),
        Query::Brand(slug) => (screen.say("brand", "品牌"), slug.as_str()),
        Query::Tag(slug) => (screen.say("tag", "标签"), slug.as_str()),
        Query::Campaign(key) => (screen.say("products of", "参加活动的商品："), key.as_str()),
    };
    format!("{word} {name}").trim_end().to_owned()
}

fn name(read: &Read, screen: &Screen) -> String {
    match read {
        Read::Shop => "shop.yaml".to_owned(),
        Read::Navigation(_) => screen.say("navigation", "导航").to_owned(),
        Read::Product(sku) => format!("{} {sku}", screen.say("product", "商品")),
        Read::Card(sku, _) => format!("{} {sku}", screen.say("card of", "商品卡片")),
        Read::Window(query, _, from, length) => {
            let (first, last) = (from + 1, from + length);
            format!("{}, {first}–{last}", list(query, screen))
        }
        Read::Count(query) => {
            format!("{} {}", screen.say("count of", "数量："), list(query, screen))
        }
        Read::Category(path) => format!("{} {path}", screen.say("category", "类目")),
        Read::Campaign(key) | Read::Page(key) => key.clone(),
        Read::Brand(slug) => format!("{} {slug}", screen.say("brand", "品牌")),
        Read::Tag(slug) => format!("{} {slug}", screen.say("tag", "标签")),
        Read::Body(file) => format!("{} {file}", screen.say("text of", "正文")),
        Read::Picture(path) => format!("{} {path}", screen.say("picture", "图片")),
        Read::Address(file) => format!("{} {file}", screen.say("address of", "网址：")),
        Read::Addresses(_) => screen.say("all addresses", "全部网址").to_owned(),
        Read::Theme => screen.say("the theme's words and settings", "主题的文字和设置").to_owned(),
        Read::Asset(name) => format!("{} {name}", screen.say("asset", "主题文件")),
        Read::Profile(name) => format!("{} {name}", screen.say("channel", "渠道")),
        Read::Lot(sku) => format!("{} {sku}", screen.say("products from", "商品，起自")),
        Read::Wares => screen.say("everything that is for sale", "全部在售商品").to_owned(),
        Read::Rules => screen.say("rules for texts", "文字规则").to_owned(),
        Read::Source(file) => format!("{} {file}", screen.say("lines of", "文件内容：")),
        Read::Keywords => screen.say("keyword tables", "关键词表").to_owned(),
        Read::Composed(sku, _, field) => {
            format!("{} {sku}: {field}", screen.say("composed text of", "组合的文字："))
        }
        Read::Template(name) => format!("{} {name}", screen.say("template", "模板")),
        Read::Fonts => screen.say("fonts of posters", "海报字体").to_owned(),
        Read::DaysLeft(key) => format!("{} {key}", screen.say("days left of", "剩余天数：")),
    }
}

/// A file of `content/`: the thing it speaks of, and the pages of that thing.
fn source(args: &Args, generation: &Generation, what: &str, screen: &Screen) -> Option<String> {
    let folder = args.content.to_string_lossy().replace('\\', "/");
    let inside = what.strip_prefix(&format!("{}/", folder.trim_end_matches('/')));
    let inside = inside.or_else(|| what.strip_prefix("content/"))?;
    let file = SourcePath::new(format!("content/{inside}"));
    let catalog = &generation.catalog;
    let address = catalog.addresses.get(&file)?;
    let mut text = format!("{file}\n");
    for locale in &catalog.shop.locales {
        let url = catalog.url(locale, address);
        let _ = writeln!(text, "{locale:<14} {url}\n{:<14} → {}", "", OutPath::of_url(&url));
    }
    let own = catalog.products.iter().filter(|product| {
        product.own.file == file || product.locales.iter().any(|(_, layer)| layer.file == file)
    });
    for found in own {
        text.push('\n');
        text.push_str(&product::text(generation, found, "", "", screen));
    }
    Some(text)
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
