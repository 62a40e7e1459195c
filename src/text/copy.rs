//! How Chinese is set beside Latin letters: punctuation of full width, digits of half width, a space between scripts.
//! Only for running text; in titles a space takes room, and in tables a colon may be data.

use std::collections::BTreeSet;
use std::ops::Range;

use super::normal::is_hanzi;

/// What to write in the place of some bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// The bytes. Never none, so that it can be seen whether they still stand there.
    pub at: Range<usize>,
    /// What to write there.
    pub put: String,
}

/// What a text of Chinese wants written otherwise, in order. Doing it all leaves nothing more to do.
pub fn edits(text: &str) -> Vec<Edit> {
    if !text.chars().any(is_hanzi) {
        return Vec::new();
    }
    let signs = widened(signs(text));
    let mut edits = Vec::new();
    for (nth, sign) in signs.iter().enumerate() {
        let mut put: String = sign.now.into();
        let after = signs.get(nth + 1);
        if !sign.code && after.is_some_and(|after| !after.code) && apart(&signs, nth) {
            put.push(' ');
        }
        if put != text[sign.at.clone()] {
            edits.push(Edit { at: sign.at.clone(), put });
        }
    }
    edits
}

/// The characters with punctuation of full width where it belongs, which takes in the blanks behind it.
fn widened(mut signs: Vec<Sign>) -> Vec<Sign> {
    let brackets = brackets(&signs);
    let mut kept: Vec<Sign> = Vec::with_capacity(signs.len());
    let mut nth = 0;
    while nth < signs.len() {
        let mut next = nth + 1;
        let wide = match signs[nth].was {
            _ if signs[nth].code => None,
            '(' if brackets.contains(&nth) => Some('（'),
            ')' if brackets.contains(&nth) => Some('）'),
            _ => wide(&signs, nth, kept.last(), signs.get(next)),
        };
        let mut at = signs[nth].at.clone();
        if let Some(wide) = wide {
            signs[nth].now = wide;
            // It brings its own room.
            while let Some(blank) = signs.get(next).filter(|one| one.was == ' ' && !one.code) {
                at.end = blank.at.end;
                next += 1;
            }
        }
        let Sign { was, now, code, .. } = signs[nth];
        kept.push(Sign { at, was, now, code });
        nth = next;
    }
    kept
}

/// A character of a text.
struct Sign {
    at: Range<usize>,
    was: char,
    /// Letters and digits in half width.
    now: char,
    /// Part of an address, which stays as it is.
    code: bool,
}

fn signs(text: &str) -> Vec<Sign> {
    let mut signs: Vec<Sign> = text
        .char_indices()
        .map(|(at, c)| Sign { at: at..at + c.len_utf8(), was: c, now: narrow(c), code: false })
        .collect();
    let mut start = 0;
    while start < signs.len() {
        let plain = |sign: &Sign| !sign.was.is_whitespace() && !is_wide_mark(sign.was);
        let length = signs[start..].iter().take_while(|sign| plain(sign)).count();
        let run: String = signs[start..start + length].iter().map(|sign| sign.was).collect();
        let address = run.contains("://") || run.contains('@') || run.contains("www.");
        signs[start..start + length].iter_mut().for_each(|sign| sign.code = address);
        start += length.max(1);
    }
    signs
}

/// A letter or digit in half width.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)
        }
        c => c,
    }
}

fn is_wide_mark(c: char) -> bool {
    "，。；：！？、（）《》“”".contains(c)
}

/// The full-width form of a punctuation mark where Chinese wants it.
fn wide(signs: &[Sign], nth: usize, before: Option<&Sign>, after: Option<&Sign>) -> Option<char> {
    let chinese =
        |sign: Option<&Sign>| sign.is_some_and(|one| is_hanzi(one.now) || is_wide_mark(one.now));
    let full = match signs[nth].was {
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '!' => '！',
        '?' => '？',
        '.' => {
            // A stop at the very end of a line that began as Chinese.
            let last = after.is_none_or(|one| one.was == '\n');
            let line = signs[..nth].iter().rev().take_while(|one| one.was != '\n');
            let number = before.is_none_or(|one| one.now.is_ascii_digit() || one.now == '.');
            return (last && !number && line.into_iter().any(|one| is_hanzi(one.now)))
                .then_some('。');
        }
        _ => return None,
    };
    let digits = before.is_some_and(|one| one.now.is_ascii_digit())
        && after.is_some_and(|one| one.now.is_ascii_digit());
    let closes =
        before.is_some_and(|one| one.now.is_ascii_alphanumeric() || "%)℃".contains(one.now));
    let opens = closes && after.is_some_and(|one| is_hanzi(one.now));
    (!digits && (chinese(before) || opens)).then_some(full)
}

/// The brackets around Chinese, each with its other half on the same line.
fn brackets(signs: &[Sign]) -> BTreeSet<usize> {
    let mut open = Vec::new();
    let mut wide = BTreeSet::new();
    for (nth, sign) in signs.iter().enumerate() {
        match sign.was {
            '\n' => open.clear(),
            '(' if !sign.code => open.push(nth),
            ')' if !sign.code => {
                let Some(start) = open.pop() else { continue };
                if signs[start..nth].iter().any(|one| is_hanzi(one.was)) {
                    wide.extend([start, nth]);
                }
            }
            _ => {}
        }
    }
    wide
}

/// Whether a space belongs between a character and the next: Chinese beside a Latin word or a number.
fn apart(signs: &[Sign], nth: usize) -> bool {
    let (left, right) = (signs[nth].now, signs[nth + 1].now);
    let latin = |c: char| c.is_ascii_alphanumeric();
    if is_hanzi(left) && latin(right) {
        let run = signs[nth + 1..].iter().take_while(|one| one.now.is_ascii_graphic());
        word(
            &run.map(|one| one.now).collect::<String>(),
            signs.get(nth + 1 + length(signs, nth + 1)),
        )
    } else if latin(left) && is_hanzi(right) {
        let run = signs[..=nth].iter().rev().take_while(|one| one.now.is_ascii_graphic());
        let run: String = run.map(|one| one.now).collect();
        word(&run.chars().rev().collect::<String>(), signs.get(nth + 1))
    } else {
        false
    }
}

fn length(signs: &[Sign], from: usize) -> usize {
    signs[from..].iter().take_while(|one| one.now.is_ascii_graphic()).count()
}

/// Whether a Latin run is a word of its own: T恤, V领 and S/M are not, nor are dates.
fn word(run: &str, after: Option<&Sign>) -> bool {
    let single =
        run.split(|c: char| !c.is_ascii_alphanumeric()).all(|part| part.chars().count() < 2);
    let letters = run.chars().any(|c| c.is_ascii_alphabetic());
    let digits = !letters && run.chars().any(|c| c.is_ascii_digit());
    let date = digits && after.is_some_and(|one| "年月日号点时分秒".contains(one.now));
    !(date || letters && single)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(text: &str) -> String {
        let mut fixed = text.to_owned();
        for edit in edits(text).into_iter().rev() {
            fixed.replace_range(edit.at, &edit.put);
        }
        fixed
    }

    #[test]
    fn chinese_is_set_as_it_should_be() {
        for (written, wanted) in [
            ("iPhone15手机壳", "iPhone15 手机壳"),
            ("面料:100%棉,尺码S/M.", "面料：100%棉，尺码S/M。"),
            ("洗涤:30℃", "洗涤：30℃"),
            ("里料(聚酯纤维100%)为白色", "里料（聚酯纤维 100%）为白色"),
            ("Ｔ恤２０２６新款，ＬＥＤ灯", "T恤 2026 新款，LED 灯"),
            ("手机壳, 适用于苹果15Pro", "手机壳，适用于苹果 15Pro"),
            ("高温1280度", "高温 1280 度"),
            ("真好!", "真好！"),
        ] {
            assert_eq!(fix(written), wanted);
            assert_eq!(fix(wanted), wanted, "doing it again changes nothing");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            cases: 5000, failure_persistence: None, ..Default::default()
        })]

        #[test]
        fn doing_it_again_changes_nothing(text in "[杯面料的年3Ａ０aS:,;.!?() /@\\-%℃，。：（）\n]{0,24}") {
            let once = fix(&text);
            proptest::prop_assert_eq!(fix(&once), once);
        }
    }

    #[test]
    fn what_is_right_stays() {
        for text in [
            "见 https://a.example/?q=杯:1,2 。",
            "30℃ 水洗，S/M/L 三码",
            "2026年6月1日 9:00 发货",
            "V领、A字裙与T恤",
            "编号 QH-MUG-01",
            "plain English: nothing, to do.",
            "写信到 hello@qinghe.example",
            "约 1,000 件，比例 1:2",
        ] {
            assert_eq!(fix(text), text);
        }
    }
}
