//! Text brought into one form for comparing, with the way back: every character knows which bytes it came from.

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

/// A normalised text that knows where each character came from.
#[derive(Clone, Debug, Default)]
pub struct Normal {
    /// The text.
    pub text: String,
    /// Where its parts came from, in order.
    runs: Vec<Run>,
}

/// A part of a normalised text, up to the next one.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// Where it begins.
    at: u32,
    /// The bytes of the original it came from.
    from: u32,
    to: u32,
    /// Byte for byte; else all of it came from all of that.
    same: bool,
}

/// The steps to be taken, a bit each.
#[derive(Clone, Copy)]
struct Steps(u8);

impl Steps {
    fn new(steps: &[Step]) -> Self {
        Self(steps.iter().fold(0, |bits, step| bits | 1 << *step as u8))
    }

    fn has(self, step: Step) -> bool {
        self.0 & 1 << step as u8 != 0
    }
}

impl Normal {
    /// Brings a text into form by some steps.
    pub fn new(text: &str, steps: &[Step]) -> Self {
        let take = Steps::new(steps);
        let mut normal = Self::default();
        if text.is_ascii() {
            normal.push_ascii(text, 0, take.has(Step::Lower));
            return normal;
        }
        normal.text.reserve(text.len());
        let mut next = 0;
        while next < text.len() {
            let run = ascii_run(&text[next..]);
            if run > 0 {
                normal.push_ascii(&text[next..next + run], next as u32, take.has(Step::Lower));
                next += run;
                continue;
            }
            let run = hanzi_run(&text[next..], take.has(Step::T2s));
            if run > 0 {
                normal.note((next as u32, (next + run) as u32), true);
                normal.text.push_str(&text[next..next + run]);
                next += run;
                continue;
            }
            let piece = cluster(&text[next..]);
            normal.push_piece(piece, (next as u32, (next + piece.len()) as u32), take);
            next += piece.len();
        }
        if take.has(Step::JoinSpacedHanzi) {
            normal.join();
        }
        normal
    }

    /// A character with its marks.
    fn push_piece(&mut self, piece: &str, whole: (u32, u32), take: Steps) {
        let plain = piece.chars().next().filter(|c| c.len_utf8() == piece.len());
        if let Some(c) = plain {
            if is_plain_hanzi(c) {
                return self.put(if take.has(Step::T2s) { simplified(c) } else { c }, whole);
            }
            if take.has(Step::StripZeroWidth) && is_zero_width(c) {
                return;
            }
            if take.has(Step::CircledDigits)
                && let Some(number) = circled(c)
            {
                return number.to_string().chars().for_each(|c| self.put(c, whole));
            }
            if !take.has(Step::Nfkc) || piece.is_ascii() || is_plain_sign(c) {
                return self.push(c, whole, take);
            }
            // Full-width letters, digits and signs are the ASCII ones.
            if let Some(narrow @ '!'..='~') =
                u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32)
            {
                return self.push(narrow, whole, take);
            }
        }
        if take.has(Step::Nfkc) {
            piece.nfkc().for_each(|c| self.push(c, whole, take));
        } else {
            piece.chars().for_each(|c| self.push(c, whole, take));
        }
    }

    /// Most of many texts: nothing but case changes in it.
    fn push_ascii(&mut self, text: &str, at: u32, lower: bool) {
        let start = self.text.len();
        self.note((at, at + text.len() as u32), true);
        self.text.push_str(text);
        if lower {
            self.text[start..].make_ascii_lowercase();
        }
    }

    fn push(&mut self, c: char, whole: (u32, u32), take: Steps) {
        if take.has(Step::StripZeroWidth) && is_zero_width(c) {
            return;
        }
        let c = if take.has(Step::T2s) { simplified(c) } else { c };
        if take.has(Step::Lower) {
            c.to_lowercase().for_each(|c| self.put(c, whole));
        } else {
            self.put(c, whole);
        }
    }

    fn put(&mut self, c: char, whole: (u32, u32)) {
        self.note(whole, c.len_utf8() as u32 == whole.1 - whole.0);
        self.text.push(c);
    }

    /// Notes where what comes next came from.
    fn note(&mut self, (from, to): (u32, u32), same: bool) {
        let at = self.text.len() as u32;
        match self.runs.last_mut() {
            Some(last)
                if last.same && same && last.to == from && last.to - last.from == at - last.at =>
            {
                last.to = to;
            }
            Some(last) if !last.same && (last.from, last.to) == (from, to) => {}
            _ => self.runs.push(Run { at, from, to, same }),
        }
    }

    /// Takes out what stands between Chinese characters when one of them stands alone.
    fn join(&mut self) {
        let gaps = gaps(&self.text);
        if gaps.is_empty() {
            return;
        }
        let whole = std::mem::take(self);
        let (mut at, mut nth) = (0, 0);
        let end = whole.text.len();
        for gap in gaps.into_iter().chain(std::iter::once(end..end)) {
            while let Some(run) = whole.runs.get(nth).filter(|run| (run.at as usize) < gap.start) {
                let next = whole.runs.get(nth + 1).map_or(end, |next| next.at as usize);
                let (start, stop) = ((run.at as usize).max(at), next.min(gap.start));
                if start < stop {
                    let shift = |place: usize| run.from + (place as u32 - run.at);
                    let from =
                        if run.same { (shift(start), shift(stop)) } else { (run.from, run.to) };
                    self.note(from, run.same);
                    self.text.push_str(&whole.text[start..stop]);
                }
                // What is left of a part stands behind the gap.
                if next > gap.start {
                    break;
                }
                nth += 1;
            }
            at = gap.end;
        }
    }

    /// Where some characters of the normalised text stand in the original.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let run = |at: usize| {
            let nth = self.runs.partition_point(|run| run.at as usize <= at).saturating_sub(1);
            self.runs.get(nth)
        };
        let place = |run: &Run, at: usize| (run.from as usize) + (at - run.at as usize);
        let end = |at: usize| match run(at.saturating_sub(1)) {
            Some(one) if one.same => place(one, at),
            Some(one) => one.to as usize,
            None => 0,
        };
        let Some(first) = run(range.start) else { return 0..0 };
        if range.start >= self.text.len() {
            let end = end(self.text.len());
            return end..end;
        }
        let start = if first.same { place(first, range.start) } else { first.from as usize };
        if range.is_empty() { start..start } else { start..end(range.end.min(self.text.len())) }
    }
}

/// What stands between Chinese characters of which one stands alone.
fn gaps(text: &str) -> Vec<Range<usize>> {
    let mut gaps = Vec::new();
    // Chinese characters in a row up to here, and where fillers behind them begin and how many they are.
    let mut row = 0;
    let mut gap: Option<(usize, usize)> = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        if is_hanzi(c) {
            let alone = |next: Option<&(usize, char)>| !next.is_some_and(|(_, c)| is_hanzi(*c));
            match gap.take() {
                Some((start, _)) => {
                    if row == 1 || alone(rest.peek()) {
                        gaps.push(start..at);
                    }
                    row = 1;
                }
                None => row += 1,
            }
        } else if row > 0 && is_filler(c) {
            let (start, many) = gap.unwrap_or((at, 0));
            gap = Some((start, many + 1));
            if many == 3 {
                (row, gap) = (0, None);
            }
        } else {
            (row, gap) = (0, None);
        }
    }
    gaps
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

/// Bytes at the beginning of a text that are Chinese characters which no step changes.
fn hanzi_run(text: &str, simple: bool) -> usize {
    let same = |c: char| is_plain_hanzi(c) && !(simple && simplified(c) != c);
    let mut last = 0;
    for (at, c) in text.char_indices() {
        if !same(c) {
            // A mark behind the run belongs to its last character.
            return if stands_alone(c) { at } else { last };
        }
        last = at;
    }
    text.len()
}

/// The first character with the marks that belong to it.
fn cluster(text: &str) -> &str {
    let mut chars = text.char_indices().skip(1);
    let end = chars.find(|(_, c)| stands_alone(*c) || canonical_combining_class(*c) == 0);
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

/// Signs that NFKC leaves alone.
fn is_plain_sign(c: char) -> bool {
    matches!(c, '、' | '。' | '〈'..='】' | '\u{2013}' | '—' | '‘'..='”' | '×')
}

/// Characters, many of them, that are no marks of the one before.
fn stands_alone(c: char) -> bool {
    matches!(c, '\0'..='\u{2FF}' | '\u{2010}'..='\u{2027}' | '、' | '。' | '\u{3400}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF5E}')
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
