//! What templates can call. Each call goes through the recording context of the page that is being made.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use tera::{Context, Error, Kwargs, State, Tera, TeraResult, Value};

use super::{picture, view};
use crate::catalog::query::Query;
use crate::cx::Cx;
use crate::maker::Failed;
use crate::theme;

/// No page is larger; a template that goes beyond is running in circles.
const MAX_PAGE: usize = 16 << 20;

thread_local! {
    /// The run whose template is being rendered on this thread.
    static SCOPE: RefCell<Option<Rc<Cx>>> = const { RefCell::new(None) };
}

/// Puts back what was there before, also when a render fails: renders nest when a block stands in a text.
struct Restore(Option<Rc<Cx>>);

impl Drop for Restore {
    fn drop(&mut self) {
        SCOPE.with(|scope| scope.replace(self.0.take()));
    }
}

/// Renders a template for a run.
pub fn render(cx: &Rc<Cx>, template: &str, context: &Context) -> Result<String, Failed> {
    let before = SCOPE.with(|scope| scope.replace(Some(cx.clone())));
    let _restore = Restore(before);
    let theme = cx.template(template);
    NUMBERS.set(MOST_NUMBERS);
    let mut page = Bounded(Vec::with_capacity(8 << 10));
    match theme.tera.render_to(template, context, &mut page) {
        Ok(()) => Ok(String::from_utf8(page.0).expect("templates and values are text")),
        Err(error) => Err(Box::new(theme::template_fault(&theme.templates, &error, template))),
    }
}

struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_PAGE {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn cx() -> TeraResult<Rc<Cx>> {
    SCOPE
        .with(|scope| scope.borrow().clone())
        .ok_or_else(|| Error::message("this function works only while a page is made"))
}

/// Makes the functions known to the engine.
pub fn register(tera: &mut Tera) {
    tera.register_function("range", range);
    tera.register_function("asset", asset);
    tera.register_function("t", word);
    tera.register_function("products", products);
    tera.register_function("product", product);
    tera.register_function("picture", Safe(element));
    tera.register_function("json", Safe(json));
}

/// A function whose text is HTML already.
struct Safe(fn(Kwargs, &State) -> TeraResult<String>);

impl tera::Function<TeraResult<String>> for Safe {
    fn call(&self, kwargs: Kwargs, state: &State) -> TeraResult<String> {
        (self.0)(kwargs, state)
    }

    fn is_safe(&self) -> bool {
        true
    }
}

/// Numbers that one page may count through in all its loops together.
const MOST_NUMBERS: u64 = 1_000_000;

thread_local! {
    /// What is left of them for the page that is being made on this thread.
    static NUMBERS: std::cell::Cell<u64> = const { std::cell::Cell::new(MOST_NUMBERS) };
}

/// The engine's own `range`, with an end: loops within loops would otherwise never come to one.
fn range(kwargs: Kwargs, _: &State) -> TeraResult<Vec<i64>> {
    let start = kwargs.get::<i64>("start")?.unwrap_or_default();
    let end: i64 = kwargs.must_get("end")?;
    let step = kwargs.get::<i64>("step_by")?.unwrap_or(1);
    if step == 0 || (start > end && step > 0) || (start < end && step < 0) {
        return Err(Error::message("`range` does not lead from `start` to `end`"));
    }
    let count = start.abs_diff(end).div_ceil(step.unsigned_abs());
    let left = NUMBERS.get().checked_sub(count);
    NUMBERS.set(left.ok_or_else(|| Error::message(theme::ENDLESS))?);
    Ok((0..count).map(|nth| start + step * i64::try_from(nth).unwrap_or_default()).collect())
}

fn asset(kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let path: &str = kwargs.must_get("path")?;
    cx()?.asset(path).ok_or_else(|| Error::message(format!("the theme has no asset `{path}`")))
}

fn word(kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let cx = cx()?;
    let key: &str = kwargs.must_get("key")?;
    let theme = cx.theme();
    let Some(word) = theme.find_word(cx.lang(), key) else {
        return Err(Error::message(format!("the theme has no word `{key}`")));
    };
    let mut text = word.to_owned();
    if text.contains('{') {
        for (name, value) in kwargs.iter() {
            if let Some(name) = name.as_str() {
                text = text.replace(&format!("{{{name}}}"), &value.to_string());
            }
        }
    }
    Ok(text)
}

fn products(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let cx = cx()?;
    let category: Option<&str> = kwargs.get("category")?;
    let tag: Option<&str> = kwargs.get("tag")?;
    let brand: Option<&str> = kwargs.get("brand")?;
    let sale: Option<bool> = kwargs.get("sale")?;
    let limit: Option<usize> = kwargs.get("limit")?;
    let query = match (category, tag, brand) {
        (Some(path), ..) => Query::Category(path.trim_matches('/').to_owned()),
        (_, Some(name), _) => Query::Tag(cx.group_slug(false, name).unwrap_or_default()),
        (_, _, Some(name)) => Query::Brand(cx.group_slug(true, name).unwrap_or_default()),
        _ if sale == Some(true) => Query::Sale,
        _ => Query::All,
    };
    let cards = cx.window(&query, 0, limit.unwrap_or(24).min(200));
    let views: Vec<Value> = cards.iter().map(|card| view::card(&cx, card)).collect();
    Ok(views.into())
}

fn product(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let cx = cx()?;
    let sku: &str = kwargs.must_get("sku")?;
    match cx.card(sku) {
        Some(card) => Ok(view::card(&cx, &card)),
        None => Ok(Value::none()),
    }
}

fn element(kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let Some(image) = kwargs.get::<Value>("image")?.filter(tera::Value::is_map) else {
        return Ok(String::new());
    };
    let part = |name: &str| image.get_from_path(name).cloned().unwrap_or_else(Value::none);
    let text = |name: &str| part(name).as_str().unwrap_or_default().to_owned();
    let number = |name: &str| {
        let value = part(name).as_u64().unwrap_or_default();
        u32::try_from(value).unwrap_or_default()
    };
    let sources = part("sources");
    let source = |value: &Value| {
        let text =
            |name| value.get_from_path(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        picture::Source { mime: text("type"), srcset: text("srcset") }
    };
    let alt: Option<&str> = kwargs.get("alt")?;
    let view = picture::View {
        src: text("src"),
        width: number("width"),
        height: number("height"),
        alt: alt.map_or_else(|| text("alt"), str::to_owned),
        role: String::new(),
        sources: sources.as_array().unwrap_or_default().iter().map(source).collect(),
        srcset: text("srcset"),
        large: String::new(),
    };
    let sizes: Option<&str> = kwargs.get("sizes")?;
    let class: Option<&str> = kwargs.get("class")?;
    let eager: Option<bool> = kwargs.get("eager")?;
    let fills: Option<f64> = kwargs.get("fills")?;
    let sizes = sizes.unwrap_or("100vw");
    let sizes = fills.map_or_else(|| sizes.to_owned(), |ratio| view.filling(ratio, sizes));
    Ok(picture::element(&view, &sizes, class.unwrap_or(""), eager == Some(true)))
}

fn json(kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let value: Value = kwargs.must_get("value")?;
    let text = serde_json::to_string(&value).map_err(|error| Error::message(error.to_string()))?;
    Ok(script_safe(&text))
}

/// JSON that cannot end the `<script>` it stands in.
pub fn script_safe(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
