//! What templates take in, so that an edit of one remakes what it is part of and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{Hash, Hasher};

/// Of each template a hash of it and of all that it takes in, directly or not. When the engine refused one of them it refused
/// all, so that all depend on each other.
pub(super) fn sums(templates: &BTreeMap<String, String>, sound: bool) -> BTreeMap<String, Hash> {
    let all = || templates.keys().map(String::as_str).collect::<BTreeSet<&str>>();
    // A component can be called by its name wherever the template with it is.
    let common = templates.iter().filter(|(_, text)| text.contains("component"));
    let common: Vec<&str> = common.map(|(name, _)| name.as_str()).collect();
    let named: BTreeMap<&str, BTreeSet<&str>> = templates
        .iter()
        .map(|(name, text)| {
            // `extends` and `include` take a quoted name; one that is written with escapes is not looked into.
            let named = if !sound || text.contains('\\') { all() } else { quoted(text, templates) };
            (name.as_str(), named)
        })
        .collect();
    let own: BTreeMap<&str, Hash> =
        templates.iter().map(|(name, text)| (name.as_str(), Hash::of(text.as_bytes()))).collect();
    let sum = |name: &str| {
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        let mut next: Vec<&str> = common.clone();
        next.extend(templates.get_key_value(name).map(|(name, _)| name.as_str()));
        while let Some(name) = next.pop() {
            if taken.insert(name) {
                next.extend(named.get(name).into_iter().flatten().copied());
            }
        }
        let mut hasher = Hasher::default();
        for name in taken {
            hasher.value(&(name, own.get(name)));
        }
        hasher.finish()
    };
    templates.keys().map(|name| (name.clone(), sum(name))).collect()
}

/// Names of templates that stand between quotes.
fn quoted<'t>(text: &str, templates: &'t BTreeMap<String, String>) -> BTreeSet<&'t str> {
    text.split(['"', '\'', '`'])
        .filter_map(|part| templates.get_key_value(part))
        .map(|(name, _)| name.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    /// Templates whose hash changes when one of them does.
    fn reached(files: &[(&str, &str)], edited: &str) -> Vec<String> {
        let before = theme(files);
        let mut after = before.clone();
        after.entry(edited.to_owned()).or_default().push_str(" more");
        let (before, after) = (sums(&before, true), sums(&after, true));
        after.into_iter().filter(|(name, sum)| before[name] != *sum).map(|(name, _)| name).collect()
    }

    #[test]
    fn an_edit_reaches_what_takes_it_in() {
        let files = [
            ("base.html", "{% include 'foot.html' %}"),
            ("foot.html", "foot"),
            ("home.html", "{% extends \"base.html\" %}"),
            ("plain.html", "says foot.html without quotes"),
        ];
        assert_eq!(reached(&files, "foot.html"), ["base.html", "foot.html", "home.html"]);
        assert_eq!(reached(&files, "home.html"), ["home.html"]);
    }

    #[test]
    fn components_and_escapes_reach_everything() {
        let files = [("a.html", "{% component x() %}{% endcomponent %}"), ("b.html", "{{<x />}}")];
        assert_eq!(reached(&files, "a.html"), ["a.html", "b.html"]);
        let files = [("a.html", "{% include \"\\u{62}.html\" %}"), ("b.html", "")];
        assert_eq!(reached(&files, "b.html"), ["a.html", "b.html"]);
    }

    #[test]
    fn circles_end() {
        let files = [("a.html", "'b.html'"), ("b.html", "'a.html'")];
        assert_eq!(reached(&files, "a.html"), ["a.html", "b.html"]);
    }
}
