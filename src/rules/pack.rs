//! Reads a rule pack: those of the program and those of the shop alike.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::{Cases, FIELDS, LEVELS, Level, Near, Pack, Rule, Side, Unless};
use crate::diag::Diagnostic;
use crate::id::SourcePath;
use crate::source::fields::{Decoder, Fields};
use crate::source::yaml::{self, Node, Value};
use crate::text::normal::normal;

/// Reads a pack; what is wrong with it is noted, and the rest of it holds.
pub fn read(file: &SourcePath, text: &str, faults: &mut Vec<Diagnostic>) -> Pack {
    let parsed = yaml::parse(file, text, 0);
    faults.extend(parsed.faults);
    let mut pack = Pack { name: file.stem().to_owned(), ..Pack::default() };
    let Some(root) = parsed.root else { return pack };
    let mut reader = Reader { decoder: Decoder::new(file), sets: BTreeMap::new() };
    let mut fields = reader.decoder.fields(&root);
    if let Some(name) = fields.take("pack").and_then(|node| reader.decoder.name(node)) {
        pack.name = name.value;
    }
    if let Some(version) = fields.take("version").and_then(|node| reader.decoder.name(node)) {
        pack.version = version.value;
    }
    fields.take("jurisdiction");
    fields.take("source");
    if let Some(node) = fields.take("sets") {
        let sets = reader.decoder.fields(node);
        for entry in sets.rest() {
            let words = reader.words(&entry.node);
            reader.sets.insert(entry.key.clone(), words);
        }
    }
    if let Some(node) = fields.take("applies") {
        let mut applies = reader.decoder.fields(node);
        pack.languages = reader.plain(&mut applies, "languages");
        pack.channels = reader.plain(&mut applies, "channels");
        pack.fields = reader.fields(&mut applies);
        reader.decoder.finish(&applies);
    }
    pack.mask = fields.take("mask").map(|node| reader.words(node)).unwrap_or_default();
    if let Some(node) = fields.take("unless") {
        for item in reader.decoder.list(node) {
            pack.unless.extend(reader.unless(item));
        }
    }
    if let Some(node) = fields.take("rules") {
        for item in reader.decoder.list(node) {
            if let Some(rule) = reader.rule(item) {
                pack.rules.push(rule);
            }
        }
    }
    reader.decoder.finish(&fields);
    faults.append(&mut reader.decoder.faults);
    pack
}

struct Reader<'f> {
    decoder: Decoder<'f>,
    sets: BTreeMap<String, Vec<String>>,
}

impl Reader<'_> {
    fn plain(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Vec<String> {
        let list = fields.take(key).and_then(|node| self.decoder.names(node)).unwrap_or_default();
        list.into_iter().map(|at| at.value).filter(|word| word != "*").collect()
    }

    fn fields(&mut self, fields: &mut Fields<'_>) -> Vec<super::Field> {
        let Some(node) = fields.take("fields") else { return Vec::new() };
        let single = std::slice::from_ref(node);
        let items =
            if matches!(node.value, Value::List(_)) { self.decoder.list(node) } else { single };
        items
            .iter()
            .filter_map(|item| self.decoder.choice(item, &FIELDS))
            .map(|at| at.value)
            .collect()
    }

    /// Words, normalised; `@name` stands for a set of the pack, and a text may hold many words between blanks.
    fn words(&mut self, node: &Node) -> Vec<String> {
        let mut words = Vec::new();
        for word in self.decoder.names(node).unwrap_or_default() {
            let Some(set) = word.value.strip_prefix('@') else {
                words.push(normal(&word.value));
                continue;
            };
            if let Some(set) = self.sets.get(set) {
                words.extend(set.iter().cloned());
            } else {
                let fault = Diagnostic::new("rule/no-set", self.decoder.place(word.at))
                    .with("found", set)
                    .near(set, self.sets.keys().map(String::as_str));
                self.decoder.say(fault);
            }
        }
        words
    }

    fn regex(&mut self, node: &Node, form: impl Fn(&str) -> String) -> Option<Regex> {
        let text = self.decoder.name(node)?;
        match Regex::new(&form(&text.value)) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let reason = error.to_string();
                let reason =
                    reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
                let fault = Diagnostic::new("rule/pattern", self.decoder.place(node.span))
                    .with("found", &text.value)
                    .with("reason", reason);
                self.decoder.say(fault);
                None
            }
        }
    }

    fn rule(&mut self, node: &Node) -> Option<Rule> {
        let mut fields = self.decoder.fields(node);
        let id = fields.take("id").and_then(|node| self.decoder.name(node));
        let level = fields.take("severity").and_then(|node| self.decoder.choice(node, &LEVELS));
        let in_prose = fields.take("in_prose").and_then(|node| self.decoder.choice(node, &LEVELS));
        let text = |reader: &mut Self, node: Option<&Node>| {
            node.and_then(|node| reader.decoder.name(node)).map_or_else(String::new, |at| at.value)
        };
        let law = text(self, fields.take("law"));
        let mut why = [String::new(), String::new()];
        if let Some(node) = fields.take("why") {
            if matches!(node.value, Value::Map(_)) {
                let mut by = self.decoder.fields(node);
                why = [text(self, by.take("zh")), text(self, by.take("en"))];
                self.decoder.finish(&by);
            } else {
                let one = text(self, Some(node));
                why = [one.clone(), one];
            }
        }
        let mut suggest = BTreeMap::new();
        if let Some(node) = fields.take("suggest") {
            let pairs = self.decoder.fields(node);
            for entry in pairs.rest() {
                if let Some(other) = self.decoder.text(&entry.node) {
                    suggest.insert(normal(&entry.key), other.value);
                }
            }
        }
        let safe = fields.take("safe").and_then(|node| self.decoder.truth(node));
        let words = |reader: &mut Self, node: Option<&Node>| {
            node.map(|node| reader.words(node)).unwrap_or_default()
        };
        let asked = fields.take("trigger");
        let trigger = words(self, asked);
        let not_followed = words(self, fields.take("not_followed"));
        let not_preceded = words(self, fields.take("not_preceded"));
        let followed = fields
            .take("followed")
            .and_then(|node| self.regex(node, |text| format!("^(?:{text})")));
        let preceded = fields
            .take("preceded")
            .and_then(|node| self.regex(node, |text| format!("(?:{text})$")));
        let with = fields.take("with").and_then(|node| self.near(node));
        let mut unless = Vec::new();
        if let Some(node) = fields.take("unless") {
            for item in self.decoder.list(node) {
                unless.extend(self.unless(item));
            }
        }
        let evidence =
            fields.take("evidence").and_then(|node| self.decoder.name(node)).map(|at| at.value);
        let only = self.fields(&mut fields);
        let mut cases = Cases::default();
        if let Some(node) = fields.take("cases") {
            let mut both = self.decoder.fields(node);
            cases.bad = self.plain(&mut both, "bad");
            cases.good = self.plain(&mut both, "good");
            self.decoder.finish(&both);
        }
        self.decoder.finish(&fields);
        let missing = if id.is_none() { "id" } else { "trigger" };
        let (Some(id), false) = (id, trigger.is_empty()) else {
            if missing == "trigger" && asked.is_some() {
                // What is wrong with its words was told where they stand.
                return None;
            }
            let fault = Diagnostic::new("field/missing", self.decoder.place(node.span))
                .with("field", missing);
            self.decoder.say(fault);
            return None;
        };
        Some(Rule {
            id: id.value,
            level: level.map_or(Level::Warn, |at| at.value),
            in_prose: in_prose.map(|at| at.value),
            law,
            why,
            suggest,
            safe: safe.is_some_and(|at| at.value),
            trigger,
            followed,
            preceded,
            with,
            not_followed,
            not_preceded,
            unless,
            evidence,
            fields: only,
            at: id.at,
            cases,
        })
    }

    fn near(&mut self, node: &Node) -> Option<Near> {
        let mut fields = self.decoder.fields(node);
        let near = self.near_of(&mut fields);
        self.decoder.finish(&fields);
        near
    }

    fn near_of(&mut self, fields: &mut Fields<'_>) -> Option<Near> {
        let words = fields.take("any").map(|node| self.words(node)).unwrap_or_default();
        let within = fields.take("within").and_then(|node| self.decoder.count(node));
        let sides = [("before", Side::Before), ("after", Side::After), ("either", Side::Either)];
        let side = fields.take("side").and_then(|node| self.decoder.choice(node, &sides));
        let across = fields.take("across").and_then(|node| self.decoder.truth(node));
        if words.is_empty() {
            return None;
        }
        Some(Near {
            words: AhoCorasick::new(&words).ok()?,
            within: within.map_or(8, |at| at.value as usize),
            side: side.map_or(Side::Either, |at| at.value),
            across: across.is_some_and(|at| at.value),
        })
    }

    fn unless(&mut self, node: &Node) -> Option<Unless> {
        let mut fields = self.decoder.fields(node);
        fields.take("why");
        let found = if let Some(node) = fields.take("re") {
            let not = fields.take("not_followed").map(|node| self.words(node)).unwrap_or_default();
            self.regex(node, str::to_owned).map(|regex| Unless::Covered(regex, not))
        } else if let Some(node) = fields.take("clause") {
            self.regex(node, str::to_owned).map(Unless::Clause)
        } else if let Some(node) = fields.take("sentence") {
            self.regex(node, str::to_owned).map(Unless::Sentence)
        } else if let Some(key) = fields.take("evidence") {
            self.decoder.name(key).map(|at| Unless::Evidence(at.value))
        } else {
            self.near_of(&mut fields).map(Unless::Near)
        };
        self.decoder.finish(&fields);
        found
    }
}
