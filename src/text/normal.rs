//! Text brought into one form for comparing, with the way back: every byte knows which bytes it came from.

use std::ops::Range;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// One way of making texts more alike.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// One form for width, ligatures and enclosed signs: `Ｎｏ．１` is `No.1`, `①` is `1`, `㊣` is `正`.
    Nfkc,
    /// Small letters.
    Lower,
    /// Traditional characters become simplified ones.
    T2s,
    /// Signs without width, put between letters, go away.
    StripZeroWidth,
    /// Chinese characters that stand apart are put together: `最 低 价`, `最*低*价`.
    JoinSpacedHanzi,
    /// Numbers in circles that NFKC leaves: `❶` is `1`.
    CircledDigits,
}

/// Every step: how keywords and rules compare.
pub const ALL: [Step; 6] = [
    Step::Nfkc,
    Step::Lower,
    Step::T2s,
    Step::StripZeroWidth,
    Step::JoinSpacedHanzi,
    Step::CircledDigits,
];

/// A normalised text that knows where each byte came from.
#[derive(Clone, Debug, Default)]
pub struct Normal {
    /// The text.
    pub text: String,
    /// For each byte of it, the bytes of the original it came from; empty when they are the same.
    from: Vec<(u32, u32)>,
}

impl Normal {
    /// Brings a text into form by some steps.
    pub fn new(text: &str, steps: &[Step]) -> Self {
        let has = |step| steps.contains(&step);
        let mut normal = Self::default();
        if text.is_ascii() {
            text.clone_into(&mut normal.text);
            if has(Step::Lower) {
                normal.text.make_ascii_lowercase();
            }
            return normal;
        }
        normal.text.reserve(text.len());
        let mut next = 0;
        while next < text.len() {
            let at = next;
            let run = ascii_run(&text[at..]);
            if run > 0 {
                normal.push_ascii(&text[at..at + run], at as u32, has(Step::Lower));
                next += run;
                continue;
            }
            let piece = cluster(&text[at..]);
            next += piece.len();
            let whole = (at as u32, (at + piece.len()) as u32);
            let mut plain = piece.chars().next().filter(|c| c.len_utf8() == piece.len());
            if has(Step::StripZeroWidth) && plain.is_some_and(is_zero_width) {
                continue;
            }
            if has(Step::CircledDigits)
                && let Some(number) = plain.and_then(circled)
            {
                normal.push_str(&number.to_string(), whole);
                continue;
            }
            if has(Step::Nfkc) && !piece.is_ascii() && !plain.is_some_and(is_plain_hanzi) {
                let folded: String = piece.nfkc().collect();
                for c in folded.chars() {
                    normal.push(c, whole, &has);
                }
                continue;
            }
            match plain.take() {
                Some(c) => normal.push(c, whole, &has),
                None => piece.chars().for_each(|c| normal.push(c, whole, &has)),
            }
        }
        if has(Step::JoinSpacedHanzi) {
            normal.join();
        }
        normal
    }

    /// Most of many texts: nothing but case changes in it.
    fn push_ascii(&mut self, text: &str, at: u32, lower: bool) {
        let start = self.text.len();
        self.text.push_str(text);
        if lower {
            self.text[start..].make_ascii_lowercase();
        }
        self.from.extend((at..).take(text.len()).map(|at| (at, at + 1)));
    }

    fn push(&mut self, c: char, whole: (u32, u32), has: &impl Fn(Step) -> bool) {
        if has(Step::StripZeroWidth) && is_zero_width(c) {
            return;
        }
        let c = if has(Step::T2s) { simplified(c) } else { c };
        if has(Step::Lower) {
            for c in c.to_lowercase() {
                self.put(c, whole);
            }
        } else {
            self.put(c, whole);
        }
    }

    fn push_str(&mut self, text: &str, whole: (u32, u32)) {
        text.chars().for_each(|c| self.put(c, whole));
    }

    fn put(&mut self, c: char, whole: (u32, u32)) {
        self.text.push(c);
        self.from.resize(self.text.len(), whole);
    }

    /// Takes out what stands between Chinese characters when one of them stands alone.
    fn join(&mut self) {
        if self.text.is_ascii() {
            return;
        }
        let chars: Vec<(usize, char)> = self.text.char_indices().collect();
        let hanzi = |nth: usize| chars.get(nth).is_some_and(|(_, c)| is_hanzi(*c));
        let mut dropped: Vec<Range<usize>> = Vec::new();
        let mut nth = 0;
        while nth < chars.len() {
            let begin = nth;
            if !hanzi(nth) {
                nth += 1;
                continue;
            }
            let mut next = nth + 1;
            while next - nth <= 3 && chars.get(next).is_some_and(|(_, c)| is_filler(*c)) {
                next += 1;
            }
            let gap = next - nth - 1;
            if gap > 0 && hanzi(next) {
                let alone_left = begin == 0 || !hanzi(begin - 1);
                let alone_right = !hanzi(next + 1);
                if alone_left || alone_right {
                    dropped.push(chars[nth + 1].0..chars[next].0);
                }
            }
            nth = next.max(nth + 1);
        }
        if dropped.is_empty() {
            return;
        }
        let mut text = String::with_capacity(self.text.len());
        let mut from = Vec::with_capacity(self.from.len());
        let mut at = 0;
        for gap in dropped.into_iter().chain(std::iter::once(self.text.len()..self.text.len())) {
            text.push_str(&self.text[at..gap.start]);
            from.extend_from_slice(&self.from[at..gap.start]);
            at = gap.end;
        }
        self.text = text;
        self.from = from;
    }

    /// Where some bytes of the normalised text stand in the original.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        if self.from.is_empty() {
            return range.start.min(self.text.len())..range.end.min(self.text.len());
        }
        let first = self.from.get(range.start).or(self.from.last());
        let Some(&(start, first_end)) = first else { return 0..0 };
        if range.is_empty() {
            let at = if range.start < self.from.len() { start } else { first_end };
            return at as usize..at as usize;
        }
        let inside = &self.from[range.start..range.end.min(self.from.len())];
        let end = inside.iter().map(|(_, end)| *end).max().unwrap_or(first_end);
        start as usize..end as usize
    }
}

/// The text alone, by every step.
pub fn normal(text: &str) -> String {
    Normal::new(text, &ALL).text
}

/// Bytes at the beginning of a text that are plain ASCII: no mark belongs to any of them.
fn ascii_run(text: &str) -> usize {
    match text.bytes().position(|byte| !byte.is_ascii()) {
        Some(end) => end.saturating_sub(1),
        None => text.len(),
    }
}

/// The first character with the marks that belong to it.
fn cluster(text: &str) -> &str {
    let mut chars = text.char_indices().skip(1);
    let end = chars.find(|(_, c)| c.is_ascii() || canonical_combining_class(*c) == 0);
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// Whether a character is Chinese.
pub fn is_hanzi(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{323AF}' | '\u{F900}'..='\u{FAFF}' | '〇')
}

/// Hanzi that NFKC leaves alone.
fn is_plain_hanzi(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

fn is_zero_width(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
    )
}

/// What is put between characters so that a machine does not see the word.
fn is_filler(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t'
            | '\u{3000}'
            | '*'
            | '.'
            | '_'
            | '-'
            | '|'
            | '/'
            | '~'
            | '+'
            | '^'
            | '#'
            | '\u{2600}'..='\u{27bf}'
            | '\u{1f300}'..='\u{1faff}'
            | '·'
            | '•'
            | '丶'
    )
}

fn circled(c: char) -> Option<u32> {
    let from = |first: u32| u32::from(c) - first + 1;
    match c {
        '❶'..='❿' => Some(from(0x2776)),
        '➀'..='➉' => Some(from(0x2780)),
        '➊'..='➓' => Some(from(0x278A)),
        '⓵'..='⓾' => Some(from(0x24F5)),
        _ => None,
    }
}

/// The simplified form of a traditional character.
pub fn simplified(c: char) -> char {
    const FIRST: u32 = 0x3400;
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    let Some(nth) = u32::from(c).checked_sub(FIRST) else { return c };
    let table = TABLE.get_or_init(|| {
        let mut table: Vec<char> = ('\u{3400}'..='\u{9FFF}').collect();
        let pairs = include_str!("data/simplified.txt").lines().skip(1);
        for pair in pairs.flat_map(str::split_whitespace) {
            let mut pair = pair.chars();
            let (Some(from), Some(to)) = (pair.next(), pair.next()) else { continue };
            let place = u32::from(from).checked_sub(FIRST).map(|nth| nth as usize);
            if let Some(place) = place.and_then(|nth| table.get_mut(nth)) {
                *place = to;
            }
        }
        table
    });
    table.get(nth as usize).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguises_come_off() {
        for (written, plain) in [
            ("第①品牌", "第1品牌"),
            ("Ｎｏ．１", "no.1"),
            ("最 低 价", "最低价"),
            ("最\u{200b}低价", "最低价"),
            ("全網最低價", "全网最低价"),
            ("最*低*价", "最低价"),
            ("❶号", "1号"),
            ("Ａ字裙", "a字裙"),
            ("胖MM", "胖mm"),
            ("首饰盒 搭配连衣裙", "首饰盒 搭配连衣裙"),
            ("S/M/L 码", "s/m/l 码"),
            ("e\u{301}", "é"),
            ("", ""),
        ] {
            assert_eq!(normal(written), plain, "{written}");
        }
    }

    #[test]
    fn the_way_back_is_kept() {
        let text = "全網 Ｎｏ．１，最 低 價！㎡";
        let normal = Normal::new(text, &ALL);
        assert_eq!(normal.text, "全网 no.1,最低价!m2");
        let back = |part: &str| {
            let at = normal.text.find(part).unwrap();
            &text[normal.original(at..at + part.len())]
        };
        assert_eq!(back("全网"), "全網");
        assert_eq!(back("no.1"), "Ｎｏ．１");
        assert_eq!(back("最低价"), "最 低 價");
        assert_eq!(back("m2"), "㎡");
        assert_eq!(back("2"), "㎡");
        assert_eq!(normal.original(0..0), 0..0);
        let end = normal.text.len();
        assert_eq!(normal.original(end..end), text.len()..text.len());
    }

    #[test]
    fn steps_are_chosen() {
        assert_eq!(Normal::new("最 低 價", &[Step::T2s]).text, "最 低 价");
        assert_eq!(Normal::new("Ａ", &[Step::Lower]).text, "ａ");
    }
}
