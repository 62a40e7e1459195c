//! Makes artifacts: the heart of a build.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::{Progress, Step};
use super::{claims, details, links};
use crate::cx::{Cx, Kept, Read};
use crate::diag::Diagnostic;
use crate::engine::Facts;
use crate::error::Error;
use crate::export;
use crate::generation::Generation;
use crate::id::{Hash, OutPath, SourcePath};
use crate::maker::{Artifact, Maker, Subject};
use crate::output::disk::{Stage, Staged};
use crate::output::store::Store;
use crate::page;
use crate::poster;
use crate::source::disk as source;

/// Everything that makes files, in the order of their importance to a reader.
pub(super) fn makers() -> impl Iterator<Item = &'static dyn Maker> {
    page::MAKERS.into_iter().chain(OTHERS)
}

const OTHERS: [&dyn Maker; 2] = [&export::Export, &poster::Posters];

/// One of them by its number.
pub(super) fn maker(nth: usize) -> &'static dyn Maker {
    let others = || OTHERS.get(nth.saturating_sub(page::MAKERS.len()));
    page::MAKERS.get(nth).or_else(others).copied().unwrap_or(&export::Export)
}

/// What became of one artifact.
pub(super) enum Made {
    /// The trace still holds.
    Kept,
    /// It was made: bytes on the stage when they differ from what is there.
    New { hash: Hash, reads: Vec<(Read, Hash)>, kept: Kept, staged: Option<Staged> },
    /// It could not be made.
    Failed { kept: Kept },
}

/// What a build that was given up had made so far: the next one takes of it what still holds.
#[derive(Default)]
pub(super) struct Unfinished {
    made: HashMap<OutPath, Mutex<Option<(Artifact, Made)>>>,
}

impl Unfinished {
    /// The result of an artifact, when everything it read is still so.
    fn take(&self, artifact: &Artifact, generation: &Generation) -> Option<Made> {
        let (known, made) = self.made.get(&artifact.path)?.lock().ok()?.take()?;
        let same = (known.maker, known.locale) == (artifact.maker, artifact.locale)
            && known.subject == artifact.subject;
        let holds = match &made {
            Made::New { reads, .. } => {
                reads.iter().all(|(read, seen)| generation.hash(read) == *seen)
            }
            Made::Kept | Made::Failed { .. } => false,
        };
        (same && holds).then_some(made)
    }
}

/// Makes what does not hold any more; when the build is given up, what was made until then.
pub(super) fn make(
    generation: &Arc<Generation>,
    artifacts: &[Artifact],
    store: &Store,
    stage: Option<&Stage>,
    unfinished: &Unfinished,
    progress: &Progress<'_>,
) -> Result<Result<Vec<Made>, Unfinished>, Error> {
    let done = AtomicUsize::new(0);
    let one = |artifact: &Artifact| {
        if let Some(made) = unfinished.take(artifact, generation) {
            return Ok(Some(made));
        }
        if !progress.go_on() {
            return Ok(None);
        }
        let made = ensure(generation, artifact, store, stage).map(Some);
        let count = done.fetch_add(1, Ordering::Relaxed) + 1;
        if count.is_multiple_of(64) || count == artifacts.len() {
            progress.tell(Step::Pages, count, artifacts.len());
        }
        made
    };
    let results: Vec<Option<Made>> =
        artifacts.par_iter().with_min_len(8).map(one).collect::<Result<_, Error>>()?;
    if results.iter().all(Option::is_some) {
        return Ok(Ok(results.into_iter().flatten().collect()));
    }
    let new = artifacts.iter().zip(results).filter_map(|(artifact, made)| {
        let made = made.filter(|made| matches!(made, Made::New { .. }))?;
        Some((artifact.path.clone(), Mutex::new(Some((artifact.clone(), made)))))
    });
    Ok(Err(Unfinished { made: new.collect() }))
}

/// The heart of it, and all there is to "incremental": a trace that still holds is replayed, anything else is made.
fn ensure(
    generation: &Arc<Generation>,
    artifact: &Artifact,
    store: &Store,
    stage: Option<&Stage>,
) -> Result<Made, Error> {
    let maker = maker(artifact.maker);
    let known = store.outputs.get(&artifact.path);
    if let Some(known) = known {
        let same = known.maker == maker.name()
            && known.subject == artifact.subject
            && known.locale == artifact.locale
            && known.trace.version == maker.version();
        // A check writes nothing, so it does not mind whether the file is there.
        let there = known.stat.is_some() || stage.is_none();
        if same && there && known.trace.changed(&**generation).is_none() {
            return Ok(Made::Kept);
        }
    }
    let cx = match stage {
        Some(_) => Cx::new(generation.clone(), artifact.locale),
        None => Cx::unwanted(generation.clone(), artifact.locale),
    };
    let Fresh { made, reads, mut kept } = run(artifact, cx);
    let Some(bytes) = made else { return Ok(Made::Failed { kept }) };
    if is_page(&artifact.path) {
        let html = std::str::from_utf8(&bytes).unwrap_or_default();
        let url = url_of(&artifact.path);
        let base = &generation.catalog.shop.base_url;
        let (links, lost) = links::of_page(html, &url, base, &store.links);
        kept.links = links;
        for fragment in lost {
            let text_of = |file: &SourcePath| source::text(&generation.roots, file).ok();
            let at = links::written_in_body(&artifact.from, &fragment, &text_of);
            kept.said.push(
                Diagnostic::new("link/anchor", at)
                    .with("found", fragment)
                    .with("page", &artifact.path),
            );
        }
    }
    // Posters are pixels: what they say was read back before they were drawn.
    kept.claims.extend(claims::of(generation, artifact, &bytes));
    kept.slices = details::of(generation, artifact, &bytes);
    let hash = if stage.is_some() { Hash::of(&bytes) } else { Hash::ABSENT };
    let there = known.is_some_and(|known| known.stat.is_some() && known.trace.output == hash);
    let staged = match stage {
        Some(stage) if !there && is_inner(artifact) => Some(stage.lay(&bytes)?),
        Some(stage) if !there => Some(stage.put(bytes)?),
        _ => None,
    };
    // A check keeps no traces: over a large catalogue they are most of what it would hold.
    let reads = if stage.is_some() { reads } else { Vec::new() };
    Ok(Made::New { hash, reads, kept, staged })
}

/// What one run of a maker gave.
pub struct Fresh {
    /// The file, or nothing when it could not be made.
    pub made: Option<Vec<u8>>,
    /// What the run read.
    pub reads: Vec<(Read, Hash)>,
    /// What it wished for and what it found wrong.
    pub kept: Kept,
}

/// Makes an artifact, whatever is known of it.
pub fn fresh(generation: &Arc<Generation>, artifact: &Artifact) -> Fresh {
    run(artifact, Cx::new(generation.clone(), artifact.locale))
}

fn run(artifact: &Artifact, cx: Rc<Cx>) -> Fresh {
    let made = match maker(artifact.maker).make(&artifact.subject, &cx) {
        Ok(bytes) => Some(bytes),
        Err(mut finding) => {
            if let Some((_, page)) = finding.args.iter_mut().find(|(name, _)| name == "page") {
                page.clone_from(&artifact.path.to_string());
            }
            cx.say(*finding);
            None
        }
    };
    let (reads, kept) = cx.finish();
    Fresh { made, reads, kept }
}

/// Whether an artifact is what files are put together of, or cut from, which nobody asks for by itself.
pub(super) fn is_inner(artifact: &Artifact) -> bool {
    matches!(artifact.subject, Subject::Lot { .. } | Subject::Detail { .. })
}

/// Whether a file is a page of the site.
pub(super) fn is_page(path: &OutPath) -> bool {
    path.as_str().starts_with("site/") && path.as_str().ends_with(".html")
}

/// The address a file of the site answers.
fn url_of(path: &OutPath) -> String {
    let inside = path.as_str().strip_prefix("site").unwrap_or(path.as_str());
    inside.strip_suffix("index.html").unwrap_or(inside).to_owned()
}
