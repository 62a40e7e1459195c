//! HTML of another shop as clean Markdown. Ammonia takes out what could run or does not belong; what is left is known and
//! well formed, so that it can be read piece by piece.

use ammonia::Builder;

use crate::text::html::unescape;

/// Elements that Markdown can say.
const TAGS: [&str; 34] = [
    "p",
    "div",
    "br",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "strong",
    "b",
    "em",
    "i",
    "del",
    "s",
    "a",
    "img",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "code",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "span",
    "section",
    "figure",
    "article",
];

/// The text as Markdown; headings begin at the second level, the first being the product's title.
pub(super) fn markdown(html: &str) -> String {
    if !html.contains('<') && !html.contains('&') {
        return html.trim().to_owned();
    }
    let clean = Builder::default()
        .tags(TAGS.into_iter().collect())
        .generic_attributes(std::iter::empty().collect())
        .tag_attributes([("a", ["href"].into()), ("img", ["src", "alt"].into())].into())
        .link_rel(None)
        .clean(html)
        .to_string();
    let mut writer = Writer::default();
    let mut rest = clean.as_str();
    while let Some(at) = rest.find('<') {
        writer.text(&rest[..at]);
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        writer.tag(&rest[at..end]);
        rest = &rest[end..];
    }
    writer.text(rest);
    writer.finish()
}

/// The words of a text, without its marks.
pub(super) fn words(html: &str) -> String {
    let plain = Builder::empty().clean(html).to_string();
    unescape(&plain).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Default)]
struct Writer {
    out: String,
    lists: Vec<Option<usize>>,
    link: Option<String>,
    quote: Option<usize>,
    cells: usize,
    rows: usize,
    pre: bool,
}

impl Writer {
    fn text(&mut self, raw: &str) {
        let text = unescape(raw);
        if self.pre {
            self.out.push_str(&text);
            return;
        }
        for (nth, word) in text.split_whitespace().enumerate() {
            let space = nth > 0 || text.starts_with(char::is_whitespace);
            if space && !self.out.is_empty() && !self.out.ends_with([' ', '\n']) {
                self.out.push(' ');
            }
            let word = marked(word);
            // A word at a line's beginning may look like a mark.
            if self.out.is_empty() || self.out.ends_with('\n') {
                let mark = word.starts_with(['#', '>', '+', '-', '=']) || word.starts_with(":::");
                let number = word.trim_end_matches(['.', ')']);
                let counted =
                    number.len() < word.len() && number.bytes().all(|b| b.is_ascii_digit());
                if mark {
                    self.out.push('\\');
                } else if counted && !number.is_empty() {
                    self.out.push_str(number);
                    self.out.push('\\');
                    self.out.push_str(&word[number.len()..]);
                    continue;
                }
            }
            self.out.push_str(&word);
        }
        if text.ends_with(char::is_whitespace)
            && !self.out.ends_with([' ', '\n'])
            && !self.out.is_empty()
        {
            self.out.push(' ');
        }
    }

    fn tag(&mut self, tag: &str) {
        let inner = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
        let (close, inner) = match inner.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, inner),
        };
        let name = inner.split_whitespace().next().unwrap_or_default();
        match (name, close) {
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) => {
                self.block();
                let level = name[1..].parse::<usize>().unwrap_or(2).max(2);
                self.out.push_str(&"#".repeat(level));
                self.out.push(' ');
            }
            ("strong" | "b", _) => self.mark("**", close),
            ("em" | "i", _) => self.mark("*", close),
            ("del" | "s", _) => self.mark("~~", close),
            ("code", _) if !self.pre => self.mark("`", close),
            ("br", _) if self.cells > 0 => self.out.push(' '),
            ("br", _) => {
                self.trim();
                self.out.push_str("  \n");
            }
            ("hr", _) => {
                self.block();
                self.out.push_str("---");
                self.block();
            }
            ("a", false) => {
                self.link = Some(attribute(inner, "href"));
                self.out.push('[');
            }
            ("a", true) => {
                let target = self.link.take().unwrap_or_default();
                self.out.push_str(&format!("](<{target}>)"));
            }
            ("img", _) => {
                let (src, alt) = (attribute(inner, "src"), attribute(inner, "alt"));
                self.out.push_str(&format!("![{}](<{src}>)", marked(&alt)));
            }
            ("ul", false) => self.list(None),
            ("ol", false) => self.list(Some(1)),
            ("ul" | "ol", true) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.block();
                }
            }
            ("li", false) => self.item(),
            ("blockquote", false) => {
                self.block();
                self.quote = Some(self.out.len());
            }
            ("blockquote", true) => self.quoted(),
            ("pre", false) => {
                self.block();
                self.out.push_str("```\n");
                self.pre = true;
            }
            ("pre", true) => {
                self.pre = false;
                self.out.push_str("\n```");
                self.block();
            }
            ("table", _) => {
                self.block();
                self.rows = 0;
            }
            ("tr", false) => {
                self.trim();
                self.out.push_str("\n|");
                self.cells = 0;
            }
            ("tr", true) => {
                self.rows += 1;
                if self.rows == 1 {
                    self.out.push_str(&format!("\n|{}", " --- |".repeat(self.cells)));
                }
                self.cells = 0;
            }
            ("th" | "td", false) => {
                self.out.push(' ');
                self.cells += 1;
            }
            ("th" | "td", true) => {
                self.trim();
                self.out.push_str(" |");
            }
            ("p" | "div" | "section" | "article" | "figure", _) if self.cells > 0 => {
                self.out.push(' ');
            }
            (
                "p" | "div" | "section" | "article" | "figure" | "h1" | "h2" | "h3" | "h4" | "h5"
                | "h6",
                _,
            ) => {
                if self.lists.is_empty() {
                    self.block();
                } else {
                    self.out.push(' ');
                }
            }
            _ => {}
        }
    }

    fn trim(&mut self) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
    }

    /// An empty line between blocks.
    fn block(&mut self) {
        self.out.truncate(self.out.trim_end().len());
        if !self.out.is_empty() {
            self.out.push_str("\n\n");
        }
    }

    /// A mark sticks to its words.
    fn mark(&mut self, mark: &str, close: bool) {
        if close {
            let space = self.out.ends_with(' ');
            self.trim();
            match self.out.strip_suffix(mark) {
                // Nothing stood between the marks.
                Some(before) => self.out.truncate(before.len()),
                None => self.out.push_str(mark),
            }
            if space {
                self.out.push(' ');
            }
        } else {
            self.out.push_str(mark);
        }
    }

    fn list(&mut self, first: Option<usize>) {
        if self.lists.is_empty() {
            self.block();
        }
        self.lists.push(first);
    }

    fn item(&mut self) {
        self.trim();
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        let depth = self.lists.len().saturating_sub(1);
        self.out.push_str(&"   ".repeat(depth));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.out.push_str(&format!("{number}. "));
                *number += 1;
            }
            _ => self.out.push_str("- "),
        }
    }

    fn quoted(&mut self) {
        let Some(start) = self.quote.take() else { return };
        let inner = self.out.split_off(start.min(self.out.len()));
        for line in inner.trim().lines() {
            self.out.push_str(if line.is_empty() { ">" } else { "> " });
            self.out.push_str(line);
            self.out.push('\n');
        }
        self.block();
    }

    fn finish(self) -> String {
        let mut text = self.out.trim().to_owned();
        while text.contains("\n\n\n") {
            text = text.replace("\n\n\n", "\n\n");
        }
        text
    }
}

fn attribute(tag: &str, name: &str) -> String {
    let wanted = format!(" {name}=\"");
    let value = tag.split_once(&wanted).and_then(|(_, rest)| rest.split_once('"'));
    value.map_or(String::new(), |(value, _)| unescape(value).into_owned())
}

/// Letters that Markdown would take for marks.
fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '_' | '`' | '[' | ']' | '<' | '\\' | '|' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn html_of_shops_becomes_markdown() {
        for (html, text) in [
            ("plain", "plain"),
            ("<h1>A</h1><p>b <b>c </b>d</p>", "## A\n\nb **c** d"),
            ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n   - b\n- c"),
            ("<ol><li>a</li><li>b</li></ol><p>x</p>", "1. a\n2. b\n\nx"),
            ("<p>a<br>b</p>", "a  \nb"),
            (
                "<a href=\"https://x.example/?a=1&amp;b=2\">go</a>",
                "[go](<https://x.example/?a=1&b=2>)",
            ),
            ("<p onclick=x>a<script>alert(1)</script></p>", "a"),
            ("<a href=\"javascript:x()\">a</a>", "[a](<>)"),
            (
                "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>",
                "| A | B |\n| --- | --- |\n| 1 | 2 |",
            ),
            ("<blockquote><p>a</p><p>b</p></blockquote>c", "> a\n>\n> b\n\nc"),
            ("<p>1. no list, 3 * 4, a_b</p>", "1\\. no list, 3 \\* 4, a\\_b"),
            ("<p># x</p>&lt;b&gt;", "\\# x\n\n\\<b>"),
            ("<b></b>a", "a"),
        ] {
            assert_eq!(markdown(html), text, "{html}");
        }
    }
}
