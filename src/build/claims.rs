//! One price everywhere: what pages and channel files say of a thing that is bought is read back from their bytes and
//! compared. Whoever made them has no part in it.

mod page;
mod table;

use std::collections::HashMap;

use super::make::Made;
use crate::cx::Claim;
use crate::diag::{Diagnostic, Place, Span};
use crate::export;
use crate::generation::Generation;
use crate::id::Hash;
use crate::maker::{Artifact, Subject};
use crate::output::store::Store;

/// What an artifact's bytes say of things that are bought; nothing for most artifacts.
pub(super) fn of(generation: &Generation, artifact: &Artifact, bytes: &[u8]) -> Vec<Claim> {
    if generation.channels.wanted.is_empty() {
        return Vec::new();
    }
    match &artifact.subject {
        Subject::Product(_) if super::make::is_page(&artifact.path) => page::claims(bytes),
        Subject::Lot { channel, .. } => {
            let Some(profile) = generation.channels.get(channel) else { return Vec::new() };
            let Some((_, parts)) = export::read(bytes) else { return Vec::new() };
            let currency = generation.catalog.currency.code;
            let files = (0..).zip(profile.files.iter().zip(parts));
            let claims = files.flat_map(|(nth, (file, (_, part)))| {
                let claims = table::claims(profile, file, currency, part);
                claims.into_iter().map(move |claim| Claim { file: nth, ..claim })
            });
            claims.collect()
        }
        _ => Vec::new(),
    }
}

/// A text by a number, for comparing; nothing said is 0.
fn mark(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let Hash(bytes) = Hash::of(text.as_bytes());
    u64::from_le_bytes([
        bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
    ])
}

/// Everything in which a file and a page differ.
pub(super) fn compare<'r>(
    generation: &Generation,
    artifacts: &[Artifact],
    results: &'r [Made],
    store: &'r Store,
) -> Vec<Diagnostic> {
    let claims = |artifact: &Artifact, made: &'r Made| -> &'r [Claim] {
        match made {
            Made::Kept => {
                store.outputs.get(&artifact.path).map_or(&[], |one| &one.trace.kept.claims)
            }
            Made::New { kept, .. } => &kept.claims,
            Made::Failed { .. } => &[],
        }
    };
    let all = || artifacts.iter().zip(results);
    let mut pages: HashMap<(u8, &str), (&Claim, &Artifact)> = HashMap::new();
    for (artifact, made) in all() {
        if matches!(artifact.subject, Subject::Product(_)) {
            for claim in claims(artifact, made) {
                pages.insert((artifact.locale, &claim.sku), (claim, artifact));
            }
        }
    }
    let mut found = Vec::new();
    for (artifact, made) in all() {
        if matches!(artifact.subject, Subject::Poster { .. }) {
            for claim in claims(artifact, made) {
                let page = pages.get(&(artifact.locale, claim.sku.as_str()));
                found.extend(page.and_then(|(page, at)| poster(artifact, claim, page, at)));
            }
        }
        let Subject::Lot { channel, .. } = &artifact.subject else { continue };
        for claim in claims(artifact, made) {
            if let Some((page, at)) = pages.get(&(artifact.locale, claim.sku.as_str())) {
                let pair = Pair { generation, channel, claim, page, at };
                pair.compare(&mut found);
            }
        }
    }
    found
}

/// A poster and a page that differ in a price.
fn poster(artifact: &Artifact, claim: &Claim, page: &Claim, at: &Artifact) -> Option<Diagnostic> {
    let differ = !page.price.is_empty() && claim.price != page.price;
    differ.then(|| {
        Diagnostic::new("poster/unequal", artifact.from.clone())
            .with("sku", &claim.sku)
            .with("file", &artifact.path)
            .with("here", &claim.price)
            .with("page", &at.path)
            .with("there", &page.price)
    })
}

/// What a file and a page say of one thing.
struct Pair<'p> {
    generation: &'p Generation,
    channel: &'p str,
    claim: &'p Claim,
    page: &'p Claim,
    at: &'p Artifact,
}

impl Pair<'_> {
    fn compare(&self, found: &mut Vec<Diagnostic>) {
        let (claim, page) = (self.claim, self.page);
        let mut say = |field: &'static str, here: &str, there: &str| {
            let product = self.generation.catalog.product(&claim.sku);
            let place = product.map_or(Place::Nowhere, |product| {
                let at = product.own.record.sku.as_ref().map_or(Span::default(), |sku| sku.at);
                Place::Bytes(product.own.file.clone(), at)
            });
            found.push(
                Diagnostic::new("export/unequal", place)
                    .with("field", field)
                    .with("sku", &claim.sku)
                    .with("file", self.file())
                    .with("here", here)
                    .with("page", &self.at.path)
                    .with("there", there),
            );
        };
        if !claim.price.is_empty() && !page.price.is_empty() && claim.price != page.price {
            say("@field-price", &claim.price, &page.price);
        }
        if let (Some(here), Some(there)) = (claim.available, page.available)
            && here != there
        {
            let word = |available| if available { "@is-so" } else { "@is-not" };
            say("@field-availability", word(here), word(there));
        }
        let differ = |here: u64, there: u64| here != 0 && there != 0 && here != there;
        if differ(claim.gtin, page.gtin) {
            say("@field-gtin", "@other-one", "@other-one");
        }
        if differ(claim.link, page.link) {
            say("@field-link", "@other-one", "@other-one");
        }
        if differ(claim.title, page.title) && !self.titled() {
            say("@field-title", "@other-one", "@other-one");
        }
        if let [picture] = claim.pictures[..]
            && !page.pictures.is_empty()
            && !page.pictures.contains(&picture)
        {
            say("@field-picture", "@other-one", "@other-one");
        }
    }

    /// The file that says so.
    fn file(&self) -> String {
        let channels = &self.generation.channels;
        let folder = export::folder(self.channel, channels.only.is_some());
        let profile = channels.get(self.channel);
        let file = profile.and_then(|profile| profile.files.get(self.claim.file as usize));
        format!("{folder}/{}", file.map_or("", |file| &file.path))
    }

    /// Whether the channel has a title of its own, which no page need have.
    fn titled(&self) -> bool {
        let profile = self.generation.channels.get(self.channel);
        let rule = profile.and_then(|profile| profile.title.as_ref());
        let product = self.generation.catalog.product(&self.claim.sku);
        rule.is_some_and(|rule| rule.compose)
            || product.is_some_and(|one| one.channel(self.channel).any(|says| says.title.is_some()))
    }
}
