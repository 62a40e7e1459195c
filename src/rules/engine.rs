//! Finds what rules forbid: one automaton for all triggers, then each hit's surroundings.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::{Field, Level, Near, Pack, Rule, Side, Unless};
use crate::text::normal::{ALL, Normal, normal};

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
    /// All triggers; its tables are large, so that it is made for the first text with a Chinese letter.
    automaton: OnceLock<Option<AhoCorasick>>,
    triggers: Vec<String>,
    /// Of the triggers without a Chinese letter, with their numbers: a plain text can hold no other, and this is faster.
    plain: Option<(AhoCorasick, Vec<usize>)>,
    masks: Option<AhoCorasick>,
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
        let ascii: Vec<usize> =
            (0..triggers.len()).filter(|number| triggers[*number].is_ascii()).collect();
        let words: Vec<&str> = ascii.iter().map(|number| &*triggers[*number]).collect();
        let plain = automaton(&words).map(|automaton| (automaton, ascii));
        let masks: Vec<&str> =
            packs.iter().flat_map(|pack| &pack.mask).map(String::as_str).collect();
        let masks = if masks.is_empty() { None } else { automaton(&masks) };
        Self { packs, owners, automaton: OnceLock::new(), triggers, plain, masks }
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
        let found = self.triggers(&plain.text);
        if found.is_empty() {
            return hits;
        }
        let concerned: Vec<bool> = self.packs.iter().map(|pack| concerns(pack, context)).collect();
        let masked = self.masked(&plain.text, context.names);
        let denied: Vec<&Unless> = self
            .packs
            .iter()
            .zip(&concerned)
            .filter(|(_, concerned)| **concerned)
            .flat_map(|(pack, _)| &pack.unless)
            .collect();
        for (trigger, hit) in found {
            if masked.iter().any(|mask| mask.start <= hit.start && hit.end <= mask.end) {
                continue;
            }
            if splits_word(&plain.text, &hit) {
                continue;
            }
            for (nth, rule) in &self.owners[trigger] {
                let pack = &*self.packs[*nth as usize];
                let rule = &pack.rules[*rule as usize];
                let fields = if rule.fields.is_empty() { &pack.fields } else { &rule.fields };
                let read = fields.is_empty() || fields.contains(&context.field);
                if !concerned[*nth as usize] || !read {
                    continue;
                }
                let Some(hit) = holds(rule, &plain.text, hit.clone(), context) else { continue };
                let sentence = clause(&plain.text, &hit, false);
                if denied
                    .iter()
                    .any(|unless| harmless(unless, &plain.text, &sentence, &hit, context))
                {
                    continue;
                }
                let prose = context.field == Field::Body;
                hits.push(Hit {
                    rule,
                    pack: &pack.name,
                    level: rule.in_prose.filter(|_| prose).unwrap_or(rule.level),
                    at: plain.original(hit.clone()),
                    found: plain.text[hit].to_owned(),
                });
            }
        }
        hits
    }

    /// Every trigger in a normalised text, by number.
    fn triggers(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let all = |automaton: &AhoCorasick| -> Vec<(usize, Range<usize>)> {
            let found = automaton.find_overlapping_iter(text);
            found.map(|one| (one.pattern().as_usize(), one.start()..one.end())).collect()
        };
        if let Some((automaton, numbers)) = self.plain.as_ref().filter(|_| text.is_ascii()) {
            return all(automaton).into_iter().map(|(nth, at)| (numbers[nth], at)).collect();
        }
        let automaton = self.automaton.get_or_init(|| automaton(&self.triggers));
        automaton.as_ref().map(all).unwrap_or_default()
    }

    /// Where names stand that may have forbidden words in them.
    fn masked(&self, text: &str, names: &[&str]) -> Vec<Range<usize>> {
        let mut masked = Vec::new();
        if let Some(masks) = &self.masks {
            masked
                .extend(masks.find_overlapping_iter(text).map(|found| found.start()..found.end()));
        }
        for name in names.iter().map(|name| normal(name)).filter(|name| name.chars().count() > 1) {
            masked.extend(text.match_indices(&name).map(|(at, _)| at..at + name.len()));
        }
        masked
    }
}

/// Finds words in one walk. The large tables of a DFA are worth it: every word of the shop goes through them.
fn automaton<W: AsRef<[u8]>>(words: &[W]) -> Option<AhoCorasick> {
    let mut builder = AhoCorasick::builder();
    builder.match_kind(MatchKind::Standard).kind(Some(AhoCorasickKind::DFA));
    builder.build(words).ok()
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
    let word = |c: char| c.is_alphanumeric() && !crate::text::normal::is_hanzi(c);
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
    let plural = hit.len() > 3
        && rest.starts_with('s')
        && !rest[1..]
            .starts_with(|c: char| c.is_alphanumeric() && !crate::text::normal::is_hanzi(c));
    joined(first, text[..hit.start].chars().next_back())
        || joined(last, rest.chars().next()) && !plural
}

/// Whether a trigger is a hit here; what else it needs belongs to the hit.
fn holds(
    rule: &Rule,
    text: &str,
    trigger: Range<usize>,
    context: &Context<'_>,
) -> Option<Range<usize>> {
    let across = rule.with.as_ref().is_some_and(|near| near.across);
    let clause = clause(text, &trigger, !across);
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
        let found = near_in(near, text, &clause, &trigger)?;
        hit = hit.start.min(found.start)..hit.end.max(found.end);
    }
    let harmless =
        rule.unless.iter().any(|unless| harmless(unless, text, &clause, &trigger, context));
    (!harmless).then_some(hit)
}

/// Whether a trigger stands in a harmless context.
fn harmless(
    unless: &Unless,
    text: &str,
    clause: &Range<usize>,
    trigger: &Range<usize>,
    context: &Context<'_>,
) -> bool {
    match unless {
        Unless::Covered(regex, not_followed) => {
            regex.find_iter(&text[clause.clone()]).any(|found| {
                let (start, end) = (clause.start + found.start(), clause.start + found.end());
                let rest = &text[end..clause.end];
                start < trigger.end
                    && trigger.start < end
                    && !not_followed.iter().any(|word| rest.starts_with(word.as_str()))
            })
        }
        Unless::Clause(regex) => regex.is_match(&text[clause.clone()]),
        Unless::Sentence(regex) => regex.is_match(&text[self::clause(text, trigger, false)]),
        Unless::Near(near) => near_in(near, text, clause, trigger).is_some(),
        Unless::Evidence(key) => context.evidence.contains(&key.as_str()),
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
