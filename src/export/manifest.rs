//! What is in the files of a channel: counts that add up, hashes, and who was left out and why.

use std::collections::BTreeMap;

use serde::Serialize;

use super::lot::Head;
use crate::channel::profile::Profile;
use crate::id::Hash;

#[derive(Serialize)]
struct Manifest<'m> {
    channel: &'m str,
    profile: &'m str,
    profile_hash: String,
    language: &'m str,
    products: usize,
    exported: usize,
    left_out: usize,
    variants: usize,
    files: Vec<Table<'m>>,
    reasons: BTreeMap<String, usize>,
    missing: Vec<Missing<'m>>,
    items: BTreeMap<&'m str, String>,
}

#[derive(Serialize)]
struct Table<'m> {
    file: &'m str,
    rows: usize,
    bytes: usize,
    hash: String,
}

#[derive(Serialize)]
struct Missing<'m> {
    sku: &'m str,
    reason: &'m str,
    file: &'m str,
}

/// What is known of a file that was put together.
pub struct Fact {
    /// Its name.
    pub file: String,
    /// Its length.
    pub bytes: usize,
    /// The hash of its bytes.
    pub hash: Hash,
}

/// The manifest's bytes.
pub fn manifest(profile: &Profile, language: &str, lots: &[Head], facts: &[Fact]) -> Vec<u8> {
    let left_out = || lots.iter().flat_map(|lot| &lot.left_out);
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    left_out().for_each(|one| *reasons.entry(one.reason.clone()).or_default() += 1);
    let items: BTreeMap<&str, String> = lots
        .iter()
        .flat_map(|lot| &lot.items)
        .map(|(sku, hash)| (sku.as_str(), hash.short(16)))
        .collect();
    let rows =
        |nth: usize| lots.iter().filter_map(|lot| lot.parts.get(nth)).map(|part| part.0).sum();
    let manifest = Manifest {
        channel: &profile.name,
        profile: &profile.version,
        profile_hash: profile.hash.to_string(),
        language,
        products: lots.iter().map(|lot| lot.products).sum(),
        exported: items.len(),
        left_out: left_out().count(),
        variants: lots.iter().map(|lot| lot.variants).sum(),
        files: facts
            .iter()
            .enumerate()
            .map(|(nth, fact)| Table {
                file: &fact.file,
                rows: rows(nth),
                bytes: fact.bytes,
                hash: fact.hash.to_string(),
            })
            .collect(),
        reasons,
        missing: left_out()
            .map(|one| Missing { sku: &one.sku, reason: &one.reason, file: one.file.as_str() })
            .collect(),
        items,
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
