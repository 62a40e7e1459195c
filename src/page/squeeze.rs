//! Takes needless white space out of a page. What stands in `pre`, `textarea`, `script` and `style` stays.

use memchr::{memchr, memchr2, memmem};

const KEPT: [&str; 4] = ["pre", "textarea", "script", "style"];

/// The page with every run of white space that begins at a line's end as one line end.
pub fn squeeze(page: &str) -> String {
    let bytes = page.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let Some(next) = memchr2(b'\n', b'<', &bytes[at..]) else {
            out.extend_from_slice(&bytes[at..]);
            break;
        };
        let next = at + next;
        out.extend_from_slice(&bytes[at..next]);
        if bytes[next] == b'\n' {
            while out.last().is_some_and(u8::is_ascii_whitespace) {
                out.pop();
            }
            out.push(b'\n');
            at = next + 1;
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            continue;
        }
        at = if let Some(end) = kept(page, next) {
            out.extend_from_slice(&bytes[next..end]);
            end
        } else {
            let end = memchr(b'>', &bytes[next..]).map_or(bytes.len(), |end| next + end + 1);
            tag(&bytes[next..end], &mut out);
            end
        };
    }
    // Only ASCII white space was taken out, so the text is still what it was.
    String::from_utf8(out).unwrap_or_else(|_| page.to_owned())
}

/// A tag, its line ends as spaces.
fn tag(tag: &[u8], out: &mut Vec<u8>) {
    if memchr(b'\n', tag).is_none() {
        out.extend_from_slice(tag);
        return;
    }
    for byte in tag {
        match byte {
            b'\n' | b'\r' => out.push(b' '),
            other => out.push(*other),
        }
    }
}

/// The end of an element that is kept as it is, when one begins here.
fn kept(page: &str, at: usize) -> Option<usize> {
    let rest = &page.as_bytes()[at + 1..];
    if !matches!(rest.first(), Some(b'p' | b't' | b's' | b'P' | b'T' | b'S')) {
        return None;
    }
    let name = KEPT.iter().find(|name| {
        rest.len() > name.len()
            && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && matches!(rest[name.len()], b'>' | b' ' | b'\n' | b'\t')
    })?;
    let close = format!("</{name}>");
    let end = memmem::find(rest, close.as_bytes())?;
    Some(at + 1 + end + close.len())
}
