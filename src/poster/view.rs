//! What poster templates see. Prices are those of the pages.

use std::rc::Rc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::catalog::card::{Card, PriceTag};
use crate::catalog::product::Product;
use crate::catalog::record::Role;
use crate::catalog::{Campaign, CampaignState, moment};
use crate::cx::Cx;
use crate::id::SourcePath;
use crate::page::{campaign as campaign_page, chrome, view};

/// A product on a poster, with the price that holds then.
pub(super) struct Shown {
    pub card: std::sync::Arc<Card>,
    pub price: Option<PriceTag>,
    pub view: Value,
}

/// A picture as a template hands it to `photo()`.
#[derive(Serialize)]
struct Picture {
    path: String,
    role: &'static str,
    width: u32,
    height: u32,
    alt: String,
    focus: String,
}

impl Shown {
    /// One of its pictures stands on white.
    pub(super) fn has_white(&self) -> bool {
        let pictures = self.view["pictures"].as_array();
        pictures.into_iter().flatten().any(|picture| picture["role"] == super::WHITE)
    }
}

/// A product, on a poster of its own or of a campaign.
pub(super) fn product(cx: &Rc<Cx>, sku: &str, campaign: Option<&Campaign>) -> Option<Shown> {
    let product = cx.product(sku)?;
    let card = cx.card(sku)?;
    let price = match campaign {
        Some(campaign) => cx.price_in(product, campaign),
        None => card.price.clone(),
    };
    let facts = view::facts(cx, product);
    let mut view = json!({
        "sku": card.sku,
        "title": card.title,
        "subtitle": card.subtitle,
        "description": card.description,
        "brand": card.brand,
        "category": card.category,
        "tags": product.tags().iter().map(|tag| &tag.value).collect::<Vec<_>>(),
        "facts": facts,
        "url": card.url,
        "available": card.available,
        "badge": card.badge,
        "pictures": pictures(cx, product),
        "price": price.as_ref().map(money),
    });
    let points = view["facts"].as_array().into_iter().flatten().take(4).map(|fact| {
        let part = |name: &str| fact[name].as_str().unwrap_or_default();
        Value::from(format!("{} {}", part("name"), part("value")))
    });
    view["points"] = points.collect();
    Some(Shown { card, price, view })
}

/// A price with its figures apart, so that they can be set in sizes of their own.
fn money(tag: &PriceTag) -> Value {
    let parts = |shown: &str| {
        let digits: String =
            shown.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
        let (whole, cents) = digits.split_once('.').unwrap_or((&digits, ""));
        let cents =
            if cents.bytes().all(|c| c == b'0') { String::new() } else { format!(".{cents}") };
        (grouped(whole), cents)
    };
    let ((whole, cents), (list_whole, list_cents)) = (parts(&tag.now), parts(&tag.list));
    let sign: String =
        tag.now.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '.' | ',')).collect();
    let mut value = serde_json::to_value(tag).unwrap_or_default();
    for (name, part) in [
        ("sign", sign.trim()),
        ("whole", &whole),
        ("cents", &cents),
        ("list_whole", &list_whole),
        ("list_cents", &list_cents),
    ] {
        value[name] = part.into();
    }
    value
}

/// Six digits and more are read in threes.
fn grouped(whole: &str) -> String {
    if whole.len() < 6 || whole.contains(',') {
        return whole.to_owned();
    }
    let mut out = String::new();
    for (nth, digit) in whole.chars().enumerate() {
        if nth > 0 && (whole.len() - nth).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// An amount as posters shout it: without cents that are none.
fn bare(amount: &str) -> String {
    let whole = amount.split(".00").collect::<Vec<_>>();
    let mut out = whole.first().copied().unwrap_or_default().to_owned();
    for part in whole.iter().skip(1) {
        // More places than two: these are no cents.
        if part.starts_with(|c: char| c.is_ascii_digit()) {
            out.push_str(".00");
        }
        out.push_str(part);
    }
    out
}

fn pictures(cx: &Rc<Cx>, product: &Product) -> Vec<Picture> {
    let records = product.own.record.images.as_deref().unwrap_or_default();
    let view = |image: &crate::catalog::product::Image| {
        let shot = cx.shot(&image.path, || product.alt(cx.lang(), image))?;
        let record = image.named.and_then(|nth| records.get(nth as usize));
        Some(Picture {
            path: shot.path.as_str().to_owned(),
            role: match record.map(|record| record.role).unwrap_or_default() {
                Role::Main => "main",
                Role::Detail => "detail",
                Role::Variant => "variant",
                Role::White => "white",
            },
            width: shot.width,
            height: shot.height,
            alt: shot.alt,
            focus: record
                .and_then(|record| record.focus)
                .map_or_else(String::new, |(x, y)| format!("{x},{y}")),
        })
    };
    product.images.iter().filter_map(view).collect()
}

/// A campaign; without a picture of its own it shows the `first` of its products.
pub(super) fn campaign(cx: &Rc<Cx>, campaign: &Campaign, first: Option<&Value>) -> Value {
    let lang = cx.lang();
    let title = campaign.text(lang, |record| record.title.as_ref());
    let picture = campaign.image().and_then(|path| cx.shot(&path, || title.to_owned()));
    let picture = picture.map(|shot| Picture {
        path: shot.path.as_str().to_owned(),
        role: "main",
        width: shot.width,
        height: shot.height,
        alt: shot.alt,
        focus: String::new(),
    });
    let picture = picture.map_or_else(|| first.cloned().unwrap_or_default(), |own| json!(own));
    let terms = campaign.record.terms.as_ref().map(|terms| terms.value);
    json!({
        "title": title,
        "subtitle": campaign.text(lang, |record| record.subtitle.as_ref()),
        "description": campaign.text(lang, |record| record.description.as_ref()),
        "terms": bare(&campaign_page::terms(cx, terms)),
        "state": match campaign.state {
            CampaignState::Upcoming => "upcoming",
            CampaignState::Live => "running",
            CampaignState::Ended => "ended",
        },
        "from": campaign.from.map(|from| moment::iso(from, cx.zone())),
        "to": campaign.to.map(|to| moment::iso(to, cx.zone())),
        "window": chrome::window(cx, campaign.from, campaign.to),
        "start": campaign.from.map(|from| parts(cx, from)),
        // The last second belongs to it.
        "end": campaign.to.map(|to| parts(cx, to - 1)),
        "days_left": cx.days_left(campaign),
        "url": cx.url(&campaign.address()),
        "picture": picture,
    })
}

fn parts(cx: &Rc<Cx>, seconds: i64) -> Value {
    let Ok(at) = Timestamp::from_second(seconds) else { return Value::Null };
    let at = at.to_zoned(cx.zone().clone());
    let weekday = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
    let weekday = if cx.lang().starts_with("zh") {
        ["周一", "周二", "周三", "周四", "周五", "周六", "周日"][weekday]
    } else {
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][weekday]
    };
    json!({
        "year": at.year(),
        "month": at.month(),
        "day": at.day(),
        "hour": at.hour(),
        "minute": format!("{:02}", at.minute()),
        "weekday": weekday,
    })
}

/// The shop.
pub(super) fn shop(cx: &Rc<Cx>) -> Value {
    let shop = cx.shop();
    let host = shop.base_url.split("://").nth(1).unwrap_or(&shop.base_url);
    let logo = shop.company.iter().find(|(name, _)| name == "logo");
    let file = SourcePath::new("content/shop.yaml");
    let logo = logo.and_then(|(_, logo)| file.resolve(logo.value.get("")));
    let logo = logo.filter(|path| cx.picture(path).is_some_and(|picture| picture.size.is_some()));
    json!({
        "name": shop.name.get(cx.lang()),
        "url": shop.base_url,
        "host": host,
        "logo": logo.map(|path| format!("file:{}", path.as_str())),
    })
}

#[cfg(test)]
mod tests {
    use super::{bare, grouped};

    #[test]
    fn figures_are_read_easily_and_stay_what_they_are() {
        assert_eq!((grouped("12899"), grouped("128999")), ("12899".into(), "128,999".into()));
        assert_eq!(
            (grouped("1,289,990"), grouped("1289990")),
            ("1,289,990".into(), "1,289,990".into())
        );
        assert_eq!(bare("立减 ¥10.00"), "立减 ¥10");
        assert_eq!(
            (bare("¥10.50 off"), bare("KWD 1.005")),
            ("¥10.50 off".into(), "KWD 1.005".into())
        );
    }
}
