//! What a channel shows of some products, cell by cell: for whoever compares or previews rows instead of writing files.

use std::rc::Rc;
use std::sync::Arc;

use super::cell::Form;
use super::line::Good;
use super::sheet::{plan, too_few, unfit};
use crate::catalog::product::Product;
use crate::channel::profile::Profile;
use crate::channel::value::Expression;
use crate::cx::Cx;
use crate::generation::Generation;

/// One row of a channel's first table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// The SKU it is found by.
    pub sku: String,
    /// Each column that shows something: its label and text.
    pub cells: Vec<(String, String)>,
}

/// The rows of products on a channel; a product that the channel does not take has none.
pub fn listings<'p>(
    generation: &Arc<Generation>,
    channel: &str,
    products: impl IntoIterator<Item = &'p Product>,
) -> Vec<Listing> {
    let Some(profile) = generation.channels.get(channel).cloned() else { return Vec::new() };
    let Some(file) = profile.files.first() else { return Vec::new() };
    let locale = super::locale(generation, &profile);
    let cx: Rc<Cx> = Cx::new(generation.clone(), locale);
    let wares = cx.wares();
    let catalog = wares.catalog();
    let columns = plan(&profile, file);
    let named = |names: &[&str]| {
        file.columns.iter().position(|column| {
            matches!(column.value.first(), Some(Expression::Value(name, _)) if names.contains(name))
        })
    };
    let key = named(&["sku"]).or_else(|| named(&["product"]));
    let folder = super::folder(channel, false);
    let mut all = Vec::new();
    for product in products {
        let good = Good::new(wares, &profile, product, cx.lang(), &folder);
        if unfit(&good, None).is_some() {
            continue;
        }
        let mut rows = Vec::new();
        for line in &good.lines(file.rows) {
            let mut texts: Vec<String> = Vec::with_capacity(columns.len());
            for planned in &columns {
                let form = Form {
                    column: planned.column,
                    file,
                    currency: &catalog.currency,
                    zone: &catalog.zone,
                };
                let cell = planned.cell(line);
                let few = too_few(line, planned.column, &cell).is_some();
                let text = form.text(cell);
                let missing = planned.column.required && text.is_empty();
                if few || missing && line.carries(&planned.column.on) {
                    break;
                }
                texts.push(text);
            }
            // A product that the channel would leave out has no row at all.
            if texts.len() < columns.len() {
                rows.clear();
                break;
            }
            let sku = key.map_or_else(String::new, |nth| texts[nth].clone());
            let labels = file.columns.iter().map(|column| column.label.clone());
            let cells = labels.zip(texts).filter(|(_, text)| !text.is_empty()).collect();
            rows.push(Listing { sku, cells });
        }
        all.append(&mut rows);
    }
    all
}

/// The title in a row of a channel's first table.
pub fn title<'l>(profile: &Profile, row: &'l Listing) -> Option<&'l str> {
    let file = profile.files.first()?;
    let is_title = |value: &Expression| {
        matches!(value, Expression::Value("title" | "title.variant" | "name", _))
    };
    let column = file.columns.iter().find(|column| column.value.iter().any(is_title))?;
    let (_, text) = row.cells.iter().find(|(label, _)| *label == column.label)?;
    Some(text)
}
