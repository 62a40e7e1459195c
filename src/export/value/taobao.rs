//! Columns of Taobao's data pack that hold little languages of their own (public exporters and importers, 2026-11, B).
//!
//! Values a shop makes up have negative numbers from -1001 on; their words stand in `input_custom_cpv`.

use std::fmt::Write;

use super::super::cell::Cell;
use super::super::line::Line;
use crate::catalog::attribute::attribute;
use crate::text::html::escape;

/// A sale property: what variants differ in, with Taobao's number for it and numbers for its values.
struct Property<'a> {
    axis: &'a str,
    id: &'a str,
    /// Values in the order of the variants, with their numbers.
    values: Vec<(&'a str, i64)>,
}

fn properties<'a>(line: &Line<'a>) -> Vec<Property<'a>> {
    let good = line.good;
    let Some(records) = good.product.variant_records() else { return Vec::new() };
    let mut next = -1001;
    let mut taken: Vec<&str> = Vec::new();
    let mut all = Vec::new();
    for axis in &records.axes {
        let own = good.profile.setting(match attribute(&axis.value) {
            Some("color") => "property.color",
            Some("size") => "property.size",
            _ => "property.other",
        });
        // Two axes never share a number: the second takes the next that is free.
        let spare = ["property.color", "property.size", "property.other"];
        let free = |id: &&str| !id.is_empty() && !taken.contains(id);
        let Some(id) = Some(own)
            .filter(free)
            .or_else(|| spare.iter().map(|name| good.profile.setting(name)).find(|id| free(id)))
        else {
            continue;
        };
        taken.push(id);
        let mut values: Vec<(&str, i64)> = Vec::new();
        for item in &records.items {
            let Some((_, value)) = item.options.iter().find(|(name, _)| *name == axis.value) else {
                continue;
            };
            let value = value.value.as_str();
            if !values.iter().any(|(known, _)| *known == value) {
                values.push((value, next));
                next -= 1;
            }
        }
        all.push(Property { axis: &axis.value, id, values });
    }
    all
}

impl Property<'_> {
    /// `1627207:-1001` of a variant.
    fn of(&self, line: &Line<'_>) -> Option<String> {
        let (_, value) = line.record?.options.iter().find(|(name, _)| name == self.axis)?;
        let (_, number) = self.values.iter().find(|(known, _)| *known == value.value)?;
        Some(format!("{}:{number}", self.id))
    }
}

/// The file's name without folder and ending.
fn key(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// `<key>:1:<position>:|;` for each main picture, `<key>:2:<position>:<pid:vid>|;` for each value of the colour.
pub(super) fn picture<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    /// Main pictures have positions 0 to 4.
    const MAIN: usize = 5;
    let good = line.good;
    let mut text = String::new();
    let white = good.gallery.white.as_ref();
    let main = good.gallery.shots.iter().filter_map(|shot| shot.beside.as_ref());
    // The last place is the white picture's, where there is one.
    let main = main.take(MAIN - usize::from(white.is_some()));
    for (nth, (path, want)) in main.chain(white).enumerate() {
        good.want(want.clone());
        // Writing to a text cannot fail.
        let _ = write!(text, "{}:1:{nth}:|;", key(path));
    }
    let properties = properties(line);
    let variants = good.lines_of_variants();
    let mut seen: Vec<String> = Vec::new();
    if let Some(first) = properties.first() {
        for variant in &variants {
            let (Some(value), Some(shot)) = (first.of(variant), variant.own_shot()) else {
                continue;
            };
            let Some((path, want)) = shot.variant.as_ref().or(shot.beside.as_ref()) else {
                continue;
            };
            if !seen.contains(&value) {
                good.want(want.clone());
                let _ = write!(text, "{}:2:{}:{value}|;", key(path), seen.len());
                seen.push(value);
            }
        }
    }
    Cell::text(text)
}

/// `price:quantity:code:pid:vid;pid:vid;` for each variant.
pub(super) fn skus<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let properties = properties(line);
    let currency = &line.good.catalog().currency;
    let mut text = String::new();
    for variant in line.good.lines_of_variants() {
        let (Some(price), Some(own)) = (variant.price(), variant.variant) else { continue };
        let stock = super::stock(&variant).map(|stock| stock.to_string());
        let stock = stock.as_deref().unwrap_or(line.good.profile.setting("unknown_stock"));
        let _ = write!(text, "{}:{stock}:{}:", price.now.decimal(currency), own.sku);
        for value in properties.iter().filter_map(|property| property.of(&variant)) {
            let _ = write!(text, "{value};");
        }
    }
    Cell::text(text)
}

/// `pid:vid;` of every value.
pub(super) fn props<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    each(line, |text, property, _, number| {
        let _ = write!(text, "{}:{number};", property.id);
    })
}

/// `pid:-1001:words;` of every value.
pub(super) fn custom<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let product = line.good.product;
    let lang = line.good.lang;
    each(line, |text, property, value, number| {
        let shown = product.option_name(lang, property.axis, value).replace([';', ':'], " ");
        let _ = write!(text, "{}:{number}:{shown};", property.id);
    })
}

fn each<'a>(
    line: &Line<'a>,
    mut put: impl FnMut(&mut String, &Property<'a>, &str, i64),
) -> Cell<'a> {
    let mut text = String::new();
    for property in properties(line) {
        for (value, number) in &property.values {
            put(&mut text, &property, value, *number);
        }
    }
    Cell::text(text)
}

/// Text and pictures one after the other, for phones.
pub(super) fn mobile<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let good = line.good;
    let mut text = String::from("<wapDesc>");
    let description = crate::catalog::card::description(good.product, good.lang);
    let _ = write!(text, "<txt>{}</txt>", escape(&description));
    for shot in &good.gallery.shots {
        good.want(shot.site.clone());
        let _ = write!(text, "<img>{}</img>", escape(&shot.url));
    }
    text.push_str("</wapDesc>");
    Cell::text(text)
}

/// Barcodes of the variants, in their order.
pub(super) fn barcodes<'a>(line: &Line<'a>, _: &str) -> Cell<'a> {
    let mut any = false;
    let codes: Vec<String> = line
        .good
        .lines_of_variants()
        .iter()
        .map(|variant| match super::words::gtin(variant, "") {
            Cell::Text(code) => {
                any = true;
                code.into_owned()
            }
            _ => String::new(),
        })
        .collect();
    if any { Cell::text(codes.join(";")) } else { Cell::Empty }
}
