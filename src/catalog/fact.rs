//! What is true of a product: names of the author's own, values with their units understood.

use serde::{Deserialize, Serialize};

use crate::diag::Diagnostic;
use crate::source::fields::{At, Decoder};
use crate::source::yaml::{Node, Value};

/// One line of the facts table.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Fact {
    /// The author's word for it.
    pub name: String,
    /// The value as written.
    pub value: String,
    /// The value as an amount, when it is one.
    pub quantity: Option<Quantity>,
    /// Where the value stands.
    pub at: crate::diag::Span,
}

/// Stands between the parts of a value that is a list.
const BETWEEN: &str = "\u{1f}";

impl Fact {
    /// The value as people read it in a language: the parts of a list with that language's comma.
    pub fn shown(&self, locale: &str) -> String {
        let eastern = locale.starts_with("zh") || locale.starts_with("ja");
        self.value.replace(BETWEEN, if eastern { "、" } else { ", " })
    }
}

/// A number with a unit, exact and comparable: `350 ml` and `0.35 L` have the same `base`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Quantity {
    /// Millionths of the dimension's base unit (metre, gram, litre, second, watt, …).
    pub base: i128,
    /// The unit's index in the table.
    pub unit: u16,
}

/// A unit: its name, other spellings, dimension, and size in millionths of the base unit.
struct Unit {
    name: &'static str,
    also: &'static [&'static str],
    dimension: &'static str,
    size: i128,
}

const fn unit(
    name: &'static str,
    also: &'static [&'static str],
    dimension: &'static str,
    size: i128,
) -> Unit {
    Unit { name, also, dimension, size }
}

/// Units that shops write (SI brochure; the market's own 斤 and 两 by GB 3100).
const UNITS: [Unit; 27] = [
    unit("mm", &["毫米"], "length", 1_000),
    unit("cm", &["厘米", "公分"], "length", 10_000),
    unit("m", &["米"], "length", 1_000_000),
    unit("in", &["inch", "inches", "英寸", "\""], "length", 25_400),
    unit("ft", &["feet", "英尺"], "length", 304_800),
    unit("mg", &["毫克"], "mass", 1_000),
    unit("g", &["克"], "mass", 1_000_000),
    unit("kg", &["千克", "公斤"], "mass", 1_000_000_000),
    unit("斤", &[], "mass", 500_000_000),
    unit("两", &[], "mass", 50_000_000),
    unit("oz", &["盎司"], "mass", 28_349_523),
    unit("lb", &["lbs", "磅"], "mass", 453_592_370),
    unit("ml", &["mL", "毫升"], "volume", 1_000),
    unit("L", &["l", "升"], "volume", 1_000_000),
    unit("s", &["秒"], "time", 1_000_000),
    unit("min", &["分钟"], "time", 60_000_000),
    unit("h", &["hours", "小时"], "time", 3_600_000_000),
    unit("W", &["瓦"], "power", 1_000_000),
    unit("kW", &["千瓦"], "power", 1_000_000_000),
    unit("V", &["伏"], "voltage", 1_000_000),
    unit("mAh", &["毫安时"], "charge", 1_000),
    unit("dB", &["分贝"], "loudness", 1_000_000),
    unit("Hz", &["赫兹"], "frequency", 1_000_000),
    unit("℃", &["°C", "摄氏度"], "temperature", 1_000_000),
    unit("°F", &["℉"], "fahrenheit", 1_000_000),
    unit("%", &["％"], "share", 10_000),
    unit("m²", &["平方米", "㎡"], "area", 1_000_000),
];

impl Quantity {
    /// Reads `350 ml`, `8.2cm`, `1,200 W`; anything else is not an amount.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, name) = split(text)?;
        let unit = UNITS.iter().position(|unit| unit.name == name || unit.also.contains(&name))?;
        Some(Self { base: scaled(number, UNITS[unit].size)?, unit: unit as u16 })
    }

    /// What its last written digit may hide by rounding: half of that digit, but no more than a twentieth of the whole.
    pub fn rounding(&self, text: &str) -> i128 {
        let digits = split(text).and_then(|(number, _)| number.split_once('.'));
        let places = digits.map_or(0, |(_, fraction)| fraction.len().min(9));
        let step = UNITS[self.unit as usize].size / 10_i128.pow(places as u32);
        (step / 2).min(self.base / 20)
    }

    /// What kind of amount it is; only amounts of one dimension compare.
    pub fn dimension(&self) -> &'static str {
        UNITS[self.unit as usize].dimension
    }
}

/// A number at the beginning and a short word behind it.
fn split(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')?;
    let (number, name) = text.split_at(end);
    let name = name.trim();
    (number.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty()).then_some((number, name))
}

fn scaled(number: &str, size: i128) -> Option<i128> {
    let plain = number.replace(',', "");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    if whole.len() > 15 || fraction.len() > 9 {
        return None;
    }
    let whole: i128 = whole.parse().ok()?;
    let parts: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    Some(whole * size + parts * size / 10_i128.pow(fraction.len() as u32))
}

/// Reads the facts table; its keys are free, its values are texts, numbers, truth values or lists of them.
pub fn decode(decoder: &mut Decoder<'_>, node: &Node) -> Option<Vec<Fact>> {
    let entries = match &node.value {
        Value::Map(entries) => entries,
        Value::Null => return None,
        _ => {
            decoder.wrong(node, "map");
            return None;
        }
    };
    let mut facts = Vec::with_capacity(entries.len());
    for entry in entries {
        let value = match &entry.node.value {
            Value::List(items) => {
                let texts: Vec<String> = items
                    .iter()
                    .filter_map(|item| decoder.text(item).map(|text| text.value))
                    .collect();
                At::new(texts.join(BETWEEN), entry.node.span)
            }
            Value::Null => continue,
            _ => match decoder.text(&entry.node) {
                Some(text) => text,
                None => continue,
            },
        };
        if let Some(fault) = misspelt(decoder, &value) {
            decoder.say(fault);
        }
        facts.push(Fact {
            name: entry.key.clone(),
            quantity: Quantity::parse(&value.value),
            value: value.value,
            at: value.at,
        });
    }
    Some(facts)
}

/// A short Latin word behind a number that is one letter away from a unit was meant to be it.
fn misspelt(decoder: &Decoder<'_>, value: &At<String>) -> Option<Diagnostic> {
    let (_, name) = split(&value.value)?;
    let letters = name.chars().count();
    if !(2..=4).contains(&letters) || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    if Quantity::parse(&value.value).is_some() {
        return None;
    }
    // A capital I is most often a small L: `mI` was meant to be `ml`.
    let plain = name.replace('I', "l");
    let meant = UNITS.iter().map(|unit| unit.name).find(|known| *known == plain);
    let near = meant.or_else(|| {
        UNITS.iter().map(|unit| unit.name).find(|known| {
            known.len() == name.len()
                && (known.eq_ignore_ascii_case(name)
                    || known.bytes().zip(name.bytes()).filter(|(a, b)| a != b).count() == 1
                        && known.len() > 1
                        && name.contains('I'))
        })
    })?;
    Some(
        Diagnostic::new("fact/unit", decoder.place(value.at))
            .with("found", name)
            .with("near", near),
    )
}
