//! Pictures of details, cut from the pages that were drawn of them: how many there are is known only when one is drawn.

use std::borrow::Cow;

use super::make::Made;
use super::packs::Pack;
use crate::error::Error;
use crate::generation::Generation;
use crate::id::{Hash, OutPath};
use crate::maker::{Artifact, Subject};
use crate::output::Output;
use crate::output::disk::{self, Stage};
use crate::output::store::Store;
use crate::poster;

/// The pictures that an artifact is taken apart into; none for most.
pub(super) fn of(
    generation: &Generation,
    artifact: &Artifact,
    bytes: &[u8],
) -> Vec<(OutPath, Hash)> {
    let Subject::Detail { channel, product } = &artifact.subject else { return Vec::new() };
    let profile = generation.channels.get(channel);
    let pattern = profile.and_then(|profile| profile.folder.as_ref()?.roles.as_ref());
    let inside = artifact.path.as_str().strip_prefix(poster::DETAILS);
    let folder = inside.and_then(|inside| inside.rsplit_once('/'));
    let (Some(pattern), Some((folder, _))) = (pattern, folder) else { return Vec::new() };
    let files = poster::slices(bytes).unwrap_or_default();
    let named = (1..).zip(files).map(|(nth, file)| {
        let hash = Hash::of(file);
        let path = pattern
            .replace("{sku}", product)
            .replace("{role}", "detail")
            .replace("{n}", &format!("{nth:02}"))
            .replace("{key}", &hash.to_string());
        (OutPath::new(format!("exports/{folder}/{path}")), hash)
    });
    named.collect()
}

/// All of them; those that are not in their places are put on the stage.
pub(super) fn take(
    artifacts: &[Artifact],
    results: &[Made],
    store: &Store,
    output: &Output,
    stage: &Stage,
) -> Result<Vec<Pack>, Error> {
    let mut packs = Vec::new();
    for (artifact, made) in artifacts.iter().zip(results) {
        let known = store.outputs.get(&artifact.path);
        let (slices, staged) = match made {
            Made::Kept => (known.map_or(&[][..], |known| &known.trace.kept.slices), None),
            Made::New { kept, staged, .. } => (&kept.slices[..], staged.as_ref()),
            Made::Failed { .. } => continue,
        };
        let is_there = |(path, hash): &(OutPath, Hash)| {
            let known = store.outputs.get(path);
            known.is_some_and(|known| known.stat.is_some() && known.trace.output == *hash)
        };
        let bytes = if slices.iter().all(is_there) {
            Cow::Borrowed(&[][..])
        } else {
            match staged {
                Some(staged) => staged.bytes()?,
                None => Cow::Owned(disk::read(&output.real(&artifact.path))?),
            }
        };
        let files = poster::slices(&bytes).unwrap_or_default();
        for (nth, slice) in slices.iter().enumerate() {
            let staged = match files.get(nth) {
                Some(file) if !is_there(slice) => Some(stage.put(file.to_vec())?),
                _ => None,
            };
            packs.push(Pack { path: slice.0.clone(), hash: slice.1, staged });
        }
    }
    Ok(packs)
}
