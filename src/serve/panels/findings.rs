//! Everything that is wrong, by rule.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Live, Panel, Query};
use crate::diag::codes;
use crate::diag::render::{Printer, severity_name};
use crate::diag::{Diagnostic, Severity};
use crate::id::SourcePath;
use crate::source::front;
use crate::theme;

pub(super) const PANEL: Panel =
    Panel { id: "findings", title: ("Findings", "问题"), listed: true, view };

/// Findings of one rule that are listed.
const LISTED: usize = 200;

fn view(live: &Live, _: &Query) -> Value {
    let findings = live.inner().findings.clone();
    let title = live.say(PANEL.title);
    json!({"title": title, "blocks": [{"kind": "findings", "groups": groups(live, findings.iter())}]})
}

/// Findings by rule, the gravest first.
pub(super) fn groups<'f>(live: &Live, findings: impl Iterator<Item = &'f Diagnostic>) -> Value {
    let mut rules: BTreeMap<(Severity, String), Vec<&Diagnostic>> = BTreeMap::new();
    for finding in findings {
        rules.entry((finding.severity(), finding.code.to_string())).or_default().push(finding);
    }
    let groups = rules.into_iter().map(|((severity, code), list)| {
        let words = codes::table().row(&code).map(|row| row.words(live.lang));
        json!({
            "code": code,
            "severity": severity_name(severity),
            "title": words.map_or_else(String::new, |words| codes::fill(&words.says, live.lang, |_| Some("…"))),
            "why": words.map_or("", |words| words.why.as_str()),
            "count": list.len(),
            "list": shown(live, list.into_iter().take(LISTED)),
        })
    });
    groups.collect()
}

/// All findings, for the overlay.
pub(in crate::serve) fn all(live: &Live) -> Value {
    let findings = live.inner().findings.clone();
    let number = live.state.borrow().findings;
    let mut list: Vec<&Diagnostic> = findings.iter().collect();
    list.sort_by_key(|finding| finding.severity());
    json!({"findings": number, "list": shown(live, list.into_iter().take(LISTED))})
}

fn shown<'f>(live: &Live, findings: impl Iterator<Item = &'f Diagnostic>) -> Value {
    let text = |file: &SourcePath| theme::text_of(&live.roots, file);
    let show = |file: &SourcePath| file.to_string();
    let mut printer = Printer::new(live.lang, false, &text, &show, front::body_start);
    let snapshot = live.inner().snapshot.clone();
    let page = |finding: &Diagnostic| {
        let catalog = &snapshot.as_ref()?.generation.catalog;
        let address = catalog.addresses.get(finding.file()?)?;
        Some(catalog.url(catalog.shop.default_locale(), address))
    };
    let all = findings.map(|finding| {
        let mut value = printer.shown(finding);
        value["page"] = json!(page(finding));
        value
    });
    all.collect()
}
