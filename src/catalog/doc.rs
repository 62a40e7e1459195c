//! One author's file, typed: which kind it is by its path, what it says, and what is wrong with it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::moment::{self, Moment};
use super::money::{self, Money};
use super::record::{self, KeywordsRecord, Record};
use super::text::{self, Text, is_locale};
use crate::diag::{Diagnostic, Place};
use crate::id::{Hash, SourcePath};
use crate::source::fields::{At, Decoder};
use crate::source::front;
use crate::source::yaml::{self, Node, Value};

/// What a file of `content/` is, by its path alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `shop.yaml`.
    Shop,
    /// A product, in one language.
    Product,
    /// `category.md`.
    Category,
    /// A campaign.
    Campaign,
    /// A static page.
    Page,
    /// `*.rows.yaml`.
    Rows,
    /// YAML that other parts of the program read: channels, keywords, rules, the address book.
    Yaml,
    /// A picture or any other file that is only there to be named.
    Other,
}

/// A path taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Role {
    /// What it is.
    pub kind: Kind,
    /// The path without language and ending; files of one thing share it.
    pub key: String,
    /// The language in the file's name.
    pub locale: Option<String>,
}

/// Tells what a file is.
pub fn role(path: &SourcePath) -> Role {
    let text = path.as_str();
    let inside = text.strip_prefix("content/").unwrap_or(text);
    let other = |kind| Role { kind, key: inside.to_owned(), locale: None };
    if inside == "shop.yaml" {
        return other(Kind::Shop);
    }
    let (area, below) = inside.split_once('/').unwrap_or(("", inside));
    if inside.ends_with(".rows.yaml") {
        return other(if area == "products" { Kind::Rows } else { Kind::Yaml });
    }
    if path.extension() == "yaml" {
        return other(Kind::Yaml);
    }
    if path.extension() != "md" || below.is_empty() {
        return other(Kind::Other);
    }
    let mut stem = path.stem();
    let mut locale = None;
    if let Some((name, end)) = stem.rsplit_once('.')
        && is_locale(end)
    {
        stem = name;
        locale = Some(end.to_owned());
    }
    let folder = path.folder().strip_prefix("content/").unwrap_or("");
    let key = if stem == "index" && area != "pages" {
        folder.to_owned()
    } else {
        format!("{folder}/{stem}")
    };
    let kind = match area {
        "products" if stem == "category" => Kind::Category,
        "products" => Kind::Product,
        "campaigns" => Kind::Campaign,
        "pages" => Kind::Page,
        _ => Kind::Other,
    };
    let key = if kind == Kind::Category { folder.to_owned() } else { key };
    Role { kind, key, locale }
}

/// A file of one of the Markdown kinds, typed.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Doc {
    /// What it says.
    pub says: Says,
    /// What is wrong with it.
    pub faults: Vec<Diagnostic>,
    /// Hash of the front matter.
    pub matter: Hash,
    /// Where the Markdown text begins.
    pub body_start: u32,
    /// Hash of the Markdown text; absent when there is none.
    pub body: Hash,
    /// The front matter could not be read to its end, so what seems missing may not be.
    pub partial: bool,
}

/// What a file says, by kind.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub enum Says {
    /// Of a product.
    Product(Arc<Record>),
    /// Of a category.
    Category(Arc<CategoryRecord>),
    /// Of a campaign.
    Campaign(Arc<CampaignRecord>),
    /// Of a page.
    Page(Arc<PageRecord>),
}

/// What a file says of a category.
#[derive(Clone, Serialize, Deserialize, Debug, Default)]
pub struct CategoryRecord {
    /// Its name.
    pub title: Option<At<Text>>,
    /// For search engines.
    pub description: Option<At<Text>>,
    /// Small numbers first.
    pub order: Option<At<i64>>,
    /// Its picture.
    pub image: Option<At<String>>,
    /// The last part of its address.
    pub slug: Option<At<String>>,
    /// Former addresses.
    pub redirects: Vec<At<String>>,
    /// What holds for the products below.
    pub defaults: Record,
}

/// What a file says of a campaign.
#[derive(Clone, Serialize, Deserialize, Debug, Default)]
pub struct CampaignRecord {
    /// Its name.
    pub title: Option<At<Text>>,
    /// A line below the name.
    pub subtitle: Option<At<Text>>,
    /// For search engines.
    pub description: Option<At<Text>>,
    /// Its picture.
    pub image: Option<At<String>>,
    /// First moment.
    pub from: Option<At<Moment>>,
    /// End; a day counts as a whole.
    pub to: Option<At<Moment>>,
    /// What it does to prices.
    pub terms: Option<At<Terms>>,
    /// What takes part.
    pub products: Vec<At<Pick>>,
    /// The platform programme it is for.
    pub programme: Option<At<String>>,
    /// Posters wanted.
    pub posters: Vec<At<String>>,
    /// The last part of its address.
    pub slug: Option<At<String>>,
    /// Former addresses.
    pub redirects: Vec<At<String>>,
}

/// What a campaign does to a price.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Terms {
    /// So many per cent off the list price.
    PercentOff(u32),
    /// So much off the list price.
    AmountOff(Money),
    /// This price for each.
    Price(Money),
}

/// Products named one by one or by what they share.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Pick {
    /// By SKU.
    Sku(String),
    /// All below a category.
    Category(String),
    /// All with a tag.
    Tag(String),
    /// All of a brand.
    Brand(String),
}

/// What a file says of a static page.
#[derive(Clone, Serialize, Deserialize, Debug, Default)]
pub struct PageRecord {
    /// Its heading.
    pub title: Option<At<Text>>,
    /// A line below the heading (the home page shows it).
    pub subtitle: Option<At<Text>>,
    /// For search engines.
    pub description: Option<At<Text>>,
    /// Its picture.
    pub image: Option<At<String>>,
    /// Small numbers first.
    pub order: Option<At<i64>>,
    /// Where it is linked from.
    pub nav: Option<At<PageNav>>,
    /// Products the home page shows first.
    pub featured: Vec<At<String>>,
    /// The last part of its address.
    pub slug: Option<At<String>>,
    /// Former addresses.
    pub redirects: Vec<At<String>>,
}

/// Where a page is linked from.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "lowercase")]
pub enum PageNav {
    /// The head of every page.
    Header,
    /// The foot of every page.
    Footer,
    /// Only from texts.
    None,
}

const NAVS: [(&str, PageNav); 3] =
    [("header", PageNav::Header), ("footer", PageNav::Footer), ("none", PageNav::None)];

/// Reads a Markdown file of the given kind.
pub fn read(file: &SourcePath, kind: &Kind, text: &str) -> Doc {
    let parts = match front::split(file, text) {
        Ok(parts) => parts,
        Err(fault) => {
            return Doc {
                says: decode(kind, &mut Decoder::new(file), None),
                faults: vec![fault],
                matter: Hash::ABSENT,
                body_start: 0,
                body: Hash::ABSENT,
                partial: true,
            };
        }
    };
    let parsed = yaml::parse(file, parts.matter, parts.matter_start);
    let mut decoder = Decoder::new(file);
    decoder.faults = parsed.faults;
    let says = decode(kind, &mut decoder, parsed.root.as_ref());
    let body = &text[parts.body_start..];
    Doc {
        says,
        faults: decoder.faults,
        matter: Hash::of(parts.matter.as_bytes()),
        body_start: parts.body_start as u32,
        body: if body.trim().is_empty() { Hash::ABSENT } else { Hash::of(body.as_bytes()) },
        partial: parsed.partial,
    }
}

/// A file of which nothing could be read.
pub fn unreadable(file: &SourcePath, kind: &Kind, fault: Diagnostic) -> Doc {
    Doc {
        says: decode(kind, &mut Decoder::new(file), None),
        faults: vec![fault],
        matter: Hash::ABSENT,
        body_start: 0,
        body: Hash::ABSENT,
        partial: true,
    }
}

fn decode(kind: &Kind, decoder: &mut Decoder<'_>, root: Option<&Node>) -> Says {
    let empty = Node { value: Value::Map(Vec::new()), span: crate::diag::Span::default() };
    let node = root.unwrap_or(&empty);
    match kind {
        Kind::Category => Says::Category(Arc::new(category(decoder, node))),
        Kind::Campaign => Says::Campaign(Arc::new(campaign(decoder, node))),
        Kind::Page => Says::Page(Arc::new(page(decoder, node))),
        _ => Says::Product(Arc::new(record::decode_map(decoder, node))),
    }
}

fn category(decoder: &mut Decoder<'_>, node: &Node) -> CategoryRecord {
    let mut fields = decoder.fields(node);
    let mut record = CategoryRecord {
        title: fields.take("title").and_then(|node| text::decode(decoder, node)),
        description: fields.take("description").and_then(|node| text::decode(decoder, node)),
        order: fields.take("order").and_then(|node| decoder.whole(node)),
        image: fields.take("image").and_then(|node| decoder.name(node)),
        slug: fields.take("slug").and_then(|node| decoder.name(node)),
        redirects: Vec::new(),
        defaults: Record::default(),
    };
    record.redirects =
        fields.take("redirects").and_then(|node| decoder.names(node)).unwrap_or_default();
    if let Some(node) = fields.take("defaults") {
        record.defaults = record::decode_map(decoder, node);
    }
    // Keywords and channel categories of a category are what its products inherit.
    if let Some(node) = fields.take("keywords") {
        let holder = Node {
            value: Value::Map(vec![yaml::Entry {
                key: "keywords".to_owned(),
                key_span: node.span,
                node: node.clone(),
            }]),
            span: node.span,
        };
        let keywords: Option<KeywordsRecord> = record::decode_map(decoder, &holder).keywords;
        record.defaults.keywords = record.defaults.keywords.take().or(keywords);
    }
    if let Some(node) = fields.take("channels") {
        let holder = Node {
            value: Value::Map(vec![yaml::Entry {
                key: "channels".to_owned(),
                key_span: node.span,
                node: node.clone(),
            }]),
            span: node.span,
        };
        record.defaults.channels.extend(record::decode_map(decoder, &holder).channels);
    }
    decoder.finish(&fields);
    record
}

fn campaign(decoder: &mut Decoder<'_>, node: &Node) -> CampaignRecord {
    let mut fields = decoder.fields(node);
    let mut record = CampaignRecord {
        title: fields.take("title").and_then(|node| text::decode(decoder, node)),
        subtitle: fields.take("subtitle").and_then(|node| text::decode(decoder, node)),
        description: fields.take("description").and_then(|node| text::decode(decoder, node)),
        image: fields.take("image").and_then(|node| decoder.name(node)),
        programme: fields.take("programme").and_then(|node| decoder.name(node)),
        posters: fields.take("posters").and_then(|node| decoder.names(node)).unwrap_or_default(),
        slug: fields.take("slug").and_then(|node| decoder.name(node)),
        ..CampaignRecord::default()
    };
    if let Some(node) = fields.take("window") {
        let mut window = decoder.fields(node);
        record.from = window.take("from").and_then(|node| moment::decode(decoder, node));
        record.to = window.take("to").and_then(|node| moment::decode(decoder, node));
        decoder.finish(&window);
    }
    if let Some(node) = fields.take("terms") {
        record.terms = terms(decoder, node);
    }
    if let Some(node) = fields.take("products") {
        let single = std::slice::from_ref(node);
        let items = if matches!(node.value, Value::List(_)) { decoder.list(node) } else { single };
        record.products = items.iter().filter_map(|item| pick(decoder, item)).collect();
    }
    if let Some(node) = fields.take("redirects") {
        record.redirects = decoder.names(node).unwrap_or_default();
    }
    decoder.finish(&fields);
    record
}

fn terms(decoder: &mut Decoder<'_>, node: &Node) -> Option<At<Terms>> {
    let mut fields = decoder.fields(node);
    let percent = fields.take("percent_off").and_then(|node| decoder.count(node));
    let amount = fields.take("amount_off").and_then(|node| money::decode(decoder, node));
    let price = fields.take("price").and_then(|node| money::decode(decoder, node));
    decoder.finish(&fields);
    let given: Vec<&str> = ["percent_off", "amount_off", "price"]
        .into_iter()
        .filter(|kind| node.get(kind).is_some_and(|node| !node.is_null()))
        .collect();
    if given.len() > 1 {
        let at = node.get(given[1]).map_or(node.span, |second| second.span);
        let fault = Diagnostic::new("campaign/two-terms", decoder.place(at))
            .with("first", given[0])
            .with("second", given[1]);
        decoder.say(fault);
    } else if given.is_empty() && fields.is_empty() && matches!(node.value, Value::Map(_)) {
        decoder.say(Diagnostic::new("campaign/no-terms", decoder.place(node.span)));
    }
    if let Some(percent) = percent {
        if !(1..=99).contains(&percent.value) {
            let fault = Diagnostic::new("value/range", decoder.place(percent.at))
                .with("found", percent.value)
                .with("low", 1)
                .with("high", 99);
            decoder.say(fault);
            return None;
        }
        return Some(At::new(Terms::PercentOff(percent.value as u32), node.span));
    }
    let amount = amount.map(|amount| At::new(Terms::AmountOff(amount.value), node.span));
    amount.or(price.map(|price| At::new(Terms::Price(price.value), node.span)))
}

fn pick(decoder: &mut Decoder<'_>, node: &Node) -> Option<At<Pick>> {
    if !matches!(node.value, Value::Map(_)) {
        return decoder.name(node).map(|sku| sku.map(Pick::Sku));
    }
    let mut fields = decoder.fields(node);
    let category = fields.take("category").and_then(|node| decoder.name(node));
    let tag = fields.take("tag").and_then(|node| decoder.name(node));
    let brand = fields.take("brand").and_then(|node| decoder.name(node));
    decoder.finish(&fields);
    category
        .map(|name| name.map(|path| Pick::Category(path.trim_matches('/').to_owned())))
        .or(tag.map(|name| name.map(Pick::Tag)))
        .or(brand.map(|name| name.map(Pick::Brand)))
}

fn page(decoder: &mut Decoder<'_>, node: &Node) -> PageRecord {
    let mut fields = decoder.fields(node);
    let record = PageRecord {
        title: fields.take("title").and_then(|node| text::decode(decoder, node)),
        subtitle: fields.take("subtitle").and_then(|node| text::decode(decoder, node)),
        description: fields.take("description").and_then(|node| text::decode(decoder, node)),
        image: fields.take("image").and_then(|node| decoder.name(node)),
        order: fields.take("order").and_then(|node| decoder.whole(node)),
        nav: fields.take("nav").and_then(|node| decoder.choice(node, &NAVS)),
        featured: fields.take("featured").and_then(|node| decoder.names(node)).unwrap_or_default(),
        slug: fields.take("slug").and_then(|node| decoder.name(node)),
        redirects: fields.take("redirects").and_then(|n| decoder.names(n)).unwrap_or_default(),
    };
    decoder.finish(&fields);
    record
}

/// The place of a whole file.
pub fn whole(file: &SourcePath) -> Place {
    Place::File(file.clone())
}
