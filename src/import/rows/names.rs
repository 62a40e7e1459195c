//! What columns of product tables are called, by field: data in `columns.yaml`.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::Deserialize;

use crate::source::table::head_form;

/// The names.
#[derive(Deserialize, Default)]
pub(super) struct Names {
    /// The field and rank of each name.
    #[serde(skip)]
    by_form: HashMap<String, (String, usize)>,
    fields: BTreeMap<String, Vec<String>>,
    leave: Vec<String>,
    remarks: Vec<String>,
    status: BTreeMap<String, Vec<String>>,
}

/// Fields that may have several columns, whose names then have numbers: `图片1`, `Option2 Value`.
const MANY: [&str; 4] = ["images", "option", "option_name", "category"];

/// The field of columns that are known and have no place in a product.
pub(super) const LEAVE: &str = "";

/// The names of all fields.
pub(super) fn known() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: Names =
            serde_yaml::from_str(include_str!("columns.yaml")).unwrap_or_default();
        let Names { by_form, fields, leave, remarks, status } = &mut names;
        let lists = fields.values_mut().chain([&mut *leave, remarks]).chain(status.values_mut());
        for name in lists.flatten() {
            *name = head_form(name);
        }
        for (field, names) in
            fields.iter().map(|(field, names)| (&**field, names)).chain([(LEAVE, &*leave)])
        {
            for (rank, name) in names.iter().enumerate() {
                by_form.insert(name.clone(), (field.to_owned(), rank));
            }
        }
        names
    })
}

impl Names {
    /// Every name, as headers are compared.
    pub(super) fn heads(&self) -> Vec<String> {
        self.by_form.keys().cloned().collect()
    }

    /// Whether a text is the name of a column, or what templates write below it.
    pub(super) fn is_heading(&self, text: &str) -> bool {
        self.field(text).is_some() || self.remarks.contains(&head_form(text))
    }

    /// The fields that a heading names, with the rank of the name among the field's: a whole name, else a part of one in
    /// two languages (`价格/Price`), else one with a number behind it or within.
    pub(super) fn field(&self, heading: &str) -> Option<(&str, usize)> {
        let whole = head_form(heading);
        let parts = parts(heading);
        // Amounts in hundredths would be read a hundred times too large.
        if heading.contains("(分)") || heading.contains("（分）") {
            return Some((LEAVE, 0));
        }
        let forms = std::iter::once(&whole).chain(&parts);
        forms.clone().find_map(|form| self.named(form)).or_else(|| {
            let plain = |form: &String| form.chars().filter(|c| !c.is_ascii_digit()).collect();
            let forms = forms.map(plain).filter(|form: &String| !form.is_empty());
            let many = |(field, _): &(&str, usize)| MANY.contains(field);
            forms.into_iter().find_map(|form| self.named(&form).filter(many))
        })
    }

    fn named(&self, form: &str) -> Option<(&str, usize)> {
        self.by_form.get(form).map(|(field, rank)| (field.as_str(), *rank))
    }

    /// What a word says of whether a product is for sale.
    pub(super) fn status(&self, word: &str) -> Option<&str> {
        let form = head_form(word);
        let found = self.status.iter().find(|(_, words)| words.contains(&form));
        found.map(|(status, _)| status.as_str())
    }
}

/// The parts of a heading in two languages: `价格/Price`, `商品名称 Product Name`.
fn parts(heading: &str) -> Vec<String> {
    let plain = heading.split(['(', '（', '[', '【']).next().unwrap_or(heading);
    let (latin, other): (String, String) = plain.chars().partition(char::is_ascii);
    let halves = plain.split(['/', '|', '\n', '／']).map(head_form);
    let scripts = [other, latin].map(|half| head_form(&half));
    halves.chain(scripts).filter(|form| form.chars().count() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_as_people_write_them() {
        for (heading, field) in [
            ("商品名称", "title"),
            ("*商品名称（必填）", "title"),
            ("【必填】商品名称", "title"),
            ("Product_Name", "title"),
            ("价格/Price", "price"),
            ("商品名称 Product Name", "title"),
            ("售价(元)", "price"),
            ("图片3", "images"),
            ("Option1 Value", "option"),
            ("规格1名称", "option_name"),
            ("Compare-at price", "was"),
            ("成本价", LEAVE),
            ("售价（分）", LEAVE),
            ("No.", LEAVE),
        ] {
            assert_eq!(known().field(heading).map(|(field, _)| field), Some(field), "{heading}");
        }
        for heading in ["材质", "", "Care", "价格带", "1"] {
            assert_eq!(known().field(heading), None, "{heading}");
        }
    }

    #[test]
    fn no_name_means_two_fields() {
        let mut seen: BTreeMap<&String, &str> = BTreeMap::new();
        let fields = known().fields.iter().map(|(field, names)| (field.as_str(), names));
        for (field, names) in fields.chain([(LEAVE, &known().leave)]) {
            for name in names {
                assert_eq!(seen.insert(name, field), None, "{name} in {field}");
            }
        }
        assert!(seen.len() > 300);
    }
}
