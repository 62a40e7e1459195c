//! One element a row, with an element for each value; a list repeats its element.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::super::cell::{Cell, Form};
use super::super::value::shop;
use crate::catalog::Catalog;
use crate::channel::profile::{File, Xml};
use crate::channel::value::Expression;

/// A row as an element.
pub(super) fn item(
    file: &File,
    row: Vec<(Form<'_>, Cell<'_>)>,
    check: &mut impl FnMut(usize, &str),
) -> String {
    let Some(xml) = &file.xml else { return String::new() };
    let mut writer = Writer::new(Vec::with_capacity(1024));
    let mut name = String::new();
    put(&mut writer, Event::Start(BytesStart::new(xml.item.as_str())));
    for (nth, (form, cell)) in row.into_iter().enumerate() {
        if cell == Cell::Empty {
            continue;
        }
        name.clear();
        name.push_str(&xml.prefix);
        name.push_str(&form.column.key);
        for text in form.items(cell).iter().filter(|text| !text.is_empty()) {
            check(nth, text);
            element(&mut writer, &name, text);
        }
    }
    put(&mut writer, Event::End(BytesEnd::new(xml.item.as_str())));
    finished(writer)
}

/// What stands before the first item and behind the last.
pub(super) fn around(file: &File, catalog: &Catalog, lang: &str) -> (String, String) {
    let Some(xml) = &file.xml else { return (String::new(), String::new()) };
    let mut head = Writer::new(Vec::new());
    put(&mut head, Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    let mut root = BytesStart::new(xml.root.as_str());
    for (name, value) in &xml.attributes {
        root.push_attribute((name.as_str(), value.as_str()));
    }
    put(&mut head, Event::Start(root));
    if let Some(list) = &xml.list {
        put(&mut head, Event::Start(BytesStart::new(list.as_str())));
    }
    for (name, value) in &xml.head {
        element(&mut head, name, &said(value, catalog, lang));
    }
    let mut text = finished(head);
    text.push('\n');
    (text, foot(xml))
}

fn foot(xml: &Xml) -> String {
    let list = xml.list.as_ref().map_or(String::new(), |list| format!("</{list}>"));
    format!("\n{list}</{}>\n", xml.root)
}

/// What an expression says of the shop.
fn said(value: &Expression, catalog: &Catalog, lang: &str) -> String {
    match value {
        Expression::Text(text) => text.clone(),
        Expression::Value("shop", name) => match shop(catalog, lang, name) {
            Cell::Text(text) => text.into_owned(),
            _ => String::new(),
        },
        Expression::Value(..) => String::new(),
    }
}

fn element(writer: &mut Writer<Vec<u8>>, name: &str, text: &str) {
    put(writer, Event::Start(BytesStart::new(name)));
    put(writer, Event::Text(BytesText::new(text)));
    put(writer, Event::End(BytesEnd::new(name)));
}

fn put(writer: &mut Writer<Vec<u8>>, event: Event<'_>) {
    // Writing into memory cannot fail.
    let _ = writer.write_event(event);
}

fn finished(writer: Writer<Vec<u8>>) -> String {
    String::from_utf8(writer.into_inner()).unwrap_or_default()
}
