//! What stands in a cell, and how a column writes it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::catalog::money::{Currency, Money};
use crate::channel::profile::{Column, File, Formulas, MoneyForm};

/// What a value is, before a column gives it its form.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// A word of ours that a channel may have another for.
    Word(&'static str),
    Money(Money),
    Number(u64),
    Moment(i64),
    /// From a moment to the last second before another.
    Window(Option<i64>, Option<i64>),
    List(Vec<Cow<'a, str>>),
    /// Named values.
    Map(Vec<(Cow<'a, str>, Cow<'a, str>)>),
    /// For formats that have objects.
    Data(serde_json::Value),
}

impl<'a> Cell<'a> {
    /// A text, or nothing when it says nothing.
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A list, or nothing when it has no items.
    pub(super) fn list(items: Vec<Cow<'a, str>>) -> Self {
        if items.is_empty() { Self::Empty } else { Self::List(items) }
    }
}

/// How values of one column become text.
pub(super) struct Form<'a> {
    pub column: &'a Column,
    pub file: &'a File,
    pub currency: &'a Currency,
    pub zone: &'a TimeZone,
}

impl Form<'_> {
    /// The text of a cell; the items of a list are joined.
    pub(super) fn text(&self, cell: Cell<'_>) -> String {
        match cell {
            Cell::List(items) => {
                let mut text = String::new();
                for (nth, item) in items.iter().enumerate() {
                    if nth > 0 {
                        text.push_str(&self.column.join);
                    }
                    match self.column.escape {
                        Some(mark) if item.contains(mark) => {
                            text.push_str(&item.replace(mark, &format!("\\{mark}")));
                        }
                        _ => text.push_str(item),
                    }
                }
                self.finish(text)
            }
            Cell::Map(pairs) => {
                let pairs: Vec<String> =
                    pairs.iter().map(|(name, value)| format!("{name}:{value}")).collect();
                self.finish(pairs.join(&self.column.join))
            }
            Cell::Data(data) => data.to_string(),
            other => self.single(other),
        }
    }

    /// The items of a list, each as text, for formats that repeat a field.
    pub(super) fn items(&self, cell: Cell<'_>) -> Vec<String> {
        match cell {
            Cell::List(items) if !self.joined() => {
                items.into_iter().map(|item| self.finish(item.into_owned())).collect()
            }
            other => vec![self.text(other)],
        }
    }

    /// A value for formats that know kinds of values.
    pub(super) fn json(&self, cell: Cell<'_>) -> serde_json::Value {
        match cell {
            Cell::Empty => serde_json::Value::Null,
            Cell::Number(number) => number.into(),
            Cell::Data(data) => data,
            Cell::Word("true") if self.column.words.is_empty() => true.into(),
            Cell::Word("false") if self.column.words.is_empty() => false.into(),
            Cell::Text(text) if text == "true" || text == "false" => (text == "true").into(),
            Cell::List(items) if !self.joined() => {
                items.into_iter().map(Cow::into_owned).collect::<Vec<_>>().into()
            }
            Cell::Map(pairs) => pairs
                .into_iter()
                .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => self.text(other).into(),
        }
    }

    /// A profile that says what stands between items wants one text.
    fn joined(&self) -> bool {
        self.column.join != ","
    }

    fn single(&self, cell: Cell<'_>) -> String {
        match cell {
            Cell::Text(text) => self.finish(text.into_owned()),
            Cell::Word(word) => {
                let own = self.column.words.iter().find(|(ours, _)| ours == word);
                own.map_or_else(|| word.to_owned(), |(_, theirs)| theirs.clone())
            }
            Cell::Money(money) => self.money(money),
            Cell::Number(number) => number.to_string(),
            Cell::Moment(seconds) => self.moment(seconds),
            Cell::Window(from, to) => match (from, to) {
                (Some(from), Some(to)) => {
                    format!("{}/{}", self.moment(from), self.moment(to - 60))
                }
                _ => String::new(),
            },
            _ => String::new(),
        }
    }

    fn money(&self, money: Money) -> String {
        let decimal = money.decimal(self.currency);
        match self.column.money.unwrap_or(self.file.money) {
            MoneyForm::Decimal => decimal,
            MoneyForm::Currency => format!("{decimal} {}", self.currency.code),
            MoneyForm::Minor => {
                let digits = decimal.replace('.', "");
                let short = digits.trim_start_matches('0');
                if short.is_empty() { "0".to_owned() } else { short.to_owned() }
            }
        }
    }

    fn moment(&self, seconds: i64) -> String {
        let form = self.column.date.as_deref().unwrap_or("%Y-%m-%dT%H:%M:%S%:z");
        let Ok(instant) = Timestamp::from_second(seconds) else { return String::new() };
        instant.to_zoned(self.zone.clone()).strftime(form).to_string()
    }

    /// The last touch: one line where one line is wanted, and no formulas.
    fn finish(&self, text: String) -> String {
        let text = if self.column.one_line { one_line(&text) } else { text };
        if self.file.formulas == Formulas::Guard && runs(&text) {
            return format!("'{text}");
        }
        text
    }
}

/// Whether a spreadsheet would take a cell for a formula (OWASP, CSV injection).
pub(super) fn runs(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Line breaks, tabs and other controls become single spaces.
fn one_line(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_control() {
            line.push(c);
        } else if !line.ends_with(' ') && !line.is_empty() {
            line.push(' ');
        }
    }
    line.truncate(line.trim_end().len());
    line
}
