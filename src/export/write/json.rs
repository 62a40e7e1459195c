//! One object a row; fields without a value are left out.

use serde_json::{Map, Value};

use super::super::cell::{Cell, Form};

/// A row as an object.
pub(super) fn object(
    row: Vec<(Form<'_>, Cell<'_>)>,
    check: &mut impl FnMut(usize, &str),
) -> String {
    let mut object = Map::new();
    for (nth, (form, cell)) in row.into_iter().enumerate() {
        let value = form.json(cell);
        match &value {
            Value::Null => continue,
            Value::String(text) if text.is_empty() => continue,
            Value::String(text) => check(nth, text),
            _ => {}
        }
        object.insert(form.column.key.clone(), value);
    }
    Value::Object(object).to_string()
}
