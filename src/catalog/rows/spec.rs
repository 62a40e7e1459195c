//! What a `*.rows.yaml` says: where the table is, and which of its columns are which fields.

use super::super::record;
use super::super::text::is_locale;
use crate::diag::{Diagnostic, Span};
use crate::source::fields::{At, Decoder, Fields};
use crate::source::table::{Column, Options, Table};
use crate::source::yaml::{Entry, Node, Value};

/// A row source.
pub(super) struct Spec {
    pub(super) source: At<String>,
    pub(super) options: Options,
    /// The column whose values tell products apart; without it each row is one.
    pub(super) group: Option<At<String>>,
    pub(super) only: Vec<Only>,
    pub(super) name: Option<How>,
    pub(super) category: Option<How>,
    pub(super) fields: Vec<Field>,
    pub(super) variants: Option<VariantSpec>,
    pub(super) locales: Vec<LocaleSpec>,
}

impl Spec {
    /// The columns that a product takes from its first row, by field.
    pub(super) fn columns(&self, table: &Table) -> Vec<(String, Column)> {
        let of = |field: &Field| match &field.how {
            How { take: Take::Column(name), all_rows: false, .. } => {
                Some((field.path.join("."), table.column(&name.value)?))
            }
            _ => None,
        };
        self.fields.iter().filter_map(of).collect()
    }

    /// Whether what groups rows is neither the title nor what addresses are made from.
    pub(super) fn grouped_by_code(&self) -> bool {
        let group = self.group.as_ref().map(|name| &name.value);
        let column = |how: &How| match &how.take {
            Take::Column(name) => Some(&name.value) == group,
            _ => false,
        };
        let names = ["title", "slug"];
        let named = |field: &&Field| field.path.len() == 1 && names.contains(&&*field.path[0]);
        let ours = self.fields.iter().filter(named).map(|field| &field.how);
        group.is_some() && !ours.chain(&self.name).any(column)
    }
}

/// Rows count only where a column has one of some values.
pub(super) struct Only {
    pub(super) column: At<String>,
    pub(super) values: Vec<String>,
}

/// Where a field's value comes from.
pub(super) struct Field {
    /// `price.list` is `price`, `list`.
    pub(super) path: Vec<String>,
    pub(super) at: Span,
    pub(super) how: How,
}

/// How a value is taken from a row.
pub(super) struct How {
    pub(super) take: Take,
    pub(super) change: Change,
    /// From all rows of a product, not just the first.
    pub(super) all_rows: bool,
}

/// What is taken.
pub(super) enum Take {
    Column(At<String>),
    /// Names, each with at most one `*`.
    Columns(Vec<At<String>>),
    Text(Vec<Piece>),
    /// The same for every row.
    Value(Node),
}

/// A part of a text.
pub(super) enum Piece {
    Plain(String),
    Column(At<String>),
}

/// What is done to a text before it counts.
#[derive(Clone, Default)]
pub(super) struct Change {
    pub(super) remove: String,
    pub(super) split: Option<String>,
    pub(super) map: Vec<(String, String)>,
    pub(super) words: bool,
    pub(super) basename: bool,
    pub(super) folder: Option<String>,
}

/// How rows become variants.
pub(super) struct VariantSpec {
    pub(super) axes: Vec<Axis>,
    pub(super) fields: Vec<Field>,
}

/// What variants differ in.
pub(super) struct Axis {
    pub(super) name: AxisName,
    pub(super) value: How,
}

/// An axis's name.
pub(super) enum AxisName {
    Fixed(String),
    Column(At<String>),
}

/// Another language.
pub(super) struct LocaleSpec {
    pub(super) locale: String,
    /// A table of its own, with the column that names the product.
    pub(super) table: Option<Other>,
    pub(super) fields: Vec<Field>,
    pub(super) options: Vec<OptionSpec>,
}

/// A table beside the main one.
pub(super) struct Other {
    pub(super) source: At<String>,
    pub(super) options: Options,
    pub(super) key: At<String>,
    pub(super) only: Vec<Only>,
}

/// An axis in another language.
pub(super) struct OptionSpec {
    pub(super) axis: String,
    pub(super) name: Option<String>,
    pub(super) values: Vec<(String, String)>,
    /// The column with the value's name, beside the value.
    pub(super) column: Option<At<String>>,
}

/// Fields of a product that have fields of their own.
const CONTAINERS: [&str; 6] = ["price", "facts", "shelf", "keywords", "channels", "evidence"];

/// Reads a row source; `None` when it does not say enough to read any row. Where products are to be `named`, it must say
/// what their SKU is.
pub(super) fn decode(decoder: &mut Decoder<'_>, root: &Node, named: bool) -> Option<Spec> {
    let mut fields = decoder.fields(root);
    let source = fields.take("source").and_then(|node| decoder.name(node));
    let spec = Spec {
        source: source.clone().unwrap_or_else(|| At::new(String::new(), root.span)),
        options: options(decoder, &mut fields),
        group: fields.take("group").and_then(|node| decoder.name(node)),
        only: fields.take("where").map(|node| only(decoder, node)).unwrap_or_default(),
        name: fields.take("name").and_then(|node| how(decoder, node)),
        category: fields.take("category").and_then(|node| how(decoder, node)),
        fields: fields.take("columns").map(|node| columns(decoder, node)).unwrap_or_default(),
        variants: fields.take("variants").and_then(|node| variants(decoder, node)),
        locales: fields.take("locales").map(|node| locales(decoder, node)).unwrap_or_default(),
    };
    decoder.finish(&fields);
    let has_sku =
        !named || spec.group.is_some() || spec.fields.iter().any(|field| field.path == ["sku"]);
    for (there, field) in [(source.is_some(), "source"), (has_sku, "columns.sku")] {
        if !there {
            let at = decoder.place(Span { end: root.span.start, ..root.span });
            decoder.say(Diagnostic::new("field/missing", at).with("field", field));
        }
    }
    (source.is_some() && has_sku).then_some(spec)
}

fn options(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> Options {
    let mut text =
        |node: Option<&Node>| node.and_then(|node| decoder.name(node)).map(|name| name.value);
    Options {
        sheet: text(fields.take("sheet")),
        items: text(fields.take("items")),
        header: fields
            .take("header")
            .and_then(|node| decoder.count(node))
            .map(|row| row.value as usize),
        heads: Vec::new(),
    }
}

fn only(decoder: &mut Decoder<'_>, node: &Node) -> Vec<Only> {
    let fields = decoder.fields(node);
    let mut all = Vec::new();
    for entry in fields.rest() {
        let values = decoder.names(&entry.node).unwrap_or_default();
        let values = values.into_iter().map(|value| value.value).collect();
        all.push(Only { column: At::new(entry.key.clone(), entry.key_span), values });
    }
    all
}

/// A product's fields, each checked to be one before any row is read.
fn columns(decoder: &mut Decoder<'_>, node: &Node) -> Vec<Field> {
    let mut found = Vec::new();
    for entry in decoder.fields(node).rest() {
        field(decoder, entry, &[], &mut found);
    }
    sound(decoder, found, |field| (field.path != ["body"]).then(|| probe(field)))
}

fn field(decoder: &mut Decoder<'_>, entry: &Entry, above: &[String], found: &mut Vec<Field>) {
    let mut path = above.to_vec();
    let whole_rest = |first: &str| matches!(first, "facts" | "evidence");
    match (above.first(), entry.key.split_once('.')) {
        (Some(first), _) if whole_rest(first) => path.push(entry.key.clone()),
        (None, Some((first, rest))) if whole_rest(first) => {
            path.extend([first.to_owned(), rest.to_owned()]);
        }
        _ => path.extend(entry.key.split('.').map(str::to_owned)),
    }
    if let Some(inner) = nested(&path, &entry.node) {
        for entry in inner {
            field(decoder, entry, &path, found);
        }
        return;
    }
    if path == ["price"] {
        path.push("list".to_owned());
    }
    if let Some(how) = how(decoder, &entry.node) {
        found.push(Field { path, at: entry.key_span, how });
    }
}

/// The entries of a map that holds fields, not the way to read one.
fn nested<'n>(path: &[String], node: &'n Node) -> Option<&'n [Entry]> {
    let Value::Map(entries) = &node.value else { return None };
    let takes = ["column", "columns", "text", "value"];
    let inside = path.first().is_some_and(|first| {
        first == "channels" || path.len() == 1 && CONTAINERS.contains(&first.as_str())
    });
    let locales = entries.iter().all(|entry| is_locale(&entry.key));
    let reads = entries.iter().any(|entry| takes.contains(&entry.key.as_str()));
    (!reads && (inside || locales)).then_some(entries)
}

/// Keeps the fields that a product has; the others' faults are told once, here.
fn sound(
    decoder: &mut Decoder<'_>,
    fields: Vec<Field>,
    example: impl Fn(&Field) -> Option<Node>,
) -> Vec<Field> {
    let mut kept: Vec<Field> = Vec::with_capacity(fields.len());
    for field in fields {
        let twice = kept.iter().find(|other| clash(&other.path, &field.path));
        if let Some(first) = twice {
            let fault = Diagnostic::new("rows/field-twice", decoder.place(field.at))
                .with("field", field.path.join("."))
                .also(decoder.place(first.at), "first-here");
            decoder.say(fault);
            continue;
        }
        let before = decoder.faults.len();
        if let Some(example) = example(&field) {
            record::decode_map(decoder, &example);
        }
        if decoder.faults.len() == before {
            kept.push(field);
        }
    }
    kept
}

fn clash(one: &[String], other: &[String]) -> bool {
    let short = one.len().min(other.len());
    // A column for each fact and facts by name add up.
    let adds = one[0] == "facts" && one.len() != other.len();
    one[..short] == other[..short] && !adds
}

/// The field in a map of its own, without a value unless it is the same for every row.
fn probe(field: &Field) -> Node {
    let value = match &field.how.take {
        Take::Value(node) => node.clone(),
        _ => Node { value: Value::Null, span: field.at },
    };
    let names: Vec<&str> = match field.path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["price", "now" | "was"] => vec!["price", "list"],
        // Variants have a part of their own.
        ["variants", ..] => vec!["columns.variants"],
        ref path => path.to_vec(),
    };
    names.iter().rev().fold(value, |node, name| Node {
        value: Value::Map(vec![Entry { key: (*name).to_owned(), key_span: field.at, node }]),
        span: field.at,
    })
}

fn variants(decoder: &mut Decoder<'_>, node: &Node) -> Option<VariantSpec> {
    let mut fields = decoder.fields(node);
    let axes = fields.take("options").map(|node| axes(decoder, node)).unwrap_or_default();
    if axes.is_empty() {
        let at = decoder.place(Span { end: node.span.start, ..node.span });
        decoder.say(Diagnostic::new("field/missing", at).with("field", "variants.options"));
        return None;
    }
    let mut found = Vec::new();
    for entry in fields.rest() {
        field(decoder, entry, &[], &mut found);
    }
    let map = |key: &str, node: Node| {
        let span = node.span;
        let entry = Entry { key: key.to_owned(), key_span: span, node };
        Node { value: Value::Map(vec![entry]), span }
    };
    let fields = sound(decoder, found, |field| {
        let items = Node { value: Value::List(vec![probe(field)]), span: field.at };
        Some(map("variants", map("items", items)))
    });
    Some(VariantSpec { axes, fields })
}

/// `{颜色: column}`, or `[{name: column, value: column}]`.
fn axes(decoder: &mut Decoder<'_>, node: &Node) -> Vec<Axis> {
    let mut axes = Vec::new();
    if let Value::List(items) = &node.value {
        for item in items {
            let mut fields = decoder.fields(item);
            let name = fields.take("name").and_then(|node| decoder.name(node));
            let value = fields.take("value").and_then(|node| how(decoder, node));
            decoder.finish(&fields);
            match (name, value) {
                (Some(name), Some(value)) => {
                    axes.push(Axis { name: AxisName::Column(name), value });
                }
                (name, _) => {
                    let field = if name.is_none() { "name" } else { "value" };
                    let at = decoder.place(item.span);
                    decoder.say(Diagnostic::new("field/missing", at).with("field", field));
                }
            }
        }
        return axes;
    }
    for entry in decoder.fields(node).rest() {
        if let Some(value) = how(decoder, &entry.node) {
            axes.push(Axis { name: AxisName::Fixed(entry.key.clone()), value });
        }
    }
    axes
}

fn locales(decoder: &mut Decoder<'_>, node: &Node) -> Vec<LocaleSpec> {
    let mut all = Vec::new();
    for entry in decoder.fields(node).rest() {
        if !is_locale(&entry.key) {
            let at = decoder.place(entry.key_span);
            decoder.say(Diagnostic::new("value/locale", at).with("found", &entry.key));
            continue;
        }
        let mut fields = decoder.fields(&entry.node);
        let table = fields.take("source").and_then(|node| decoder.name(node)).and_then(|source| {
            let options = options(decoder, &mut fields);
            let only = fields.take("where").map(|node| only(decoder, node)).unwrap_or_default();
            let Some(key) = fields.take("key").and_then(|node| decoder.name(node)) else {
                let at = decoder.place(entry.key_span);
                decoder.say(Diagnostic::new("field/missing", at).with("field", "key"));
                return None;
            };
            Some(Other { source, options, key, only })
        });
        let own = fields.take("source").is_some();
        let found = fields.take("columns").map(|node| columns(decoder, node)).unwrap_or_default();
        let options = fields.take("options").map(|node| option_names(decoder, node, own));
        decoder.finish(&fields);
        if table.is_some() || !own {
            let options = options.unwrap_or_default();
            all.push(LocaleSpec { locale: entry.key.clone(), table, fields: found, options });
        }
    }
    all
}

fn option_names(decoder: &mut Decoder<'_>, node: &Node, own_table: bool) -> Vec<OptionSpec> {
    let mut all = Vec::new();
    for entry in decoder.fields(node).rest() {
        let mut fields = decoder.fields(&entry.node);
        let name = fields.take("name").and_then(|node| decoder.name(node)).map(|name| name.value);
        let values = fields.take("values").map(|node| pairs(decoder, node)).unwrap_or_default();
        // Only the product's own rows have the value that the name belongs to.
        let column = if own_table { None } else { fields.take("column") };
        let column = column.and_then(|node| decoder.name(node));
        decoder.finish(&fields);
        all.push(OptionSpec { axis: entry.key.clone(), name, values, column });
    }
    all
}

fn pairs(decoder: &mut Decoder<'_>, node: &Node) -> Vec<(String, String)> {
    let fields = decoder.fields(node);
    let mut pairs = Vec::new();
    for entry in fields.rest() {
        let value = if entry.node.is_null() { None } else { decoder.text(&entry.node) };
        pairs.push((entry.key.clone(), value.map_or(String::new(), |value| value.value)));
    }
    pairs
}

/// A column's name, a list of names, or a map that says more.
fn how(decoder: &mut Decoder<'_>, node: &Node) -> Option<How> {
    let mut change = Change::default();
    let mut all_rows = false;
    let take = match &node.value {
        Value::Null => return None,
        Value::Scalar { .. } => Take::Column(decoder.name(node)?),
        Value::List(_) => Take::Columns(decoder.names(node)?),
        Value::Map(_) => {
            let mut fields = decoder.fields(node);
            let takes = [
                fields.take("column").and_then(|node| decoder.name(node)).map(Take::Column),
                fields.take("columns").and_then(|node| decoder.names(node)).map(Take::Columns),
                fields.take("text").and_then(|node| decoder.name(node)).map(|text| pieces(&text)),
                fields.take("value").map(|node| Take::Value(node.clone())),
            ];
            change = changes(decoder, &mut fields);
            let rows = fields.take("rows");
            let rows =
                rows.and_then(|node| decoder.choice(node, &[("first", false), ("all", true)]));
            all_rows = rows.is_some_and(|rows| rows.value);
            decoder.finish(&fields);
            let mut takes = takes.into_iter().flatten();
            let (Some(take), None) = (takes.next(), takes.next()) else {
                let at = decoder.place(node.span);
                decoder.say(Diagnostic::new("rows/how", at));
                return None;
            };
            take
        }
    };
    Some(How { take, change, all_rows })
}

fn changes(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>) -> Change {
    let basename = fields.take("file");
    let basename = basename.and_then(|node| decoder.choice(node, &[("basename", true)]));
    let words = fields.take("words").and_then(|node| decoder.truth(node));
    let folder = fields.take("folder").and_then(|node| decoder.name(node));
    // A blank may be what stands between words, so these two are not trimmed.
    let split = fields.take("split").and_then(Node::as_str).filter(|text| !text.is_empty());
    let remove = fields.take("remove").and_then(Node::as_str);
    Change {
        remove: remove.unwrap_or_default().to_owned(),
        split: split.map(str::to_owned),
        map: fields.take("map").map(|node| pairs(decoder, node)).unwrap_or_default(),
        words: words.is_some_and(|words| words.value),
        basename: basename.is_some(),
        folder: folder.map(|folder| folder.value.trim_end_matches('/').to_owned()),
    }
}

/// `{width} × {height} cm`: columns in braces.
fn pieces(text: &At<String>) -> Take {
    let mut pieces = Vec::new();
    let mut rest = text.value.as_str();
    while let Some((plain, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { break };
        pieces.push(Piece::Plain(plain.to_owned()));
        pieces.push(Piece::Column(At::new(name.trim().to_owned(), text.at)));
        rest = after;
    }
    pieces.push(Piece::Plain(rest.to_owned()));
    Take::Text(pieces)
}
