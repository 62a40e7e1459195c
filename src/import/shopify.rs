//! Shopify's product CSV, with the current or the legacy header. Rows with one handle are one product.

use std::collections::HashMap;

use super::sheet::{Row, Sheet};
use super::{Found, Kind, Picture, Product, Variant, amount, is_sum, pieces, price};

/// A column's name in the current header and in the legacy one.
const HANDLE: [&str; 2] = ["URL handle", "Handle"];
const STATUS: [&str; 1] = ["Status"];
const PUBLISHED: [&str; 2] = ["Published on online store", "Published"];
const SKU: [&str; 2] = ["SKU", "Variant SKU"];
const PRICE: [&str; 2] = ["Price", "Variant Price"];
const COMPARE: [&str; 2] = ["Compare-at price", "Variant Compare At Price"];
const STOCK: [&str; 2] = ["Inventory quantity", "Variant Inventory Qty"];
const IMAGE: [&str; 2] = ["Product image URL", "Image Src"];

/// Columns that tell the header's row.
pub(super) const HEADS: [&str; 20] = [
    "Handle",
    "URL handle",
    "Title",
    "Body (HTML)",
    "Description",
    "Vendor",
    "Type",
    "Tags",
    "Published",
    "Status",
    "SKU",
    "Variant SKU",
    "Option1 Name",
    "Option1 Value",
    "Price",
    "Variant Price",
    "Image Src",
    "Product image URL",
    "Variant Barcode",
    "Barcode",
];

const OPTIONS: [([&str; 1], [&str; 1]); 3] = [
    (["Option1 name"], ["Option1 value"]),
    (["Option2 name"], ["Option2 value"]),
    (["Option3 name"], ["Option3 value"]),
];

pub(super) fn read(sheet: &Sheet) -> Result<Found, &'static str> {
    if !HANDLE.iter().any(|name| sheet.has(name)) || !sheet.has("Title") {
        return Err("@not-shopify");
    }
    let mut found = Found::of(sheet);
    let mut by_handle: HashMap<String, usize> = HashMap::new();
    let mut last: Option<usize> = None;
    for row in sheet.rows() {
        let handle = row.get(&HANDLE);
        let at = match (handle.is_empty(), row.get(&["Title"]).is_empty()) {
            (false, _) => *by_handle.entry(handle.to_lowercase()).or_insert_with(|| {
                let line = row.line;
                let handle = handle.to_owned();
                found.products.push(Product { handle, line, ..Product::default() });
                found.products.len() - 1
            }),
            // A new product may leave its handle out: one is made of its title.
            (true, false)
                if !is_sum(row.get(&["Title"]))
                    && (!row.get(&PRICE).is_empty() || !row.get(&IMAGE).is_empty()) =>
            {
                found.products.push(Product { line: row.line, ..Product::default() });
                found.products.len() - 1
            }
            // A picture below such a product is its own.
            (true, true)
                if bare_picture(&row)
                    && last.is_some_and(|at| found.products[at].handle.is_empty()) =>
            {
                last.unwrap_or_default()
            }
            _ => {
                found.note(row.line, row.get(&["Title"]), Kind::Stray, &row.words());
                continue;
            }
        };
        last = Some(at);
        add(&row, at, &mut found);
    }
    untitled(sheet, &mut found);
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

/// Adds what a row says to its product.
fn add(row: &Row<'_>, at: usize, found: &mut Found) {
    let product = &mut found.products[at];
    let whole = whole(row, product);
    let picture = picture(row, product);
    let before = product.variants.len();
    variant(row, product);
    let about = product.handle.clone();
    if product.variants.len() > before {
        for (value, what) in
            [(row.get(&PRICE), Kind::BadPrice), (row.get(&COMPARE), Kind::BadPrice)]
        {
            if !value.is_empty() && amount(value).is_none() {
                found.note(row.line, &about, what, value);
            }
        }
        let stock = row.get(&STOCK);
        if !stock.is_empty() && pieces(stock).is_none() {
            found.note(row.line, &about, Kind::BadStock, stock);
        }
    } else if !whole && !picture {
        found.note(row.line, &about, Kind::Nothing, &row.words());
    }
}

/// Whether a row has a picture and no variant.
fn bare_picture(row: &Row<'_>) -> bool {
    !row.get(&IMAGE).is_empty() && row.get(&SKU).is_empty() && row.get(&PRICE).is_empty()
}

/// What no row gives a title is no product: a sum below the table, or rows of another one.
fn untitled(sheet: &Sheet, found: &mut Found) {
    let gone: Vec<String> = found
        .products
        .iter()
        .filter(|product| product.title.is_empty())
        .map(|product| product.handle.to_lowercase())
        .collect();
    if gone.is_empty() {
        return;
    }
    found.products.retain(|product| !product.title.is_empty());
    for row in sheet.rows() {
        let handle = row.get(&HANDLE);
        if !handle.is_empty() && gone.contains(&handle.to_lowercase()) {
            found.notes.retain(|note| note.line != row.line);
            found.note(row.line, handle, Kind::Stray, &row.words());
        }
    }
}

/// What stands in the row that has the title, whichever of the product's rows that is.
fn whole(row: &Row<'_>, product: &mut Product) -> bool {
    let title = row.get(&["Title"]);
    if title.is_empty() || !product.title.is_empty() {
        return false;
    }
    title.clone_into(&mut product.title);
    row.get(&["Description", "Body (HTML)"]).clone_into(&mut product.html);
    row.get(&["Vendor"]).clone_into(&mut product.brand);
    row.get(&["SEO description"]).clone_into(&mut product.description);
    product.tags = list(row.get(&["Tags"]));
    let kind = row.get(&["Type"]);
    product.category =
        kind.split(" > ").filter(|name| !name.trim().is_empty()).map(str::to_owned).collect();
    match row.get(&STATUS).to_lowercase().as_str() {
        "archived" => "off_shelf",
        "draft" | "unlisted" => "draft",
        // Nobody was to see it, and a product off the shelf keeps its page.
        _ if row.get(&PUBLISHED).eq_ignore_ascii_case("false") => "draft",
        _ => "",
    }
    .clone_into(&mut product.status);
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
            product.channels.push((channel.to_owned(), field.to_owned(), value.to_owned()));
        }
    }
    true
}

/// The row's picture; whether it has one that is new.
fn picture(row: &Row<'_>, product: &mut Product) -> bool {
    let source = row.get(&IMAGE);
    if !source.is_empty() && !product.pictures.iter().any(|one| one.source == source) {
        let alt = row.get(&["Image alt text"]).to_owned();
        product.pictures.push(Picture { source: source.to_owned(), alt });
        return true;
    }
    false
}

/// The row's variant, when it has one.
fn variant(row: &Row<'_>, product: &mut Product) {
    let values: Vec<&str> = OPTIONS.iter().map(|(_, value)| row.get(value)).collect();
    let (sku, paid) = (row.get(&SKU), row.get(&PRICE));
    if values[0].is_empty() && sku.is_empty() && paid.is_empty() {
        return;
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
        stock: pieces(row.get(&STOCK)),
        gtin: row.get(&["Barcode", "Variant Barcode"]).trim_start_matches('\'').to_owned(),
        picture: image.to_owned(),
        line: row.line,
        ..Variant::default()
    });
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
