//! A profile's YAML, typed; whatever does not fit is a finding with its place.

use jiff::civil::Date;

use super::limit::{Confidence, Limit, Preset, Source, TitleRule};
use super::profile::{
    CategoryRule, Column, Encoding, File, Folder, Format, Formulas, Header, Layout, MoneyForm,
    Newline, Pack, Part, PriceWords, Profile, Quote, Xml,
};
use super::value::{self, Expression, Fault};
use crate::diag::{Diagnostic, Place, Span};
use crate::id::{Hash, SourcePath};
use crate::source::fields::{Decoder, Fields, shorten};
use crate::source::yaml::{Node, Value};
use crate::text::units::Unit;

const CONFIDENCE: [(&str, Confidence); 4] =
    [("A", Confidence::A), ("B", Confidence::B), ("C", Confidence::C), ("M", Confidence::M)];
const FORMATS: [(&str, Format); 6] = [
    ("csv", Format::Csv),
    ("tsv", Format::Csv),
    ("xlsx", Format::Xlsx),
    ("xml", Format::Xml),
    ("json", Format::Json),
    ("jsonl", Format::Jsonl),
];
const ENCODINGS: [(&str, Encoding); 5] = [
    ("utf-8", Encoding::Utf8),
    ("utf-8-bom", Encoding::Utf8Bom),
    ("utf-16le-bom", Encoding::Utf16LeBom),
    ("gbk", Encoding::Gbk),
    ("gb18030", Encoding::Gb18030),
];
const QUOTES: [(&str, Quote); 3] =
    [("necessary", Quote::Necessary), ("always", Quote::Always), ("never", Quote::Never)];
const NEWLINES: [(&str, Newline); 2] = [("lf", Newline::Lf), ("crlf", Newline::Crlf)];
const HEADERS: [(&str, Header); 4] = [
    ("keys", Header::Keys),
    ("labels", Header::Labels),
    ("keys+labels", Header::Both),
    ("none", Header::None),
];
const LAYOUTS: [(&str, Layout); 4] = [
    ("product", Layout::Product),
    ("variant", Layout::Variant),
    ("parent+variants", Layout::ParentVariants),
    ("variants+pictures", Layout::VariantPictures),
];
const MONEY: [(&str, MoneyForm); 3] = [
    ("decimal", MoneyForm::Decimal),
    ("decimal_currency", MoneyForm::Currency),
    ("minor", MoneyForm::Minor),
];
const FORMULAS: [(&str, Formulas); 3] =
    [("guard", Formulas::Guard), ("keep", Formulas::Keep), ("harmless", Formulas::Harmless)];
/// Pixels across of a page that is drawn.
const PAGES: std::ops::RangeInclusive<u64> = 300..=1500;
const WITHOUT: [&str; 2] = ["title", "brand"];
const PARTS: [(&str, Part); 5] = [
    ("first", Part::First),
    ("parent", Part::Parent),
    ("single", Part::Single),
    ("variant", Part::Variant),
    ("picture", Part::Picture),
];

/// Reads a whole profile.
pub(super) fn profile(
    name: &str,
    file: &SourcePath,
    root: &Node,
    faults: &mut Vec<Diagnostic>,
) -> Profile {
    let mut reader = Reader { decoder: Decoder::new(file) };
    let mut profile = reader.profile(name, root);
    profile.hash = Hash::of_value(&profile);
    faults.append(&mut reader.decoder.faults);
    profile
}

struct Reader<'a> {
    decoder: Decoder<'a>,
}

impl Reader<'_> {
    fn profile(&mut self, name: &str, root: &Node) -> Profile {
        let mut fields = self.decoder.fields(root);
        fields.take("extends");
        let mut profile = Profile {
            name: name.to_owned(),
            label: self.pairs(fields.take("name")),
            version: self.word(fields.take("version")).unwrap_or_default(),
            language: self.word(fields.take("language")),
            off_shelf: fields
                .take("off_shelf")
                .and_then(|node| self.decoder.truth(node))
                .is_some_and(|found| found.value),
            title: fields.take("title").and_then(|node| self.title(node)),
            composed: self.composed(fields.take("composed")),
            price: fields.take("price").map(|node| self.price(node)).unwrap_or_default(),
            max_options: self.number(fields.take("max_options")).map(|most| most as usize),
            category: fields.take("category").map(|node| self.category(node)).unwrap_or_default(),
            settings: self.pairs(fields.take("settings")),
            max_removed: self.number(fields.take("max_removed")).map_or(30, |n| n.min(100) as u8),
            pictures: self.presets(fields.take("pictures")),
            folder: fields.take("folder").and_then(|node| self.folder(node)),
            files: Vec::new(),
            pack: fields.take("pack").and_then(|node| self.pack(node)),
            at: Place::File(self.decoder.file.clone()),
            hash: Hash::ABSENT,
        };
        match fields.take("files") {
            Some(node) => {
                let files = self.decoder.fields(node);
                profile.files = files.rest().map(|entry| self.file(&entry.node)).collect();
            }
            None => self.missing("files", root.span),
        }
        self.decoder.finish(&fields);
        let columns: Vec<&str> = profile
            .files
            .iter()
            .flat_map(|file| file.columns.iter().map(|column| column.key.as_str()))
            .collect();
        for (word, named) in
            [("regular", &profile.price.regular), ("reduced", &profile.price.reduced)]
        {
            let Some(named) = named.as_deref().filter(|named| !columns.contains(named)) else {
                continue;
            };
            let at = root.get("price").and_then(|node| node.get(word));
            let place = self.decoder.place(at.map_or(root.span, |node| node.span));
            let fault = Diagnostic::new("profile/column", place).with("found", named);
            self.decoder.say(fault.near(named, columns.iter().copied()));
        }
        profile
    }

    fn word(&mut self, node: Option<&Node>) -> Option<String> {
        node.and_then(|node| self.decoder.name(node)).map(|word| word.value)
    }

    /// A text as written, blanks and all: a separator may be a blank.
    fn raw(node: Option<&Node>) -> Option<String> {
        node.and_then(Node::as_str).map(str::to_owned)
    }

    fn number(&mut self, node: Option<&Node>) -> Option<u64> {
        node.and_then(|node| self.decoder.count(node)).map(|number| number.value)
    }

    fn choice<T: Copy>(&mut self, node: Option<&Node>, choices: &[(&'static str, T)]) -> Option<T> {
        node.and_then(|node| self.decoder.choice(node, choices)).map(|found| found.value)
    }

    fn words(&mut self, node: Option<&Node>) -> Vec<String> {
        let names = node.and_then(|node| self.decoder.names(node)).unwrap_or_default();
        names.into_iter().map(|name| name.value).collect()
    }

    fn pairs(&mut self, node: Option<&Node>) -> Vec<(String, String)> {
        let Some(node) = node else { return Vec::new() };
        let fields = self.decoder.fields(node);
        let mut pairs = Vec::new();
        for entry in fields.rest() {
            let text = self.decoder.text(&entry.node).map(|text| text.value);
            pairs.push((entry.key.clone(), text.unwrap_or_default()));
        }
        pairs
    }

    fn missing(&mut self, field: &'static str, span: Span) {
        let place = self.decoder.place(span);
        self.decoder.say(Diagnostic::new("field/missing", place).with("field", field));
    }

    /// Where a fact is known from: a limit nobody can check is worth nothing.
    fn source(&mut self, fields: &mut Fields<'_>, span: Span) -> Source {
        let source = self.word(fields.take("source"));
        let seen = fields.take("seen").and_then(|node| {
            let text = self.decoder.name(node)?;
            let day = if text.value.len() == 7 {
                format!("{}-01", text.value)
            } else {
                text.value.clone()
            };
            if day.parse::<Date>().is_err() {
                let fault = Diagnostic::new("value/date", self.decoder.place(text.at));
                self.decoder.say(fault.with("found", &text.value));
            }
            Some(text.value)
        });
        let confidence = self.choice(fields.take("confidence"), &CONFIDENCE);
        for (field, there) in [
            ("source", source.is_some()),
            ("seen", seen.is_some()),
            ("confidence", confidence.is_some()),
        ] {
            if !there {
                self.missing(field, span);
            }
        }
        Source {
            source: source.unwrap_or_default(),
            seen: seen.unwrap_or_default(),
            confidence: confidence.unwrap_or(Confidence::M),
        }
    }

    fn unit(&mut self, node: Option<&Node>) -> Option<Unit> {
        let units: Vec<(&'static str, Unit)> =
            Unit::ALL.into_iter().map(|unit| (unit.name(), unit)).collect();
        self.choice(node, &units)
    }

    fn title(&mut self, node: &Node) -> Option<TitleRule> {
        let mut fields = self.decoder.fields(node);
        let unit = fields.take("unit");
        let rule = TitleRule {
            unit: self.unit(unit).unwrap_or(Unit::Chars),
            max: self.number(fields.take("max")).unwrap_or(0) as usize,
            min: self.number(fields.take("min")).map(|min| min as usize),
            visible: self.number(fields.take("visible")).map(|most| most as usize),
            separator: Self::raw(fields.take("separator")).unwrap_or_default(),
            start: self.words(fields.take("start")),
            repeat: self.number(fields.take("repeat")).map_or(1, |times| times as usize),
            compose: fields
                .take("compose")
                .and_then(|node| self.decoder.truth(node))
                .is_none_or(|compose| compose.value),
            without: self.without(fields.take("without")),
            lower: self.yes(fields.take("lower")),
            list: self.yes(fields.take("list")),
            emoji: fields
                .take("emoji")
                .and_then(|node| self.decoder.truth(node))
                .is_none_or(|emoji| emoji.value),
            packs: self.words(fields.take("packs")),
            source: self.source(&mut fields, node.span),
        };
        self.decoder.finish(&fields);
        if unit.is_none() {
            self.missing("unit", node.span);
        }
        if rule.max == 0 {
            self.missing("max", node.span);
            return None;
        }
        Some(rule)
    }

    fn composed(&mut self, node: Option<&Node>) -> Vec<(String, TitleRule)> {
        let Some(node) = node else { return Vec::new() };
        let fields = self.decoder.fields(node);
        let rules =
            fields.rest().filter_map(|entry| Some((entry.key.clone(), self.title(&entry.node)?)));
        rules.collect()
    }

    fn without(&mut self, node: Option<&Node>) -> Vec<String> {
        let names = node.and_then(|node| self.decoder.names(node)).unwrap_or_default();
        for name in names.iter().filter(|name| !WITHOUT.contains(&name.value.as_str())) {
            let fault = Diagnostic::new("value/choice", self.decoder.place(name.at))
                .with("found", &name.value)
                .with("choices", WITHOUT.join(", "))
                .near(&name.value, WITHOUT);
            self.decoder.say(fault);
        }
        names.into_iter().map(|name| name.value).collect()
    }

    fn yes(&mut self, node: Option<&Node>) -> bool {
        node.and_then(|node| self.decoder.truth(node)).is_some_and(|found| found.value)
    }

    fn limits(&mut self, node: &Node) -> Vec<Limit> {
        match &node.value {
            Value::List(items) => items.iter().map(|item| self.limit(item)).collect(),
            _ => vec![self.limit(node)],
        }
    }

    fn limit(&mut self, node: &Node) -> Limit {
        let mut fields = self.decoder.fields(node);
        let limit = Limit {
            unit: self.unit(fields.take("unit")),
            min: self.number(fields.take("min")).map(|min| min as usize),
            max: self.number(fields.take("max")).map(|max| max as usize),
            from: fields.take("from").and_then(|node| self.day(node)),
            to: fields.take("to").and_then(|node| self.day(node)),
            source: self.source(&mut fields, node.span),
        };
        self.decoder.finish(&fields);
        if limit.min.is_none() && limit.max.is_none() {
            self.missing("max", node.span);
        }
        limit
    }

    fn day(&mut self, node: &Node) -> Option<Date> {
        let text = self.decoder.name(node)?;
        let day = text.value.parse().ok();
        if day.is_none() {
            let fault = Diagnostic::new("value/date", self.decoder.place(text.at));
            self.decoder.say(fault.with("found", shorten(&text.value)));
        }
        day
    }

    fn price(&mut self, node: &Node) -> PriceWords {
        let mut fields = self.decoder.fields(node);
        let words = PriceWords {
            regular: self.word(fields.take("regular")),
            reduced: self.word(fields.take("reduced")),
        };
        self.decoder.finish(&fields);
        words
    }

    fn category(&mut self, node: &Node) -> CategoryRule {
        let mut fields = self.decoder.fields(node);
        let required = fields.take("required").and_then(|node| self.decoder.truth(node));
        let rule = CategoryRule {
            required: required.is_some_and(|required| required.value),
            taxonomy: self.word(fields.take("taxonomy")),
        };
        self.decoder.finish(&fields);
        rule
    }

    /// Pixels across of a drawn page.
    fn page(&mut self, node: Option<&Node>) -> Option<u32> {
        let node = node?;
        let across = self.number(Some(node))?;
        if PAGES.contains(&across) {
            return u32::try_from(across).ok();
        }
        let fault = Diagnostic::new("poster/range", self.decoder.place(node.span));
        self.decoder.say(
            fault.with("found", across).with("least", PAGES.start()).with("most", PAGES.end()),
        );
        None
    }

    fn presets(&mut self, node: Option<&Node>) -> Vec<(String, Preset)> {
        let Some(node) = node else { return Vec::new() };
        let roles = self.decoder.fields(node);
        let mut presets = Vec::new();
        for entry in roles.rest() {
            let mut fields = self.decoder.fields(&entry.node);
            let no_text = fields.take("no_text").and_then(|node| self.decoder.truth(node));
            let preset = Preset {
                count_min: self.number(fields.take("count_min")).map(|n| n as u32),
                count_max: self.number(fields.take("count_max")).map(|n| n as u32),
                size: fields.take("size").and_then(|node| self.pair(node)),
                min: fields.take("min").and_then(|node| self.pair(node)),
                max: fields.take("max").and_then(|node| self.pair(node)),
                best: fields.take("best").and_then(|node| self.pair(node)),
                ratio: fields.take("ratio").and_then(|node| self.pair(node)),
                min_bytes: self.number(fields.take("min_bytes")),
                max_bytes: self.number(fields.take("max_bytes")),
                formats: self.words(fields.take("formats")),
                background: self.word(fields.take("background")),
                fill: self.number(fields.take("fill")).map(|n| n as u32),
                no_text: no_text.is_some_and(|found| found.value),
                page: self.page(fields.take("page")),
                source: Some(self.source(&mut fields, entry.node.span)),
            };
            self.decoder.finish(&fields);
            presets.push((entry.key.clone(), preset));
        }
        presets
    }

    /// `[800, 800]`.
    fn pair(&mut self, node: &Node) -> Option<(u32, u32)> {
        let items = self.decoder.list(node);
        let numbers: Vec<u64> = items
            .iter()
            .filter_map(|item| self.decoder.count(item))
            .map(|number| number.value)
            .collect();
        if let [across, down] = numbers[..] {
            return Some((across as u32, down as u32));
        }
        self.decoder.wrong(node, "two-numbers");
        None
    }

    fn folder(&mut self, node: &Node) -> Option<Folder> {
        let mut fields = self.decoder.fields(node);
        let path = fields.take("path");
        let role = self.word(fields.take("role"));
        let found = self.path(path, node.span);
        let roles = fields.take("roles");
        let roles = roles.and_then(|node| self.path(Some(node), node.span));
        self.decoder.finish(&fields);
        Some(Folder { path: found?, role: role.unwrap_or_else(|| "main".to_owned()), roles })
    }

    fn pack(&mut self, node: &Node) -> Option<Pack> {
        let mut fields = self.decoder.fields(node);
        let path = self.path(fields.take("path"), node.span);
        let tables = fields.take("tables").and_then(|node| self.decoder.truth(node));
        self.decoder.finish(&fields);
        Some(Pack { path: path?, tables: tables.is_none_or(|tables| tables.value) })
    }

    /// A file's name within the channel's folder.
    fn path(&mut self, node: Option<&Node>, span: Span) -> Option<String> {
        let Some(node) = node else {
            self.missing("path", span);
            return None;
        };
        let path = self.decoder.name(node)?;
        let parts = path.value.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if parts && !path.value.contains(['\\', ':', '\0']) {
            return Some(path.value);
        }
        let fault = Diagnostic::new("path/outside", self.decoder.place(path.at));
        self.decoder.say(fault.with("found", &path.value));
        None
    }

    fn file(&mut self, node: &Node) -> File {
        let mut fields = self.decoder.fields(node);
        let format_node = fields.take("format");
        let format = self.choice(format_node, &FORMATS);
        if format_node.is_none() {
            self.missing("format", node.span);
        }
        let tabs = format_node.and_then(Node::as_str) == Some("tsv");
        let path = self.path(fields.take("path"), node.span);
        let delimiter = Self::raw(fields.take("delimiter"));
        let preamble = fields.take("preamble");
        let preamble = preamble.map(|node| self.decoder.list(node)).unwrap_or_default();
        let mut file = File {
            path: path.unwrap_or_default(),
            format: format.unwrap_or(Format::Csv),
            encoding: self.choice(fields.take("encoding"), &ENCODINGS).unwrap_or(Encoding::Utf8),
            delimiter: match delimiter.as_deref() {
                None if tabs => '\t',
                Some("tab") => '\t',
                given => given.and_then(|text| text.chars().next()).unwrap_or(','),
            },
            quote: self.choice(fields.take("quote"), &QUOTES).unwrap_or(Quote::Necessary),
            newline: self.choice(fields.take("newline"), &NEWLINES).unwrap_or(Newline::Lf),
            preamble: preamble.iter().filter_map(|line| Self::raw(Some(line))).collect(),
            header: self.choice(fields.take("header"), &HEADERS).unwrap_or(Header::Keys),
            rows: self.choice(fields.take("rows"), &LAYOUTS).unwrap_or(Layout::Variant),
            money: self.choice(fields.take("money"), &MONEY).unwrap_or(MoneyForm::Decimal),
            formulas: self.choice(fields.take("formulas"), &FORMULAS).unwrap_or(Formulas::Harmless),
            xml: fields.take("xml").map(|node| self.xml(node)),
            sheet: self.word(fields.take("sheet")),
            columns: Vec::new(),
        };
        match fields.take("columns") {
            Some(node) => {
                let columns = self.decoder.fields(node);
                file.columns =
                    columns.rest().map(|entry| self.column(&entry.key, &entry.node)).collect();
            }
            None => self.missing("columns", node.span),
        }
        self.decoder.finish(&fields);
        if file.format == Format::Xml && file.xml.is_none() {
            self.missing("xml", node.span);
        }
        file
    }

    fn xml(&mut self, node: &Node) -> Xml {
        let mut fields = self.decoder.fields(node);
        let head = fields.take("head");
        let mut xml = Xml {
            root: self.word(fields.take("root")).unwrap_or_default(),
            attributes: self.pairs(fields.take("attributes")),
            list: self.word(fields.take("list")),
            head: Vec::new(),
            item: self.word(fields.take("item")).unwrap_or_default(),
            prefix: self.word(fields.take("prefix")).unwrap_or_default(),
        };
        if let Some(head) = head {
            let entries = self.decoder.fields(head);
            for entry in entries.rest() {
                if let Some(value) = self.expression(&entry.node) {
                    xml.head.push((entry.key.clone(), value));
                }
            }
        }
        self.decoder.finish(&fields);
        for (field, empty) in [("root", xml.root.is_empty()), ("item", xml.item.is_empty())] {
            if empty {
                self.missing(field, node.span);
            }
        }
        xml
    }

    /// A column: a map, or only what it shows.
    fn column(&mut self, key: &str, node: &Node) -> Column {
        let mut column = Column {
            key: key.to_owned(),
            label: key.to_owned(),
            value: Vec::new(),
            on: Vec::new(),
            required: false,
            join: ",".to_owned(),
            words: Vec::new(),
            money: None,
            date: None,
            one_line: false,
            escape: None,
            limits: Vec::new(),
        };
        if !matches!(node.value, Value::Map(_)) {
            column.value = self.expressions(node);
            return column;
        }
        let mut fields = self.decoder.fields(node);
        if let Some(label) = Self::raw(fields.take("label")) {
            column.label = label;
        }
        if let Some(text) = Self::raw(fields.take("text")) {
            column.value.push(Expression::Text(text));
        }
        if let Some(node) = fields.take("value") {
            let mut value = self.expressions(node);
            value.append(&mut column.value);
            column.value = value;
        }
        if let Some(node) = fields.take("on") {
            let single = std::slice::from_ref(node);
            let items =
                if matches!(node.value, Value::List(_)) { self.decoder.list(node) } else { single };
            let parts: Vec<Part> =
                items.iter().filter_map(|item| self.choice(Some(item), &PARTS)).collect();
            column.on = parts;
        }
        let required = fields.take("required").and_then(|node| self.decoder.truth(node));
        column.required = required.is_some_and(|required| required.value);
        if let Some(join) = Self::raw(fields.take("join")) {
            column.join = join;
        }
        column.words = self.pairs(fields.take("words"));
        column.money = self.choice(fields.take("money"), &MONEY);
        column.date = Self::raw(fields.take("date"));
        let one_line = fields.take("one_line").and_then(|node| self.decoder.truth(node));
        column.one_line = one_line.is_some_and(|found| found.value);
        column.escape = Self::raw(fields.take("escape")).and_then(|text| text.chars().next());
        if let Some(node) = fields.take("limit") {
            column.limits = self.limits(node);
        }
        self.decoder.finish(&fields);
        column
    }

    fn expressions(&mut self, node: &Node) -> Vec<Expression> {
        match &node.value {
            Value::Null => Vec::new(),
            Value::List(items) => items.iter().filter_map(|item| self.expression(item)).collect(),
            _ => self.expression(node).into_iter().collect(),
        }
    }

    fn expression(&mut self, node: &Node) -> Option<Expression> {
        let text = self.decoder.name(node)?;
        let place = self.decoder.place(text.at);
        match value::parse(&text.value) {
            Ok(expression) => Some(expression),
            Err(Fault::Unknown(name)) => {
                let fault = Diagnostic::new("profile/value", place).with("found", shorten(&name));
                self.decoder.say(fault.near(&name, value::names()));
                None
            }
            Err(Fault::Brackets(right)) => {
                let fault = Diagnostic::new("profile/brackets", place)
                    .with("found", shorten(&text.value))
                    .with("near", right);
                self.decoder.say(fault);
                None
            }
        }
    }
}
