//! JSON-LD, written straight into a text that cannot end the `<script>` it stands in.

/// A JSON object that is being written.
pub struct Object<'o> {
    out: &'o mut String,
    first: bool,
}

/// A whole document.
pub fn document(fill: impl FnOnce(&mut Object<'_>)) -> String {
    let mut out = String::with_capacity(1 << 10);
    braced(&mut out, |object| {
        object.text("@context", "https://schema.org");
        fill(object);
    });
    out
}

fn braced(out: &mut String, fill: impl FnOnce(&mut Object<'_>)) {
    out.push('{');
    fill(&mut Object { out, first: true });
    out.push('}');
}

impl Object<'_> {
    fn key(&mut self, key: &str) {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        string(self.out, key);
        self.out.push(':');
    }

    /// `"key":"text"`.
    pub fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        string(self.out, text);
    }

    /// `"key":7`.
    pub fn number(&mut self, key: &str, number: usize) {
        self.key(key);
        self.out.push_str(&number.to_string());
    }

    /// `"key":["a","b"]`.
    pub fn texts<'t>(&mut self, key: &str, texts: impl IntoIterator<Item = &'t str>) {
        self.key(key);
        list(self.out, texts, string);
    }

    /// `"key":{…}`.
    pub fn object(&mut self, key: &str, fill: impl FnOnce(&mut Object<'_>)) {
        self.key(key);
        braced(self.out, fill);
    }

    /// `"key":[{…},{…}]`, one object an item.
    pub fn objects<T>(
        &mut self,
        key: &str,
        items: impl IntoIterator<Item = T>,
        mut fill: impl FnMut(&mut Object<'_>, T),
    ) {
        self.key(key);
        list(self.out, items, |out, item| braced(out, |object| fill(object, item)));
    }
}

fn list<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T),
) {
    out.push('[');
    for (nth, item) in items.into_iter().enumerate() {
        if nth > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            // `</script>` would end the element.
            b'<' => "\\u003c",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        if escape.is_empty() {
            out.push_str(&format!("\\u{byte:04x}"));
        } else {
            out.push_str(escape);
        }
        from = at + 1;
    }
    out.push_str(&text[from..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_written_reads_back_and_cannot_end_a_script() {
        let hostile = "</script>\u{1}\"\\\n\t瓷\u{2028}";
        let text = super::document(|object| {
            object.text("name", hostile);
            object.texts("image", ["a", "b"]);
            object.objects("items", [1, 2], |object, nth| object.number("position", nth));
            object.objects("none", [0; 0], |_, _| {});
            object.object("brand", |_| {});
        });
        assert!(!text.contains('<'));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["name"], hostile);
        assert_eq!(value["items"][1]["position"], 2);
        assert_eq!(value["image"][1], "b");
        assert_eq!(value["none"], serde_json::json!([]));
        assert_eq!(value["brand"], serde_json::json!({}));
    }
}
