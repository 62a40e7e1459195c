//! What the cells of a column look like, and what a row source says to read them.

use super::super::{amount, pieces as count};
use super::names;
use crate::catalog::fact::Quantity;
use crate::catalog::moment::Moment;
use crate::catalog::money::Money;
use crate::source::table::head_form;

/// What stands between names of files or addresses.
pub(super) const LISTS: [&str; 8] = ["\n", ";", "；", "|", ",", "，", "、", " "];
/// What stands between tags.
pub(super) const COMMAS: [&str; 7] = ["\n", "、", "；", ";", "，", "|", ","];
/// What stands between a category and the one below it.
pub(super) const PATHS: [&str; 9] = [">>", "->", ">", "»", "＞", "/", "\\", "|", "-"];

/// Longer texts are no facts.
const MAX_FACT: usize = 40;
/// Longer descriptions are a product's text.
const MAX_DESCRIPTION: usize = 160;

/// Whether a text looks like a fact's value: short, in one line, no address, no file, no moment.
pub(super) fn is_fact(text: &str) -> bool {
    let file = |text: &str| {
        let end = text.rsplit_once('.').map(|(_, end)| end.to_lowercase());
        end.is_some_and(|end| {
            ["jpg", "jpeg", "png", "webp", "gif", "pdf", "mp4", "html"].contains(&&*end)
        })
    };
    text.chars().count() <= MAX_FACT
        && !text.contains(['\n', '\r', '<', '{'])
        && !text.contains("://")
        && !file(text)
        && Moment::parse(text).is_none()
}

/// Whether a description is too long for search engines, or marked up.
pub(super) fn is_long(text: &str) -> bool {
    text.chars().count() > MAX_DESCRIPTION || text.contains('\n') || is_html(text)
}

/// Whether a text has marks of HTML.
pub(super) fn is_html(text: &str) -> bool {
    let begins = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    text.match_indices('<').any(|(at, _)| begins(&text[at + 1..]) && text[at..].contains('>'))
}

/// Whether a text is a plain number.
pub(super) fn is_number(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// A heading without the remark in brackets.
pub(super) fn label(heading: &str) -> &str {
    let plain = heading.split(['(', '（', '[', '【']).next().unwrap_or(heading);
    let plain = plain.trim_matches(|c: char| c.is_whitespace() || "*:：".contains(c));
    if plain.is_empty() { heading } else { plain }
}

/// The unit that stands in a heading: `容量(ml)`, `重量/kg`.
pub(super) fn unit(heading: &str) -> Option<&str> {
    let behind = heading.split_once(['(', '（', '[', '【']).map(|(_, behind)| behind)?;
    let unit = behind
        .trim_end_matches([')', '）', ']', '】'])
        .trim_start_matches("单位")
        .trim_matches([':', '：', ' ']);
    Quantity::parse(&format!("1 {unit}")).map(|_| unit)
}

/// How lists are cut: by the mark that most cells have; nothing when none has any.
pub(super) fn split<'c>(cells: impl Iterator<Item = &'c String>, marks: &[&str]) -> String {
    let mut counts = vec![0_usize; marks.len()];
    for cell in cells {
        let plain = cell.trim();
        for (mark, count) in marks.iter().zip(&mut counts) {
            // A blank within a name, or a stroke within a word, divides nothing.
            let sound = match *mark {
                " " => plain.split(' ').all(is_picture),
                "-" => plain.contains(" - "),
                _ => true,
            };
            *count += usize::from(sound && plain.contains(mark));
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let best = marks.iter().zip(&counts).find(|(_, count)| **count == most);
    match best.filter(|_| most > 0) {
        Some((mark, _)) => format!(", split: {}", serde_json::json!(mark)),
        None => String::new(),
    }
}

fn is_picture(text: &str) -> bool {
    text.contains("://") || text.contains('.')
}

/// What is taken out of amounts so that they are plain numbers; nothing when that would change one.
pub(super) fn money<'c>(cells: impl Iterator<Item = &'c String>) -> String {
    let plain = |text: &str| Money::parse(text);
    remove(cells, |text| amount(text).and_then(|text| plain(&text)), plain)
}

/// The same for numbers of pieces.
pub(super) fn pieces<'c>(cells: impl Iterator<Item = &'c String>) -> String {
    let plain = |text: &str| text.parse::<u64>().ok();
    let meant =
        |text: &str| count(text.trim_end_matches(|c| "件个只套台盒条双瓶包张把".contains(c)));
    remove(cells, meant, plain)
}

fn remove<'c, T: PartialEq>(
    cells: impl Iterator<Item = &'c String>,
    meant: impl Fn(&str) -> Option<T>,
    plain: impl Fn(&str) -> Option<T>,
) -> String {
    let mut signs = String::new();
    let mut all: Vec<(&str, T)> = Vec::new();
    for cell in cells {
        let Some(value) = meant(cell) else { continue };
        if plain(cell).is_none() {
            let new = cell.chars().filter(|c| !c.is_ascii_digit() && *c != '.' && *c != '-');
            for sign in new {
                if !signs.contains(sign) {
                    signs.push(sign);
                }
            }
        }
        all.push((cell, value));
    }
    let same = |(cell, value): &(&str, T)| {
        let rest: String = cell.chars().filter(|c| !signs.contains(*c)).collect();
        plain(rest.trim()).is_some_and(|other| other == *value)
    };
    if signs.is_empty() || !all.iter().all(same) {
        return String::new();
    }
    format!(", remove: {}", serde_json::json!(signs))
}

/// What the words of a column say of whether a product is for sale; `None` when one says something else.
pub(super) fn status<'c>(cells: impl Iterator<Item = &'c String>) -> Option<String> {
    let mut pairs: Vec<String> = Vec::new();
    for cell in cells {
        let status = names::known().status(cell)?;
        let pair = format!("{}: {}", quoted(cell), serde_json::json!(status));
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    Some(format!(", map: {{{}}}", pairs.join(", ")))
}

/// A text as YAML says it within braces, with quotes where it needs them.
pub(super) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_.".contains(c);
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let safe = text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| plain(c) || c == ' ')
        && !text.ends_with(' ')
        && !words.contains(&head_form(text).as_str());
    if safe { text.to_owned() } else { serde_json::json!(text).to_string() }
}
