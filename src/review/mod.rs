//! Looks at the author's words through `Cx` and says what the rules forbid, each at its place. Makes no file.

mod prose;
pub mod score;

use std::ops::Range;
use std::rc::Rc;

use crate::catalog::product::{Body, Layer, Product};
use crate::catalog::record::Record;
use crate::catalog::text::Text;
use crate::compose::contradict::Facts;
use crate::cx::Cx;
use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;
use crate::rules::{Context, Field, Hit, Level};
use crate::source::blocks::{Scan, Spanned};
use crate::source::fields::At;
use crate::text::normal::is_hanzi;

/// The value of a finding with what stands in the file, and the one with what may be put in its place without a look.
pub const WAS: &str = "was";
/// See [`WAS`].
pub const PUT: &str = "put";

/// Reviews what the files of a product say in a language, but for its text.
pub fn product(cx: &Rc<Cx>, product: &Product) {
    let subject = Subject::of(cx, product);
    let lang = cx.lang();
    let said = Facts::of(product, lang);
    let local = product.locales.iter().find(|(name, _)| name == lang).map(|(_, layer)| layer);
    for layer in local.into_iter().chain([&product.own]) {
        let record = &layer.record;
        let pick: [(Field, Option<&At<Text>>); 3] = [
            (Field::Title, record.title.as_ref()),
            (Field::Subtitle, record.subtitle.as_ref()),
            (Field::Meta, record.description.as_ref()),
        ];
        for (field, text) in pick {
            if let Some(text) = text {
                subject.text(cx, layer, text, field);
                headline(cx, &said, layer, text, field == Field::Title);
            }
        }
        for channel in &record.channels {
            if let Some(text) = &channel.title {
                subject.text(cx, layer, text, Field::Title);
            }
        }
        for image in record.images.iter().flatten() {
            if let Some(text) = &image.alt {
                subject.text(cx, layer, text, Field::Alt);
            }
        }
        facts(cx, &subject, layer, record);
    }
}

/// What a title, subtitle or description says otherwise than the facts.
fn headline(cx: &Rc<Cx>, facts: &Facts<'_>, layer: &Layer, text: &At<Text>, title: bool) {
    let Some(words) = text.value.exact(cx.lang()) else { return };
    for found in facts.contradicted(words, title) {
        let source = cx.source(&layer.file);
        let range = source.as_deref().and_then(|source| within(source, text.at, words, &found.at));
        let at = range.unwrap_or(text.at.start as usize..text.at.end as usize);
        let place = Place::Bytes(layer.file.clone(), Span::new(at.start, at.end));
        say_contradiction(cx, place, &words[found.at], &found.fact);
    }
}

fn facts(cx: &Rc<Cx>, subject: &Subject<'_>, layer: &Layer, record: &Record) {
    for fact in record.facts.iter().flatten() {
        let text = At::new(Text::One(fact.shown(cx.lang())), fact.at);
        subject.text(cx, layer, &text, Field::Body);
    }
}

/// Reviews a field of something that is not a product.
pub fn field(cx: &Rc<Cx>, file: &SourcePath, text: Option<&At<Text>>, field: Field) {
    let Some(text) = text else { return };
    Subject::plain().write(cx, file, text, field);
}

/// Reviews words of a poster. Of `files`, the first in which they stand is named, else the last.
pub fn poster(cx: &Rc<Cx>, files: &[&SourcePath], words: &str, product: Option<&Product>) {
    let subject = product.map_or_else(Subject::plain, |product| Subject::of(cx, product));
    let rules = cx.rules();
    for hit in rules.checker().check(words, &subject.context(cx.lang(), words, Field::Poster)) {
        let found = &words[hit.at.clone()];
        let stands = |file: &&SourcePath| {
            let source = cx.source(file)?;
            let at =
                source.find(words).map(|at| at + hit.at.start).or_else(|| source.find(found))?;
            Some((file.to_owned().clone(), source, at))
        };
        let Some((file, source, at)) = files.iter().find_map(stands) else {
            if let Some(file) = files.last() {
                say(cx, &hit, Place::File((*file).clone()), found);
            }
            continue;
        };
        let place = Place::Bytes(file, Span::new(at, at + found.len()));
        match remark(&source, at, &hit.rule.id) {
            Some(reason) if !reason.is_empty() => say_suppressed(cx, &hit, place, reason),
            _ => say(cx, &hit, place, found),
        }
    }
}

/// Reviews a Markdown text, which has been read already.
pub fn body(
    cx: &Rc<Cx>,
    body: &Body,
    text: &str,
    (scan, events): (&Scan, &[Spanned<'_>]),
    product: Option<&Product>,
) {
    let subject = product.map_or_else(Subject::plain, |product| Subject::of(cx, product));
    let facts = product.map(|product| Facts::of(product, cx.lang()));
    for block in prose::blocks(scan, events) {
        for piece in &block.pieces {
            let field = if piece.alt { Field::Alt } else { Field::Body };
            let rules = cx.rules();
            for hit in
                rules.checker().check(&piece.text, &subject.context(cx.lang(), &piece.text, field))
            {
                // How to send something back is no claim about goods.
                if product.is_none() && hit.level >= Level::Review {
                    continue;
                }
                let range = piece.original(hit.at.clone());
                let at = place(cx, body, text, &range);
                match block.permits(&hit.rule.id) {
                    Some(reason) => say_suppressed(cx, &hit, at, reason),
                    None => say(cx, &hit, at, &text[range]),
                }
            }
            if let Some(facts) = facts.as_ref().filter(|_| !piece.alt) {
                for found in facts.contradicted(&piece.text, false) {
                    let range = piece.original(found.at);
                    let at = place(cx, body, text, &range);
                    say_contradiction(cx, at, &text[range], &found.fact);
                }
            }
            if !piece.alt && !block.cell && cx.lang().starts_with("zh") {
                style(cx, body, text, piece);
            }
        }
        for (range, rule) in &block.unreasoned {
            let at = place(cx, body, text, range);
            cx.say(Diagnostic::new("rule/no-reason", at).with("rule", rule));
        }
    }
}

/// So many characters before a cell what stands in its row is looked for.
const ROW: usize = 2000;

/// Where a part of a Markdown text stands: below its front matter, or in a cell of a table, which is then a fact of this run.
fn place(cx: &Rc<Cx>, body: &Body, text: &str, range: &Range<usize>) -> Place {
    let Some(cell) = &body.inline else {
        return Place::Body(body.file.clone(), Span::new(range.start, range.end));
    };
    let source = cx.source(&body.file);
    // A text of several cells has the place of one: the part may stand in another of the row.
    let beside = |source: &str| {
        let end = cell.at.start as usize;
        let row = source.get(..end)?;
        let first = row.char_indices().nth_back(ROW).map_or(0, |(at, _)| at);
        let part = text.get(range.clone())?;
        row[first..].rfind(part).map(|at| first + at..first + at + part.len())
    };
    let found = source
        .as_deref()
        .and_then(|source| within(source, cell.at, text, range).or_else(|| beside(source)));
    let at = found.map_or(cell.at, |found| Span::new(found.start, found.end));
    Place::Bytes(body.file.clone(), at)
}

fn say_contradiction(cx: &Cx, at: Place, written: &str, fact: &str) {
    cx.say(Diagnostic::new("text/contradicts", at).with("found", written).with("fact", fact));
}

/// How the words of a text are set.
fn style(cx: &Rc<Cx>, body: &Body, text: &str, piece: &prose::Piece) {
    if body.inline.is_some() {
        return;
    }
    for edit in crate::text::copy::edits(&piece.text) {
        let range = piece.original(edit.at.clone());
        let written = &text[range.clone()];
        // Where markup or an entity stands between the letters, a person must do it.
        if written != &piece.text[edit.at] {
            continue;
        }
        let at = Place::Body(body.file.clone(), Span::new(range.start, range.end));
        cx.say(
            Diagnostic::new("copy/style", at)
                .with("found", written)
                .with("better", &edit.put)
                .with(WAS, written)
                .with(PUT, edit.put),
        );
    }
}

/// What is known of whose words they are.
struct Subject<'p> {
    channels: Vec<&'p str>,
    evidence: Vec<&'p str>,
    names: Vec<&'p str>,
}

impl<'p> Subject<'p> {
    /// Of something that no channel lists.
    fn plain() -> Self {
        Self { channels: Vec::new(), evidence: Vec::new(), names: Vec::new() }
    }

    fn of(cx: &'p Cx, product: &'p Product) -> Self {
        let channels = cx.shop().channels.iter().map(|channel| channel.value.as_str()).collect();
        let mut subject = Self { channels, ..Self::plain() };
        for layer in product.layers(cx.lang()) {
            subject.evidence.extend(layer.record.evidence.iter().map(|(claim, _)| claim.as_str()));
            if let Some(brand) = &layer.record.brand {
                match &brand.value {
                    Text::One(name) => subject.names.push(name),
                    Text::By(names) => {
                        subject.names.extend(names.iter().map(|(_, name)| name.as_str()));
                    }
                }
            }
        }
        subject
    }

    /// `lang` is the page's language: in a Chinese one words without a Chinese letter are English.
    fn context<'c>(&'c self, lang: &'c str, text: &str, field: Field) -> Context<'c> {
        // Full-width letters are Chinese typing too.
        let chinese = |c: char| is_hanzi(c) || ('！'..='～').contains(&c);
        let locale = if !text.is_ascii() && text.chars().any(chinese) {
            "zh"
        } else if lang.starts_with("zh") {
            "en"
        } else {
            lang
        };
        Context {
            field,
            locale,
            channels: &self.channels,
            evidence: &self.evidence,
            names: &self.names,
        }
    }

    /// A text of a layer, in the language that is being made.
    fn text(&self, cx: &Rc<Cx>, layer: &Layer, text: &At<Text>, field: Field) {
        self.write(cx, &layer.file, text, field);
    }

    fn write(&self, cx: &Rc<Cx>, file: &SourcePath, text: &At<Text>, field: Field) {
        let Some(words) = text.value.exact(cx.lang()) else { return };
        let rules = cx.rules();
        for hit in rules.checker().check(words, &self.context(cx.lang(), words, field)) {
            let found = &words[hit.at.clone()];
            // Where it stands is looked up in the file, which is then a fact of this run.
            let source = cx.source(file);
            let range =
                source.as_deref().and_then(|source| within(source, text.at, words, &hit.at));
            let at = range.clone().unwrap_or(text.at.start as usize..text.at.end as usize);
            let place = Place::Bytes(file.clone(), Span::new(at.start, at.end));
            match source.as_deref().and_then(|source| remark(source, at.start, &hit.rule.id)) {
                Some(reason) if !reason.is_empty() => say_suppressed(cx, &hit, place, reason),
                Some(_) => {
                    cx.say(Diagnostic::new("rule/no-reason", place).with("rule", &hit.rule.id));
                }
                None => say(cx, &hit, place, found),
            }
        }
    }
}

/// Where a part of a value stands in the file: the value is looked for in what was written, then the part alone.
fn within(source: &str, value: Span, words: &str, hit: &Range<usize>) -> Option<Range<usize>> {
    let start = value.start as usize;
    let raw = source.get(start..value.end as usize)?;
    if let Some(at) = raw.find(words) {
        return Some(start + at + hit.start..start + at + hit.end);
    }
    let part = &words[hit.clone()];
    raw.find(part).map(|at| start + at..start + at + part.len())
}

/// The reason after `# lint-ok RULE:` on the line of a place or on the one above; empty when none is given.
fn remark<'s>(source: &'s str, at: usize, rule: &str) -> Option<&'s str> {
    let line = source[..at].rfind('\n').map_or(0, |at| at + 1);
    let above = source[..line.saturating_sub(1)].rfind('\n').map_or(0, |at| at + 1);
    let end = source[at..].find('\n').map_or(source.len(), |end| at + end);
    let both = source.get(above..end)?;
    let remark = both.split("# lint-ok ").skip(1).find(|rest| rest.starts_with(rule))?;
    let rest = remark[rule.len()..].lines().next().unwrap_or_default();
    Some(rest.trim_start_matches([':', '：']).trim())
}

fn say(cx: &Cx, hit: &Hit<'_>, at: Place, written: &str) {
    let code = match hit.level {
        Level::Error => "rule/error",
        Level::Warn => "rule/warn",
        Level::Review => "rule/review",
        Level::Info => "rule/info",
    };
    let mut finding = Diagnostic::new(code, at)
        .with("found", crate::source::fields::shorten(written))
        .with("rule", &hit.rule.id)
        .with("law", &hit.rule.law)
        .with("reason", crate::diag::codes::both(&hit.rule.why[0], &hit.rule.why[1]));
    if let Some(better) = hit.rule.suggest.get(&hit.found).filter(|better| !better.is_empty()) {
        finding = finding.with("near", better);
        if hit.rule.safe && safe(written, better, &hit.found) {
            finding = finding.with(WAS, written).with(PUT, better);
        }
    }
    cx.say(finding);
}

/// Whether a better word can be put in without a look: the words stand there as they were found, without markup
/// between them, and the better ones are letters, which mean nothing else in YAML or Markdown.
fn safe(written: &str, better: &str, found: &str) -> bool {
    crate::text::normal::normal(written) == found
        && !written.contains(|c: char| c.is_ascii_punctuation())
        && better.chars().all(char::is_alphanumeric)
}

fn say_suppressed(cx: &Cx, hit: &Hit<'_>, at: Place, reason: &str) {
    cx.say(
        Diagnostic::new("rule/suppressed", at)
            .with("rule", &hit.rule.id)
            .with("found", &hit.found)
            .with("reason", reason),
    );
}
