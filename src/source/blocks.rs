//! The `:::` blocks of a Markdown text: found by line before Markdown is read, so that everything else stays plain Markdown.
//!
//! Each `:::` line is replaced by an HTML comment, which Markdown leaves alone; places are mapped back.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};

/// The Markdown of texts.
const MARKDOWN: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_DEFINITION_LIST);

/// Names of blocks.
pub const NAMES: [&str; 5] = ["specs", "gallery", "note", "faq", "products"];

/// What a Chinese keyboard gives for `:::`.
const WIDE: &str = "：：：";

/// Blocks within blocks: deeper ones are a slip, or hostile.
const DEEPEST: usize = 8;

/// One block.
#[derive(Debug)]
pub struct Block {
    /// Its number in the text.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// What stands behind the name.
    pub rest: String,
    /// Where `rest` begins in the text.
    pub rest_start: usize,
}

impl Block {
    /// The words behind the name and their places in the text.
    pub fn words(&self) -> Vec<(&str, Range<usize>)> {
        let mut words = Vec::new();
        let mut at = 0;
        for word in self.rest.split_whitespace() {
            let start = at + self.rest[at..].find(word).unwrap_or(0);
            at = start + word.len();
            words.push((word, self.rest_start + start..self.rest_start + at));
        }
        words
    }
}

/// Something wrong with a block.
#[derive(Debug)]
pub struct Fault {
    /// The finding's code.
    pub code: &'static str,
    /// The block's name.
    pub name: String,
    /// Where, in the original text.
    pub range: Range<usize>,
}

/// A text with its blocks replaced.
#[derive(Debug, Default)]
pub struct Scan {
    /// What Markdown reads.
    pub text: String,
    /// Blocks in order.
    pub blocks: Vec<Block>,
    /// What is wrong with them.
    pub faults: Vec<Fault>,
    /// Where a comment opens a block: place in `text`, block.
    opens: Vec<(usize, usize)>,
    /// Where a comment closes one.
    closes: Vec<(usize, usize)>,
    /// Places of `text` and the places of the original they stand for.
    map: Vec<(usize, usize)>,
}

/// What Markdown says, and the bytes of [`Scan::text`] it came from.
pub type Spanned<'e> = (Event<'e>, Range<usize>);

impl Scan {
    /// The text as Markdown.
    pub fn events(&self) -> Vec<Spanned<'_>> {
        Parser::new_ext(&self.text, MARKDOWN).into_offset_iter().collect()
    }

    /// The block that a comment at this place opens.
    pub fn opens(&self, at: usize) -> Option<&Block> {
        let found = self.opens.binary_search_by_key(&at, |(place, _)| *place).ok()?;
        Some(&self.blocks[self.opens[found].1])
    }

    /// The number of the block that a comment at this place closes.
    pub fn closes(&self, at: usize) -> Option<usize> {
        let found = self.closes.binary_search_by_key(&at, |(place, _)| *place).ok()?;
        Some(self.closes[found].1)
    }

    /// The same range in the original text.
    pub fn original(&self, range: &Range<usize>) -> Range<usize> {
        let back = |at: usize| {
            let nth = self.map.partition_point(|(place, _)| *place <= at);
            let (place, original) = if nth == 0 { (0, 0) } else { self.map[nth - 1] };
            original + (at - place)
        };
        back(range.start)..back(range.end)
    }
}

/// Finds the blocks of a text.
pub fn scan(text: &str) -> Scan {
    let mut scan = Scan::default();
    if !text.contains(":::") && !text.contains(WIDE) {
        text.clone_into(&mut scan.text);
        return scan;
    }
    let mut open: Vec<(usize, Range<usize>)> = Vec::new();
    let mut deeper = 0_usize;
    let mut fence: Option<&str> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = start..start + line.trim_end().len();
        start += line.len();
        let bare = line.trim();
        if let Some(mark) = fence {
            if bare.starts_with(mark) && bare.chars().all(|c| mark.starts_with(c)) {
                fence = None;
            }
            scan.text.push_str(line);
            continue;
        }
        if bare.starts_with("```") || bare.starts_with("~~~") {
            fence = Some(if bare.starts_with('`') { "```" } else { "~~~" });
            scan.text.push_str(line);
            continue;
        }
        let Some(rest) = line.strip_prefix(":::") else {
            if bare.starts_with(WIDE) {
                let name = bare.trim_start_matches('：').trim().to_owned();
                scan.faults.push(Fault { code: "markdown/block-wide", name, range });
            }
            scan.text.push_str(line);
            continue;
        };
        let inner = rest.trim_start_matches(':').trim();
        if inner.is_empty() && deeper > 0 {
            deeper -= 1;
            scan.comment(start);
            continue;
        }
        if inner.is_empty() {
            if let Some((number, _)) = open.pop() {
                scan.closes.push((scan.text.len(), number));
                scan.comment(start);
            } else {
                scan.faults.push(Fault {
                    code: "markdown/block-stray",
                    name: String::new(),
                    range,
                });
                scan.comment(start);
            }
            continue;
        }
        let (name, rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        if !NAMES.contains(&name) {
            let name = name.to_owned();
            scan.faults.push(Fault { code: "markdown/block", name, range: range.clone() });
        }
        if open.len() >= DEEPEST {
            let name = name.to_owned();
            scan.faults.push(Fault { code: "markdown/block-deep", name, range });
            scan.comment(start);
            deeper += 1;
            continue;
        }
        let number = scan.blocks.len();
        let rest = rest.trim();
        let rest_start = range.end - rest.len();
        scan.blocks.push(Block {
            number,
            name: name.to_owned(),
            rest: rest.to_owned(),
            rest_start,
        });
        scan.opens.push((scan.text.len(), number));
        scan.comment(start);
        open.push((number, range));
    }
    for (number, range) in open.into_iter().rev() {
        let name = scan.blocks[number].name.clone();
        scan.faults.push(Fault { code: "markdown/block-open", name, range });
    }
    scan
}

impl Scan {
    /// Puts a comment in place of a line; the original goes on at `next`.
    fn comment(&mut self, next: usize) {
        self.text.push_str("<!--:::-->\n");
        self.map.push((self.text.len(), next));
    }
}
