//! A product's Markdown as HTML that any shop takes: plain elements, no styles, pictures by their address on the site.

use std::fmt::Write;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::line::Good;
use crate::source::blocks::{self, Block, Scan};
use crate::text::html::escape;

/// The text as HTML; empty when the product has none.
pub(super) fn html(good: &Good<'_>) -> String {
    let Some(body) = good.product.body(good.lang) else { return String::new() };
    let Some(text) = good.wares.body(body) else { return String::new() };
    let scan = blocks::scan(&text);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut tail: Vec<(usize, &str)> = Vec::new();
    for (event, range) in Parser::new_ext(&scan.text, options).into_offset_iter() {
        match event {
            Event::Html(_) if scan.opens(range.start).is_some() => {
                if let Some(block) = scan.opens(range.start) {
                    let (before, after) = block_html(good, &body.file, block);
                    events.push(Event::Html(CowStr::from(before)));
                    tail.push((block.number, after));
                }
            }
            Event::Html(_) if scan.closes(range.start).is_some() => {
                let number = scan.closes(range.start);
                if let Some(at) = tail.iter().rposition(|(open, _)| Some(*open) == number) {
                    events.push(Event::Html(CowStr::from(tail.remove(at).1)));
                }
            }
            Event::Html(text) | Event::InlineHtml(text) => {
                if good.catalog().shop.html {
                    events.push(Event::Html(text));
                } else if !text.trim_start().starts_with("<!--") {
                    events.push(Event::Text(text));
                }
            }
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                let level = if level == HeadingLevel::H1 { HeadingLevel::H2 } else { level };
                events.push(Event::Start(Tag::Heading { level, id: None, classes, attrs }));
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
                events.push(Event::End(TagEnd::Heading(HeadingLevel::H2)));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = CowStr::from(link(good, &body.file, &dest_url));
                events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                let dest_url = CowStr::from(image(good, &body.file, &dest_url));
                events.push(Event::Start(Tag::Image { link_type, dest_url, title, id }));
            }
            other => events.push(other),
        }
    }
    drop(tail);
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, events.into_iter());
    out.truncate(out.trim_end().len());
    out
}

/// The text without marks: what is left of the HTML when its elements are taken away.
pub(super) fn plain(good: &Good<'_>) -> String {
    let Some(body) = good.product.body(good.lang) else { return String::new() };
    let Some(text) = good.wares.body(body) else { return String::new() };
    let Scan { text, .. } = blocks::scan(&text);
    let mut plain = String::new();
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_)
                if !plain.ends_with(char::is_whitespace) && !plain.is_empty() =>
            {
                plain.push(' ');
            }
            _ => {}
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// What stands before and behind the inside of a block.
fn block_html(
    good: &Good<'_>,
    file: &crate::id::SourcePath,
    block: &Block,
) -> (String, &'static str) {
    let mut out = String::new();
    match block.name.as_str() {
        "specs" => {
            out.push_str("<table><tbody>");
            for fact in good.product.facts(good.lang) {
                // Writing to a text cannot fail.
                let _ = write!(
                    out,
                    "<tr><th>{}</th><td>{}</td></tr>",
                    escape(&fact.name),
                    escape(&fact.shown(good.lang))
                );
            }
            out.push_str("</tbody></table>\n");
            (out, "")
        }
        "gallery" => {
            for (name, _) in block.words() {
                let src = image(good, file, name);
                let _ = writeln!(out, "<p><img src=\"{}\" alt=\"\"></p>", escape(&src));
            }
            (out, "")
        }
        "note" => {
            out.push_str("<blockquote>\n");
            if !block.rest.is_empty() {
                let _ = writeln!(out, "<p><strong>{}</strong></p>", escape(&block.rest));
            }
            (out, "</blockquote>\n")
        }
        // Other products' cards mean nothing on a channel; questions are headings and answers.
        _ => (out, ""),
    }
}

/// Where a link leads on the site; what the site's own pages report is not reported again here.
fn link(good: &Good<'_>, file: &crate::id::SourcePath, target: &str) -> String {
    let catalog = good.catalog();
    let base = &catalog.shop.base_url;
    let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
    let hash = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
    let page = |address: &str| format!("{base}{}{hash}", catalog.url(good.lang, address));
    if let Some(sku) = path.strip_prefix("sku:") {
        return good.wares.address_of(sku).map_or_else(|| base.clone(), page);
    }
    if path.contains(':') || path.starts_with("//") {
        return target.to_owned();
    }
    let known = file.resolve(path).and_then(|file| good.wares.address(&file));
    match known {
        Some(address) => page(address),
        None => format!("{base}/{}{hash}", path.trim_start_matches('/')),
    }
}

/// The address of a picture on the site, in its largest size.
fn image(good: &Good<'_>, file: &crate::id::SourcePath, name: &str) -> String {
    let catalog = good.catalog();
    let found = file.resolve(name).and_then(|path| Some((good.wares.picture(&path)?, path)));
    let Some((picture, path)) = found else { return name.to_owned() };
    let Some((own, _)) = picture.size else { return name.to_owned() };
    let settings = &catalog.shop.pictures;
    let width = settings.widths(own).last().copied().unwrap_or(own);
    let want = crate::cx::Want {
        source: path,
        hash: picture.hash,
        width: if picture.drawing { 0 } else { width },
        format: crate::catalog::shop::Format::Jpeg,
        quality: settings.quality,
        file: None,
        order: None,
    };
    let url = format!("{}{}", catalog.shop.base_url, want.url());
    good.want(want);
    url
}
