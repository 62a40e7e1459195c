//! Finds what rules forbid: one automaton for all triggers, then each hit's surroundings.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use daachorse::CharwiseDoubleArrayAhoCorasick;
use regex::Regex;

use super::{Field, Level, Near, Pack, Rule, Side, Unless};
use crate::text::normal::{ALL, Normal, is_hanzi, normal};

/// What is known of a text besides its words.
#[derive(Clone, Debug)]
pub struct Context<'c> {
    /// Which field it is.
    pub field: Field,
    /// Its language: `zh-CN`.
    pub locale: &'c str,
    /// Channels it goes to, besides the site, and the packs that these name.
    pub channels: &'c [&'c str],
    /// What the product can prove.
    pub evidence: &'c [&'c str],
    /// Names in which nothing is looked for: the product's brand and series.
    pub names: &'c [&'c str],
}

impl Default for Context<'_> {
    fn default() -> Self {
        Self { field: Field::Title, locale: "zh-CN", channels: &[], evidence: &[], names: &[] }
    }
}

/// A rule that a text breaks.
#[derive(Clone, Debug)]
pub struct Hit<'c> {
    /// The rule.
    pub rule: &'c Rule,
    /// The pack it stands in.
    pub pack: &'c str,
    /// How grave it is here.
    pub level: Level,
    /// Bytes of the text.
    pub at: Range<usize>,
    /// What was found, normalised.
    pub found: String,
}

/// Finds what some packs forbid.
pub struct Checker {
    packs: Vec<Arc<Pack>>,
    /// By number of a trigger: pack, rule.
    owners: Vec<Vec<(u32, u32)>>,
    triggers: Words,
    masks: Words,
}

impl Checker {
    /// A checker for some packs.
    pub fn new(packs: impl IntoIterator<Item = Arc<Pack>>) -> Self {
        let packs: Vec<Arc<Pack>> = packs.into_iter().collect();
        let mut triggers: Vec<String> = Vec::new();
        let mut owners: Vec<Vec<(u32, u32)>> = Vec::new();
        let mut known = std::collections::HashMap::new();
        for (nth, pack) in packs.iter().enumerate() {
            for (rule_nth, rule) in pack.rules.iter().enumerate() {
                for trigger in rule.trigger.iter().filter(|trigger| !trigger.is_empty()) {
                    let number = *known.entry(trigger.as_str()).or_insert_with(|| {
                        triggers.push(trigger.clone());
                        owners.push(Vec::new());
                        triggers.len() - 1
                    });
                    owners[number].push((nth as u32, rule_nth as u32));
                }
            }
        }
        let masks: BTreeSet<&str> = packs
            .iter()
            .flat_map(|pack| &pack.mask)
            .map(String::as_str)
            .filter(|mask| !mask.is_empty())
            .collect();
        let (triggers, masks) = (words(triggers), words(masks));
        Self { packs, owners, triggers, masks }
    }

    /// What a text breaks: of hits that lie over each other only the gravest.
    pub fn check(&self, text: &str, context: &Context<'_>) -> Vec<Hit<'_>> {
        let mut all = self.check_all(text, context);
        all.sort_by(|a, b| {
            let length = |hit: &Hit<'_>| usize::MAX - hit.at.len();
            (a.level, length(a), a.at.start, &a.rule.id).cmp(&(
                b.level,
                length(b),
                b.at.start,
                &b.rule.id,
            ))
        });
        let mut kept: Vec<Hit<'_>> = Vec::new();
        for hit in all {
            // What only needs a look is looked at with the graver thing it touches.
            let room = usize::from(hit.level >= Level::Review);
            let over = |other: &Hit<'_>| {
                other.at.start < hit.at.end + room && hit.at.start < other.at.end + room
            };
            if !kept.iter().any(over) {
                kept.push(hit);
            }
        }
        kept.sort_by_key(|hit| (hit.at.start, hit.at.end));
        kept
    }

    /// Every hit of every rule.
    pub fn check_all(&self, text: &str, context: &Context<'_>) -> Vec<Hit<'_>> {
        let mut hits = Vec::new();
        let plain = Normal::new(text, &ALL);
        let mut found = find(&self.triggers, &plain.text).peekable();
        if found.peek().is_none() {
            return hits;
        }
        let concerned: Vec<bool> = self.packs.iter().map(|pack| concerns(pack, context)).collect();
        let masked = self.masked(&plain.text, context.names);
        let mut denials = None;
        for (trigger, at) in found {
            if masked.iter().any(|mask| mask.start <= at.start && at.end <= mask.end)
                || splits_word(&plain.text, &at)
            {
                continue;
            }
            let spot = Spot::new(&plain.text, at);
            for (nth, rule) in &self.owners[trigger] {
                let pack = &*self.packs[*nth as usize];
                let rule = &pack.rules[*rule as usize];
                let fields = if rule.fields.is_empty() { &pack.fields } else { &rule.fields };
                let read = fields.is_empty() || fields.contains(&context.field);
                if !concerned[*nth as usize] || !read {
                    continue;
                }
                let Some(at) = holds(rule, &spot, context) else { continue };
                let packs = self.packs.iter().zip(&concerned).filter(|(_, concerned)| **concerned);
                let unless = packs.flat_map(|(pack, _)| &pack.unless);
                let sentence = spot.sentence();
                if Denials::of(&mut denials, &plain.text, sentence, unless, context)
                    .deny(&plain.text, &at)
                {
                    continue;
                }
                let prose = context.field == Field::Body;
                hits.push(Hit {
                    rule,
                    pack: &pack.name,
                    level: rule.in_prose.filter(|_| prose).unwrap_or(rule.level),
                    at: plain.original(at.clone()),
                    found: plain.text[at].to_owned(),
                });
            }
        }
        hits
    }

    /// Where names stand that may have forbidden words in them.
    fn masked(&self, text: &str, names: &[&str]) -> Vec<Range<usize>> {
        let mut masked: Vec<_> = find(&self.masks, text).map(|(_, at)| at).collect();
        for name in names.iter().map(|name| normal(name)).filter(|name| name.chars().count() > 1) {
            masked.extend(text.match_indices(&name).map(|(at, _)| at..at + name.len()));
        }
        masked
    }
}

/// Finds many words in one walk, character by character: most of them are Chinese.
type Words = Option<CharwiseDoubleArrayAhoCorasick<usize>>;

fn words<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> Words {
    // No words at all; more than its numbers hold do not fit into a file of rules either.
    CharwiseDoubleArrayAhoCorasick::new(words).ok()
}

/// Where words stand in a text, by their numbers.
fn find<'f>(words: &'f Words, text: &'f str) -> impl Iterator<Item = (usize, Range<usize>)> + 'f {
    let found = words.iter().flat_map(move |words| words.find_overlapping_iter(text));
    found.map(|one| (one.value(), one.start()..one.end()))
}

/// Whether a pack is about texts of this language and these channels.
fn concerns(pack: &Pack, context: &Context<'_>) -> bool {
    let language = context.locale.split('-').next().unwrap_or_default();
    let spoken = pack.languages.is_empty()
        || pack.languages.iter().any(|one| one == language || one == context.locale);
    let sold = pack.channels.is_empty()
        || context.channels.contains(&pack.name.as_str())
        || pack.channels.iter().any(|one| context.channels.contains(&one.as_str()));
    spoken && sold
}

/// A Latin trigger inside a longer Latin word is another word.
fn splits_word(text: &str, hit: &Range<usize>) -> bool {
    let word = |c: char| !is_hanzi(c) && c.is_alphanumeric();
    let first = text[hit.clone()].chars().next();
    let last = text[hit.clone()].chars().next_back();
    let joined = |inner: Option<char>, outer: Option<char>| {
        let (Some(inner), Some(outer)) = (inner, outer) else { return false };
        word(inner)
            && word(outer)
            && (inner.is_alphabetic() && outer.is_alphabetic()
                || inner.is_numeric() && outer.is_numeric())
    };
    let rest = &text[hit.end..];
    // One more letter makes a plural, and no other word: 5 star, 5 stars.
    let plural = hit.len() > 3 && rest.starts_with('s') && !rest[1..].starts_with(word);
    joined(first, text[..hit.start].chars().next_back())
        || joined(last, rest.chars().next()) && !plural
}

/// A trigger and what surrounds it, cut out when first asked for.
struct Spot<'t> {
    text: &'t str,
    trigger: Range<usize>,
    clause: OnceCell<Range<usize>>,
    sentence: OnceCell<Range<usize>>,
}

impl<'t> Spot<'t> {
    fn new(text: &'t str, trigger: Range<usize>) -> Self {
        Self { text, trigger, clause: OnceCell::new(), sentence: OnceCell::new() }
    }

    fn clause(&self) -> Range<usize> {
        self.clause.get_or_init(|| clause(self.text, &self.trigger, true)).clone()
    }

    fn sentence(&self) -> Range<usize> {
        self.sentence.get_or_init(|| clause(self.text, &self.trigger, false)).clone()
    }
}

/// Whether a trigger is a hit here; what else it needs belongs to the hit.
fn holds(rule: &Rule, spot: &Spot<'_>, context: &Context<'_>) -> Option<Range<usize>> {
    let (text, trigger) = (spot.text, &spot.trigger);
    let across = rule.with.as_ref().is_some_and(|near| near.across);
    let clause = if across { spot.sentence() } else { spot.clause() };
    let (before, after) = (&text[clause.start..trigger.start], &text[trigger.end..clause.end]);
    if rule.not_followed.iter().any(|word| after.trim_start().starts_with(word.as_str()))
        || rule.not_preceded.iter().any(|word| before.ends_with(word.as_str()))
    {
        return None;
    }
    if let Some(evidence) = &rule.evidence
        && context.evidence.contains(&evidence.as_str())
    {
        return None;
    }
    let mut hit = trigger.clone();
    if let Some(followed) = &rule.followed {
        hit.end = trigger.end + followed.find(after)?.end();
    }
    if let Some(preceded) = &rule.preceded {
        hit.start = clause.start + preceded.find(before)?.start();
    }
    if let Some(near) = &rule.with {
        let found = near_in(near, text, &clause, trigger)?;
        hit = hit.start.min(found.start)..hit.end.max(found.end);
    }
    let harmless = rule.unless.iter().any(|unless| match unless {
        Unless::Covered(regex, not_followed) => {
            covered(regex, not_followed, text, &clause).any(|cover| meet(&cover, trigger))
        }
        Unless::Clause(regex) => regex.is_match(&text[clause.clone()]),
        Unless::Sentence(regex) => regex.is_match(&text[spot.sentence()]),
        Unless::Near(near) => near_in(near, text, &clause, trigger).is_some(),
        Unless::Evidence(key) => context.evidence.contains(&key.as_str()),
    });
    (!harmless).then_some(hit)
}

/// What a regular expression covers of a part of a text, but for what some words follow.
fn covered<'t>(
    regex: &'t Regex,
    not_followed: &'t [String],
    text: &'t str,
    part: &Range<usize>,
) -> impl Iterator<Item = Range<usize>> {
    let (start, end) = (part.start, part.end);
    let found = regex.find_iter(&text[part.clone()]);
    found.map(move |found| start + found.start()..start + found.end()).filter(move |cover| {
        !not_followed.iter().any(|word| text[cover.end..end].starts_with(word.as_str()))
    })
}

fn meet(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Where in one sentence packs let no rule find anything. The same for all hits in it.
struct Denials<'p> {
    sentence: Range<usize>,
    whole: bool,
    covers: Vec<Range<usize>>,
    near: Vec<&'p Near>,
}

impl<'p> Denials<'p> {
    /// Those of a sentence; what is known of the last one is used again.
    fn of<'k>(
        known: &'k mut Option<Self>,
        text: &str,
        sentence: Range<usize>,
        unless: impl Iterator<Item = &'p Unless>,
        context: &Context<'_>,
    ) -> &'k Self {
        if known.as_ref().is_none_or(|known| known.sentence != sentence) {
            *known = None;
        }
        known.get_or_insert_with(|| {
            let mut denials = Self { sentence, whole: false, covers: Vec::new(), near: Vec::new() };
            for one in unless {
                match one {
                    Unless::Covered(regex, not_followed) => {
                        denials.covers.extend(covered(
                            regex,
                            not_followed,
                            text,
                            &denials.sentence,
                        ));
                    }
                    Unless::Clause(regex) | Unless::Sentence(regex) => {
                        denials.whole |= regex.is_match(&text[denials.sentence.clone()]);
                    }
                    Unless::Near(near) => denials.near.push(near),
                    Unless::Evidence(key) => {
                        denials.whole |= context.evidence.contains(&key.as_str());
                    }
                }
            }
            denials
        })
    }

    fn deny(&self, text: &str, hit: &Range<usize>) -> bool {
        self.whole
            || self.covers.iter().any(|cover| meet(cover, hit))
            || self.near.iter().any(|near| near_in(near, text, &self.sentence, hit).is_some())
    }
}

/// The nearest of some words within a distance of a trigger, in the same clause; of two as near the one behind it, then
/// the one that the rule names first.
fn near_in(
    near: &Near,
    text: &str,
    clause: &Range<usize>,
    trigger: &Range<usize>,
) -> Option<Range<usize>> {
    let mut best: Option<((usize, bool, usize), Range<usize>)> = None;
    let mut offer = |key: (usize, bool, usize), found: Range<usize>| {
        if key.0 <= near.within && best.as_ref().is_none_or(|(known, _)| key < *known) {
            best = Some((key, found));
        }
    };
    // Words that begin or end beyond this many bytes are too far away.
    let longest = near.words.max_pattern_len();
    if near.side != Side::Before {
        let after = &text[trigger.end..clause.end];
        let reach = after.char_indices().nth(near.within).map_or(after.len(), |(at, _)| at);
        let window = &after.as_bytes()[..(reach + longest).min(after.len())];
        for found in near.words.find_overlapping_iter(window) {
            let key = (after[..found.start()].chars().count(), false, found.pattern().as_usize());
            offer(key, trigger.end + found.start()..trigger.end + found.end());
        }
    }
    if near.side != Side::After {
        let before = &text[clause.start..trigger.start];
        let reach = near.within.checked_sub(1).map_or(before.len(), |nth| {
            before.char_indices().nth_back(nth).map_or(0, |(at, _)| at)
        });
        let first = reach.saturating_sub(longest);
        for found in near.words.find_overlapping_iter(&before.as_bytes()[first..]) {
            let (start, end) = (first + found.start(), first + found.end());
            let key = (before[end..].chars().count(), true, found.pattern().as_usize());
            offer(key, clause.start + start..clause.start + end);
        }
    }
    best.map(|(_, found)| found)
}

/// The clause a trigger stands in.
fn clause(text: &str, hit: &Range<usize>, commas: bool) -> Range<usize> {
    let ends = |at: usize, c: char| match c {
        '。' | '!' | '?' | ';' | '\n' => true,
        // A comma within a number divides nothing.
        ',' if commas => {
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            !(digit(text[..at].chars().next_back()) && digit(text[at + 1..].chars().next()))
        }
        _ => false,
    };
    let start = text[..hit.start].char_indices().rev().find(|(at, c)| ends(*at, *c));
    let start = start.map_or(0, |(at, c)| at + c.len_utf8());
    let mut rest = text[hit.end..].char_indices().map(|(at, c)| (hit.end + at, c));
    let end = rest.find(|(at, c)| ends(*at, *c)).map_or(text.len(), |(at, _)| at);
    start..end
}
