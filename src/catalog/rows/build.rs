//! Rows of one table, and of tables in other languages, made into products.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::super::money::Money;
use super::super::record;
use super::spec::{AxisName, Field, LocaleSpec, Only, Other, Spec, VariantSpec};
use super::value::{Lookup, Reader, Source};
use super::{Loose, RawLayer, RawProduct, RowLayer, RowProduct};
use crate::diag::{Diagnostic, Place, Span};
use crate::id::{Hash, SourcePath};
use crate::source::fields::{At, Decoder};
use crate::source::table::Column;
use crate::source::yaml::{Entry, Node, Value};

/// So many wrong names are compared with all right ones.
const MAX_NEAR: usize = 20;

/// Rows of one product, and the value they share.
struct Group {
    name: Option<String>,
    rows: Vec<usize>,
}

/// Fields with their columns found.
type Readers<'s> = Vec<(Vec<&'s str>, Reader<'s>)>;

/// Makes the products of the main table; `others` are the tables of `spec.locales` that have one.
pub(super) fn products(
    file: &SourcePath,
    spec: &Spec,
    main: &Source,
    others: &[Option<Arc<Source>>],
    faults: &mut Vec<Diagnostic>,
) -> Vec<RowProduct> {
    let mut products = Vec::new();
    each(file, spec, main, others, None, faults, |mut raw, faults| {
        if raw.own.fields.get("sku").is_none() {
            let Some(key) = &raw.key else {
                let at = Place::Bytes(main.file.clone(), raw.own.fields.span);
                faults.push(Diagnostic::new("field/missing", at).with("field", "sku"));
                return;
            };
            let sku = Node::text(key, raw.own.fields.span);
            if let Value::Map(entries) = &mut raw.own.fields.value {
                put(entries, &["sku"], sku);
            }
        }
        let sku = raw.own.fields.get("sku").and_then(Node::as_str).unwrap_or_default().to_owned();
        let own = decoded(raw.own, faults);
        let locales = raw.locales.into_iter().map(|(name, layer)| (name, decoded(layer, faults)));
        let locales = locales.collect();
        let slug = own.record.slug.as_ref().map(|slug| slug.value.clone());
        let name = slug.or(raw.name).or(raw.key).unwrap_or(sku);
        products.push(RowProduct { name, category: raw.category, own, locales });
    });
    products
}

/// What rows say, checked.
fn decoded(raw: RawLayer, faults: &mut Vec<Diagnostic>) -> RowLayer {
    let RawLayer { file, mut fields } = raw;
    let body = match &mut fields.value {
        Value::Map(entries) => take(entries, "body"),
        _ => None,
    };
    let body = body.and_then(|node| Some(At::new(node.as_str()?.to_owned(), node.span)));
    let mut said = Vec::with_capacity(1024);
    write(&mut said, &fields);
    let mut decoder = Decoder::new(&file);
    let record = Arc::new(record::decode_map(&mut decoder, &fields));
    faults.append(&mut decoder.faults);
    RowLayer { record, hash: Hash::of(&said), body, file }
}

/// Gives each product as its rows say it, nothing checked; `loose` as [`super::raw`] says.
pub(super) fn each(
    file: &SourcePath,
    spec: &Spec,
    main: &Source,
    others: &[Option<Arc<Source>>],
    loose: Option<&Loose>,
    faults: &mut Vec<Diagnostic>,
    mut give: impl FnMut(RawProduct, &mut Vec<Diagnostic>),
) {
    let mut lookup = Lookup { file, source: main, faults };
    let fields = readers(&mut lookup, &spec.fields);
    let category = spec.category.as_ref().and_then(|how| lookup.reader(how, false));
    let name = spec.name.as_ref().and_then(|how| lookup.reader(how, false));
    let variants = spec.variants.as_ref().map(|spec| Variants::find(&mut lookup, spec));
    let group = match &spec.group {
        Some(name) => match lookup.column(&name.value, name.at) {
            Some(column) => Some(column),
            None => return,
        },
        None => None,
    };
    let Some(groups) = groups(&mut lookup, group.as_ref(), loose, &spec.only) else { return };
    let locales: Vec<Locale<'_>> = spec
        .locales
        .iter()
        .zip(others)
        .filter_map(|(spec, other)| Locale::find(file, spec, main, other.as_deref(), faults))
        .collect();
    let mut keys: HashSet<String> = HashSet::with_capacity(groups.len());
    for Group { name: key, rows } in groups {
        let first = main.table.rows[rows[0]].at;
        let mut build =
            Build { source: main, entries: Vec::with_capacity(fields.len() + 1), faults };
        build.fields(&fields, &rows);
        let axes = match &variants {
            Some(variants) => build.variants(variants, &rows),
            None => Vec::new(),
        };
        let own = build.layer(first);
        let names = |reader: &Reader<'_>, faults: &mut _| texts(reader.read(main, &rows, faults));
        let category = category.as_ref().map(|reader| names(reader, faults)).unwrap_or_default();
        let name = name.as_ref().map(|reader| names(reader, faults).join(" "));
        let name = name.filter(|name| !name.is_empty());
        let sku = own.fields.get("sku").and_then(Node::as_str);
        let word = key.as_deref().or(sku).unwrap_or_default();
        if spec.locales.iter().any(|locale| locale.table.is_some()) {
            keys.insert(word.to_owned());
        }
        let locales = locales
            .iter()
            .filter_map(|locale| locale.layer(main, word, &rows, &axes, faults))
            .collect();
        give(RawProduct { key, name, category, own, locales, rows }, faults);
    }
    for locale in &locales {
        locale.unmatched(&keys, faults);
    }
}

fn readers<'s>(lookup: &mut Lookup<'_>, fields: &'s [Field]) -> Readers<'s> {
    let mut found = Vec::with_capacity(fields.len());
    for field in fields {
        if let Some(reader) = lookup.reader(&field.how, field.path == ["facts"]) {
            found.push((field.path.iter().map(String::as_str).collect(), reader));
        }
    }
    found
}

/// The rows of each product, products in the order of their first rows.
fn groups(
    lookup: &mut Lookup<'_>,
    group: Option<&Column>,
    loose: Option<&Loose>,
    only: &[Only],
) -> Option<Vec<Group>> {
    let source = lookup.source;
    let wanted = wanted(lookup, only)?;
    let mut groups: Vec<Group> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for nth in wanted {
        if loose.is_some_and(|loose| loose.strays.contains(&nth)) {
            continue;
        }
        let Some(column) = group else {
            groups.push(Group { name: None, rows: vec![nth] });
            continue;
        };
        let row = &source.table.rows[nth];
        let Some((name, _)) = source.table.cell(row, column) else {
            if let Some(loose) = loose {
                let title = loose.title.as_ref().and_then(|title| source.table.cell(row, title));
                match (title, groups.last_mut()) {
                    (None, Some(above)) => above.rows.push(nth),
                    _ => groups.push(Group { name: None, rows: vec![nth] }),
                }
                continue;
            }
            let at = Place::Bytes(source.file.clone(), row.at);
            let head = source.table.head(column);
            lookup.faults.push(Diagnostic::new("rows/no-group", at).with("column", head));
            continue;
        };
        if let Some(at) = known.get(&*name) {
            groups[*at].rows.push(nth);
        } else {
            known.insert(name.clone().into_owned(), groups.len());
            groups.push(Group { name: Some(name.into_owned()), rows: vec![nth] });
        }
    }
    Some(groups)
}

/// Rows that fit all conditions.
fn wanted(lookup: &mut Lookup<'_>, only: &[Only]) -> Option<Vec<usize>> {
    let table = &lookup.source.table;
    let mut rows: Vec<usize> = (0..table.rows.len()).collect();
    for one in only {
        let column = lookup.column(&one.column.value, one.column.at)?;
        rows.retain(|nth| {
            let cell = table.cell(&table.rows[*nth], &column);
            let text = cell.as_ref().map_or("", |(text, _)| text);
            one.values.iter().any(|value| value == text)
        });
    }
    Some(rows)
}

fn sorted(keys: &HashSet<String>) -> Vec<&str> {
    let mut sorted: Vec<&str> = keys.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted
}

fn texts(node: Option<Node>) -> Vec<String> {
    match node {
        Some(Node { value: Value::List(items), .. }) => {
            items.iter().filter_map(Node::as_str).map(str::to_owned).collect()
        }
        Some(node) => node.as_str().map(str::to_owned).into_iter().collect(),
        None => Vec::new(),
    }
}

/// What a product's variants differ in.
struct AxisValues {
    name: String,
    /// Each value, and the first row that has it.
    values: Vec<(String, usize)>,
}

/// A record's map while it is filled.
struct Build<'a> {
    source: &'a Source,
    entries: Vec<Entry>,
    faults: &'a mut Vec<Diagnostic>,
}

impl Build<'_> {
    fn fields(&mut self, fields: &Readers<'_>, rows: &[usize]) {
        let mut now = None;
        let mut was = None;
        for (path, reader) in fields {
            let Some(node) = reader.read(self.source, rows, self.faults) else { continue };
            match path[..] {
                ["price", "now"] => now = Some(node),
                ["price", "was"] => was = Some(node),
                _ => self.put(path, node),
            }
        }
        self.price(now, was);
    }

    /// What buyers pay now, and what they paid before, if that was more.
    fn price(&mut self, now: Option<Node>, was: Option<Node>) {
        let amount = |node: &Node| node.as_str().and_then(Money::parse);
        let before = was.as_ref().map(amount);
        match (now, was) {
            (Some(now), Some(was)) if before == Some(None) || before.flatten() > amount(&now) => {
                self.put(&["price", "list"], was);
                self.put(&["price", "sale"], now);
            }
            (Some(now), _) => self.put(&["price", "list"], now),
            (None, Some(was)) if before != Some(Some(Money(0))) => {
                self.put(&["price", "list"], was);
            }
            (None, _) => {}
        }
    }

    fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    fn put(&mut self, path: &[&str], node: Node) {
        put(&mut self.entries, path, node);
    }

    /// Adds the variants, and returns the axes.
    fn variants(&mut self, variants: &Variants<'_>, rows: &[usize]) -> Vec<AxisValues> {
        let mut axes: Vec<AxisValues> = Vec::new();
        let mut names: Vec<Node> = Vec::new();
        let mut items: Vec<Node> = Vec::new();
        let mut single: Vec<Entry> = Vec::new();
        for (nth, row) in rows.iter().enumerate() {
            let one = std::slice::from_ref(row);
            let outer = std::mem::take(&mut self.entries);
            let mut options = 0;
            for (axis, reader) in &variants.axes {
                let Some(value) = reader.read(self.source, one, self.faults) else { continue };
                let Some(name) = axis.name(self.source, *row) else { continue };
                let text = value.as_str().unwrap_or_default().to_owned();
                match axes.iter_mut().find(|axis| axis.name == name) {
                    Some(axis) if axis.values.iter().any(|(other, _)| *other == text) => {}
                    Some(axis) => axis.values.push((text, *row)),
                    None => {
                        names.push(Node::text(&name, value.span));
                        axes.push(AxisValues { name: name.clone(), values: vec![(text, *row)] });
                    }
                }
                options += 1;
                put(&mut self.entries, &[&name], value);
            }
            self.fields(&variants.fields, one);
            let entries = std::mem::replace(&mut self.entries, outer);
            // The product's own row, and rows that only add pictures, are no variants.
            let named = entries.iter().any(|entry| entry.key == "sku");
            if options > 0 || (nth > 0 && named) {
                let at = self.source.table.rows[*row].at;
                let span =
                    entries.iter().find(|entry| entry.key == "sku").map_or(at, |sku| sku.node.span);
                items.push(Node { value: Value::Map(entries), span });
            } else if nth == 0 {
                single = entries;
            }
        }
        let Some(span) = items.first().map(|item| item.span) else {
            self.single(single);
            return axes;
        };
        let list = |items| Node { value: Value::List(items), span };
        self.put(&["variants", "axes"], list(names));
        self.put(&["variants", "items"], list(items));
        axes
    }

    /// Without variants, what the row says of its one variant holds for the product.
    fn single(&mut self, entries: Vec<Entry>) {
        for Entry { key, key_span, node } in entries {
            let key = if key == "image" { "images".to_owned() } else { key };
            if self.get(&key).is_none() {
                self.entries.push(Entry { key, key_span, node });
            }
        }
    }

    /// Everything that was put in.
    fn layer(&mut self, at: Span) -> RawLayer {
        let fields = Node { value: Value::Map(std::mem::take(&mut self.entries)), span: at };
        RawLayer { file: self.source.file.clone(), fields }
    }
}

fn take(entries: &mut Vec<Entry>, key: &str) -> Option<Node> {
    let at = entries.iter().position(|entry| entry.key == key)?;
    Some(entries.remove(at).node)
}

fn put(entries: &mut Vec<Entry>, path: &[&str], node: Node) {
    let [first, rest @ ..] = path else { return };
    let at = entries.iter().position(|entry| entry.key == *first);
    if rest.is_empty() {
        match (at, node) {
            // Facts by columns and facts by name add up.
            (Some(at), Node { value: Value::Map(more), .. }) => {
                if let Value::Map(inner) = &mut entries[at].node.value {
                    inner.extend(more);
                }
            }
            (Some(_), _) => {}
            (None, node) => {
                entries.push(Entry { key: (*first).to_owned(), key_span: node.span, node });
            }
        }
        return;
    }
    let at = at.unwrap_or_else(|| {
        let span = node.span;
        let empty = Node { value: Value::Map(Vec::new()), span };
        entries.push(Entry { key: (*first).to_owned(), key_span: span, node: empty });
        entries.len() - 1
    });
    if let Value::Map(inner) = &mut entries[at].node.value {
        put(inner, rest, node);
    }
}

/// Keys and values in order, with their lengths; never places, which move when a row is put in above.
fn write(said: &mut Vec<u8>, node: &Node) {
    let mut count = |kind: u8, count: usize| {
        said.push(kind);
        said.extend_from_slice(&(count as u64).to_le_bytes());
    };
    match &node.value {
        Value::Null => count(0, 0),
        Value::Scalar { text, .. } => {
            count(1, text.len());
            said.extend_from_slice(text.as_bytes());
        }
        Value::List(items) => {
            count(2, items.len());
            for item in items {
                write(said, item);
            }
        }
        Value::Map(entries) => {
            count(3, entries.len());
            for entry in entries {
                said.extend_from_slice(&(entry.key.len() as u64).to_le_bytes());
                said.extend_from_slice(entry.key.as_bytes());
                write(said, &entry.node);
            }
        }
    }
}

/// How rows become variants, columns found.
struct Variants<'s> {
    axes: Vec<(Axis<'s>, Reader<'s>)>,
    fields: Readers<'s>,
}

enum Axis<'s> {
    Fixed(&'s str),
    Column(Column),
}

impl Axis<'_> {
    fn name(&self, source: &Source, row: usize) -> Option<String> {
        match self {
            Axis::Fixed(name) => Some((*name).to_owned()),
            Axis::Column(column) => {
                let cell = source.table.cell(&source.table.rows[row], column);
                cell.map(|(name, _)| name.into_owned())
            }
        }
    }
}

impl<'s> Variants<'s> {
    fn find(lookup: &mut Lookup<'_>, spec: &'s VariantSpec) -> Self {
        let mut axes = Vec::new();
        for axis in &spec.axes {
            let name = match &axis.name {
                AxisName::Fixed(name) => Some(Axis::Fixed(name)),
                AxisName::Column(name) => lookup.column(&name.value, name.at).map(Axis::Column),
            };
            let value = lookup.reader(&axis.value, false);
            axes.extend(name.zip(value));
        }
        Self { axes, fields: readers(lookup, &spec.fields) }
    }
}

/// The rows of a table by the product they speak of.
struct Keyed {
    column: Column,
    rows: HashMap<String, Vec<usize>>,
}

/// Another language, columns found.
struct Locale<'a> {
    spec: &'a LocaleSpec,
    fields: Readers<'a>,
    /// The table of its own, and the rows of each product in it.
    other: Option<(&'a Source, Keyed)>,
    /// Columns with names of option values.
    values: Vec<Option<Column>>,
}

impl<'a> Locale<'a> {
    fn find(
        file: &'a SourcePath,
        spec: &'a LocaleSpec,
        main: &'a Source,
        other: Option<&'a Source>,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let source = if spec.table.is_some() { other? } else { main };
        let mut lookup = Lookup { file, source, faults };
        let fields = readers(&mut lookup, &spec.fields);
        let mut values = Vec::with_capacity(spec.options.len());
        for option in &spec.options {
            let column = option.column.as_ref();
            values.push(column.and_then(|name| lookup.column(&name.value, name.at)));
        }
        let other = match &spec.table {
            Some(table) => Some((source, Self::index(&mut lookup, table)?)),
            None => None,
        };
        Some(Self { spec, fields, other, values })
    }

    /// The rows of each product.
    fn index(lookup: &mut Lookup<'_>, spec: &Other) -> Option<Keyed> {
        let source = lookup.source;
        let column = lookup.column(&spec.key.value, spec.key.at)?;
        let mut index: HashMap<String, Vec<usize>> = HashMap::new();
        for nth in wanted(lookup, &spec.only)? {
            let Some((key, _)) = source.table.cell(&source.table.rows[nth], &column) else {
                continue;
            };
            index.entry(key.into_owned()).or_default().push(nth);
        }
        Some(Keyed { column, rows: index })
    }

    /// Rows of the other table that speak of no product here.
    fn unmatched(&self, keys: &HashSet<String>, faults: &mut Vec<Diagnostic>) {
        let Some((source, keyed)) = &self.other else { return };
        let strange = keyed.rows.iter().filter(|(key, _)| !keys.contains(*key));
        let mut rows: Vec<usize> = strange.flat_map(|(_, rows)| rows.iter().copied()).collect();
        rows.sort_unstable();
        for (nth, row) in rows.into_iter().enumerate() {
            let cell = source.table.cell(&source.table.rows[row], &keyed.column);
            let Some((key, at)) = cell else { continue };
            let at = Place::Bytes(source.file.clone(), at);
            let fault = Diagnostic::new("rows/unmatched", at).with("found", &key);
            // Looking for a near name takes time, and a whole column of them is no slip.
            let near = if nth < MAX_NEAR { sorted(keys) } else { Vec::new() };
            faults.push(fault.near(&key, near));
        }
    }

    /// What is said of one product.
    fn layer(
        &self,
        main: &Source,
        key: &str,
        rows: &[usize],
        axes: &[AxisValues],
        faults: &mut Vec<Diagnostic>,
    ) -> Option<(String, RawLayer)> {
        let none = Vec::new();
        let (source, own) = match &self.other {
            Some((source, index)) => (*source, index.rows.get(key).unwrap_or(&none).as_slice()),
            None => (main, rows),
        };
        let at = source.table.rows.get(*own.first()?)?.at;
        let mut build = Build { source, entries: Vec::new(), faults };
        build.fields(&self.fields, own);
        self.options(&mut build, main, axes, at);
        if build.entries.is_empty() {
            return None;
        }
        Some((self.spec.locale.clone(), build.layer(at)))
    }

    /// Names of the product's own axes and values.
    fn options(&self, build: &mut Build<'_>, main: &Source, axes: &[AxisValues], at: Span) {
        for (option, column) in self.spec.options.iter().zip(&self.values) {
            let Some(axis) = axes.iter().find(|axis| axis.name == option.axis) else { continue };
            if let Some(name) = &option.name {
                build.put(&["options", &axis.name, "name"], Node::text(name, at));
            }
            for (value, row) in &axis.values {
                let beside = column
                    .as_ref()
                    .and_then(|column| main.table.get(&main.table.rows[*row], column));
                let listed = option.values.iter().find(|(from, _)| from == value);
                let named = listed.map(|(_, name)| Node::text(name, at));
                if let Some(node) = beside.or(named) {
                    build.put(&["options", &axis.name, "values", value], node);
                }
            }
        }
    }
}
