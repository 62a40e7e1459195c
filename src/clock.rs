//! The build's one moment. Nothing else asks the system for the time.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned, civil};

/// Now, as the system says.
#[expect(clippy::disallowed_methods, reason = "this is the one place that asks the clock")]
pub fn now() -> Timestamp {
    Timestamp::try_from(std::time::SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Reads `2026-11-20`, `2026-11-20 10:00`, `2026-11-20T10:00:30` (in `zone`) or an instant with its own offset.
pub fn parse(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    parse_local(text)?.to_zoned(zone.clone()).ok().map(|zoned: Zoned| zoned.timestamp())
}

/// Reads a date with or without a time, without a zone.
pub fn parse_local(text: &str) -> Option<civil::DateTime> {
    let text = text.trim();
    let normal = text.replacen(' ', "T", 1);
    if let Ok(time) = normal.parse::<civil::DateTime>() {
        return Some(time);
    }
    text.parse::<civil::Date>().ok().map(|date| date.at(0, 0, 0, 0))
}
