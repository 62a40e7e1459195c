//! Dates and times as authors write them.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::diag::Diagnostic;
use crate::source::fields::{At, Decoder, narrow, shorten};
use crate::source::yaml::Node;

/// A date, or a date and time, in the shop's zone unless it names its own.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Moment {
    /// A day without a time: seconds from 1970-01-01 as if the zone were UTC.
    Day(i64),
    /// A time of the shop's zone, counted alike.
    Local(i64),
    /// An instant.
    Instant(i64),
}

impl Moment {
    /// Reads `2026-11-20`, `2026-11-20 10:00[:30]`, or an instant such as `2026-11-20T10:00+08:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        // Years beyond four digits read as dates in no table of any platform.
        if !text.as_bytes().get(4).is_some_and(|byte| matches!(byte, b'-' | b'/' | b'.')) {
            return None;
        }
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Some(Moment::Instant(instant.as_second()));
        }
        let dashes = if text.as_bytes()[4] == b'-' {
            text.to_owned()
        } else {
            text.replace(['/', '.'], "-")
        };
        let local = clock::parse_local(&dashes)?;
        let seconds = local.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
        Some(if dashes.len() <= 10 { Moment::Day(seconds) } else { Moment::Local(seconds) })
    }

    /// The first instant it means.
    pub fn start(self, zone: &TimeZone) -> i64 {
        match self {
            Moment::Instant(seconds) => seconds,
            Moment::Day(seconds) | Moment::Local(seconds) => local(seconds, zone),
        }
    }

    /// The first instant after it, when it closes a span: a day counts as a whole.
    pub fn end(self, zone: &TimeZone) -> i64 {
        match self {
            Moment::Day(seconds) => local(seconds + 86_400, zone),
            other => other.start(zone),
        }
    }
}

fn local(seconds: i64, zone: &TimeZone) -> i64 {
    let civil = Timestamp::from_second(seconds)
        .map_or(civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0), |instant| {
            instant.to_zoned(TimeZone::UTC).datetime()
        });
    civil.to_zoned(zone.clone()).map_or(seconds, |zoned| zoned.timestamp().as_second())
}

/// `2026-11-20T10:00:00+08:00`: an instant in the shop's zone.
pub fn iso(seconds: i64, zone: &TimeZone) -> String {
    match Timestamp::from_second(seconds) {
        Ok(instant) => instant.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        Err(_) => String::new(),
    }
}

/// The day and, unless it is midnight, the time, as people write it in a language.
pub fn display(seconds: i64, zone: &TimeZone, locale: &str) -> String {
    let Ok(instant) = Timestamp::from_second(seconds) else { return String::new() };
    let zoned = instant.to_zoned(zone.clone());
    let midnight = zoned.hour() == 0 && zoned.minute() == 0;
    let day = match locale.split('-').next().unwrap_or(locale) {
        "zh" | "ja" => format!("{}月{}日", zoned.month(), zoned.day()),
        "de" => format!("{}.{}.", zoned.day(), zoned.month()),
        _ => zoned.strftime("%-d %b").to_string(),
    };
    if midnight { day } else { format!("{day} {:02}:{:02}", zoned.hour(), zoned.minute()) }
}

/// The end of a span as people speak of it: one that closes with a day is called by that day.
pub fn display_end(seconds: i64, zone: &TimeZone, locale: &str) -> String {
    let text = display(seconds, zone, locale);
    if !text.contains(':') {
        return display(seconds - 86_400, zone, locale);
    }
    match text.split_once(" 23:59") {
        Some((day, _)) => day.to_owned(),
        None => text,
    }
}

/// Reads a moment; a date that does not exist is a fault.
pub fn decode(decoder: &mut Decoder<'_>, node: &Node) -> Option<At<Moment>> {
    if node.is_null() {
        return None;
    }
    let text = node.as_str().unwrap_or_default();
    if let Some(moment) = Moment::parse(text) {
        Some(At::new(moment, node.span))
    } else {
        let place = decoder.place(node.span);
        let mut fault = Diagnostic::new("value/date", place).with("found", shorten(text));
        if let Some(meant) = spelt(text) {
            fault = fault.with("near", meant);
        }
        decoder.say(fault);
        None
    }
}

/// A date as it should have been written: of `2026年11月2日`, `2026-1-2` and `10：00`.
fn spelt(text: &str) -> Option<String> {
    let text = narrow(text).replace(['年', '月', '.', '/'], "-").replace('日', "");
    let (day, time) = text.trim().split_once([' ', 'T']).unwrap_or((text.trim(), ""));
    let mut parts = day.split('-');
    let year: u16 = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let date: u8 = parts.next()?.parse().ok()?;
    let written = format!("{year:04}-{month:02}-{date:02} {}", time.trim());
    let written = written.trim_end().to_owned();
    (parts.next().is_none() && Moment::parse(&written).is_some()).then_some(written)
}
