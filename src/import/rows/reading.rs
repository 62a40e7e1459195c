//! Products as the rows of a table say them, amounts and texts read forgivingly.

use std::collections::HashSet;

use super::super::sheet::{clean, forgiven, note, short};
use super::super::{Found, Kind, Note, Price, Product, Variant, amount, pieces, price};
use super::cells;
use super::values::{
    Sided, channels, columns, entries, json, list, named, one_line, paragraphs, pictures, places,
    put, shared_sku, single, text_of, words,
};
use crate::catalog::rows::{self, RawProduct, Source};
use crate::diag::Span;
use crate::source::yaml::{Entry, Node, Value};

/// Fields that are the same for all rows of a product.
const ONCE: [&str; 7] = ["title", "subtitle", "description", "body", "brand", "tags", "status"];

/// Products as they are made of a table.
pub(super) struct Reading<'s> {
    source: &'s Source,
    raw: &'s rows::Raw,
    lines: Vec<usize>,
    found: Found,
}

impl<'s> Reading<'s> {
    /// Of a table and what a row source made of it.
    pub(super) fn of(source: &'s Source, raw: &'s rows::Raw) -> Self {
        Self { source, raw, lines: source.table.lines(), found: Found::default() }
    }

    /// The line of the row that a place is in.
    fn line(&self, at: Span) -> usize {
        let rows = &self.source.table.rows;
        let behind = rows.partition_point(|row| row.at.start <= at.start);
        self.lines.get(behind.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// Takes everything that the row source gave.
    pub(super) fn read(mut self) -> Found {
        let faults = self.raw.faults.iter().cloned();
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            faults.partition(|one| one.file() == Some(&self.source.file));
        self.found.notes.extend(forgiven(&self.source.table, &here));
        // Rows of another language's table that speak of no product.
        let strange = elsewhere.iter().filter(|fault| fault.code == "rows/unmatched");
        self.found.notes.extend(strange.map(|fault| {
            let place = fault.file().map_or(String::new(), ToString::to_string);
            Note { place, ..note(0, Kind::Stray, fault.arg("found").unwrap_or_default()) }
        }));
        for product in &self.raw.products {
            self.product(product);
        }
        self.unused();
        self.differing();
        self.found
    }

    fn product(&mut self, raw: &RawProduct) {
        let line = raw.rows.first().map_or(0, |row| self.lines[*row]);
        let key = raw.key.clone().unwrap_or_default();
        let mut product = Product { line, ..Product::default() };
        let mut sided = Vec::new();
        for Entry { key, node, .. } in entries(&raw.own.fields) {
            self.field(&mut product, &mut sided, key, node);
        }
        if let Some(title) = self.shared_title(&raw.rows) {
            product.title = title;
        }
        if let [_] = raw.rows[..] {
            single(&mut product);
        }
        if product.sku.is_empty() && self.raw.grouped_by_code {
            product.sku.clone_from(&key);
        }
        if product.sku.is_empty() {
            product.sku = shared_sku(&product.variants);
        }
        if product.title.is_empty() && product.sku.is_empty() && key.is_empty() {
            let words: Vec<String> = raw.rows.iter().map(|row| self.words(*row)).collect();
            self.found.notes.extend(
                raw.rows
                    .iter()
                    .zip(words)
                    .map(|(row, words)| note(self.lines[*row], Kind::Stray, &words)),
            );
            return;
        }
        if product.handle.is_empty() {
            let name = raw.name.clone().or(raw.key.clone());
            product.handle = name.unwrap_or_else(|| product.sku.clone());
        }
        product.category.clone_from(&raw.category);
        for (locale, layer) in &raw.locales {
            for Entry { key, node, .. } in entries(&layer.fields) {
                put(&mut sided, locale, key, json(node));
            }
        }
        for (locale, mut matter) in sided {
            let body = matter.remove("body").map_or(String::new(), |body| text_of(&body));
            product.locales.push((locale, matter, body));
        }
        self.found.products.push(product);
    }

    /// What the titles of a product's rows have in common, where they end in what the variants differ in.
    fn shared_title(&self, rows: &[usize]) -> Option<String> {
        let (_, column) = self.raw.columns.iter().find(|(field, _)| field == "title")?;
        let table = &self.source.table;
        let cell =
            |row: &usize| table.cell(&table.rows[*row], column).map(|(text, _)| one_line(&text));
        let titles: Vec<String> = rows.iter().filter_map(cell).collect();
        let (first, others) = titles.split_first()?;
        let mut end = first.len();
        for other in others {
            let same = first.char_indices().zip(other.chars()).find(|((_, a), b)| a != b);
            end = end.min(same.map_or(first.len().min(other.len()), |((at, _), _)| at));
        }
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        // A word that was cut in two goes as a whole.
        let cut = titles.iter().any(|title| latin(title[end..].chars().next()));
        let mut common = &first[..end];
        if cut && latin(common.chars().next_back()) {
            common = common.rfind(' ').map_or("", |at| &common[..at]);
        }
        let common =
            common.trim_end_matches(|c: char| c.is_whitespace() || "-/|,，（([【·—".contains(c));
        (end < first.len() && common.chars().count() > 1).then(|| common.to_owned())
    }

    /// A field as front matter has it; what it says in other languages goes aside.
    fn field(&mut self, product: &mut Product, sided: &mut Sided, key: &str, node: &Node) {
        let texts = ["title", "subtitle", "description", "brand", "body"];
        let mut text = || match &node.value {
            Value::Map(entries) if texts.contains(&key) => {
                let (first, others) = entries.split_first()?;
                for other in others {
                    put(sided, &other.key, key, json(&other.node));
                }
                first.node.as_str().map(clean)
            }
            _ => Some(words(node)),
        };
        let name = product.title.clone();
        match key {
            "sku" => product.sku = text().unwrap_or_default(),
            "title" => product.title = one_line(&text().unwrap_or_default()),
            "subtitle" => product.subtitle = one_line(&text().unwrap_or_default()),
            "description" => product.description = one_line(&text().unwrap_or_default()),
            "brand" => product.brand = one_line(&text().unwrap_or_default()),
            "gtin" => product.gtin = text().unwrap_or_default().replace('\'', ""),
            "slug" => product.handle = text().unwrap_or_default(),
            "status" => product.status = text().unwrap_or_default().replace("on_shelf", ""),
            "tags" => product.tags = list(node),
            "price" => product.price = self.price(node, &name),
            "stock" => product.stock = self.stock(node, &name),
            "facts" => product.facts = named(node),
            "images" => product.pictures = pictures(node),
            "channels" => product.channels = channels(node),
            "body" => {
                let text = text().unwrap_or_default().replace("\r\n", "\n");
                if cells::is_html(&text) {
                    product.html = text;
                } else {
                    product.text = paragraphs(text.trim());
                }
            }
            "variants" => self.variants(product, node),
            _ => {
                product.more.insert(key.to_owned(), json(node));
            }
        }
    }

    fn variants(&mut self, product: &mut Product, node: &Node) {
        product.axes = node.get("axes").map(list).unwrap_or_default();
        let title = product.title.clone();
        let items = match node.get("items").map(|items| &items.value) {
            Some(Value::List(items)) => &items[..],
            _ => &[],
        };
        for item in items {
            let text = |key: &str| item.get(key).map_or(String::new(), words);
            let facts = item.get("facts").map(named).unwrap_or_default();
            let variant = Variant {
                sku: text("sku"),
                values: product.axes.iter().map(|axis| one_line(&text(axis))).collect(),
                price: item.get("price").map(|node| self.price(node, &title)).unwrap_or_default(),
                stock: item.get("stock").and_then(|node| self.stock(node, &title)),
                gtin: text("gtin").replace('\'', ""),
                picture: text("image"),
                facts,
                line: self.line(item.span),
            };
            product.variants.push(variant);
        }
    }

    fn price(&mut self, node: &Node, about: &str) -> Price {
        let part = |key: &str| match &node.value {
            Value::Map(_) => node.get(key).map_or(String::new(), words),
            _ if key == "list" => words(node),
            _ => String::new(),
        };
        let (list, sale) = (part("list"), part("sale"));
        for text in [&list, &sale] {
            if !text.is_empty() && amount(text).is_none() {
                let line = self.line(node.span);
                self.found.note(line, about, Kind::BadPrice, &short(text));
            }
        }
        let price = price(&list, &sale);
        if price.sale.is_empty() {
            return price;
        }
        Price { from: part("from"), to: part("to"), ..price }
    }

    fn stock(&mut self, node: &Node, about: &str) -> Option<u64> {
        let text = words(node);
        let count = pieces(&text);
        if count.is_none() && !text.is_empty() {
            let line = self.line(node.span);
            self.found.note(line, about, Kind::BadStock, &short(&text));
        }
        count
    }

    /// Rows of which nothing was taken.
    fn unused(&mut self) {
        let table = &self.source.table;
        let mut taken: HashSet<u32> = HashSet::new();
        let mut grouped: HashSet<usize> = HashSet::new();
        for product in &self.raw.products {
            places(&product.own.fields, &mut taken);
            let here = |layer: &&(String, rows::RawLayer)| layer.1.file == self.source.file;
            product.locales.iter().filter(here).for_each(|one| places(&one.1.fields, &mut taken));
            // A product's first row made it.
            taken.extend(product.rows.first().map(|row| table.rows[*row].at.start));
            grouped.extend(&product.rows);
        }
        let columns = columns(table);
        for (nth, row) in table.rows.iter().enumerate() {
            let used =
                |column| table.cell(row, column).is_some_and(|(_, at)| taken.contains(&at.start));
            if self.raw.strays.contains(&nth)
                || taken.contains(&row.at.start)
                || columns.iter().any(used)
            {
                continue;
            }
            let what = if grouped.contains(&nth) { Kind::Nothing } else { Kind::Excluded };
            let words = self.words(nth);
            self.found.notes.push(note(self.lines[nth], what, &words));
        }
    }

    /// Rows that say otherwise of their product than its first row does.
    fn differing(&mut self) {
        let table = &self.source.table;
        let once = |field: &str| ONCE.contains(&field) || field.starts_with("facts.");
        let shared = || self.raw.columns.iter().filter(|(field, _)| once(field));
        for raw in self.raw.products.iter().filter(|raw| raw.rows.len() > 1) {
            for (field, column) in shared() {
                let cell =
                    |row: &usize| table.cell(&table.rows[*row], column).map(|(text, _)| text);
                let first = raw.rows.first().and_then(cell);
                let other = raw.rows.iter().skip(1).find_map(|row| {
                    cell(row).filter(|text| Some(text) != first.as_ref()).map(|text| (row, text))
                });
                let mended = field == "title" && self.shared_title(&raw.rows).is_some();
                if let Some((row, text)) = other.filter(|_| !mended) {
                    let value = format!("{field}: {}", short(&text));
                    self.found.notes.push(note(self.lines[*row], Kind::Differs, &value));
                }
            }
        }
    }

    /// What stands in a row, for a note.
    fn words(&self, row: usize) -> String {
        let table = &self.source.table;
        let columns = columns(table);
        let texts = columns.iter().filter_map(|column| table.cell(&table.rows[row], column));
        texts.take(4).map(|(text, _)| text.into_owned()).collect::<Vec<_>>().join(" | ")
    }
}
