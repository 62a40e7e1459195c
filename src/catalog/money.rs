//! Exact amounts of money and the currencies they are in.

use serde::{Deserialize, Serialize};

use crate::diag::Diagnostic;
use crate::source::fields::{At, Decoder, narrow, shorten};
use crate::source::yaml::Node;

/// An amount in ten-thousandths of the currency's unit: exact for every currency in use.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Debug, Default,
)]
pub struct Money(pub i64);

/// Fractions of a unit that `Money` counts.
const SCALE: i64 = 10_000;
/// A price above this is a slip of the keyboard.
const ABSURD: i64 = 100_000_000 * SCALE;

impl Money {
    /// Reads `69`, `69.0`, `69.00`; nothing but digits and one point.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || text.ends_with('.') {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 4 || whole.len() > 14 {
            return None;
        }
        let scale = 10_i64.pow(4 - fraction.len() as u32);
        let parts = if fraction.is_empty() { 0 } else { fraction.parse::<i64>().ok()? * scale };
        Some(Self(whole.parse::<i64>().ok()? * SCALE + parts))
    }

    /// Decimal text with the currency's digits: `69.00`.
    pub fn decimal(self, currency: &Currency) -> String {
        let whole = self.0 / SCALE;
        if currency.digits == 0 {
            return whole.to_string();
        }
        let fraction = self.0 % SCALE / 10_i64.pow(4 - currency.digits);
        format!("{whole}.{fraction:0width$}", width = currency.digits as usize)
    }

    /// Whether the amount has no more digits than the currency.
    pub fn fits(self, currency: &Currency) -> bool {
        self.0 % 10_i64.pow(4 - currency.digits) == 0
    }

    /// `percent` per cent less, rounded half up to the currency's smallest coin.
    pub fn less_percent(self, percent: u32, currency: &Currency) -> Self {
        let coin = 10_i64.pow(4 - currency.digits);
        let exact = self.0 * i64::from(100 - percent.min(100));
        Self((exact + 50 * coin) / (100 * coin) * coin)
    }

    /// The amount as people write it in a language: `¥69.00`, `$1,299.00`.
    pub fn display(self, currency: &Currency, locale: &str) -> String {
        let plain = self.decimal(currency);
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let language = locale.split('-').next().unwrap_or(locale);
        let style = STYLES.iter().find(|style| style.0 == language).unwrap_or(&STYLES[0]);
        let (_, group, point, behind) = *style;
        let mut text = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push_str(group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(point);
            text.push_str(fraction);
        }
        if behind {
            format!("{text}\u{a0}{}", currency.symbol)
        } else {
            format!("{}{text}", currency.symbol)
        }
    }
}

/// How a language writes amounts: between thousands, before the fraction, symbol behind. The first is the default.
const STYLES: [(&str, &str, &str, bool); 10] = [
    ("en", ",", ".", false),
    ("zh", "", ".", false),
    ("ja", ",", ".", false),
    ("ko", ",", ".", false),
    ("de", ".", ",", true),
    ("es", ".", ",", true),
    ("it", ".", ",", true),
    ("pt", ".", ",", true),
    ("fr", "\u{202f}", ",", true),
    ("ru", "\u{a0}", ",", true),
];

/// A currency by its ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
pub struct Currency {
    /// Three letters.
    pub code: &'static str,
    /// What stands by the amount.
    pub symbol: &'static str,
    /// Digits of its smallest coin.
    pub digits: u32,
}

/// Currencies a shop can be kept in (ISO 4217, read 2026-11).
const CURRENCIES: [Currency; 24] = [
    currency("CNY", "¥", 2),
    currency("USD", "$", 2),
    currency("EUR", "€", 2),
    currency("GBP", "£", 2),
    currency("JPY", "¥", 0),
    currency("HKD", "HK$", 2),
    currency("TWD", "NT$", 2),
    currency("MOP", "MOP$", 2),
    currency("SGD", "S$", 2),
    currency("KRW", "₩", 0),
    currency("THB", "฿", 2),
    currency("VND", "₫", 0),
    currency("MYR", "RM", 2),
    currency("IDR", "Rp", 2),
    currency("PHP", "₱", 2),
    currency("INR", "₹", 2),
    currency("AUD", "A$", 2),
    currency("NZD", "NZ$", 2),
    currency("CAD", "CA$", 2),
    currency("CHF", "CHF", 2),
    currency("SEK", "kr", 2),
    currency("BRL", "R$", 2),
    currency("RUB", "₽", 2),
    currency("KWD", "KD", 3),
];

const fn currency(code: &'static str, symbol: &'static str, digits: u32) -> Currency {
    Currency { code, symbol, digits }
}

impl Currency {
    /// The currency of a code.
    pub fn of(code: &str) -> Option<Self> {
        CURRENCIES.iter().copied().find(|one| one.code == code)
    }

    /// All codes.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        CURRENCIES.iter().map(|one| one.code)
    }
}

impl Default for Currency {
    fn default() -> Self {
        CURRENCIES[0]
    }
}

/// Reads an amount; whatever is not one is a fault that says how to write it.
pub fn decode(decoder: &mut Decoder<'_>, node: &Node) -> Option<At<Money>> {
    if node.is_null() {
        return None;
    }
    let Some(text) = node.as_str().map(str::trim) else {
        decoder.wrong(node, "money");
        return None;
    };
    let place = decoder.place(node.span);
    match Money::parse(text) {
        Some(money) if money.0 > ABSURD => {
            decoder.say(Diagnostic::new("price/absurd", place).with("found", shorten(text)));
            None
        }
        Some(money) => Some(At::new(money, node.span)),
        None if text.strip_prefix('-').and_then(Money::parse).is_some() => {
            decoder.say(Diagnostic::new("price/negative", place).with("found", shorten(text)));
            None
        }
        None => {
            let digits: String =
                narrow(text).chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
            let mut fault = Diagnostic::new("price/form", place).with("found", shorten(text));
            if Money::parse(&digits).is_some() && !text.contains(',') {
                fault = fault.with("near", digits);
            }
            decoder.say(fault);
            None
        }
    }
}
