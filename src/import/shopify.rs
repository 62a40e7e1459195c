//! Shopify's product CSV, with the current or the legacy header. Rows with one handle are one product.

use std::collections::HashMap;

use super::sheet::{Row, Sheet};
use super::{Found, Kind, Note, Picture, Product, Variant, amount, price};

/// A column's name in the current header and in the legacy one.
const HANDLE: [&str; 2] = ["URL handle", "Handle"];
const STATUS: [&str; 1] = ["Status"];
const PUBLISHED: [&str; 2] = ["Published on online store", "Published"];
const SKU: [&str; 2] = ["SKU", "Variant SKU"];
const PRICE: [&str; 2] = ["Price", "Variant Price"];
const COMPARE: [&str; 2] = ["Compare-at price", "Variant Compare At Price"];
const IMAGE: [&str; 2] = ["Product image URL", "Image Src"];

const OPTIONS: [([&str; 1], [&str; 1]); 3] = [
    (["Option1 name"], ["Option1 value"]),
    (["Option2 name"], ["Option2 value"]),
    (["Option3 name"], ["Option3 value"]),
];

pub(super) fn read(sheet: &Sheet) -> Result<Found, &'static str> {
    if !HANDLE.iter().any(|name| sheet.has(name)) || !sheet.has("Title") {
        return Err("@not-shopify");
    }
    let mut found = Found { rows: sheet.len(), ..Found::default() };
    let mut by_handle: HashMap<&str, usize> = HashMap::new();
    for row in sheet.rows() {
        let handle = row.get(&HANDLE);
        if handle.is_empty() {
            found.notes.push(Note {
                line: row.line,
                about: row.get(&["Title"]).to_owned(),
                what: Kind::Stray,
                value: row.get(&SKU).to_owned(),
            });
            continue;
        }
        let at = *by_handle.entry(handle).or_insert_with(|| {
            found.products.push(Product { handle: handle.to_owned(), ..Product::default() });
            found.products.len() - 1
        });
        let product = &mut found.products[at];
        whole(&row, product);
        picture(&row, product);
        if let Some(note) = variant(&row, product) {
            found.notes.push(note);
        }
    }
    for product in &mut found.products {
        single(product);
        for picture in &mut product.pictures {
            // A picture called like its product says nothing.
            if picture.alt == product.title {
                picture.alt.clear();
            }
        }
    }
    Ok(found)
}

/// What stands in the row that has the title, whichever of the product's rows that is.
fn whole(row: &Row<'_>, product: &mut Product) {
    let title = row.get(&["Title"]);
    if title.is_empty() || !product.title.is_empty() {
        return;
    }
    title.clone_into(&mut product.title);
    row.get(&["Description", "Body (HTML)"]).clone_into(&mut product.html);
    row.get(&["Vendor"]).clone_into(&mut product.brand);
    row.get(&["SEO description"]).clone_into(&mut product.description);
    product.tags = list(row.get(&["Tags"]));
    let kind = row.get(&["Type"]);
    product.category =
        kind.split(" > ").filter(|name| !name.trim().is_empty()).map(str::to_owned).collect();
    product.status = match row.get(&STATUS).to_lowercase().as_str() {
        "draft" => "draft",
        "archived" => "off_shelf",
        "" if row.get(&PUBLISHED).eq_ignore_ascii_case("false") => "off_shelf",
        _ => "",
    };
    let fields = [
        ("shopify", "category", row.get(&["Product category"])),
        ("shopify", "seo_title", row.get(&["SEO title"])),
        ("shopify", "google_category", row.get(&["Google Shopping / Google product category"])),
        ("shopify", "gender", row.get(&["Google Shopping / Gender"])),
        ("shopify", "age_group", row.get(&["Google Shopping / Age group"])),
        (
            "shopify",
            "mpn",
            row.get(&["Google Shopping / Manufacturer part number (MPN)", "Google Shopping / MPN"]),
        ),
    ];
    for (channel, field, value) in fields {
        if !value.is_empty() {
            product.channels.push((channel, field, value.to_owned()));
        }
    }
}

fn picture(row: &Row<'_>, product: &mut Product) {
    let source = row.get(&IMAGE);
    if !source.is_empty() && !product.pictures.iter().any(|one| one.source == source) {
        let alt = row.get(&["Image alt text"]).to_owned();
        product.pictures.push(Picture { source: source.to_owned(), alt });
    }
}

fn variant(row: &Row<'_>, product: &mut Product) -> Option<Note> {
    let values: Vec<&str> = OPTIONS.iter().map(|(_, value)| row.get(value)).collect();
    let (sku, paid) = (row.get(&SKU), row.get(&PRICE));
    if values[0].is_empty() && sku.is_empty() && paid.is_empty() {
        return None;
    }
    for (nth, (name, _)) in OPTIONS.iter().enumerate() {
        let name = row.get(name);
        if !name.is_empty() && product.axes.len() == nth {
            product.axes.push(name.to_owned());
        }
    }
    let grams = row.get(&["Weight value (grams)", "Variant Grams"]);
    let heavy = amount(grams).filter(|grams| !grams.trim_matches(['0', '.']).is_empty());
    if let Some(grams) = heavy.filter(|_| !product.facts.iter().any(|(name, _)| name == "Weight")) {
        product.facts.push(("Weight".to_owned(), format!("{grams} g")));
    }
    let image = row.get(&["Variant image URL", "Variant Image"]);
    let values = values.iter().take_while(|value| !value.is_empty()).map(|v| (*v).to_owned());
    product.variants.push(Variant {
        sku: sku.to_owned(),
        values: values.collect(),
        price: price(row.get(&COMPARE), paid),
        stock: row.get(&["Inventory quantity", "Variant Inventory Qty"]).parse().ok(),
        gtin: row.get(&["Barcode", "Variant Barcode"]).trim_start_matches('\'').to_owned(),
        picture: image.to_owned(),
    });
    (!paid.is_empty() && amount(paid).is_none()).then(|| Note {
        line: row.line,
        about: product.handle.clone(),
        what: Kind::BadPrice,
        value: paid.to_owned(),
    })
}

/// A product without options has one variant called `Default Title`.
fn single(product: &mut Product) {
    let [only] = &product.variants[..] else { return };
    let named = only.values.first().is_none_or(|value| value == "Default Title");
    if !named && !product.axes.is_empty() {
        return;
    }
    let only = product.variants.remove(0);
    product.axes.clear();
    product.sku = only.sku;
    product.price = only.price;
    product.stock = only.stock;
    product.gtin = only.gtin;
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect()
}
