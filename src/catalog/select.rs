//! A choice of products in a line: `category=tableware and price<50`. Every term must hold.

use super::Catalog;
use super::money::Money;
use super::product::{Product, Shown};

/// What products must be to be chosen.
#[derive(Clone, PartialEq, Debug)]
pub struct Select(Vec<Term>);

#[derive(Clone, PartialEq, Debug)]
struct Term {
    field: Field,
    sign: Sign,
    value: String,
    amount: Option<Money>,
}

/// What can be asked of a product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Field {
    Sku,
    Title,
    Category,
    Brand,
    Tag,
    Price,
    Stock,
    Sale,
    Shelf,
}

const FIELDS: [(&str, Field); 9] = [
    ("sku", Field::Sku),
    ("title", Field::Title),
    ("category", Field::Category),
    ("brand", Field::Brand),
    ("tag", Field::Tag),
    ("price", Field::Price),
    ("stock", Field::Stock),
    ("sale", Field::Sale),
    ("shelf", Field::Shelf),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sign {
    Is,
    IsNot,
    Has,
    Below,
    UpTo,
    Above,
    From,
}

/// The longer ones first.
const SIGNS: [(&str, Sign); 7] = [
    ("!=", Sign::IsNot),
    ("<=", Sign::UpTo),
    (">=", Sign::From),
    ("=", Sign::Is),
    ("~", Sign::Has),
    ("<", Sign::Below),
    (">", Sign::Above),
];

impl Select {
    /// The choice a line stands for, or the part of it that means nothing.
    pub fn parse(text: &str) -> Result<Self, String> {
        let terms =
            text.split(" and ").map(|part| term(part.trim()).ok_or_else(|| part.trim().to_owned()));
        Ok(Self(terms.collect::<Result<_, _>>()?))
    }

    /// Names of what can be asked.
    pub fn fields() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|(name, _)| *name)
    }

    /// The SKUs of the products that are chosen.
    pub fn skus(&self, catalog: &Catalog) -> Vec<String> {
        let chosen = |product: &&std::sync::Arc<Product>| {
            self.0.iter().all(|one| one.holds(catalog, product))
        };
        catalog.products.iter().filter(chosen).map(|product| product.sku.to_string()).collect()
    }
}

fn term(text: &str) -> Option<Term> {
    let at = text.find(['!', '<', '>', '=', '~'])?;
    let (name, rest) = text.split_at(at);
    let (mark, sign) = SIGNS.iter().find(|(mark, _)| rest.starts_with(mark))?;
    let (_, field) = FIELDS.iter().find(|(known, _)| *known == name.trim())?;
    let value = rest[mark.len()..].trim();
    let value = value.trim_matches(['"', '\'']).to_owned();
    let number = matches!(field, Field::Price | Field::Stock);
    let amount = Money::parse(&value).filter(|_| number);
    let ordered = matches!(sign, Sign::Below | Sign::UpTo | Sign::Above | Sign::From);
    let sound =
        if number { amount.is_some() && *sign != Sign::Has } else { !ordered && !value.is_empty() };
    sound.then_some(Term { field: *field, sign: *sign, value, amount })
}

impl Term {
    fn holds(&self, catalog: &Catalog, product: &Product) -> bool {
        let locales = || catalog.shop.locales.iter();
        let yes = |is: bool| self.text(std::iter::once(if is { "yes" } else { "no" }));
        match self.field {
            Field::Sku => {
                let variants = product.variants.iter().map(|variant| &*variant.sku);
                self.text(std::iter::once(&*product.sku).chain(variants))
            }
            Field::Title => self.text(locales().map(|locale| product.title(locale))),
            Field::Brand => self.text(locales().map(|locale| product.brand(locale))),
            Field::Tag => self.text(product.tags().iter().map(|tag| tag.value.as_str())),
            Field::Category => {
                // A category and all above it: what lies in `tableware/cups` lies in `tableware`.
                let path = catalog.categories[product.category as usize].path.as_str();
                let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
                self.text(ends.map(|end| &path[..end]))
            }
            Field::Price => self.ordered(product.price_range().map(|(low, _)| low.now)),
            Field::Stock => {
                self.ordered(product.stock().and_then(|n| Money::parse(&n.to_string())))
            }
            Field::Sale => yes(product.price_range().is_some_and(|(low, _)| low.on_sale())),
            Field::Shelf => yes(product.shown == Shown::OnShelf),
        }
    }

    fn text<'t>(&self, mut values: impl Iterator<Item = &'t str>) -> bool {
        let wanted = self.value.to_lowercase();
        match self.sign {
            Sign::Has => values.any(|value| value.to_lowercase().contains(&wanted)),
            Sign::IsNot => values.all(|value| value.to_lowercase() != wanted),
            _ => values.any(|value| value.to_lowercase() == wanted),
        }
    }

    fn ordered(&self, value: Option<Money>) -> bool {
        let (Some(value), Some(amount)) = (value, self.amount) else { return false };
        match self.sign {
            Sign::Is | Sign::Has => value == amount,
            Sign::IsNot => value != amount,
            Sign::Below => value < amount,
            Sign::UpTo => value <= amount,
            Sign::Above => value > amount,
            Sign::From => value >= amount,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Select;

    #[test]
    fn a_line_is_read_or_refused_where_it_is_wrong() {
        for good in
            ["category=cups", "price<50 and stock>=1", "title~'tea cup'", "tag != new and sale=yes"]
        {
            assert!(Select::parse(good).is_ok(), "{good}");
        }
        for (bad, part) in [
            ("", ""),
            ("cups", "cups"),
            ("colour=red", "colour=red"),
            ("price<cheap", "price<cheap"),
            ("tag<new", "tag<new"),
            ("category=cups and price", "price"),
        ] {
            assert_eq!(Select::parse(bad), Err(part.to_owned()));
        }
    }
}
