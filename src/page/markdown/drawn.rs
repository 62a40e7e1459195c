//! A text as it stands on a picture.

use std::rc::Rc;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd};

use super::{Medium, Writer, place, until_image_end};
use crate::cx::Cx;
use crate::diag::{Diagnostic, Span};
use crate::id::SourcePath;
use crate::page::picture;
use crate::source::blocks::{Block, Spanned};

/// A picture may be enlarged to so many per cent of its size before it looks soft.
const ENLARGED: u64 = 130;

/// A picture as drawings show it: whole, as wide as there is room, not enlarged until it looks soft.
#[derive(Clone, serde::Serialize, Debug)]
pub struct Framed {
    /// What posters load it by.
    pub src: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Framed {
    /// A picture within a frame; `None` when it cannot be read.
    pub fn new(cx: &Rc<Cx>, path: &SourcePath, (across, down): (u32, u32)) -> Option<Self> {
        let shot = cx.shot(path, String::new)?;
        let (own, tall) = (u64::from(shot.width), u64::from(shot.height));
        if own == 0 || tall == 0 {
            return None;
        }
        let widest = u64::from(across).min(own * ENLARGED / 100);
        let widest = widest.min(u64::from(down) * own / tall).max(1);
        let (width, height) = (widest as u32, (widest * tall / own).max(1) as u32);
        Some(Self { src: format!("photo:{width}x{height}:contain::{path}"), width, height })
    }

    fn element(&self) -> String {
        let Self { src, width, height } = self;
        let src = picture::escape(src);
        format!("<img src=\"{src}\" alt=\"\" style=\"width:{width}px;height:{height}px\" />")
    }
}

impl Writer<'_> {
    /// The same for a picture: without links, ids and HTML of the author's own.
    pub(super) fn drawn<'e>(
        &mut self,
        event: Event<'e>,
        range: &std::ops::Range<usize>,
        rest: &mut std::vec::IntoIter<Spanned<'e>>,
        plain: &mut Vec<Event<'e>>,
    ) {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => {
                let comment = text.trim_start().starts_with("<!--");
                if self.html_allowed && !comment {
                    self.cx.say(Diagnostic::new("detail/html", self.at(range)));
                }
            }
            Event::Start(Tag::HtmlBlock | Tag::Link { .. })
            | Event::End(TagEnd::HtmlBlock | TagEnd::Link) => {}
            Event::Start(Tag::Heading { level, .. }) => {
                let level = level.max(HeadingLevel::H2);
                let (id, classes, attrs) = (None, Vec::new(), Vec::new());
                plain.push(Event::Start(Tag::Heading { level, id, classes, attrs }));
            }
            Event::End(TagEnd::Heading(level)) => {
                plain.push(Event::End(TagEnd::Heading(level.max(HeadingLevel::H2))));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                until_image_end(rest);
                let found = self.cx.find_picture(&self.body.file, &dest_url, self.at(range));
                let Some(picture) = found.ok().and_then(|path| self.frame(&path)) else { return };
                let element = if self.open == Some(0) {
                    format!("</p>\n{}\n<p>", picture.element())
                } else {
                    picture.element()
                };
                plain.push(Event::InlineHtml(CowStr::from(element)));
            }
            Event::TaskListMarker(done) => {
                plain.push(Event::Text(CowStr::from(if done { "√ " } else { "○ " })));
            }
            other => {
                match &other {
                    Event::Start(Tag::Paragraph) => self.open = Some(0),
                    Event::End(TagEnd::Paragraph) => self.open = None,
                    Event::Start(_) => self.open = self.open.map(|open| open + 1),
                    Event::End(_) => self.open = self.open.map(|open| open.saturating_sub(1)),
                    _ => {}
                }
                plain.push(other);
            }
        }
    }

    /// A picture as a drawing shows it.
    fn frame(&self, path: &SourcePath) -> Option<Framed> {
        let Medium::Drawing(width, height) = self.medium else { return None };
        Framed::new(self.cx, path, (width, height))
    }

    /// The same pictures for a drawing.
    pub(super) fn frames(&self, block: &Block) -> Vec<Framed> {
        let named = block.words();
        if named.is_empty() {
            let images = self.product.map_or(&[][..], |product| &product.images);
            return images.iter().filter_map(|image| self.frame(&image.path)).collect();
        }
        let at =
            |range: &std::ops::Range<usize>| place(self.body, Span::new(range.start, range.end));
        let found = named.iter().filter_map(|(name, range)| {
            self.cx.find_picture(&self.body.file, name, at(range)).ok()
        });
        found.filter_map(|path| self.frame(&path)).collect()
    }
}
