//! What is in the files of a channel: counts that add up, hashes, and who was left out and why.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Serialize;

use super::sheet::Channel;
use crate::channel::profile::Profile;
use crate::cx::Cx;

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
    reason: String,
    file: &'m str,
}

/// The manifest's bytes.
pub(super) fn write(cx: &Rc<Cx>, made: &Channel, profile: &Profile) -> Vec<u8> {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for one in &made.left_out {
        *reasons.entry(one.reason.name()).or_default() += 1;
    }
    let manifest = Manifest {
        channel: &profile.name,
        profile: &profile.version,
        profile_hash: profile.hash.to_string(),
        language: cx.lang(),
        products: made.products,
        exported: made.items.len(),
        left_out: made.left_out.len(),
        variants: made.variants,
        files: made
            .tables
            .iter()
            .map(|table| Table {
                file: &table.name,
                rows: table.rows,
                bytes: table.bytes,
                hash: table.hash.to_string(),
            })
            .collect(),
        reasons,
        missing: made
            .left_out
            .iter()
            .map(|one| Missing {
                sku: &one.sku,
                reason: one.reason.name(),
                file: one.file.as_str(),
            })
            .collect(),
        items: made.items.iter().map(|(sku, hash)| (sku.as_str(), hash.short(16))).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
