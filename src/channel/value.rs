//! What a column can show: a closed set of names. Who writes tables knows what each means for a product.

use serde::Serialize;

/// What a column shows.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub enum Expression {
    /// The same text in every row.
    Text(String),
    /// A named value, with what stands in its brackets.
    Value(&'static str, String),
}

/// Whether a name is followed by brackets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Argument {
    /// No.
    None,
    /// A name.
    Name,
    /// A number from 1.
    Number,
}

/// Every named value: what profiles call it, whether brackets follow, and what it means.
pub const NAMES: [(&str, Argument, &str); 64] = [
    ("sku", Argument::None, "The SKU of what is bought: the variant's, else the product's"),
    ("product", Argument::None, "The product's SKU"),
    ("group", Argument::None, "The product's SKU, when it has variants"),
    ("parent", Argument::None, "The SKU of the product a variant belongs to"),
    ("handle", Argument::None, "The last part of the product's address"),
    ("gtin", Argument::None, "The trade item number"),
    ("identified", Argument::None, "`no` when neither a GTIN nor brand and part number are known"),
    ("title", Argument::None, "The channel's title of the product"),
    ("title.variant", Argument::None, "The channel's title, and the variant's options behind it"),
    ("name", Argument::None, "The product's own title"),
    ("subtitle", Argument::None, "The line below the title"),
    ("description", Argument::None, "A sentence for search engines and feeds"),
    ("html", Argument::None, "The product's text as HTML"),
    ("plain", Argument::None, "The product's text without marks"),
    ("brand", Argument::None, "The maker's name"),
    ("tags", Argument::None, "Free words"),
    ("category", Argument::None, "The channel's category"),
    ("category.path", Argument::None, "Names of the shop's own categories, from the top"),
    ("link", Argument::None, "The product's page, at the variant"),
    ("link.product", Argument::None, "The product's page"),
    ("price.list", Argument::None, "The price without a reduction"),
    ("price.now", Argument::None, "What a buyer pays now"),
    ("price.sale", Argument::None, "What a buyer pays now, while it is reduced"),
    ("price.compare", Argument::None, "The price without a reduction, while there is one"),
    ("price.window", Argument::None, "From when to when it is reduced"),
    ("price.from", Argument::None, "When the reduction began"),
    ("price.to", Argument::None, "The last moment of the reduction"),
    ("stock", Argument::None, "Pieces in stock"),
    ("availability", Argument::None, "`in_stock` or `out_of_stock`"),
    ("available", Argument::None, "Whether it can be bought"),
    ("status", Argument::None, "`on_shelf` or `off_shelf`"),
    ("picture", Argument::None, "The address of the main picture of what is bought"),
    ("pictures", Argument::None, "Addresses of all pictures"),
    ("pictures.more", Argument::None, "Addresses of all pictures but the main one"),
    ("picture.row", Argument::None, "The address of the row's picture"),
    ("picture.position", Argument::None, "The number of the row's picture"),
    ("picture.alt", Argument::None, "What the row's picture shows"),
    ("picture.variant", Argument::None, "The address of the variant's own picture"),
    ("picture.files", Argument::None, "Names of the picture files beside the table"),
    ("picture.file", Argument::None, "The name of the variant's own picture file beside the table"),
    ("option.name", Argument::Number, "What the product's variants differ in, first, second …"),
    ("option.value", Argument::Number, "The variant's value of it"),
    (
        "option.values",
        Argument::Number,
        "On a product's row all values of it, on a variant's its own",
    ),
    (
        "option",
        Argument::Name,
        "The variant's value of what channels call color, size, material or pattern",
    ),
    ("options", Argument::None, "All options of the variant: `颜色:天青`"),
    ("fact", Argument::Name, "A fact by its name; several names by `|`, the first that is there"),
    ("facts", Argument::None, "All facts: `材质:高温白瓷`"),
    ("weight", Argument::None, "Grams, from a fact"),
    ("date", Argument::None, "The moment it is newest from"),
    ("field", Argument::Name, "What the author says for this channel, by name"),
    (
        "composed",
        Argument::Name,
        "A text made of keywords, by its name in the profile's `composed`",
    ),
    ("setting", Argument::Name, "What the shop says once for the channel, by name"),
    (
        "shop",
        Argument::Name,
        "`name`, `base_url`, `currency`, `language`, `description` of the shop",
    ),
    ("row.type", Argument::None, "`simple`, `variable` or `variation`: what the row is"),
    ("variants", Argument::None, "Everything of each variant, as objects"),
    (
        "gallery",
        Argument::None,
        "On a product's row addresses of all pictures, on a variant's its own",
    ),
    ("tracked", Argument::None, "Whether pieces in stock are counted"),
    ("option.visible", Argument::Number, "`1` where there is such an option"),
    ("taobao.picture", Argument::None, "Taobao's list of picture files"),
    ("taobao.skus", Argument::None, "Taobao's list of variants"),
    ("taobao.props", Argument::None, "Taobao's list of properties"),
    ("taobao.custom", Argument::None, "Taobao's names of properties of one's own"),
    ("taobao.mobile", Argument::None, "Taobao's text for phones"),
    ("taobao.barcodes", Argument::None, "Barcodes of Taobao's variants"),
];

/// What is wrong with an expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// There is no such name.
    Unknown(String),
    /// Brackets are missing or too much: what is right.
    Brackets(String),
}

/// Reads `title` or `option.name(1)`.
pub fn parse(text: &str) -> Result<Expression, Fault> {
    let text = text.trim();
    let (name, argument) = match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        Some((name, argument)) => (name.trim(), Some(argument.trim())),
        None => (text, None),
    };
    let Some((value, takes, _)) = NAMES.iter().find(|(known, ..)| *known == name) else {
        return Err(Fault::Unknown(name.to_owned()));
    };
    let number = |text: &str| text.parse::<usize>().is_ok_and(|number| (1..100).contains(&number));
    match (takes, argument) {
        (Argument::None, None) => Ok(Expression::Value(value, String::new())),
        (Argument::Name, Some(argument)) if !argument.is_empty() => {
            Ok(Expression::Value(value, argument.to_owned()))
        }
        (Argument::Number, Some(argument)) if number(argument) => {
            Ok(Expression::Value(value, argument.to_owned()))
        }
        (Argument::None, _) => Err(Fault::Brackets(name.to_owned())),
        (Argument::Name, _) => Err(Fault::Brackets(format!("{name}(…)"))),
        (Argument::Number, _) => Err(Fault::Brackets(format!("{name}(1)"))),
    }
}

/// All names.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, ..)| *name)
}
