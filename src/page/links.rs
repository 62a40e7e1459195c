//! Every address a finished page leads to, and every place in it a link can point at.

use std::sync::LazyLock;

use memchr::memmem::Finder;

static SCRIPT_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("</script>"));
static COMMENT_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-->"));

/// What a page links to and what can be linked to in it.
#[derive(Default, Debug)]
pub struct Found<'p> {
    /// Addresses as written.
    pub links: Vec<&'p str>,
    /// Ids.
    pub ids: Vec<&'p str>,
}

/// Attributes whose values are addresses.
const ATTRIBUTES: [&str; 5] = ["href", "src", "srcset", "poster", "action"];

/// Reads a page's tags; scripts and comments are passed over.
pub fn find(page: &str) -> Found<'_> {
    let mut found = Found::default();
    let bytes = page.as_bytes();
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &bytes[at..]) {
        let start = at + open;
        if bytes[start..].starts_with(b"<!--") {
            let end = COMMENT_END.find(&bytes[start..]);
            at = end.map_or(bytes.len(), |end| start + end + 3);
            continue;
        }
        let end = tag(page, start + 1, &mut found);
        at = end;
        if bytes[start..].starts_with(b"<script") {
            at = SCRIPT_END.find(&bytes[end..]).map_or(bytes.len(), |close| end + close);
        }
    }
    found
}

/// Reads one tag's attributes; returns the place behind it.
fn tag<'p>(page: &'p str, start: usize, found: &mut Found<'p>) -> usize {
    let bytes = page.as_bytes();
    let mut at = start;
    while at < bytes.len() && bytes[at] != b'>' {
        if bytes[at] != b'=' {
            at += 1;
            continue;
        }
        let Some(quote) = bytes.get(at + 1).copied().filter(|byte| matches!(byte, b'"' | b'\''))
        else {
            at += 1;
            continue;
        };
        let value_start = at + 2;
        let Some(length) = memchr::memchr(quote, &bytes[value_start..]) else { return bytes.len() };
        let value = &page[value_start..value_start + length];
        let name_start = bytes[start..at].iter().rposition(u8::is_ascii_whitespace);
        let name = name_start.map_or("", |space| &page[start + space + 1..at]);
        if name == "id" {
            found.ids.push(value);
        } else if name.ends_with("srcset") {
            found.links.extend(value.split(',').filter_map(|part| part.split_whitespace().next()));
        } else if ATTRIBUTES.contains(&name) {
            found.links.push(value);
        }
        at = value_start + length + 1;
    }
    (at + 1).min(bytes.len())
}
