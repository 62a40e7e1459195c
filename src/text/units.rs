//! What a limit counts: the one place in the program that measures text.

use std::fmt;

use encoding_rs::{EncoderResult, GBK};
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

/// What a length is counted in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Bytes in GBK: a Chinese character 2, a Latin letter 1. What GBK does not have cannot be written there.
    GbkBytes,
    /// 1 for ASCII, 2 for anything else: platforms that say “60 characters = 30 汉字” and take every character.
    GbkWidth,
    /// Bytes in UTF-8.
    Utf8Bytes,
    /// Bytes in UTF-8 of the words alone: spaces and punctuation are free.
    Utf8WordBytes,
    /// Unicode code points.
    Chars,
    /// What a reader takes for one character: an emoji of a family is one.
    Graphemes,
    /// UTF-16 units, as JavaScript and Java count.
    #[serde(rename = "utf16")]
    Utf16,
    /// Pixels across in a search result: Arial of 20 px, a Chinese character 20.
    Pixels,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 8] = [
        Self::GbkBytes,
        Self::GbkWidth,
        Self::Utf8Bytes,
        Self::Utf8WordBytes,
        Self::Chars,
        Self::Graphemes,
        Self::Utf16,
        Self::Pixels,
    ];

    /// Its name in data files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GbkBytes => "gbk_bytes",
            Self::GbkWidth => "gbk_width",
            Self::Utf8Bytes => "utf8_bytes",
            Self::Utf8WordBytes => "utf8_word_bytes",
            Self::Chars => "chars",
            Self::Graphemes => "graphemes",
            Self::Utf16 => "utf16",
            Self::Pixels => "pixels",
        }
    }

    /// What people call it, in English and in Chinese.
    pub const fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::GbkBytes => ("GBK bytes", "GBK 字节"),
            Self::GbkWidth => ("half-widths", "字符（汉字算 2）"),
            Self::Utf8Bytes => ("bytes", "字节"),
            Self::Utf8WordBytes => ("bytes without blanks", "字节（不计空格标点）"),
            Self::Chars | Self::Utf16 => ("characters", "字"),
            Self::Graphemes => ("characters as seen", "个字符"),
            Self::Pixels => ("pixels", "像素"),
        }
    }

    /// The unit of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }

    /// How long a text is. What the unit cannot write at all counts as 2 and is told by [`Unit::lacking`].
    pub fn measure(self, text: &str) -> usize {
        match self {
            Self::GbkBytes => text.chars().map(|c| gbk(c).unwrap_or(2)).sum(),
            Self::GbkWidth => text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum(),
            Self::Utf8Bytes => text.len(),
            Self::Utf8WordBytes => {
                text.chars().filter(|c| c.is_alphanumeric()).map(char::len_utf8).sum()
            }
            Self::Chars => text.chars().count(),
            Self::Graphemes => text.graphemes(true).count(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Pixels => pixels(text),
        }
    }

    /// The characters of a text that cannot be written in this unit's encoding, with their byte offsets.
    pub fn lacking(self, text: &str) -> Vec<(usize, char)> {
        match self {
            Self::GbkBytes => text.char_indices().filter(|(_, c)| gbk(*c).is_none()).collect(),
            _ => Vec::new(),
        }
    }

    /// The longest beginning of a text that fits a limit; nothing that a reader takes for one character is cut.
    pub fn take(self, text: &str, limit: usize) -> &str {
        let mut end = 0;
        let mut used = 0;
        for (at, piece) in text.grapheme_indices(true) {
            used += match self {
                Self::Pixels => 0,
                _ => self.measure(piece),
            };
            let after = at + piece.len();
            // Parts of a pixel add up, so only the whole can be measured.
            let length = if self == Self::Pixels { pixels(&text[..after]) } else { used };
            if length > limit {
                break;
            }
            end = after;
        }
        &text[..end]
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// Bytes of a character in GBK, if it has it.
fn gbk(c: char) -> Option<usize> {
    match c {
        '\0'..='\x7F' => Some(1),
        // GBK has every character of Unicode's first block of hanzi.
        '\u{4E00}'..='\u{9FA5}' => Some(2),
        _ => {
            let (mut text, mut bytes) = ([0; 4], [0; 8]);
            let text = c.encode_utf8(&mut text);
            let encoded =
                GBK.new_encoder().encode_from_utf8_without_replacement(text, &mut bytes, true);
            (encoded.0 == EncoderResult::InputEmpty).then_some(encoded.2)
        }
    }
}

/// Widths of ASCII from the space on in Arial, in thousandths of its size (the font's own metrics).
const ARIAL: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// The size of titles in Google's results.
const PIXELS: usize = 20;

fn pixels(text: &str) -> usize {
    let thousandths = |piece: &str| -> usize {
        let first = piece.chars().next().unwrap_or(' ');
        let ascii = (first as usize).checked_sub(32).and_then(|nth| ARIAL.get(nth));
        ascii.map_or_else(
            || unicode_width::UnicodeWidthStr::width(piece).min(2) * 500,
            |width| usize::from(*width),
        )
    };
    let sum: usize = text.graphemes(true).map(thousandths).sum();
    (sum * PIXELS).div_ceil(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_titles_are_counted_in_gbk() {
        for (text, bytes) in [("2026新款夏季连衣裙", 18), ("iPhone 15 Pro手机壳", 19), ("", 0)]
        {
            assert_eq!(Unit::GbkBytes.measure(text), bytes, "{text}");
            assert_eq!(Unit::GbkWidth.measure(text), bytes, "{text}");
            assert_eq!(Unit::GbkBytes.lacking(text), []);
        }
        for c in "é㎡℃①￥·—Ａ".chars() {
            assert_eq!(gbk(c), Some(2), "{c}");
        }
        for c in "😀𠮷ä®™¥".chars() {
            assert_eq!(gbk(c), None, "{c}");
        }
        assert_eq!(Unit::GbkBytes.lacking("青𠮷™"), [(3, '𠮷'), (7, '™')]);
    }

    /// An independent count: what the encoder writes for the whole text.
    #[test]
    fn gbk_is_what_the_encoder_writes() {
        let all: String = (0x20..0x1_0000).filter_map(char::from_u32).collect();
        let sound: String = all.chars().filter(|c| gbk(*c).is_some()).collect();
        assert!(sound.chars().count() > 21_000);
        let (bytes, _, lost) = GBK.encode(&sound);
        assert!(!lost);
        assert_eq!(bytes.len(), Unit::GbkBytes.measure(&sound));
        assert!(Unit::GbkBytes.lacking(&all).iter().all(|(_, c)| GBK.encode(&c.to_string()).2));
    }

    #[test]
    fn every_unit_counts_its_own() {
        let family = "👨‍👩‍👧";
        for (unit, count) in [
            (Unit::Graphemes, 1),
            (Unit::Chars, 5),
            (Unit::Utf16, 8),
            (Unit::Utf8Bytes, 18),
            (Unit::GbkWidth, 10),
        ] {
            assert_eq!(unit.measure(family), count, "{unit}");
        }
        assert_eq!(Unit::Utf8Bytes.measure("ä"), 2);
        assert_eq!(Unit::Utf8WordBytes.measure("tea bowl, ä"), 9);
        assert_eq!(Unit::Pixels.measure(&"字".repeat(30)), 600);
        assert_eq!(Unit::Pixels.measure("iiii"), 18);
        assert_eq!(Unit::Pixels.measure("WWWW"), 76);
        for unit in Unit::ALL {
            assert_eq!(Unit::of(unit.name()), Some(unit));
            assert_eq!(serde_json::to_string(&unit).unwrap(), format!("\"{unit}\""));
        }
    }

    #[test]
    fn what_fits_is_the_longest_that_does() {
        assert_eq!(Unit::GbkBytes.take("青釉手作", 5), "青釉");
        assert_eq!(Unit::GbkBytes.take("a青釉", 5), "a青釉");
        assert_eq!(Unit::Chars.take("👨‍👩‍👧杯", 4), "");
        assert_eq!(Unit::Graphemes.take("👨‍👩‍👧杯子", 2), "👨‍👩‍👧杯");
        for unit in Unit::ALL {
            for limit in 0..40 {
                let text = "2026 新款é😀 dress，杯";
                let taken = unit.take(text, limit);
                assert!(unit.measure(taken) <= limit);
                assert!(text.starts_with(taken));
            }
        }
    }
}
