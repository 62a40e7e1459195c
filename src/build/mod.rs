//! The only way to build: sources, catalogue, plan, make, output. Watch is a loop around it; check stops before the output.

mod claims;
mod commit;
mod details;
mod explain;
mod guard;
mod links;
mod make;
mod options;
mod packs;
mod pictures;
mod prepare;
mod remarks;
mod sources;
mod tables;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::Counts;
use crate::catalog::address::BOOK;
use crate::cx::Want;
use crate::diag::{Diagnostic, any_error};
use crate::error::Error;
use crate::generation::Generation;
use crate::id::{Hash, OutPath, SourcePath};
use crate::maker::Artifact;
use crate::output::Output;
use crate::output::disk::{self, Stage, Staged};
use crate::output::store::{self, Store};
use crate::source::disk as source;
use crate::theme::Theme;
use make::{Made, Unfinished};

pub use explain::Explained;
pub use make::{Fresh, fresh};
pub use options::{Area, Options};
pub use pictures::single as picture;
pub use prepare::{Prepared, plan};

/// A part of a build that takes long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Waiting for another build of the same shop.
    Waiting,
    /// Reading sources.
    Sources,
    /// Making pages.
    Pages,
    /// Making pictures.
    Pictures,
}

/// Who is told how far the build is, and may stop it.
pub struct Progress<'p> {
    /// Is told that so many of so many are done.
    pub tell: &'p (dyn Fn(Step, usize, usize) + Sync),
    /// Asked before each piece of work; `false` gives the build up.
    pub go_on: &'p (dyn Fn() -> bool + Sync),
}

impl Progress<'_> {
    /// Nobody looks on.
    pub const QUIET: Self = Self { tell: &|_, _, _| {}, go_on: &|| true };

    fn tell(&self, step: Step, done: usize, of: usize) {
        (self.tell)(step, done, of);
    }

    fn go_on(&self) -> bool {
        (self.go_on)()
    }
}

/// What a build did.
pub struct Report {
    /// What is wrong, in order.
    pub findings: Vec<Diagnostic>,
    /// What went in.
    pub counts: Counts,
    /// Source files read anew.
    pub read: Vec<SourcePath>,
    /// Artifacts made anew.
    pub made: Vec<OutPath>,
    /// Artifacts that still held.
    pub kept: usize,
    /// Files written: made artifacts whose bytes differ, and pictures.
    pub written: Vec<OutPath>,
    /// Files removed.
    pub removed: Vec<OutPath>,
    /// Pictures of the site, and how many were encoded now.
    pub pictures: (usize, usize),
    /// The output is the one of this build.
    pub committed: bool,
    /// The facts of this build.
    pub generation: Option<Arc<Generation>>,
}

/// Builds a shop, again and again; keeps in memory what is kept between builds.
pub struct Builder {
    options: Options,
    store: Option<Store>,
    theme: Option<(Hash, Arc<Theme>, Vec<Diagnostic>)>,
    last: Option<Report>,
    keeps_words: bool,
    /// The output was compared with what the store says of it.
    trusts_output: bool,
    looked: Option<prepare::Look>,
    /// What a build that was given up has made, and the stage it lies on.
    unfinished: Option<(Stage, Unfinished)>,
}

impl Builder {
    /// A builder that has built nothing yet.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            store: None,
            theme: None,
            last: None,
            keeps_words: false,
            trusts_output: false,
            looked: None,
            unfinished: None,
        }
    }

    /// A builder that will build again and again: it keeps what makes a small edit cheap.
    pub fn lasting(options: Options) -> Self {
        Self { keeps_words: true, ..Self::new(options) }
    }

    /// Keeps the last report and its facts until the next one.
    pub fn keep(&mut self, report: Report) {
        self.last = Some(report);
    }

    /// The next moment at which the shop changes by itself, in seconds.
    pub fn next_change(&self) -> Option<i64> {
        self.looked.as_ref().and_then(prepare::Look::next_change)
    }

    /// One build. `changed` names the files that may have changed since the last one.
    pub fn generation(
        &mut self,
        changed: Option<&[SourcePath]>,
        progress: &Progress<'_>,
    ) -> Result<Report, Error> {
        if !self.options.roots.content.is_dir() {
            return Err(Error::NoContent(self.options.roots.content.clone()));
        }
        let prepared = self.look(changed, progress);
        self.finish(prepared, progress)
    }

    /// The first half of a build, which writes nothing: the facts. `changed` names the files that may have changed.
    pub fn look(&mut self, changed: Option<&[SourcePath]>, progress: &Progress<'_>) -> Prepared {
        self.prepare(changed, progress)
    }

    /// The second half: everything is made and put in its place.
    pub fn finish(&mut self, prepared: Prepared, progress: &Progress<'_>) -> Result<Report, Error> {
        let output = self.open(progress)?;
        let mut store = self.open_store(output.as_ref());
        let report = self.run(&mut store, output.as_ref(), prepared, progress);
        self.store = Some(store);
        report
    }

    /// The output folder; none for a check.
    fn open(&self, progress: &Progress<'_>) -> Result<Option<Output>, Error> {
        if self.options.check {
            return Ok(None);
        }
        Output::open(&self.options.roots, || progress.tell(Step::Waiting, 0, 0)).map(Some)
    }

    /// The store in memory, unless another process has built since.
    fn open_store(&mut self, output: Option<&Output>) -> Store {
        let Some(output) = output else { return self.store.take().unwrap_or_default() };
        let revision = Store::revision_on_disk(&output.cache).unwrap_or_default();
        let known = self.store.take().filter(|store| store.revision == revision);
        if known.is_some() && self.trusts_output {
            return known.unwrap_or_default();
        }
        if known.is_none() {
            // Its links are numbered by another table.
            self.unfinished = None;
        }
        let mut store = known.unwrap_or_else(|| Store::load(&output.cache));
        self.trusts_output = true;
        if output.was_cut_short() {
            for path in &store.ours {
                // What cannot be removed now is tried again by the next build.
                let _ = disk::remove(&disk::part(&output.real(path)), &output.root);
            }
        }
        // Somebody may have changed or removed what we wrote: a trace alone does not put it back.
        let lost: Vec<OutPath> = store
            .outputs
            .par_iter()
            .filter(|(path, known)| {
                known.stat.is_some() && disk::stat(&output.real(path)) != known.stat
            })
            .map(|(path, _)| path.clone())
            .collect();
        for path in lost {
            if let Some(known) = store.outputs.get_mut(&path) {
                known.stat = None;
            }
        }
        store
    }

    fn run(
        &mut self,
        store: &mut Store,
        output: Option<&Output>,
        prepared: Prepared,
        progress: &Progress<'_>,
    ) -> Result<Report, Error> {
        let Prepared { generation, artifacts, mut findings, read, .. } = prepared;
        let mut report = Report {
            findings: Vec::new(),
            counts: generation.as_ref().map_or(Counts::default(), |one| one.catalog.counts),
            read,
            made: Vec::new(),
            kept: 0,
            written: Vec::new(),
            removed: Vec::new(),
            pictures: (0, 0),
            committed: false,
            generation: generation.clone(),
        };
        let Some(generation) = generation else {
            report.findings = sorted(findings);
            return Ok(report);
        };
        let (stage, unfinished) = match (output, self.unfinished.take()) {
            (Some(_), Some((stage, unfinished))) => (Some(stage), unfinished),
            (Some(output), None) => {
                (Some(Stage::new(output.cache.join("stage"))?), Unfinished::default())
            }
            (None, _) => (None, Unfinished::default()),
        };
        let stage_of = stage.as_ref();
        if let Some(output) = output {
            let cache = output.cache.clone();
            generation.titles.remember(move || store::titles(&cache));
        }
        let results = make::make(&generation, &artifacts, store, stage_of, &unfinished, progress)?;
        let results = match results {
            Ok(results) => results,
            Err(unfinished) => {
                self.unfinished = stage.map(|stage| (stage, unfinished));
                return Err(Error::Superseded);
            }
        };

        let mut wants: BTreeMap<OutPath, Want> = BTreeMap::new();
        let mut said: Vec<Diagnostic> = Vec::new();
        for (artifact, made) in artifacts.iter().zip(&results) {
            let kept = match made {
                Made::Kept => store.outputs.get(&artifact.path).map(|known| &known.trace.kept),
                Made::New { kept, .. } | Made::Failed { kept, .. } => Some(kept),
            };
            let Some(kept) = kept else { continue };
            wants.extend(kept.wants.iter().map(|want| (want.path(), want.clone())));
            said.extend(kept.said.iter().cloned());
        }
        let files = || artifacts.iter().zip(&results).filter(|(one, _)| !make::is_inner(one));
        report.kept = files().filter(|(_, made)| matches!(made, Made::Kept)).count();
        findings.extend(first_of_each(said));

        let mut pictures = pictures::Pictures::default();
        if let (Some(output), Some(stage)) = (output, &stage) {
            let missing: BTreeMap<OutPath, Want> = wants
                .iter()
                .filter(|(path, want)| !has_picture(store, path, want))
                .filter(|(_, want)| !remarks::refused(store, want))
                .map(|(path, want)| (path.clone(), want.clone()))
                .collect();
            let roots = &self.options.roots;
            pictures =
                pictures::make(roots, &output.cache, stage, &missing, &store.looks, progress)?;
            for (picture, damage) in &pictures.damage {
                if store.damage.get(picture) != Some(damage) {
                    store.put_damage(*picture, damage.clone());
                }
            }
            for (picture, look) in &pictures.looks {
                if store.looks.get(picture) != Some(look) {
                    store.put_look(*picture, *look);
                }
            }
        }
        findings.extend(remarks::findings(store, &wants, &pictures.failed));
        findings.extend(remarks::alike(&generation, store));
        // What no source could serve has no file; one of an earlier build goes.
        wants.retain(|_, want| !remarks::refused(store, want));
        report.pictures = (wants.len(), pictures.encoded);

        findings.extend(check_links(&generation, &artifacts, &results, &wants, store, output));
        findings.extend(claims::compare(&generation, &artifacts, &results, store));
        let (mut tables, mut lost) = (Vec::new(), Vec::new());
        if let (Some(output), Some(stage)) = (output, &stage)
            && (self.options.keep_going || !any_error(&findings))
        {
            tables = tables::make(&tables::Parts {
                generation: &generation,
                options: &self.options,
                artifacts: &artifacts,
                results: &results,
                store,
                output,
                stage,
            })?;
            if !self.options.allow_removals {
                lost = guard::check(&generation, &tables, output);
                findings.extend(lost.iter().cloned());
            }
        }
        report.kept += tables.iter().filter(|table| table.staged.is_none()).count();
        report.made = files()
            .filter(|(_, made)| !matches!(made, Made::Kept))
            .map(|(artifact, _)| artifact.path.clone())
            .collect();
        let new = tables.iter().filter(|table| table.staged.is_some());
        report.made.extend(new.map(|table| table.path.clone()));
        report.findings = sorted(findings);
        let sound = !any_error(&report.findings);
        // What a platform would delete is let go by its own option alone.
        let goes_on = self.options.keep_going && lost.is_empty();
        if let Some(output) = output.filter(|_| sound || goes_on) {
            let stage = stage.as_ref().expect("a build that writes has a stage");
            let slices = details::take(&artifacts, &results, store, output, stage)?;
            let parts = packs::Parts {
                artifacts: &artifacts,
                results: &results,
                tables: &tables,
                slices: &slices,
                wants: &wants,
                pictures: &pictures,
                store,
                output,
                stage,
            };
            let mut packs = packs::make(&generation, &self.options, &parts)?;
            packs.extend(slices);
            let finished = commit::Finished { results, pictures: pictures.made, tables, packs };
            let options = &self.options;
            commit::commit(output, store, &artifacts, finished, &wants, options, &mut report)?;
            self.write_book(&generation)?;
            report.committed = true;
        }
        if let Some(output) = output {
            store.save(&output.cache)?;
            if let Some(titles) = generation.titles.fresh() {
                store::keep_titles(&output.cache, titles)?;
            }
        }
        Ok(report)
    }

    /// Writes down the addresses that were made up.
    fn write_book(&self, generation: &Generation) -> Result<(), Error> {
        let book = &generation.catalog.book;
        if book.grown {
            let path = self.options.roots.real(&SourcePath::new(BOOK));
            // A content folder that cannot be written keeps building: the address is made alike each time.
            if let Err(Error::Io { source, .. }) = disk::write(&path, book.write().as_bytes())
                && source.kind() != std::io::ErrorKind::PermissionDenied
                && source.kind() != std::io::ErrorKind::ReadOnlyFilesystem
            {
                return Err(Error::Io { path, source });
            }
        }
        Ok(())
    }
}

/// Every link of the site, of pages that were made and of pages that were kept.
fn check_links(
    generation: &Arc<Generation>,
    artifacts: &[Artifact],
    results: &[Made],
    wants: &BTreeMap<OutPath, Want>,
    store: &Store,
    output: Option<&Output>,
) -> Vec<Diagnostic> {
    let paths: HashSet<&OutPath> =
        artifacts.iter().map(|artifact| &artifact.path).chain(wants.keys()).collect();
    let mut staged: HashMap<&OutPath, &Staged> = HashMap::new();
    let mut pages = Vec::with_capacity(artifacts.len());
    for (artifact, made) in artifacts.iter().zip(results) {
        let links = match made {
            Made::Kept => match store.outputs.get(&artifact.path) {
                Some(known) => &known.trace.kept.links,
                None => continue,
            },
            Made::New { kept, staged: place, .. } => {
                if let Some(place) = place {
                    staged.insert(&artifact.path, place);
                }
                &kept.links
            }
            Made::Failed { .. } => continue,
        };
        pages.push(links::PageLinks { path: &artifact.path, from: &artifact.from, links });
    }
    // In a check nothing lies on a disk: a page is made once more for its ids. Links into pages are few.
    let again = |path: &OutPath| {
        let artifact = artifacts.iter().find(|artifact| artifact.path == *path)?;
        fresh(generation, artifact).made
    };
    let bytes_of = |path: &OutPath| match (staged.get(path), output) {
        (Some(place), _) => place.read(),
        (None, Some(output)) => disk::read(&output.real(path)).ok(),
        (None, None) => again(path),
    };
    let text_of = |file: &SourcePath| {
        let known = generation.texts.get(file).cloned();
        known.or_else(|| source::text(&generation.roots, file).ok())
    };
    match store.links.lock() {
        Ok(links) => {
            let base = &generation.catalog.shop.base_url;
            links::check(&pages, base, &paths, &links, &bytes_of, &text_of)
        }
        Err(_) => Vec::new(),
    }
}

fn sorted(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.sort_by(|a, b| (a.order(), a).cmp(&(b.order(), b)));
    findings.dedup();
    findings
}

/// The same fault of one template would be said by every page: the first page stands for all.
fn first_of_each(said: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    said.into_iter()
        .filter(|finding| {
            let args: Vec<_> =
                finding.args.iter().filter(|(name, _)| name != "page").cloned().collect();
            seen.insert((finding.code.clone(), finding.at.clone(), args))
        })
        .collect()
}

fn has_picture(store: &Store, path: &OutPath, want: &Want) -> bool {
    store
        .outputs
        .get(path)
        .is_some_and(|known| known.stat.is_some() && known.trace.output == want.key())
}
