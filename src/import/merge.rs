//! Three-way merging of a product's file: what only the table changed is taken, what only the author changed stays, and
//! what both changed is a conflict. Every other byte of the author's file is kept.

mod edit;

use crate::catalog::money::Money;
use crate::diag::Span;
use crate::id::SourcePath;
use crate::source::front;
use crate::source::yaml::{self, Entry, Node, Value};

use edit::Edit;

/// What became of a file.
#[derive(Debug, Default)]
pub struct Merged {
    /// The file's new text, when anything was taken.
    pub text: Option<String>,
    /// What was taken: `price.list`.
    pub taken: Vec<String>,
    /// What both sides changed.
    pub conflicts: Vec<Conflict>,
    /// Variants that the table no longer has; they stay.
    pub gone: Vec<String>,
}

/// What is merged.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'t> {
    /// The author's file.
    pub ours: &'t str,
    /// What both began with, if that is known.
    pub base: Option<&'t str>,
    /// What the table says now.
    pub theirs: &'t str,
    /// What holds though the author's file does not say it: values of the product, of its category, of the shop.
    pub held: Option<&'t str>,
}

/// Something that both sides changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The field: `price.list`.
    pub field: String,
    /// Line and column in the author's file, from 1.
    pub at: (usize, usize),
    /// What the author says, of texts what both began with; nothing when it was taken away.
    pub ours: String,
    /// What the table says.
    pub theirs: String,
}

/// A file's front matter and text.
struct Doc<'t> {
    root: Node,
    body: &'t str,
    body_start: usize,
}

/// Merges what the table says now into the author's file.
pub fn merge(file: &SourcePath, locale: &str, sides: Sides<'_>) -> Merged {
    let Sides { ours, base, theirs, held } = sides;
    let base = base.and_then(|base| doc(file, base));
    let held = held.and_then(|held| doc(file, held));
    let (Some(own), Some(table)) = (doc(file, ours), doc(file, theirs)) else {
        let words = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        let (ours, theirs) = (words(ours), words(theirs));
        let conflict = Conflict { field: "---".to_owned(), at: (1, 1), ours, theirs };
        return Merged { conflicts: vec![conflict], ..Merged::default() };
    };
    let mut merger = Merger {
        text: ours,
        locale,
        edits: Vec::new(),
        taken: Vec::new(),
        conflicts: Vec::new(),
        gone: Vec::new(),
    };
    let before = Before {
        base: base.as_ref().map(|doc| &doc.root),
        held: held.as_ref().map(|doc| &doc.root),
    };
    merger.maps(&own.root, before, &table.root, "");
    merger.body(&own, base.as_ref(), &table);
    let Merger { edits, taken, mut conflicts, gone, .. } = merger;
    let names: Vec<String> = taken.iter().map(|one| one.field.clone()).collect();
    let text = (!edits.is_empty()).then(|| edit::apply(ours, edits));
    // What cannot be put in without touching something else is left to the author.
    let kept = |text: &String| doc(file, text).is_some_and(|new| sound(&own, &new, &names));
    if text.as_ref().is_some_and(|text| !kept(text)) {
        conflicts.extend(taken);
        return Merged { conflicts, gone, ..Merged::default() };
    }
    Merged { text, taken: names, conflicts, gone }
}

/// What a value was: by what both began with, and by what holds where the author's file says nothing.
#[derive(Clone, Copy, Default)]
struct Before<'n> {
    base: Option<&'n Node>,
    held: Option<&'n Node>,
}

impl<'n> Before<'n> {
    fn get(self, key: &str) -> Self {
        let of = |node: Option<&'n Node>| node.and_then(|node| node.get(key));
        Self { base: of(self.base), held: of(self.held) }
    }
}

fn doc<'t>(file: &SourcePath, text: &'t str) -> Option<Doc<'t>> {
    // A byte order mark is no part of the front matter.
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let parts = front::split(file, &text[mark..]).ok()?;
    let parsed = yaml::parse(file, parts.matter, mark + parts.matter_start);
    if !parsed.faults.is_empty() {
        return None;
    }
    let body_start = mark + parts.body_start;
    Some(Doc { root: parsed.root?, body: &text[body_start..], body_start })
}

struct Merger<'t> {
    text: &'t str,
    locale: &'t str,
    edits: Vec<Edit>,
    /// What is taken, and what it would be if it could not.
    taken: Vec<Conflict>,
    conflicts: Vec<Conflict>,
    gone: Vec<String>,
}

fn entries(node: &Node) -> &[Entry] {
    match &node.value {
        Value::Map(entries) => entries,
        _ => &[],
    }
}

fn under(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn items(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.value) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

/// The variant of a SKU.
fn find<'i>(items: &'i [Node], name: &str) -> Option<&'i Node> {
    let sku = |node: &Node| node.get("sku").and_then(Node::as_str).map(str::to_lowercase);
    items.iter().find(|item| sku(item).unwrap_or_default() == name.to_lowercase())
}

impl Merger<'_> {
    fn maps(&mut self, ours: &Node, before: Before<'_>, theirs: &Node, path: &str) {
        let of_base = before.base.map_or(&[][..], entries).iter();
        let gone = of_base.filter(|entry| theirs.get(&entry.key).is_none());
        let keys: Vec<&str> =
            entries(theirs).iter().chain(gone).map(|entry| entry.key.as_str()).collect();
        for key in keys {
            let path = under(path, key);
            self.value(ours, key, before.get(key), theirs, &path);
        }
    }

    fn value(&mut self, map: &Node, key: &str, before: Before<'_>, table: &Node, path: &str) {
        let base = before.base;
        let theirs = table.get(key);
        let mut ours = map.get(key);
        // Of a text in several languages, the shop's first is meant.
        if let (Some(own), Some(Value::Scalar { .. })) = (ours, theirs.map(|node| &node.value))
            && let Some(text) = own.get(self.locale)
        {
            ours = Some(text);
        }
        if same(base, theirs, key) || same(ours, theirs, key) {
            return;
        }
        if let (Some(own), Some(theirs)) = (ours, theirs) {
            match (&own.value, &theirs.value) {
                (Value::Map(_), Value::Map(_)) => return self.maps(own, before, theirs, path),
                (Value::List(own_items), Value::List(items)) if key == "items" => {
                    return self.items(own, own_items, before, items, path);
                }
                _ => {}
            }
        }
        if !same(ours.or(before.held), base, key) {
            return self.conflict(path, map, ours, theirs);
        }
        let edit = match (ours, theirs) {
            (Some(own), Some(theirs)) => edit::replace(self.text, own, map, theirs),
            (None, Some(_)) => edit::insert(self.text, map, key, table),
            (Some(_), None) => edit::remove(self.text, map, key),
            (None, None) => None,
        };
        self.take(edit, path, map, ours, theirs);
    }

    /// Variants are told apart by their SKU.
    fn items(
        &mut self,
        list: &Node,
        ours: &[Node],
        before: Before<'_>,
        theirs: &[Node],
        path: &str,
    ) {
        let sku =
            |node: &Node| node.get("sku").and_then(Node::as_str).unwrap_or_default().to_owned();
        let (base, held) = (items(before.base), items(before.held));
        for item in theirs {
            let name = sku(item);
            let path = format!("{path}.{name}");
            let before = Before { base: find(base, &name), held: find(held, &name) };
            match find(ours, &name) {
                Some(own) => self.maps(own, before, item, &path),
                // The author took it away, and the table says nothing new of it.
                None if same(before.base, Some(item), "") => {}
                None if before.base.is_some() => self.conflict(&path, list, None, Some(item)),
                None => {
                    let edit = edit::append(self.text, list, item);
                    self.take(edit, &path, list, None, Some(item));
                }
            }
        }
        let names = base.iter().map(sku);
        self.gone.extend(
            names.filter(|name| find(ours, name).is_some() && find(theirs, name).is_none()),
        );
    }

    fn body(&mut self, ours: &Doc<'_>, base: Option<&Doc<'_>>, theirs: &Doc<'_>) {
        let plain = |text: &str| {
            text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
        };
        let (own, table) = (plain(ours.body), plain(theirs.body));
        let before = base.map(|base| plain(base.body));
        if before.as_deref() == Some(&table) || own == table {
            return;
        }
        if before.as_deref() == Some(&own) || (before.is_none() && own.is_empty()) {
            self.edits.push(Edit {
                start: ours.body_start,
                end: self.text.len(),
                text: format!("{table}\n"),
            });
            self.taken.push(Conflict::of_body(self.text, ours.body_start, &own, &table));
        } else {
            let was = before.as_deref().unwrap_or(&own);
            self.conflicts.push(Conflict::of_body(self.text, ours.body_start, was, &table));
        }
    }

    fn take(
        &mut self,
        edit: Option<Edit>,
        path: &str,
        near: &Node,
        ours: Option<&Node>,
        theirs: Option<&Node>,
    ) {
        match edit {
            Some(edit) => {
                self.edits.push(edit);
                self.taken.push(Conflict::of(self.text, path, near, ours, theirs));
            }
            None => self.conflict(path, near, ours, theirs),
        }
    }

    fn conflict(&mut self, path: &str, near: &Node, ours: Option<&Node>, theirs: Option<&Node>) {
        self.conflicts.push(Conflict::of(self.text, path, near, ours, theirs));
    }
}

impl Conflict {
    fn of(text: &str, path: &str, near: &Node, ours: Option<&Node>, theirs: Option<&Node>) -> Self {
        let words =
            |node: Option<&Node>| node.map_or(String::new(), |node| edit::inline(node, true));
        Self {
            field: path.to_owned(),
            at: edit::line(text, ours.unwrap_or(near).span.start as usize),
            ours: words(ours),
            theirs: words(theirs),
        }
    }

    /// Of texts, the first line that the table has otherwise.
    fn of_body(text: &str, start: usize, was: &str, theirs: &str) -> Self {
        let (mut old, mut new) = (was.lines(), theirs.lines());
        let (was, now) = loop {
            match (old.next(), new.next()) {
                (Some(one), Some(other)) if one == other => {}
                pair => break pair,
            }
        };
        let words = |line: Option<&str>| line.unwrap_or_default().to_owned();
        let body = &text[start..];
        let stands = was.filter(|line| !line.is_empty()).and_then(|line| body.find(line));
        let first = body.len() - body.trim_start().len();
        let at = edit::line(text, start + stands.unwrap_or(first));
        Self { field: "body".to_owned(), at, ours: words(was), theirs: words(now) }
    }
}

/// Whether two values say the same, however they are written.
fn same(one: Option<&Node>, other: Option<&Node>, key: &str) -> bool {
    match (one.filter(|node| !node.is_null()), other.filter(|node| !node.is_null())) {
        (None, None) => true,
        (Some(one), Some(other)) => equal(one, other, key),
        _ => false,
    }
}

fn equal(one: &Node, other: &Node, key: &str) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar { text: one, .. }, Value::Scalar { text: other, .. }) => {
            let (one, other) = (one.trim(), other.trim());
            // `69` and `69.00` are one amount; SKUs and the like are texts.
            let amounts = matches!(key, "price" | "list" | "sale" | "stock");
            one == other
                || amounts && Money::parse(one).is_some_and(|one| Some(one) == Money::parse(other))
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| equal(one, other, key))
        }
        (Value::Map(one), Value::Map(_)) => {
            one.len() == entries(other).len()
                && one
                    .iter()
                    .all(|entry| same(Some(&entry.node), other.get(&entry.key), &entry.key))
        }
        // A price of one amount, and a list written as one text.
        (Value::Scalar { .. }, Value::Map(parts)) if key == "price" => {
            parts.len() == 1 && other.get("list").is_some_and(|list| equal(one, list, key))
        }
        (Value::Scalar { text, .. }, Value::List(items)) => {
            let parts: Vec<&str> = text.split([',', '，', '、']).map(str::trim).collect();
            items.len() == parts.len()
                && items.iter().zip(parts).all(|(item, part)| item.as_str() == Some(part))
        }
        (Value::Map(_), Value::Scalar { .. }) if key == "price" => equal(other, one, key),
        (Value::List(_), Value::Scalar { .. }) => equal(other, one, key),
        _ => false,
    }
}

/// Whether nothing but what was taken differs between the old file and the new one.
fn sound(old: &Doc<'_>, new: &Doc<'_>, taken: &[String]) -> bool {
    let body = taken.iter().any(|path| path == "body");
    let mut differing = Vec::new();
    differences(&old.root, &new.root, "", &mut differing);
    let taken: Vec<String> = taken.iter().map(|path| path.to_lowercase()).collect();
    let meant = |path: &String| {
        let path = &path.to_lowercase();
        taken.iter().any(|taken| {
            path == taken
                || path.starts_with(&format!("{taken}."))
                || taken.starts_with(&format!("{path}.")) && path.ends_with(".items")
        })
    };
    differing.iter().all(meant) && (body || old.body == new.body)
}

fn differences(one: &Node, other: &Node, path: &str, found: &mut Vec<String>) {
    match (&one.value, &other.value) {
        (Value::Map(_), Value::Map(more)) => {
            for entry in entries(one) {
                let path = under(path, &entry.key);
                match other.get(&entry.key) {
                    Some(node) => differences(&entry.node, node, &path, found),
                    None => found.push(path),
                }
            }
            let new = more.iter().filter(|entry| one.get(&entry.key).is_none());
            found.extend(new.map(|entry| under(path, &entry.key)));
        }
        (Value::List(items), Value::List(more))
            if path.ends_with("items") && more.len() >= items.len() =>
        {
            for (item, after) in items.iter().zip(more) {
                let sku = item.get("sku").and_then(Node::as_str).unwrap_or_default();
                differences(item, after, &format!("{path}.{sku}"), found);
            }
            if more.len() > items.len() {
                found.push(path.to_owned());
            }
        }
        _ if without_places(one, other) => {}
        _ => found.push(path.to_owned()),
    }
}

fn without_places(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| without_places(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| {
                    one.key == other.key && without_places(&one.node, &other.node)
                })
        }
        (one, other) => one == other,
    }
}

/// A span as positions.
fn range(span: Span) -> (usize, usize) {
    (span.start as usize, span.end as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(ours: &str, base: &str, theirs: &str) -> Merged {
        let base = (!base.is_empty()).then_some(base);
        let file = SourcePath::new("content/products/a/index.md");
        merge(&file, "en", Sides { ours, base, theirs, held: None })
    }

    #[test]
    fn what_one_side_changed_is_taken_and_the_rest_is_kept_byte_for_byte() {
        let base = "---\nsku: M\ntitle: Mug\nprice: 89\nstock: 5\nbrand: Kiln\nvariants:\n  axes: [Size]\n  items:\n  - sku: M-S\n    Size: S\n    price: 10\n---\nOld.\n";
        let theirs = base
            .replace("price: 89", "price:\n  list: 89\n  sale: 69")
            .replace("stock: 5", "stock: 7")
            .replace("price: 10", "price: 11")
            .replace("brand: Kiln\n", "")
            .replace("Old.", "New.")
            .replace("title: Mug", "title: Mug\nsubtitle: For tea, hot")
            + "";
        let theirs = theirs.replace(
            "    price: 11\n",
            "    price: 11\n  - sku: M-L\n    Size: L\n    price: 12\n",
        );
        let ours = "---\n# mine\nsku:   M\ntitle: {en: Mug, zh-CN: 杯}   # both\nprice: 89 # net\nstock: 5\nbrand: Kiln\ntags: [a]\nvariants:\n  axes: [Size]\n  items:\n    - {sku: M-S, Size: S, price: 10}\n---\nOld.\n";
        let result = merged(ours, base, &theirs);
        assert_eq!(result.conflicts, []);
        let wanted = "---\n# mine\nsku:   M\ntitle: {en: Mug, zh-CN: 杯}   # both\nsubtitle: For tea, hot\nprice: {list: 89, sale: 69} # net\nstock: 7\ntags: [a]\nvariants:\n  axes: [Size]\n  items:\n    - {sku: M-S, Size: S, price: 11}\n    - {sku: M-L, Size: L, price: 12}\n---\nNew.\n";
        assert_eq!(result.text.as_deref(), Some(wanted));
    }

    #[test]
    fn lists_are_replaced_however_they_are_written() {
        let base = "---\nsku: M\ntags:\n- x\nstock: 5\n---\n";
        let theirs = base.replace("- x\n", "- x\n- y\n");
        for (ours, wanted) in [
            (base, "---\nsku: M\ntags: [x, y]\nstock: 5\n---\n"),
            ("---\ntags: [x]\nsku: M\n---\n", "---\ntags: [x, y]\nsku: M\n---\n"),
            ("---\nsku: M\ntags: [ x ] # a\n---\n", "---\nsku: M\ntags: [x, y] # a\n---\n"),
            ("---\nsku: M\ntags:\n  - x\n---\n", "---\nsku: M\ntags: [x, y]\n---\n"),
            (
                "---\nsku: M\ntags:\n- x\n# mine\nstock: 5\n---\n",
                "---\nsku: M\ntags: [x, y]\n# mine\nstock: 5\n---\n",
            ),
            ("---\nsku: M\ntags: x\n---\n", "---\nsku: M\ntags: [x, y]\n---\n"),
        ] {
            let result = merged(ours, base, &theirs);
            assert_eq!(result.conflicts, [], "{ours}");
            assert_eq!(result.text.as_deref(), Some(wanted));
        }
    }

    #[test]
    fn what_holds_without_being_said_is_no_change_of_the_authors() {
        let base = "---\nsku: M\nbrand: Kiln\nvariants:\n  items:\n  - sku: A\n    price: 46\n  - sku: B\n    price: 46\n---\n";
        let theirs = base.replacen("46", "44", 1).replace("Kiln", "Other");
        let ours = "---\nsku: M\nprice: 46\nvariants:\n  items:\n  - sku: A\n  - sku: B\n---\n";
        let merge = |held: &str| {
            let file = SourcePath::new("content/products/a/index.md");
            let sides = Sides { ours, base: Some(base), theirs: &theirs, held: Some(held) };
            merge(&file, "en", sides)
        };
        let result = merge(base);
        assert_eq!(result.conflicts, []);
        let wanted = "---\nsku: M\nbrand: Other\nprice: 46\nvariants:\n  items:\n  - sku: A\n    price: 44\n  - sku: B\n---\n";
        assert_eq!(result.text.as_deref(), Some(wanted));
        // The shop's price is another one since.
        let fields = merge(&base.replace("46", "50")).conflicts;
        let fields: Vec<&str> = fields.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["variants.items.A.price"]);
    }

    #[test]
    fn a_variant_that_the_table_lost_stays_and_is_told() {
        let base = "---\nsku: M\nvariants:\n  items:\n  - sku: A\n  - sku: B\n---\nOne.\nTwo.\n";
        let result = merged(base, base, &base.replace("  - sku: B\n", ""));
        assert_eq!((result.text, result.gone), (None, vec!["B".to_owned()]));
        let result = merged(&base.replace("Two", "My"), base, &base.replace("Two", "Their"));
        let told = &result.conflicts[0];
        assert_eq!((told.at, &*told.ours, &*told.theirs), ((8, 1), "Two.", "Their."));
    }

    #[test]
    fn variants_are_added_to_lists_of_any_form() {
        let base = "---\nsku: M\nvariants:\n  items:\n  - sku: A\n---\n";
        let theirs = base.replace("  - sku: A\n", "  - sku: A\n  - sku: B\n");
        for (ours, wanted) in [
            (
                "items:\n  - {sku: A}\n  # mine\n---\n",
                "items:\n  - {sku: A}\n  - {sku: B}\n  # mine\n---\n",
            ),
            ("items: [{sku: A}]\n---\n", "items: [{sku: A}, {sku: B}]\n---\n"),
        ] {
            let lead = "---\nsku: M\nvariants:\n  ";
            let result = merged(&format!("{lead}{ours}"), base, &theirs);
            assert_eq!(result.conflicts, [], "{ours}");
            assert_eq!(result.text, Some(format!("{lead}{wanted}")));
        }
    }

    #[test]
    fn what_both_changed_is_a_conflict_and_stays() {
        let base = "---\nsku: M\ntitle: Mug\nstock: 5\n---\nOld.\n";
        let ours = "---\nsku: M\ntitle: My mug\nstock: 5\n---\nMine.\n";
        let theirs = "---\nsku: M\ntitle: Their mug\nstock: 6\n---\nTheirs.\n";
        let result = merged(ours, base, theirs);
        assert_eq!(
            result.text.as_deref(),
            Some("---\nsku: M\ntitle: My mug\nstock: 6\n---\nMine.\n")
        );
        let fields: Vec<(&str, (usize, usize))> =
            result.conflicts.iter().map(|one| (one.field.as_str(), one.at)).collect();
        assert_eq!(fields, [("title", (3, 8)), ("body", (6, 1))]);
        // Without a base nobody knows who changed it.
        let result = merged(ours, "", theirs);
        assert_eq!((result.text, result.conflicts.len()), (None, 3));
    }

    #[test]
    fn what_only_the_author_changed_stays() {
        let base = "---\r\nsku: M\r\ntitle: Mug\r\n---\r\n";
        let ours = "---\r\nsku: M\r\ntitle: Mine\r\nprice: 5\r\n---\r\nText.\r\n";
        let result = merged(ours, base, base);
        assert!(result.text.is_none() && result.conflicts.is_empty());
    }
}
