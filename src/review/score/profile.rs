//! What texts should be like in each language, and what the checks are called: `profile.yaml`.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// What a language wants.
#[derive(Deserialize)]
pub(super) struct Wants {
    /// Characters or words of a sentence and a paragraph at most.
    pub(super) sentence: usize,
    pub(super) paragraph: usize,
    /// Characters or words of the whole text: good, fair, poor.
    pub(super) text: [usize; 3],
    /// Characters of the description.
    pub(super) meta: [usize; 2],
    /// Per cent of the text that the keyword is, from and to, and the most that is borne.
    pub(super) density: [f64; 3],
    /// Pixels of the page's title at most.
    pub(super) page_title: usize,
}

/// `profile.yaml`.
#[derive(Deserialize)]
pub(super) struct File {
    pub(super) zh: Wants,
    pub(super) en: Wants,
    /// Names of checks, in Chinese.
    pub(super) names: HashMap<String, String>,
}

pub(super) fn profile() -> &'static File {
    static PROFILE: OnceLock<File> = OnceLock::new();
    PROFILE.get_or_init(|| {
        serde_yaml::from_str(include_str!("profile.yaml")).expect("the file is tested")
    })
}

pub(super) fn wants(locale: &str) -> &'static Wants {
    let chinese = locale.starts_with("zh") || locale.starts_with("ja");
    if chinese { &profile().zh } else { &profile().en }
}
