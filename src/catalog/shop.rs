//! `shop.yaml`: what is true of the whole shop.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::money::Currency;
use super::record::{self, Record};
use super::text::{self, Text, is_locale};
use crate::diag::{Diagnostic, Place};
use crate::id::SourcePath;
use crate::source::fields::{At, Decoder};
use crate::source::yaml::{Node, Value};

/// The shop as its file says.
#[derive(Clone, Serialize, Deserialize, Debug, PartialEq, Eq)]
pub struct Shop {
    /// Its name.
    pub name: Text,
    /// A sentence about it.
    pub description: Option<Text>,
    /// Where it will be published, without a closing `/`.
    pub base_url: String,
    /// Its languages, the first at the root.
    pub locales: Vec<String>,
    /// The currency's code.
    pub currency: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// The theme's name.
    pub theme: String,
    /// Sales channels in use.
    pub channels: Vec<At<String>>,
    /// Products on one listing page.
    pub page_size: usize,
    /// Entries of the feed.
    pub feed_items: usize,
    /// How pictures are made.
    pub pictures: Pictures,
    /// Free facts about the company, by name.
    pub company: Vec<(String, At<Text>)>,
    /// Shipping, returns and the like, by name.
    pub policies: Vec<(String, At<Text>)>,
    /// Product fields that hold unless something nearer says otherwise.
    pub defaults: Record,
    /// HTML in Markdown is kept as it is.
    pub html: bool,
}

/// How the site's pictures are made.
#[derive(Clone, Serialize, Deserialize, Debug, PartialEq, Eq)]
pub struct Pictures {
    /// Widths in pixels, rising.
    pub widths: Vec<u32>,
    /// Formats, best first; JPEG is always there for old browsers.
    pub formats: Vec<Format>,
    /// 1 to 100.
    pub quality: u8,
}

impl Pictures {
    /// The wanted widths up to a picture's own: nothing is enlarged, and nothing of it is lost below the largest.
    pub fn widths(&self, own: u32) -> Vec<u32> {
        let mut widths: Vec<u32> =
            self.widths.iter().copied().filter(|width| *width <= own).collect();
        if self.widths.iter().any(|width| *width > own) && widths.last() != Some(&own) {
            widths.push(own);
        }
        widths
    }
}

/// A format pictures are written in.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug, Hash, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Smallest, slowest.
    Avif,
    /// Small.
    Webp,
    /// For everyone.
    Jpeg,
}

impl Format {
    /// The file's ending.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Avif => "avif",
            Format::Webp => "webp",
            Format::Jpeg => "jpg",
        }
    }

    /// The media type.
    pub fn mime(self) -> &'static str {
        match self {
            Format::Avif => "image/avif",
            Format::Webp => "image/webp",
            Format::Jpeg => "image/jpeg",
        }
    }
}

const FORMATS: [(&str, Format); 4] =
    [("avif", Format::Avif), ("webp", Format::Webp), ("jpeg", Format::Jpeg), ("jpg", Format::Jpeg)];

impl Default for Shop {
    fn default() -> Self {
        Self {
            name: Text::One(String::new()),
            description: None,
            base_url: String::new(),
            locales: vec!["zh-CN".to_owned()],
            currency: "CNY".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            theme: "default".to_owned(),
            channels: Vec::new(),
            page_size: 24,
            feed_items: 50,
            pictures: Pictures {
                widths: vec![320, 640, 1200],
                formats: vec![Format::Webp, Format::Jpeg],
                quality: 80,
            },
            company: Vec::new(),
            policies: Vec::new(),
            defaults: Record::default(),
            html: false,
        }
    }
}

impl Shop {
    /// The currency, which was checked when the file was read.
    pub fn currency(&self) -> Currency {
        Currency::of(&self.currency).unwrap_or_default()
    }

    /// The time zone, which was checked when the file was read.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// The first language.
    pub fn default_locale(&self) -> &str {
        self.locales.first().map_or("en", String::as_str)
    }

    /// What addresses of a language begin with: `/` or `/en/`.
    pub fn prefix(&self, locale: &str) -> String {
        if locale == self.default_locale() { "/".to_owned() } else { format!("/{locale}/") }
    }
}

/// Reads `shop.yaml`.
pub fn decode(
    file: &SourcePath,
    root: Option<&Node>,
    partial: bool,
    faults: &mut Vec<Diagnostic>,
) -> Shop {
    let mut shop = Shop::default();
    let mut decoder = Decoder::new(file);
    let empty = Node { value: Value::Map(Vec::new()), span: crate::diag::Span::default() };
    let mut fields = decoder.fields(root.unwrap_or(&empty));

    match fields.take("name").and_then(|node| text::decode(&mut decoder, node)) {
        Some(name) => shop.name = name.value,
        None if !partial => missing(&mut decoder, "name"),
        None => {}
    }
    shop.description = fields
        .take("description")
        .and_then(|node| text::decode(&mut decoder, node))
        .map(|text| text.value);
    match fields.take("base_url").and_then(|node| base_url(&mut decoder, node)) {
        Some(url) => shop.base_url = url,
        None if !partial && fields.take("base_url").is_none() => missing(&mut decoder, "base_url"),
        None => {}
    }
    if let Some(node) = fields.take("locales") {
        shop.locales = locales(&mut decoder, node).unwrap_or(shop.locales);
    }
    if let Some(node) = fields.take("currency") {
        shop.currency =
            known(&mut decoder, node, "value/currency", |code| Currency::of(code).is_some())
                .unwrap_or(shop.currency);
    }
    if let Some(node) = fields.take("time_zone") {
        shop.time_zone =
            known(&mut decoder, node, "value/time-zone", |name| TimeZone::get(name).is_ok())
                .unwrap_or(shop.time_zone);
    }
    if let Some(name) = fields.take("theme").and_then(|node| decoder.name(node)) {
        shop.theme = name.value;
    }
    if let Some(node) = fields.take("channels") {
        shop.channels = decoder.names(node).unwrap_or_default();
    }
    if let Some(node) = fields.take("listing") {
        let mut listing = decoder.fields(node);
        if let Some(node) = listing.take("page_size") {
            shop.page_size = within(&mut decoder, node, 1, 500).unwrap_or(24);
        }
        decoder.finish(&listing);
    }
    if let Some(node) = fields.take("feed") {
        let mut feed = decoder.fields(node);
        if let Some(node) = feed.take("items") {
            shop.feed_items = within(&mut decoder, node, 1, 1000).unwrap_or(50);
        }
        decoder.finish(&feed);
    }
    if let Some(node) = fields.take("pictures") {
        pictures(&mut decoder, node, &mut shop.pictures);
    }
    if let Some(node) = fields.take("markdown") {
        let mut markdown = decoder.fields(node);
        let html = markdown.take("html").and_then(|node| decoder.truth(node));
        shop.html = html.is_some_and(|html| html.value);
        decoder.finish(&markdown);
    }
    shop.company = named_texts(&mut decoder, fields.take("company"));
    shop.policies = named_texts(&mut decoder, fields.take("policies"));
    if let Some(node) = fields.take("defaults") {
        shop.defaults = record::decode_map(&mut decoder, node);
    }
    decoder.finish(&fields);
    faults.append(&mut decoder.faults);
    shop
}

fn missing(decoder: &mut Decoder<'_>, field: &'static str) {
    let at = Place::File(decoder.file.clone());
    decoder.say(Diagnostic::new("field/missing", at).with("field", field));
}

fn base_url(decoder: &mut Decoder<'_>, node: &Node) -> Option<String> {
    let url = decoder.name(node)?;
    let rest = url.value.strip_prefix("https://").or_else(|| url.value.strip_prefix("http://"));
    let host = rest.map(|rest| rest.trim_end_matches('/'));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', ' ', '?', '#']) => {
            Some(url.value.trim_end_matches('/').to_owned())
        }
        _ => {
            let fault =
                Diagnostic::new("value/base-url", decoder.place(url.at)).with("found", &url.value);
            decoder.say(fault);
            None
        }
    }
}

fn locales(decoder: &mut Decoder<'_>, node: &Node) -> Option<Vec<String>> {
    let mut locales: Vec<String> = Vec::new();
    for name in decoder.names(node)? {
        if !is_locale(&name.value) {
            let fault =
                Diagnostic::new("value/locale", decoder.place(name.at)).with("found", &name.value);
            decoder.say(fault);
        } else if !locales.contains(&name.value) {
            locales.push(name.value);
        }
    }
    (!locales.is_empty()).then_some(locales)
}

fn known(
    decoder: &mut Decoder<'_>,
    node: &Node,
    code: &'static str,
    is_known: impl Fn(&str) -> bool,
) -> Option<String> {
    let name = decoder.name(node)?;
    if is_known(&name.value) {
        return Some(name.value);
    }
    let mut fault = Diagnostic::new(code, decoder.place(name.at)).with("found", &name.value);
    if code == "value/currency" {
        fault = fault.near(&name.value, Currency::codes());
    } else {
        let zones: Vec<String> =
            jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
        fault = fault.near(&name.value, zones.iter().map(String::as_str));
    }
    decoder.say(fault);
    None
}

fn within(decoder: &mut Decoder<'_>, node: &Node, low: u64, high: u64) -> Option<usize> {
    let number = decoder.count(node)?;
    if (low..=high).contains(&number.value) {
        return Some(number.value as usize);
    }
    let fault = Diagnostic::new("value/range", decoder.place(number.at))
        .with("found", number.value)
        .with("low", low)
        .with("high", high);
    decoder.say(fault);
    None
}

fn pictures(decoder: &mut Decoder<'_>, node: &Node, pictures: &mut Pictures) {
    let mut fields = decoder.fields(node);
    if let Some(node) = fields.take("widths") {
        let mut widths: Vec<u32> = decoder
            .list(node)
            .iter()
            .filter_map(|item| within(decoder, item, 16, 8000))
            .map(|width| width as u32)
            .collect();
        widths.sort_unstable();
        widths.dedup();
        if !widths.is_empty() {
            pictures.widths = widths;
        }
    }
    if let Some(node) = fields.take("formats") {
        let mut formats: Vec<Format> = decoder
            .list(node)
            .iter()
            .filter_map(|item| decoder.choice(item, &FORMATS))
            .map(|format| format.value)
            .chain([Format::Jpeg])
            .collect();
        formats.sort_unstable();
        formats.dedup();
        pictures.formats = formats;
    }
    if let Some(node) = fields.take("quality") {
        pictures.quality = within(decoder, node, 1, 100).map_or(pictures.quality, |q| q as u8);
    }
    decoder.finish(&fields);
}

fn named_texts(decoder: &mut Decoder<'_>, node: Option<&Node>) -> Vec<(String, At<Text>)> {
    let Some(node) = node else { return Vec::new() };
    let fields = decoder.fields(node);
    let mut texts = Vec::new();
    for entry in fields.rest() {
        if let Some(text) = text::decode(decoder, &entry.node) {
            texts.push((entry.key.clone(), text));
        }
    }
    texts
}
