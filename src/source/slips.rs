//! Slips of the keyboard in YAML that its parser notices late or not at all: which one it was, and where.

use crate::diag::Span;

/// A slip: its code, its place in the text, and the values of its message.
pub struct Slip {
    /// A row of `codes/source.yaml`.
    pub code: &'static str,
    /// Where, in bytes of the text.
    pub span: Span,
    /// Values for the message.
    pub args: Vec<(&'static str, String)>,
}

/// Marks of a Chinese keyboard that YAML has in half width.
const WIDE: [(char, &str); 11] = [
    ('，', ","),
    ('、', ","),
    ('｛', "{"),
    ('｝', "}"),
    ('［', "["),
    ('］', "]"),
    ('【', "["),
    ('】', "]"),
    ('“', "\""),
    ('”', "\""),
    ('\u{3000}', " "),
];

/// Sentences of the parser that an indent may be the reason of.
const INDENT: [&str; 4] =
    ["block mapping", "block collection", "invalid indentation", "<document start>"];

/// The slip behind a fault that the parser met at byte `at`.
pub fn behind(text: &str, at: usize, sentence: &str) -> Option<Slip> {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    // The parser notices a missing colon on its own line or the one after.
    let before = text[..start].trim_end().rfind('\n').map_or(0, |newline| newline + 1);
    colon(&text[before..end], before)
        .or_else(|| no_space(&text[before..end], before))
        .or_else(|| in_brackets(text, start, at))
        .or_else(|| quotes(&text[start..end], start, sentence))
        .or_else(|| indent(text, start, end, sentence))
}

/// A file that is one long text to YAML, because no line of it has a colon and a space.
pub fn no_map(text: &str) -> Option<Slip> {
    colon(text, 0).or_else(|| no_space(text, 0))
}

/// A mark of a Chinese keyboard at the beginning of what should be a list, a map or a space.
pub fn wide(text: &str) -> Option<Slip> {
    let (found, want) = WIDE.iter().find(|(wide, _)| text.starts_with(*wide))?;
    Some(wide_mark(0, *found, want))
}

/// What stands behind ` #` after a text, when the author may have meant it: up to the line's end.
pub fn hidden(text: &str, end: usize) -> Option<Span> {
    let rest = &text[end..];
    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let remark = line.trim_start();
    let meant = remark.strip_prefix('#')?.starts_with(|c: char| c.is_alphanumeric());
    let from = end + line.len() - remark.len();
    (meant && remark.len() < line.len()).then(|| Span::new(from, end + line.trim_end().len()))
}

fn wide_mark(at: usize, found: char, want: &str) -> Slip {
    Slip {
        code: "yaml/wide",
        span: Span::new(at, at + found.len_utf8()),
        args: vec![("found", found.to_string()), ("want", want.to_owned())],
    }
}

/// The full-width colon of a line that has no colon of YAML before it: the author meant `:` and a space.
fn colon(lines: &str, offset: usize) -> Option<Slip> {
    let (start, at) = first_line(lines, |line| {
        line.find('：').filter(|at| !line[..*at].contains([':', '#', '"', '\'']))
    })?;
    let at = offset + start + at;
    Some(Slip {
        code: "yaml/wide-colon",
        span: Span::new(at, at + '：'.len_utf8()),
        args: Vec::new(),
    })
}

/// `stock:5`: a name and its value without a space between them.
fn no_space(lines: &str, offset: usize) -> Option<Slip> {
    let (start, at) = first_line(lines, |line| {
        let name = line.trim_start_matches([' ', '-']);
        let colon = name.find(':')?;
        let value = &name[colon + 1..];
        let is_name = colon > 0 && name[..colon].chars().all(|c| c.is_alphanumeric() || c == '_');
        let tight = !value.trim_end().is_empty() && !value.starts_with([' ', '\t', '/']);
        (is_name && tight).then(|| line.len() - name.len() + colon)
    })?;
    let at = offset + start + at;
    Some(Slip { code: "yaml/space", span: Span::new(at, at + 1), args: Vec::new() })
}

/// Where a line begins and what was found in it, for the first line in which something is.
fn first_line(lines: &str, find: impl Fn(&str) -> Option<usize>) -> Option<(usize, usize)> {
    let mut start = 0;
    for line in lines.split_inclusive('\n') {
        if let Some(at) = find(line) {
            return Some((start, at));
        }
        start += line.len();
    }
    None
}

/// `{list: 89，sale: 69}`: a wide mark within brackets, or in place of one, is what broke the line.
fn in_brackets(text: &str, start: usize, at: usize) -> Option<Slip> {
    let read = &text[start..at];
    let value = read.find(": ").map_or(0, |colon| colon + 2);
    let open = read[value..].starts_with(['{', '[', '｛', '［', '【']);
    let (mark, found) =
        read[value..].char_indices().rfind(|(_, c)| WIDE.iter().any(|(wide, _)| wide == c))?;
    let first = read[value..].chars().next().filter(|c| matches!(c, '｛' | '［' | '【'));
    let (mark, found) = first.map_or((mark, found), |first| (0, first));
    let want = WIDE.iter().find(|(wide, _)| *wide == found)?.1;
    open.then(|| wide_mark(start + value + mark, found, want))
}

/// A value that only quotes make a text: `[new] bowl`, `bowl: large`, `@home`.
fn quotes(line: &str, offset: usize, sentence: &str) -> Option<Slip> {
    let item = line.trim_start_matches([' ', '-']);
    let colon = item.find(": ")?;
    let value = item[colon + 2..].trim();
    let is_name = !item.starts_with(['{', '[', '"', '\'', '#']);
    let closes = |end: char| value.contains(end) && !value.ends_with(end);
    let meant = match value.chars().next()? {
        '[' => closes(']'),
        '{' => closes('}'),
        quote @ ('"' | '\'') => value[1..].contains(quote),
        '@' | '`' | '%' | '&' | '*' | '!' => true,
        '|' | '>' => value.len() > 2,
        _ => value.contains(": ") && sentence.contains("mapping values are not allowed"),
    };
    if !is_name || !meant {
        return None;
    }
    let quoted = if value.contains('"') {
        format!("'{}'", value.replace('\'', "''"))
    } else {
        format!("\"{}\"", value.replace('\\', "\\\\"))
    };
    let at = offset + line.len() - item.len() + colon + 2;
    let at = at + (item[colon + 2..].len() - item[colon + 2..].trim_start().len());
    Some(Slip {
        code: "yaml/quotes",
        span: Span::new(at, at + value.len()),
        args: vec![("near", quoted)],
    })
}

/// A line that begins where no line above begins, or deeper than it may.
fn indent(text: &str, start: usize, end: usize, sentence: &str) -> Option<Slip> {
    let line = &text[start..end];
    let found = line.len() - line.trim_start_matches(' ').len();
    let above = text[..start].lines().filter(|line| {
        let words = line.trim_start();
        !words.is_empty() && !words.starts_with('#')
    });
    let last = above.clone().next_back()?;
    let mut known: Vec<usize> = above.flat_map(indents).collect();
    known.sort_unstable();
    known.dedup();
    let deep = sentence.contains("mapping values are not allowed")
        && !last.trim_end().ends_with(':')
        && indents(last).into_iter().all(|one| found > one);
    let between = INDENT.iter().any(|part| sentence.contains(part)) && !known.contains(&found);
    if deep {
        known = indents(last).into_iter().next_back().into_iter().collect();
    } else if !between {
        return None;
    }
    let wanted: Vec<String> = known.iter().map(usize::to_string).collect();
    Some(Slip {
        code: "yaml/indent",
        span: Span::new(start, start + found.max(1)),
        args: vec![("found", found.to_string()), ("wanted", wanted.join(" / "))],
    })
}

/// Where things on a line begin: behind its spaces, and behind each `- `.
fn indents(line: &str) -> Vec<usize> {
    let mut all = Vec::new();
    let mut rest = line;
    loop {
        let words = rest.trim_start_matches(' ');
        all.push(line.len() - words.len());
        match words.strip_prefix("- ") {
            Some(item) => rest = item,
            None => return all,
        }
    }
}
