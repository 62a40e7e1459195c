//! Markdown to HTML: links and pictures resolved, blocks laid out by the theme, HTML shown as text unless the shop allows it.

mod drawn;

use std::collections::HashMap;
use std::rc::Rc;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd, html};

use super::picture;
use crate::catalog::product::{Body, Product};
use crate::cx::Cx;
use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;
use crate::maker::Failed;
use crate::source::blocks::{self, Block, Scan, Spanned};

pub use drawn::Framed;

/// How wide a picture in a text is shown.
const SIZES: &str = "(min-width: 48rem) 44rem, 100vw";

/// A heading of a text.
#[derive(Clone, serde::Serialize, Debug)]
pub struct Heading {
    /// Its words.
    pub title: String,
    /// What links point at.
    pub id: String,
    /// 2 to 6.
    pub level: u8,
}

/// A text, rendered.
#[derive(Default)]
pub struct Rendered {
    /// HTML.
    pub html: String,
    /// Its headings.
    pub headings: Vec<Heading>,
}

/// Where a text is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Medium {
    /// On a page of the site.
    Page,
    /// On a picture, which shows pictures no wider and no taller than this and leads nowhere.
    Drawing(u32, u32),
}

/// Renders a text; `product` is what `::: specs` and `::: gallery` are about.
pub fn render(
    cx: &Rc<Cx>,
    body: Option<&Body>,
    product: Option<&Product>,
    medium: Medium,
) -> Result<Rendered, Failed> {
    let Some(body) = body else { return Ok(Rendered::default()) };
    let Some(text) = cx.body(body) else { return Ok(Rendered::default()) };
    let scan = blocks::scan(&text);
    let events = scan.events();
    // The page has said it all.
    if medium == Medium::Page {
        crate::review::body(cx, body, &text, (&scan, &events), product);
        for fault in &scan.faults {
            let at = place(body, Span::new(fault.range.start, fault.range.end));
            let finding = Diagnostic::new(fault.code, at).with("found", &fault.name);
            let known = blocks::NAMES.contains(&fault.name.as_str());
            cx.say(if known { finding } else { finding.near(&fault.name, blocks::NAMES) });
        }
    }
    let mut writer = Writer {
        cx,
        body,
        product,
        scan: &scan,
        medium,
        open: None,
        ids: HashMap::new(),
        headings: Vec::new(),
        html_allowed: cx.shop().html,
    };
    let html = writer.write(events)?;
    Ok(Rendered { html, headings: writer.headings })
}

fn place(body: &Body, span: Span) -> Place {
    match body.inline {
        // A row's text has no place of its own; its table is named.
        Some(_) => Place::File(body.file.clone()),
        None => Place::Body(body.file.clone(), span),
    }
}

struct Writer<'w> {
    cx: &'w Rc<Cx>,
    body: &'w Body,
    product: Option<&'w Product>,
    scan: &'w Scan,
    medium: Medium,
    /// Elements that are open within a paragraph, outside any `None`: a drawn picture stands between two paragraphs.
    open: Option<usize>,
    ids: HashMap<String, usize>,
    headings: Vec<Heading>,
    html_allowed: bool,
}

impl Writer<'_> {
    fn at(&self, range: &std::ops::Range<usize>) -> Place {
        let range = self.scan.original(range);
        place(self.body, Span::new(range.start, range.end))
    }

    /// HTML of some events; blocks among them are laid out by the theme.
    fn write(&mut self, events: Vec<Spanned<'_>>) -> Result<String, Failed> {
        // Few events stand for less than this.
        let mut out = String::with_capacity(events.len() * 24);
        let mut plain: Vec<Event<'_>> = Vec::with_capacity(events.len());
        let mut events = events.into_iter();
        while let Some((event, range)) = events.next() {
            if let Event::Html(_) = &event {
                if let Some(block) = self.scan.opens(range.start) {
                    flush(&mut out, &mut plain);
                    let inner = until_close(&mut events, self.scan, block);
                    out.push_str(&self.block(block, inner)?);
                    continue;
                }
                if self.scan.closes(range.start).is_some() {
                    continue;
                }
            }
            self.event(event, &range, &mut events, &mut plain)?;
        }
        flush(&mut out, &mut plain);
        Ok(out)
    }

    fn event<'e>(
        &mut self,
        event: Event<'e>,
        range: &std::ops::Range<usize>,
        rest: &mut std::vec::IntoIter<Spanned<'e>>,
        plain: &mut Vec<Event<'e>>,
    ) -> Result<(), Failed> {
        if let Medium::Drawing(..) = self.medium {
            self.drawn(event, range, rest, plain);
            return Ok(());
        }
        match event {
            Event::Html(text) | Event::InlineHtml(text) if !self.html_allowed => {
                // A comment is no content: it may stay unseen.
                if !text.trim_start().starts_with("<!--") {
                    self.cx.say(Diagnostic::new("markdown/html", self.at(range)));
                    plain.push(Event::Text(text));
                }
            }
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) if !self.html_allowed => {}
            Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                let inner: Vec<Spanned<'e>> = until_heading_end(rest);
                let words: String = inner.iter().filter_map(|(event, _)| words(event)).collect();
                let id = self.id(id.as_deref().unwrap_or(&words));
                let level = if level == HeadingLevel::H1 { HeadingLevel::H2 } else { level };
                self.headings.push(Heading { title: words, id: id.clone(), level: level as u8 });
                let id = Some(CowStr::from(id));
                plain.push(Event::Start(Tag::Heading { level, id, classes, attrs }));
                let mut inner = inner.into_iter();
                while let Some((event, range)) = inner.next() {
                    self.event(event, &range, &mut inner, plain)?;
                }
                plain.push(Event::End(TagEnd::Heading(level)));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = CowStr::from(self.link(&dest_url, range));
                plain.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let alt: String =
                    until_image_end(rest).iter().filter_map(|(event, _)| words(event)).collect();
                let html = self.image(&dest_url, &alt, range);
                plain.push(Event::InlineHtml(CowStr::from(html)));
            }
            other => plain.push(other),
        }
        Ok(())
    }

    /// An id nobody on the page has yet, made of a heading's words.
    fn id(&mut self, words: &str) -> String {
        let mut id = String::new();
        for c in words.chars() {
            if c.is_alphanumeric() {
                id.extend(c.to_lowercase());
            } else if (c.is_whitespace() || c == '-' || c == '_')
                && !id.is_empty()
                && !id.ends_with('-')
            {
                id.push('-');
            }
        }
        let id = id.trim_end_matches('-');
        let id = if id.is_empty() { "section".to_owned() } else { id.to_owned() };
        let times = self.ids.entry(id.clone()).or_insert(0);
        *times += 1;
        if *times == 1 { id } else { format!("{id}-{times}") }
    }

    /// Where a link leads in the site, or what is wrong with it.
    fn link(&self, target: &str, range: &std::ops::Range<usize>) -> String {
        let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
        let hash = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
        let fault = |code| {
            self.cx.say(Diagnostic::new(code, self.at(range)).with("found", target));
            // The finding is enough: the page's own check must not meet the same link again.
            "#".to_owned()
        };
        if path.is_empty() {
            return target.to_owned();
        }
        if let Some(sku) = path.strip_prefix("sku:") {
            let card = self.cx.card(sku);
            return card.map_or_else(|| fault("link/source"), |card| format!("{}{hash}", card.url));
        }
        if let Some((scheme, _)) = path.split_once(':').filter(|(scheme, _)| {
            scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        }) {
            let safe = ["http", "https", "mailto", "tel"];
            let known = safe.iter().any(|known| scheme.eq_ignore_ascii_case(known));
            return if known { target.to_owned() } else { fault("link/unsafe") };
        }
        if path.starts_with("//") {
            return target.to_owned();
        }
        if std::path::Path::new(path).extension().is_some_and(|end| end.eq_ignore_ascii_case("md"))
        {
            let address = self.body.file.resolve(path).and_then(|file| self.address(&file));
            return address.map_or_else(|| fault("link/source"), |url| format!("{url}{hash}"));
        }
        if let Some(inside) = path.strip_prefix('/') {
            let prefix = self.cx.url("");
            let own = inside.starts_with("assets/") || inside.starts_with("pictures/");
            let local = own || path.starts_with(&prefix);
            return if local { target.to_owned() } else { format!("{prefix}{inside}{hash}") };
        }
        fault("link/source")
    }

    /// The page of a source file; a file of any language means the thing itself.
    fn address(&self, file: &SourcePath) -> Option<String> {
        let address = self.cx.address(file)?;
        Some(self.cx.url(address))
    }

    fn image(&self, name: &str, alt: &str, range: &std::ops::Range<usize>) -> String {
        match self.cx.find_picture(&self.body.file, name, self.at(range)) {
            Ok(path) => match self.cx.shot(&path, || alt.to_owned()) {
                Some(shot) => {
                    let view = picture::view(self.cx, &shot, "detail");
                    picture::element(&view, SIZES, "", false)
                }
                None => String::new(),
            },
            Err(finding) => {
                self.cx.say(finding);
                String::new()
            }
        }
    }

    fn block(&mut self, block: &Block, inner: Vec<Spanned<'_>>) -> Result<String, Failed> {
        let mut context = tera::Context::new();
        let name = match block.name.as_str() {
            "specs" => {
                let facts = self.product.map(|product| super::view::facts(self.cx, product));
                context.insert("facts", &facts.unwrap_or_default());
                "specs"
            }
            "gallery" if self.medium == Medium::Page => {
                context.insert("images", &self.gallery(block));
                "gallery"
            }
            "gallery" => {
                context.insert("images", &self.frames(block));
                "gallery"
            }
            // Nobody can follow a link on a picture.
            "products" if self.medium != Medium::Page => return Ok(String::new()),
            "products" => {
                let mut cards = Vec::new();
                for (sku, range) in block.words() {
                    if let Some(card) = self.cx.card(sku) {
                        cards.push(super::view::card(self.cx, &card));
                    } else {
                        let at = place(self.body, Span::new(range.start, range.end));
                        self.cx.say(Diagnostic::new("reference/sku", at).with("found", sku));
                    }
                }
                context.insert("products", &cards);
                "products"
            }
            "faq" => {
                context.insert("items", &self.questions(inner)?);
                "faq"
            }
            _ => {
                context.insert("title", &block.rest);
                context.insert("body", &self.write(inner)?);
                "note"
            }
        };
        context.insert_value("locale", super::chrome::locale(self.cx));
        let folder = if self.medium == Medium::Page { "blocks" } else { "posters/detail" };
        super::functions::render(self.cx, &format!("{folder}/{name}.html"), &context)
    }

    /// The pictures a gallery names; those with the role `detail`, or all, when it names none.
    fn gallery(&self, block: &Block) -> Vec<picture::View> {
        let named = block.words();
        if named.is_empty() {
            let Some(product) = self.product else { return Vec::new() };
            return super::view::images(self.cx, product);
        }
        let mut views = Vec::new();
        for (name, range) in named {
            let at = place(self.body, Span::new(range.start, range.end));
            match self.cx.find_picture(&self.body.file, name, at) {
                Ok(path) => {
                    let alt = || {
                        let image =
                            crate::catalog::product::Image { path: path.clone(), named: None };
                        self.product
                            .map_or(String::new(), |product| product.alt(self.cx.lang(), &image))
                    };
                    if let Some(shot) = self.cx.shot(&path, alt) {
                        views.push(picture::view(self.cx, &shot, "detail"));
                    }
                }
                Err(finding) => self.cx.say(finding),
            }
        }
        views
    }

    /// Headings of the third level are questions; what follows each is its answer.
    fn questions(&mut self, events: Vec<Spanned<'_>>) -> Result<Vec<Question>, Failed> {
        let mut questions: Vec<Question> = Vec::new();
        let mut answer: Vec<Spanned<'_>> = Vec::new();
        let mut events = events.into_iter();
        while let Some((event, range)) = events.next() {
            if matches!(event, Event::Start(Tag::Heading { .. })) {
                let html = self.write(std::mem::take(&mut answer))?;
                if let Some(last) = questions.last_mut() {
                    last.answer = html;
                }
                let words: String = until_heading_end(&mut events)
                    .iter()
                    .filter_map(|(event, _)| words(event))
                    .collect();
                let id = self.id(&words);
                questions.push(Question { question: words, answer: String::new(), id });
            } else {
                answer.push((event, range));
            }
        }
        let html = self.write(answer)?;
        if let Some(last) = questions.last_mut() {
            last.answer = html;
        }
        Ok(questions)
    }
}

#[derive(serde::Serialize)]
struct Question {
    question: String,
    answer: String,
    id: String,
}

fn flush(out: &mut String, plain: &mut Vec<Event<'_>>) {
    if !plain.is_empty() {
        html::push_html(out, std::mem::take(plain).into_iter());
    }
}

/// The words of an event, as a reader would say them.
fn words(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text.to_string()),
        Event::SoftBreak | Event::HardBreak => Some(" ".to_owned()),
        _ => None,
    }
}

fn until_heading_end<'e>(rest: &mut std::vec::IntoIter<Spanned<'e>>) -> Vec<Spanned<'e>> {
    rest.take_while(|(event, _)| !matches!(event, Event::End(TagEnd::Heading(_)))).collect()
}

fn until_image_end<'e>(rest: &mut std::vec::IntoIter<Spanned<'e>>) -> Vec<Spanned<'e>> {
    rest.take_while(|(event, _)| !matches!(event, Event::End(TagEnd::Image))).collect()
}

fn until_close<'e>(
    rest: &mut std::vec::IntoIter<Spanned<'e>>,
    scan: &Scan,
    block: &Block,
) -> Vec<Spanned<'e>> {
    let mut inner: Vec<Spanned<'e>> = rest
        .take_while(|(event, range)| {
            !(matches!(event, Event::Html(_)) && scan.closes(range.start) == Some(block.number))
        })
        .collect();
    // The placeholders are HTML blocks: their own start and end stand around them.
    if matches!(inner.first(), Some((Event::End(TagEnd::HtmlBlock), _))) {
        inner.remove(0);
    }
    if matches!(inner.last(), Some((Event::Start(Tag::HtmlBlock), _))) {
        inner.pop();
    }
    inner
}
