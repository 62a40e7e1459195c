//! Text within HTML and XML.

use std::borrow::Cow;

/// Text as it may stand in an element or in a quoted attribute.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '"', '<', '>']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// What [`escape`] wrote, back; also numbered characters and the hard blank. An entity that is none stays as it is.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // No entity of ours is longer than a numbered one.
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let name = end.and_then(|end| rest.get(1..end));
        if let Some((name, c)) = name.and_then(|name| Some((name, entity(name)?))) {
            out.push(c);
            rest = &rest[name.len() + 2..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "lt" => '<',
        "gt" => '>',
        "nbsp" => '\u{a0}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{escape, unescape};

    #[test]
    fn text_goes_into_html_and_back() {
        for text in ["", "plain", "a < b & \"c\" > d", "&amp;lt;", "青瓷 & 杯"] {
            assert_eq!(unescape(&escape(text)), text);
        }
        assert_eq!(escape("<&\">"), "&lt;&amp;&quot;&gt;");
        assert_eq!(unescape("a&#39;b&#x4E2D;&nbsp;&apos;"), "a'b中\u{a0}'");
        assert_eq!(
            unescape("a & b &; &none; &#xFFFFFFFF; &amp"),
            "a & b &; &none; &#xFFFFFFFF; &amp"
        );
    }
}
