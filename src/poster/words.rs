//! Where a line may break: words, and numbers with their units, are kept together by joiners that nobody sees.

use std::ops::Range;

use crate::text::normal::is_hanzi;
use crate::text::segment::Segmenter;

/// No line breaks here.
pub(super) const JOINER: char = '\u{2060}';
/// A blank at which no line breaks.
const FIXED: char = '\u{a0}';
/// Longer words may be torn: a line must end somewhere.
const LONGEST: usize = 6;

/// Where a line breaks before it breaks elsewhere.
const SEPARATORS: [char; 9] = [' ', '·', '|', '｜', '—', '：', '，', '、', '/'];
/// Words of one letter that close what stands before them.
const CLOSING: &str = "的了着过吗呢吧啊呀们里上下中";

/// What stands behind a number and belongs to it.
const UNITS: [&str; 42] = [
    "年", "月", "日", "号", "时", "点", "分", "秒", "天", "周", "元", "块", "角", "折", "件", "只",
    "个", "套", "款", "支", "条", "双", "张", "片", "瓶", "盒", "袋", "包", "杯", "升", "克", "斤",
    "寸", "米", "倍", "成", "人", "次", "期", "位", "起", "层",
];

/// The text with its words tied. What is joined stays one: taking joiners out gives the text again, but for blanks.
pub(super) fn tie(text: &str, cut: &Segmenter) -> String {
    if !text.chars().any(|c| is_hanzi(c) || c.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut joined = vec![false; text.len() + 1];
    let mut tie = |span: Range<usize>| {
        for (at, _) in text[span.clone()].char_indices().skip(1) {
            joined[span.start + at] = true;
        }
    };
    let short = |span: &Range<usize>| text[span.clone()].chars().count() <= LONGEST;
    let written = |span: &Range<usize>| text[span.clone()].chars().any(is_hanzi);
    let words: Vec<Range<usize>> = cut.spans(text).into_iter().filter(written).collect();
    for (nth, word) in words.iter().enumerate() {
        if short(word) {
            tie(word.clone());
        }
        // A word of one letter is not left alone: what closes a phrase stays with what it closes, else it leads on.
        let closes = CLOSING.contains(&text[word.clone()]);
        let mate = if closes { nth.checked_sub(1) } else { Some(nth + 1) };
        if text[word.clone()].chars().count() == 1
            && let Some(mate) = mate.and_then(|mate| words.get(mate))
            && (mate.end == word.start || word.end == mate.start)
        {
            let both = mate.start.min(word.start)..mate.end.max(word.end);
            if short(&both) {
                tie(both);
            }
        }
    }
    // What stands between separators breaks nowhere else while it is as short as a word: 双十二 · 换一张饭桌.
    if text.contains(SEPARATORS) {
        let parts = text.split(SEPARATORS).filter(|part| !part.is_empty());
        for part in parts {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            let span = start..start + part.len();
            if short(&span) && written(&span) {
                tie(span);
            }
        }
    }
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    for pair in chars.windows(2) {
        let [(_, before), (at, after)] = pair else { continue };
        let unit = UNITS.iter().any(|unit| text[*at..].starts_with(unit));
        let amount = before.is_ascii_digit() && unit;
        let money = matches!(before, '¥' | '￥' | '$' | '€') && after.is_ascii_digit();
        // 满 199, 第 3: what leads to a number stays with it.
        let leads = matches!(before, '满' | '减' | '第' | '立' | '省' | '约' | '共')
            && after.is_ascii_digit();
        // 11月30日, 8.5折: what follows a unit and counts on.
        let counts_on = UNITS[..9].contains(&before.to_string().as_str()) && after.is_ascii_digit();
        joined[*at] |= amount || money || leads || counts_on;
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut before = ' ';
    for (nth, (at, c)) in chars.iter().enumerate() {
        if joined[*at] {
            out.push(JOINER);
        }
        let next = chars.get(nth + 1).map_or(' ', |(_, next)| *next);
        let counts =
            before.is_ascii_digit() && (next.is_alphabetic() || next == '×' || is_hanzi(next));
        // A separator ends a line, it begins none.
        let binds = *c == ' ' && (counts || next != ' ' && SEPARATORS.contains(&next));
        out.push(if binds { FIXED } else { *c });
        before = *c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::segment::general;

    fn shown(text: &str) -> String {
        tie(text, general()).replace(JOINER, "_").replace(FIXED, "~")
    }

    #[test]
    fn words_and_amounts_are_tied() {
        assert_eq!(shown("不要错过"), "不_要错_过");
        assert_eq!(shown("容量 350 ml"), "容_量 350~ml");
        assert!(shown("11月30日止").starts_with("11_月_30_日"));
        assert_eq!(shown("8.5折"), "8.5_折");
        assert_eq!(shown("Celadon mug"), "Celadon mug");
        assert_eq!(shown("双十二 · 换一张饭桌"), "双_十_二~· 换_一_张_饭_桌");
    }
}
