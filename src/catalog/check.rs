//! What must hold between the values of one product, and between things that name each other.

use super::Catalog;
use super::doc::CampaignRecord;
use super::product::{Layer, Product};
use super::record::{PriceRecord, Record, Variants};
use super::text::Text;
use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;
use crate::source::fields::At;

/// Years in which dates of a shop make sense.
const YEARS: std::ops::Range<i64> = 315_532_800..4_102_444_800;

/// Checks one product by itself.
pub fn product(product: &Product, catalog: &Catalog) -> Vec<Diagnostic> {
    let mut check = Check { found: Vec::new() };
    let shop = &catalog.shop;
    for layer in std::iter::once(&product.own).chain(product.locales.iter().map(|(_, layer)| layer))
    {
        check.price(layer, &layer.record.price, catalog);
        check.dates(layer, &layer.record, catalog);
        if let Some(variants) = &layer.record.variants {
            check.variants(layer, variants, catalog);
        }
        for channel in &layer.record.channels {
            if !shop.channels.iter().any(|known| known.value == channel.name.value) {
                let known = shop.channels.iter().map(|known| known.value.as_str());
                check.say(
                    Diagnostic::new("channel/unknown", at(layer, channel.name.at))
                        .with("found", &channel.name.value)
                        .near(&channel.name.value, known),
                );
            }
        }
    }
    for (_, layer) in &product.locales {
        check.misplaced(layer, &FIRST_ONLY);
        check.translated(layer, product);
    }
    let own = &product.own.record.price;
    let variants = product.variant_records().map_or(&[][..], |variants| &variants.items);
    let reduced = product.find("", |record| record.price.sale.as_ref()).is_some()
        || variants.iter().any(|one| one.price.sale.is_some());
    if let Some(window) = own.from.as_ref().or(own.to.as_ref())
        && !reduced
        && !product.partial
    {
        check.say(Diagnostic::new("price/window-idle", at(&product.own, window.at)));
    }
    for layer in std::iter::once(&product.own).chain(product.locales.iter().map(|(_, l)| l)) {
        let record = &layer.record;
        let texts = [&record.title, &record.subtitle, &record.description, &record.brand];
        for text in texts.into_iter().flatten() {
            check.languages(&layer.file, text, &shop.locales);
        }
        for url in record.channels.iter().filter_map(|channel| channel.url.as_ref()) {
            if !url.value.starts_with("https://") && !url.value.starts_with("http://") {
                let finding = Diagnostic::new("link/unsafe", at(layer, url.at));
                check.say(finding.with("found", &url.value));
            }
        }
    }
    // What was written but could not be read has been reported already.
    let given = product.price_unread();
    let list = product.find("", |record| record.price.list.as_ref());
    let all_variants = !product.variants.is_empty()
        && product
            .variant_records()
            .is_some_and(|all| all.items.iter().all(|v| v.price.list.is_some()));
    if list.is_none() && !all_variants && !given && !product.partial {
        let sku = product.own.record.sku.as_ref().map_or(Span::default(), |sku| sku.at);
        let sale = product.find("", |record| record.price.sale.as_ref());
        check.say(match sale {
            Some((sale, layer)) => Diagnostic::new("price/no-list", at(layer, sale.at)),
            None => {
                Diagnostic::new("price/missing", at(&product.own, sku)).with("sku", &product.sku)
            }
        });
    }
    if shop.locales.len() > 1 {
        let untranslated: Vec<&str> = shop.locales[1..]
            .iter()
            .filter(|locale| {
                !product.layers(locale).any(|layer| {
                    layer.record.title.as_ref().is_some_and(|title| match &title.value {
                        super::text::Text::One(_) => product.locales.iter().any(|(name, local)| {
                            name == *locale
                                && local.file == layer.file
                                && std::sync::Arc::ptr_eq(&local.record, &layer.record)
                        }),
                        text @ super::text::Text::By(_) => text.exact(locale).is_some(),
                    })
                })
            })
            .map(String::as_str)
            .collect();
        if !untranslated.is_empty() {
            let title = product.own.record.title.as_ref().map_or(Span::default(), |title| title.at);
            check.say(
                Diagnostic::new("text/untranslated", at(&product.own, title))
                    .with("field", "title")
                    .with("locales", untranslated.join(", ")),
            );
        }
    }
    check.found
}

/// A field and where it stands, if it is given.
type Given = (&'static str, fn(&Record) -> Option<Span>);

/// Fields that count only in the file of the first language.
const FIRST_ONLY: [Given; 9] = [
    ("sku", |record| record.sku.as_ref().map(|one| one.at)),
    ("status", |record| record.status.as_ref().map(|one| one.at)),
    ("price", |record| record.price.list.as_ref().map(|one| one.at)),
    ("stock", |record| record.stock.as_ref().map(|one| one.at)),
    ("gtin", |record| record.gtin.as_ref().map(|one| one.at)),
    ("variants", |record| record.variants.as_ref().map(|one| one.at)),
    ("slug", |record| record.slug.as_ref().map(|one| one.at)),
    ("redirects", |record| record.redirects.first().map(|one| one.at)),
    ("related", |record| record.related.as_ref()?.first().map(|one| one.at)),
];

/// Fields that no two products can share.
const OWN_ONLY: [Given; 6] = [
    ("sku", |record| record.sku.as_ref().map(|one| one.at)),
    ("gtin", |record| record.gtin.as_ref().map(|one| one.at)),
    ("variants", |record| record.variants.as_ref().map(|one| one.at)),
    ("slug", |record| record.slug.as_ref().map(|one| one.at)),
    ("redirects", |record| record.redirects.first().map(|one| one.at)),
    ("images", |record| record.images.as_ref()?.first().map(|one| one.src.at)),
];

/// Checks what products inherit: a category's defaults or the shop's.
pub fn defaults(layer: &Layer, catalog: &mut Catalog) {
    let mut check = Check { found: Vec::new() };
    check.misplaced(layer, &OWN_ONLY);
    check.price(layer, &layer.record.price, catalog);
    check.dates(layer, &layer.record, catalog);
    catalog.findings.append(&mut check.found);
}

/// Checks the languages of a text.
pub fn languages(catalog: &mut Catalog, file: &SourcePath, text: Option<&At<Text>>) {
    let Some(text) = text else { return };
    let mut check = Check { found: Vec::new() };
    check.languages(file, text, &catalog.shop.locales);
    catalog.findings.append(&mut check.found);
}

struct Check {
    found: Vec<Diagnostic>,
}

impl Check {
    fn say(&mut self, finding: Diagnostic) {
        self.found.push(finding);
    }

    fn misplaced(&mut self, layer: &Layer, fields: &[Given]) {
        for (name, find) in fields {
            if let Some(span) = find(&layer.record) {
                self.say(Diagnostic::new("field/misplaced", at(layer, span)).with("field", name));
            }
        }
    }

    /// Tags and pictures of another language that belong to none of the first.
    fn translated(&mut self, layer: &Layer, product: &Product) {
        if let Some(tags) = &layer.record.tags
            && tags.len() != product.tags().len()
            && let Some(first) = tags.first()
        {
            self.say(
                Diagnostic::new("locale/tags", at(layer, first.at))
                    .with("count", tags.len())
                    .with("wanted", product.tags().len()),
            );
        }
        for image in layer.record.images.iter().flatten() {
            let path = layer.file.resolve(&image.src.value);
            if !product.images.iter().any(|shown| Some(&shown.path) == path.as_ref()) {
                let names = product.images.iter().map(|shown| shown.path.name());
                self.say(
                    Diagnostic::new("locale/picture", at(layer, image.src.at))
                        .with("found", &image.src.value)
                        .near(&image.src.value, names),
                );
            }
        }
    }

    /// A text in a language that the shop does not have is shown nowhere.
    fn languages(&mut self, file: &SourcePath, text: &At<Text>, locales: &[String]) {
        let Text::By(texts) = &text.value else { return };
        for (locale, _) in texts.iter().filter(|(locale, _)| !locales.contains(locale)) {
            let place = Place::Bytes(file.clone(), text.at);
            let language = locale.split('-').next().unwrap_or(locale);
            let related = locales.iter().find(|own| own.split('-').next() == Some(language));
            let finding = Diagnostic::new("locale/unknown", place).with("locale", locale);
            self.say(match related {
                Some(own) => finding.with("near", own),
                None => finding,
            });
        }
    }

    fn price(&mut self, layer: &Layer, price: &PriceRecord, catalog: &Catalog) {
        for amount in [&price.list, &price.sale].into_iter().flatten() {
            if !amount.value.fits(&catalog.currency) {
                self.say(
                    Diagnostic::new("price/precision", at(layer, amount.at))
                        .with("currency", catalog.currency.code)
                        .with("digits", catalog.currency.digits),
                );
            }
        }
        for free in [&price.list, &price.sale].into_iter().flatten().filter(|one| one.value.0 == 0)
        {
            self.say(Diagnostic::new("price/zero", at(layer, free.at)));
        }
        if let (Some(list), Some(sale)) = (&price.list, &price.sale)
            && sale.value >= list.value
        {
            self.say(
                Diagnostic::new("price/sale-not-lower", at(layer, sale.at))
                    .with("sale", sale.value.decimal(&catalog.currency))
                    .with("list", list.value.decimal(&catalog.currency))
                    .also(at(layer, list.at), "list-here"),
            );
        }
        self.window(layer, price.from.as_ref(), price.to.as_ref(), catalog);
    }

    fn window(
        &mut self,
        layer: &Layer,
        from: Option<&At<super::moment::Moment>>,
        to: Option<&At<super::moment::Moment>>,
        catalog: &Catalog,
    ) {
        if let (Some(from), Some(to)) = (from, to)
            && to.value.end(&catalog.zone) <= from.value.start(&catalog.zone)
        {
            self.say(
                Diagnostic::new("date/order", at(layer, to.at))
                    .also(at(layer, from.at), "begins-here"),
            );
        }
    }

    fn dates(&mut self, layer: &Layer, record: &Record, catalog: &Catalog) {
        self.window(layer, record.shelf_on.as_ref(), record.shelf_off.as_ref(), catalog);
        let all = [
            &record.date,
            &record.shelf_on,
            &record.shelf_off,
            &record.price.from,
            &record.price.to,
        ];
        for moment in all.into_iter().flatten() {
            if !YEARS.contains(&moment.value.start(&catalog.zone)) {
                self.say(Diagnostic::new("date/absurd", at(layer, moment.at)));
            }
        }
    }

    fn variants(&mut self, layer: &Layer, variants: &Variants, catalog: &Catalog) {
        if variants.items.is_empty() || variants.axes.is_empty() {
            let field = if variants.axes.is_empty() { "axes" } else { "items" };
            self.say(Diagnostic::new("field/missing", at(layer, variants.at)).with("field", field));
            return;
        }
        for (nth, item) in variants.items.iter().enumerate() {
            self.price(layer, &item.price, catalog);
            for axis in &variants.axes {
                if !item.options.iter().any(|(name, _)| *name == axis.value) {
                    self.say(
                        Diagnostic::new("variant/no-value", at(layer, item.at))
                            .with("axis", &axis.value),
                    );
                }
            }
            let values = |item: &super::record::VariantRecord| -> Vec<String> {
                variants
                    .axes
                    .iter()
                    .map(|axis| {
                        let found = item.options.iter().find(|(name, _)| *name == axis.value);
                        found.map_or(String::new(), |(_, value)| value.value.clone())
                    })
                    .collect()
            };
            let mine = values(item);
            if mine.iter().any(String::is_empty) {
                continue;
            }
            if let Some(first) = variants.items[..nth].iter().find(|other| values(other) == mine) {
                self.say(
                    Diagnostic::new("variant/twice", at(layer, item.at))
                        .with("options", mine.join(" / "))
                        .also(at(layer, first.at), "first-here"),
                );
            }
        }
    }
}

pub(super) fn at(layer: &Layer, span: Span) -> Place {
    Place::Bytes(layer.file.clone(), span)
}

/// Where something is missing in a file: at its head.
pub fn head(file: &SourcePath) -> Place {
    match file.extension().as_str() {
        "md" | "yaml" => Place::Line(file.clone(), 1, 1),
        _ => Place::File(file.clone()),
    }
}

/// A picture that a file names: where it is, or what is wrong with it.
pub fn picture(
    catalog: &mut Catalog,
    file: &SourcePath,
    name: &str,
    at: Place,
) -> Option<SourcePath> {
    match find_picture(catalog, file, name, at) {
        Ok(path) => Some(path),
        Err(finding) => {
            catalog.findings.push(finding);
            None
        }
    }
}

/// The same, for makers, which keep what they say themselves.
pub fn find_picture(
    catalog: &Catalog,
    file: &SourcePath,
    name: &str,
    at: Place,
) -> Result<SourcePath, Diagnostic> {
    if name.contains("://") {
        return Err(Diagnostic::new("picture/remote", at).with("found", name));
    }
    let Some(path) = file.resolve(name) else {
        return Err(Diagnostic::new("path/outside", at).with("found", name));
    };
    let Some(picture) = catalog.pictures.get(&path) else {
        let folder = format!("{}/", path.folder());
        let beside =
            catalog.pictures.keys().filter_map(|other| other.as_str().strip_prefix(&folder));
        return Err(Diagnostic::new("picture/missing", at)
            .with("found", name)
            .near(path.name(), beside));
    };
    if let Some((code, reason)) = &picture.fault {
        let code: &'static str = match code.as_str() {
            "picture/bomb" => "picture/bomb",
            _ => "picture/broken",
        };
        return Err(Diagnostic::new(code, at)
            .with("found", name)
            .with("reason", reason)
            .also(Place::File(path), "this-file"));
    }
    Ok(path)
}

/// Checks a campaign by itself.
pub fn campaign(
    catalog: &mut Catalog,
    file: &SourcePath,
    record: &CampaignRecord,
    from: Option<i64>,
    to: Option<i64>,
) {
    let mut say = |finding| catalog.findings.push(finding);
    if record.title.is_none() {
        say(Diagnostic::new("field/missing", head(file)).with("field", "title"));
    }
    if record.from.is_none() || record.to.is_none() {
        let half = record.from.as_ref().or(record.to.as_ref());
        let at = half.map_or_else(|| head(file), |half| Place::Bytes(file.clone(), half.at));
        say(Diagnostic::new("campaign/no-window", at));
    }
    if let (Some(from_at), Some(to_at)) = (&record.from, &record.to)
        && to <= from
    {
        say(Diagnostic::new("date/order", Place::Bytes(file.clone(), to_at.at))
            .also(Place::Bytes(file.clone(), from_at.at), "begins-here"));
    }
    if record.products.is_empty() {
        say(Diagnostic::new("campaign/nothing", head(file)));
    }
}
