//! The words of a Markdown text as a reader sees them, and where each stands: links, emphasis and entities leave no mark.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::source::blocks::{self, Scan, Spanned};

/// A paragraph, heading, cell or list item.
#[derive(Default, Debug)]
pub(super) struct Block {
    pub(super) pieces: Vec<Piece>,
    /// A cell of a table: data, and no running text.
    pub(super) cell: bool,
    /// A heading, or the title of a note.
    pub(super) heading: bool,
    /// Rules that a remark in or above it permits, with the reasons.
    permitted: Vec<(String, String)>,
    /// Remarks without a reason.
    pub(super) unreasoned: Vec<(Range<usize>, String)>,
}

/// Words that belong together.
#[derive(Default, Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    /// What a picture shows.
    pub(super) alt: bool,
    /// Where parts of the text begin, and the bytes of the source they came from.
    parts: Vec<(usize, Range<usize>, bool)>,
}

/// The headings (told by the first value) and paragraphs of a text; tables and lists count as what they are read as.
pub(super) fn paragraphs(text: &str) -> Vec<(bool, String)> {
    let scan = blocks::scan(text);
    let mut found = Vec::new();
    for block in blocks(&scan, &scan.events()) {
        if block.cell {
            continue;
        }
        let words: String = block
            .pieces
            .iter()
            .filter(|piece| !piece.alt)
            .map(|piece| piece.text.as_str())
            .collect();
        if words.chars().any(char::is_alphanumeric) {
            found.push((block.heading, words));
        }
    }
    found
}

impl Block {
    pub(super) fn permits(&self, rule: &str) -> Option<&str> {
        self.permitted.iter().find(|(name, _)| name == rule).map(|(_, reason)| reason.as_str())
    }
}

impl Piece {
    fn push(&mut self, text: &str, source: Range<usize>, same: bool) {
        self.parts.push((self.text.len(), source, same));
        self.text.push_str(text);
    }

    /// Bytes of the source that some bytes of the text came from.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        let find = |at: usize| {
            let nth = self.parts.partition_point(|(start, ..)| *start <= at).saturating_sub(1);
            self.parts.get(nth)
        };
        let (Some((from, source, same)), Some((last_from, last, last_same))) =
            (find(range.start), find(range.end.saturating_sub(1).max(range.start)))
        else {
            return 0..0;
        };
        // Text that stands as it is keeps its distance; an entity is one piece.
        let start = if *same { source.start + (range.start - from) } else { source.start };
        let end = if *last_same { last.start + (range.end - last_from) } else { last.end };
        start..end.max(start)
    }
}

/// The blocks of a text.
pub(super) fn blocks(scan: &Scan, events: &[Spanned<'_>]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut block = Block::default();
    let mut piece = Piece::default();
    let mut alts: Vec<Piece> = Vec::new();
    let mut remarks: Vec<(Range<usize>, String)> = Vec::new();
    let mut code = false;
    for (event, place) in events {
        let target = alts.last_mut().unwrap_or(&mut piece);
        let range = scan.original(place);
        match event {
            Event::Text(words) if !code => {
                let same = scan.text.get(place.clone()) == Some(&**words);
                target.push(words, range, same);
            }
            Event::SoftBreak | Event::HardBreak => target.push("\n", range, false),
            Event::Code(_) => target.push(" ", range, false),
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Start(Tag::Image { .. }) => alts.push(Piece { alt: true, ..Piece::default() }),
            Event::End(TagEnd::Image) => block.pieces.extend(alts.pop()),
            Event::Html(html) | Event::InlineHtml(html) if html.contains("lint-ok") => {
                remarks.push((range, html.to_string()));
            }
            Event::Html(_) => blocks.extend(scan.opens(place.start).and_then(title)),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::DefinitionListTitle
                | TagEnd::DefinitionListDefinition
                | TagEnd::BlockQuote(_),
            ) => {
                block.pieces.push(std::mem::take(&mut piece));
                block.cell = matches!(event, Event::End(TagEnd::TableCell));
                block.heading = matches!(event, Event::End(TagEnd::Heading(_)));
                for (range, remark) in remarks.drain(..) {
                    block.read(range, &remark);
                }
                blocks.push(std::mem::take(&mut block));
            }
            _ => {}
        }
    }
    block.pieces.push(piece);
    for (range, remark) in remarks {
        block.read(range, &remark);
    }
    blocks.push(block);
    blocks
}

/// The title of a note; what stands behind the names of other blocks are names too.
fn title(note: &blocks::Block) -> Option<Block> {
    if note.name != "note" || note.rest.is_empty() {
        return None;
    }
    let mut piece = Piece::default();
    piece.push(&note.rest, note.rest_start..note.rest_start + note.rest.len(), true);
    Some(Block { pieces: vec![piece], heading: true, ..Block::default() })
}

impl Block {
    /// `<!-- lint-ok RULE: reason -->`
    fn read(&mut self, range: Range<usize>, remark: &str) {
        for rest in remark.split("lint-ok").skip(1) {
            let rest = rest.split("-->").next().unwrap_or_default().trim();
            let (rule, reason) = rest.split_once([':', '：']).unwrap_or((rest, ""));
            if reason.trim().is_empty() {
                self.unreasoned.push((range.clone(), rule.trim().to_owned()));
            } else {
                self.permitted.push((rule.trim().to_owned(), reason.trim().to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Block> {
        let scan = blocks::scan(text);
        blocks(&scan, &scan.events())
    }

    fn back(source: &str, words: &str) -> String {
        let all = read(source);
        let piece = all
            .iter()
            .flat_map(|block| &block.pieces)
            .find(|piece| piece.text.contains(words))
            .unwrap();
        let at = piece.text.find(words).unwrap();
        source[piece.original(at..at + words.len())].to_owned()
    }

    #[test]
    fn places_lead_back_through_markdown() {
        assert_eq!(back("一段\n\n&#26368;佳的杯", "最佳"), "&#26368;佳");
        assert_eq!(back("a <b>最</b>低价", "最低价"), "最</b>低价");
        assert_eq!(back("看**最**佳", "最佳"), "最**佳");
        assert_eq!(back("去[最佳选择](/x)看", "最佳"), "最佳");
        assert_eq!(back("![最佳图](a.jpg)", "最佳"), "最佳");
        assert_eq!(back("| a | b |\n| --- | --- |\n| 最佳 | x |", "最佳"), "最佳");
        assert!(
            read("`最佳`\n\n```\n最佳\n```\n")
                .iter()
                .all(|block| block.pieces.iter().all(|piece| !piece.text.contains("最佳")))
        );
    }

    #[test]
    fn blocks_are_no_words_and_hide_none() {
        let text = "::: note First\nRinse it.\n:::\n\n::: faq\n### Oven?\nYes.\n:::\n";
        let found = paragraphs(text);
        let found: Vec<_> = found.iter().map(|(head, words)| (*head, words.trim())).collect();
        assert_eq!(
            found,
            [(true, "First"), (false, "Rinse it."), (true, "Oven?"), (false, "Yes.")]
        );
        assert_eq!(back(text, "Rinse"), "Rinse");
        assert_eq!(back(text, "First"), "First");
        assert_eq!(back(text, "Yes"), "Yes");
    }

    #[test]
    fn remarks_permit_what_follows() {
        let all = read("<!-- lint-ok cn.x: 见报告 -->\n\n最佳\n\n再一段 <!-- lint-ok cn.y -->");
        assert_eq!(all.iter().find_map(|block| block.permits("cn.x")), Some("见报告"));
        assert!(all.iter().any(|block| block.unreasoned.iter().any(|(_, rule)| rule == "cn.y")));
    }
}
