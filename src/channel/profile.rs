//! A channel's profile as the program reads it.

use serde::Serialize;

use super::limit::{Limit, Preset, TitleRule};
use super::value::Expression;
use crate::diag::Place;
use crate::id::Hash;

/// What one sales channel wants.
#[derive(Clone, Serialize, Debug)]
pub struct Profile {
    /// `taobao`.
    pub name: String,
    /// What people call it, by language.
    pub label: Vec<(String, String)>,
    /// Changes when the channel's rules do.
    pub version: String,
    /// The language of its texts; the shop's first when the shop does not have it.
    pub language: Option<String>,
    /// Products that are no longer for sale are listed too, as such.
    pub off_shelf: bool,
    /// How titles are made and judged.
    pub title: Option<TitleRule>,
    /// Other texts that are composed from keywords, by the name that columns use.
    pub composed: Vec<(String, TitleRule)>,
    /// Which columns mean which price.
    pub price: PriceWords,
    /// How many things variants may differ in.
    pub max_options: Option<usize>,
    /// Every product needs a category of the channel.
    pub category: CategoryRule,
    /// What the shop says once for all products, by name.
    pub settings: Vec<(String, String)>,
    /// A run that takes away a larger share of the last one's products stops.
    pub max_removed: u8,
    /// What it asks of pictures, by role.
    pub pictures: Vec<(String, Preset)>,
    /// Where the pictures of products go, for channels that take files.
    pub folder: Option<Folder>,
    /// The tables.
    pub files: Vec<File>,
    /// The archive that tables and pictures are put into.
    pub pack: Option<Pack>,
    /// Where the profile stands, for findings about the channel as a whole.
    #[serde(skip)]
    pub at: Place,
    /// Hash of all the rest.
    #[serde(skip)]
    pub hash: Hash,
}

impl Profile {
    /// What people call it in a language.
    pub fn label(&self, locale: &str) -> &str {
        let language = locale.split('-').next().unwrap_or(locale);
        let by = |wanted: &str| {
            let found = self.label.iter().find(|(name, _)| name.split('-').next() == Some(wanted));
            found.map(|(_, label)| label.as_str())
        };
        by(language).or_else(|| by("en")).unwrap_or(&self.name)
    }

    /// What the shop says once for all products.
    pub fn setting(&self, name: &str) -> &str {
        let found = self.settings.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// How a text that is composed from keywords is made, by its name; the title's when there is none.
    pub fn composed(&self, field: Option<&str>) -> Option<&TitleRule> {
        let Some(field) = field else { return self.title.as_ref() };
        self.composed.iter().find(|(name, _)| name == field).map(|(_, rule)| rule)
    }

    /// What it asks of pictures in a role.
    pub fn preset(&self, role: &str) -> Option<&Preset> {
        self.pictures.iter().find(|(name, _)| name == role).map(|(_, preset)| preset)
    }
}

/// Which columns mean which price: channels use one word for different things.
#[derive(Clone, Serialize, Debug, Default)]
pub struct PriceWords {
    /// The column with the price before a reduction.
    pub regular: Option<String>,
    /// The column with the price during one; where it is filled, buyers pay it.
    pub reduced: Option<String>,
}

/// What a channel wants to know of a product's category.
#[derive(Clone, Serialize, Debug, Default)]
pub struct CategoryRule {
    /// Without one a product is not exported.
    pub required: bool,
    /// Where the shop keeps the channel's list of categories, below `content`.
    pub taxonomy: Option<String>,
}

/// Where pictures go.
#[derive(Clone, Serialize, Debug)]
pub struct Folder {
    /// `pictures/{sku}/{n}.jpg`, or `{key}` for a name made of the picture's content.
    pub path: String,
    /// The role whose preset they follow.
    pub role: String,
    /// Where pictures in the other roles go: `pictures/{sku}/{role}-{n}.jpg`. Without it they are not made.
    pub roles: Option<String>,
}

/// An archive.
#[derive(Clone, Serialize, Debug)]
pub struct Pack {
    /// Its name.
    pub path: String,
    /// Tables are in it, not pictures alone.
    pub tables: bool,
}

/// One table of a channel.
#[derive(Clone, Serialize, Debug)]
pub struct File {
    /// Its name.
    pub path: String,
    /// What it is written as.
    pub format: Format,
    /// How characters become bytes.
    pub encoding: Encoding,
    /// Between cells.
    pub delimiter: char,
    /// When cells stand in quotes.
    pub quote: Quote,
    /// Behind a line.
    pub newline: Newline,
    /// Lines before everything else.
    pub preamble: Vec<String>,
    /// Which lines name the columns.
    pub header: Header,
    /// What a row stands for.
    pub rows: Layout,
    /// How money is written.
    pub money: MoneyForm,
    /// What is done with a cell that a spreadsheet would run.
    pub formulas: Formulas,
    /// What stands around the items of an XML file.
    pub xml: Option<Xml>,
    /// The name of a sheet.
    pub sheet: Option<String>,
    /// Columns in order.
    pub columns: Vec<Column>,
}

impl File {
    /// The rows that name the columns.
    pub fn names(&self) -> Vec<Vec<String>> {
        let keys = || self.columns.iter().map(|column| column.key.clone()).collect();
        let labels = || self.columns.iter().map(|column| column.label.clone()).collect();
        match self.header {
            Header::Keys => vec![keys()],
            Header::Labels => vec![labels()],
            Header::Both => vec![keys(), labels()],
            Header::None => Vec::new(),
        }
    }
}

/// What a table is written as.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
pub enum Format {
    /// Cells between delimiters.
    Csv,
    /// A workbook.
    Xlsx,
    /// Elements.
    Xml,
    /// One list of objects.
    Json,
    /// One object a line.
    Jsonl,
}

/// How characters become bytes.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with its byte order mark: what Excel in China expects.
    Utf8Bom,
    /// UTF-16, low byte first, with its byte order mark.
    Utf16LeBom,
    /// GBK.
    Gbk,
    /// GB 18030, which has every character.
    Gb18030,
}

/// When cells stand in quotes.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
pub enum Quote {
    /// Where they must.
    Necessary,
    /// Texts always.
    Always,
    /// Never: what would need quotes is made plain first.
    Never,
}

/// Behind a line.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
pub enum Newline {
    /// One character.
    Lf,
    /// Two, as spreadsheets write.
    Crlf,
}

/// Which lines name the columns.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
pub enum Header {
    /// One line of keys.
    Keys,
    /// One line of labels.
    Labels,
    /// Keys, then labels.
    Both,
    /// None.
    None,
}

/// What a row stands for.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
pub enum Layout {
    /// A product.
    Product,
    /// What is bought: each variant, or the product that has none.
    Variant,
    /// A product, then each of its variants.
    ParentVariants,
    /// Each variant with a picture beside it, and further pictures below.
    VariantPictures,
}

/// How money is written.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
pub enum MoneyForm {
    /// `69.00`.
    Decimal,
    /// `69.00 CNY`.
    Currency,
    /// `6900`.
    Minor,
}

/// What is done with a cell that begins with `=`, `+`, `-` or `@`.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
pub enum Formulas {
    /// A `'` is put before it; the channel's reader, or Excel, takes it off.
    Guard,
    /// It stays as it is, and the author is told.
    Keep,
    /// It stays: in this format nothing runs it.
    Harmless,
}

/// What stands around the items of an XML file.
#[derive(Clone, Serialize, Debug)]
pub struct Xml {
    /// The outermost element.
    pub root: String,
    /// Its attributes.
    pub attributes: Vec<(String, String)>,
    /// The element around all items.
    pub list: Option<String>,
    /// What stands in it before the items.
    pub head: Vec<(String, Expression)>,
    /// The element of one row.
    pub item: String,
    /// Before the name of each column's element.
    pub prefix: String,
}

/// One column.
#[derive(Clone, Serialize, Debug)]
pub struct Column {
    /// Its name for machines.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// What it shows: the first of these that says something.
    pub value: Vec<Expression>,
    /// On which rows; on all when empty.
    pub on: Vec<Part>,
    /// A row without it is no row.
    pub required: bool,
    /// Between the items of a list.
    pub join: String,
    /// Words for words: `in_stock` is `in stock` here.
    pub words: Vec<(String, String)>,
    /// How money is written, where it differs from the file.
    pub money: Option<MoneyForm>,
    /// How a time is written (`strftime`).
    pub date: Option<String>,
    /// Line breaks and tabs become spaces.
    pub one_line: bool,
    /// Put before each item of a list and escaped within it.
    pub escape: Option<char>,
    /// How long it may be.
    pub limits: Vec<Limit>,
}

/// A part of a product that a row may carry.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
pub enum Part {
    /// The product's first row.
    First,
    /// A product that has variants, itself.
    Parent,
    /// A product without variants.
    Single,
    /// A variant.
    Variant,
    /// A picture.
    Picture,
}
