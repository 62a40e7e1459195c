//! What a product's page says in its structured data.

use serde_json::Value;

use super::mark;
use crate::cx::Claim;

const OPEN: &str = "<script type=\"application/ld+json\">";

/// The claims of a page's structured data about products.
pub(super) fn claims(bytes: &[u8]) -> Vec<Claim> {
    let html = std::str::from_utf8(bytes).unwrap_or_default();
    let mut claims = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(OPEN) {
        rest = &rest[at + OPEN.len()..];
        let Some(end) = rest.find("</script>") else { break };
        if let Ok(data) = serde_json::from_str::<Value>(&rest[..end]) {
            of_data(&data, &mut claims);
        }
        rest = &rest[end..];
    }
    claims
}

fn of_data(data: &Value, claims: &mut Vec<Claim>) {
    match data {
        Value::Array(items) => items.iter().for_each(|item| of_data(item, claims)),
        Value::Object(_) => {
            let kind = data["@type"].as_str().unwrap_or_default();
            let variants = data["hasVariant"].as_array();
            if kind == "ProductGroup" {
                variants.into_iter().flatten().for_each(|one| of_data(one, claims));
            } else if kind == "Product" {
                claims.extend(product(data));
            }
        }
        _ => {}
    }
}

fn product(data: &Value) -> Option<Claim> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let offer = &data["offers"];
    let price = match (&offer["price"], offer["priceCurrency"].as_str()) {
        (Value::String(price), Some(currency)) => format!("{price} {currency}"),
        (Value::Number(price), Some(currency)) => format!("{price} {currency}"),
        _ => String::new(),
    };
    let pictures = match &data["image"] {
        Value::String(one) => vec![mark(one)],
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(mark).collect(),
        _ => Vec::new(),
    };
    Some(Claim {
        file: 0,
        sku: data["sku"].as_str()?.to_owned(),
        price,
        available: offer["availability"].as_str().map(|word| word.ends_with("InStock")),
        title: mark(&text(&data["name"])),
        gtin: mark(&text(&data["gtin"])),
        link: mark(&text(&data["url"])),
        pictures,
    })
}
