//! A run that would take away many of a channel's products stops and says so: platforms delete what a file no longer has.

use std::collections::BTreeMap;

use serde_json::Value;

use super::tables::Table;
use crate::diag::Diagnostic;
use crate::export::MANIFEST;
use crate::generation::Generation;
use crate::maker::Subject;
use crate::output::Output;
use crate::output::disk;

/// Fewer products than this may always go: in a small shop one is a large share.
const FEW: usize = 10;

/// Channels of which a larger share goes than their profiles allow.
pub(super) fn check(generation: &Generation, tables: &[Table], output: &Output) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for table in tables {
        let Subject::Channel { channel, file, only: None } = &table.subject else { continue };
        let (true, Some(staged)) = (file == MANIFEST, &table.staged) else { continue };
        let Some(profile) = generation.channels.get(channel) else { continue };
        let before = items(disk::read(&output.real(&table.path)).ok());
        let after = items(staged.read());
        let gone = before.keys().filter(|sku| !after.contains_key(*sku)).count();
        let most = before.len() * usize::from(profile.max_removed) / 100;
        if gone >= FEW && gone > most {
            found.push(
                Diagnostic::new("export/removes", profile.at.clone())
                    .with("channel", channel)
                    .with("gone", gone)
                    .with("of", before.len())
                    .with("most", profile.max_removed),
            );
        }
    }
    found
}

/// Products of a manifest; none when it cannot be read.
fn items(bytes: Option<Vec<u8>>) -> BTreeMap<String, Value> {
    let manifest: Value =
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let items = manifest["items"].as_object().into_iter().flatten();
    items.map(|(sku, hash)| (sku.clone(), hash.clone())).collect()
}
