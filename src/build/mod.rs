//! The only way to build: sources, catalogue, plan, make, output. Watch is a loop around it; check stops before the output.

mod commit;
mod explain;
mod links;
mod pictures;
mod sources;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::catalog::address::{BOOK, Book};
use crate::catalog::assemble::{self, Input};
use crate::catalog::{Counts, shop};
use crate::clock;
use crate::cx::{Cx, Kept, Read, Want};
use crate::diag::{Diagnostic, Place, any_error};
use crate::error::Error;
use crate::generation::Generation;
use crate::id::{Hash, OutPath, SourcePath};
use crate::maker::{Artifact, Plan};
use crate::output::disk::{self, Stage, Staged};
use crate::output::store::Store;
use crate::output::{self, Output};
use crate::page::{self, MAKERS};
use crate::source::disk as source;
use crate::source::disk::Roots;
use crate::source::tree::{self, Tree};
use crate::source::yaml;
use crate::theme::{self, Theme};

const SHOP: &str = "content/shop.yaml";

pub use explain::Explained;

/// What a build should do.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where things are.
    pub roots: Roots,
    /// The moment to build for; now when absent. In the shop's zone unless it names its own.
    pub as_of: Option<String>,
    /// Write what is sound although something is wrong.
    pub keep_going: bool,
    /// Write nothing: find what is wrong.
    pub check: bool,
}

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

/// Who is told how far the build is.
pub struct Progress<'p>(pub &'p (dyn Fn(Step, usize, usize) + Sync));

impl Progress<'_> {
    /// Tells that so many of so many are done.
    pub fn tell(&self, step: Step, done: usize, of: usize) {
        (self.0)(step, done, of);
    }
}

/// What a build did.
pub struct Report {
    /// What is wrong, in order.
    pub findings: Vec<Diagnostic>,
    /// What went in.
    pub counts: Counts,
    /// Source files read anew.
    pub read: usize,
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
}

/// What became of one artifact.
enum Made {
    /// The trace still holds.
    Kept,
    /// It was made: bytes on the stage when they differ from what is there.
    New { hash: Hash, reads: Vec<(Read, Hash)>, kept: Kept, staged: Option<Staged> },
    /// It could not be made.
    Failed { kept: Kept },
}

/// Everything that is true before anything is made.
struct Prepared {
    generation: Option<Arc<Generation>>,
    findings: Vec<Diagnostic>,
    read: usize,
}

impl Builder {
    /// A builder that has built nothing yet.
    pub fn new(options: Options) -> Self {
        Self { options, store: None, theme: None, last: None }
    }

    /// Keeps the last report and its facts until the next one.
    pub fn keep(&mut self, report: Report) {
        self.last = Some(report);
    }

    /// One build.
    pub fn generation(&mut self, progress: &Progress<'_>) -> Result<Report, Error> {
        if !self.options.roots.content.is_dir() {
            return Err(Error::NoContent(self.options.roots.content.clone()));
        }
        if self.options.check {
            let mut store = Store::load(&output::cache(&self.options.roots.out));
            let report = self.run(&mut store, None, progress);
            self.store = Some(store);
            return report;
        }
        let output = Output::open(&self.options.roots, || progress.tell(Step::Waiting, 0, 0))?;
        let mut store = self.open_store(&output);
        let report = self.run(&mut store, Some(&output), progress);
        self.store = Some(store);
        report
    }

    /// The store in memory, unless another process has built since.
    fn open_store(&mut self, output: &Output) -> Store {
        if let Some(store) = self.store.take()
            && Store::revision_on_disk(&output.cache) == Some(store.revision)
        {
            return store;
        }
        let mut store = Store::load(&output.cache);
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
        progress: &Progress<'_>,
    ) -> Result<Report, Error> {
        let Prepared { generation, mut findings, read } = self.prepare(store, progress);
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
        let artifacts = plan(&generation, &mut findings);
        let stage = match output {
            Some(output) => Some(Stage::new(output.cache.join("stage"))?),
            None => None,
        };
        let results = make(&generation, &artifacts, store, stage.as_ref(), progress)?;

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
        report.kept = results.iter().filter(|made| matches!(made, Made::Kept)).count();
        findings.extend(first_of_each(said));

        let mut pictures = pictures::Pictures::default();
        if let (Some(output), Some(stage)) = (output, &stage) {
            let missing: BTreeMap<OutPath, Want> = wants
                .iter()
                .filter(|(path, want)| !has_picture(store, path, want))
                .map(|(path, want)| (path.clone(), want.clone()))
                .collect();
            let roots = &self.options.roots;
            pictures = pictures::make(roots, &output.cache, stage, &missing, progress)?;
            for (picture, damage) in &pictures.damage {
                if store.damage.get(picture) != Some(damage) {
                    store.put_damage(*picture, damage.clone());
                }
            }
        }
        findings.extend(picture_findings(store, &wants, &pictures.failed));
        report.pictures = (wants.len(), pictures.encoded);

        findings.extend(check_links(&generation, &artifacts, &results, &wants, store, output));
        report.made = artifacts
            .iter()
            .zip(&results)
            .filter(|(_, made)| !matches!(made, Made::Kept))
            .map(|(artifact, _)| artifact.path.clone())
            .collect();
        report.findings = sorted(findings);
        let sound = !any_error(&report.findings);
        if let Some(output) = output.filter(|_| sound || self.options.keep_going) {
            commit::commit(output, store, artifacts, results, pictures.made, &wants, &mut report)?;
            self.write_book(&generation)?;
            report.committed = true;
        }
        if let Some(output) = output {
            store.save(&output.cache)?;
        }
        Ok(report)
    }

    /// Reads the shop and puts its facts together.
    fn prepare(&mut self, store: &mut Store, progress: &Progress<'_>) -> Prepared {
        progress.tell(Step::Sources, 0, 0);
        let roots = self.options.roots.clone();
        let mut findings = Vec::new();
        let file = SourcePath::new(SHOP);
        if !roots.real(&file).exists() {
            findings.push(Diagnostic::new("shop/missing", Place::File(SourcePath::new("content"))));
            return Prepared { generation: None, findings, read: 0 };
        }
        let shop = match source::text(&roots, &file) {
            Ok(text) => {
                let parsed = yaml::parse(&file, &text, 0);
                findings.extend(parsed.faults);
                shop::decode(&file, parsed.root.as_ref(), parsed.partial, &mut findings)
            }
            Err(fault) => {
                findings.push(fault);
                return Prepared { generation: None, findings, read: 0 };
            }
        };
        let chain = theme::chain(&roots, &shop.theme, &mut findings);
        let tree = tree::scan(&roots, &chain);
        findings.extend(tree.faults.iter().cloned());
        let read = sources::read(&roots, &tree, store);
        findings.extend(read.findings);
        let book_path = SourcePath::new(BOOK);
        let book = match source::text(&roots, &book_path) {
            Ok(text) if tree.has(&book_path) => Book::read(&text, &mut Vec::new()),
            _ => Book::default(),
        };
        let zone = shop.zone();
        let as_of = self.options.as_of.as_deref().and_then(|text| clock::parse(text, &zone));
        let now = as_of.unwrap_or_else(clock::now).as_second();
        let catalog = assemble::assemble(Input {
            shop,
            docs: read.docs,
            rows: read.rows,
            tree: &tree,
            pictures: read.pictures,
            keywords: read.keywords,
            book,
            now,
            findings: Vec::new(),
        });
        findings.extend(catalog.findings.iter().cloned());
        let (theme, faults) = self.theme(&roots, &tree, &chain);
        let broken = any_error(&faults) || chain.is_empty();
        findings.extend(faults);
        let generation =
            (!broken).then(|| Arc::new(Generation::new(catalog, theme, roots, read.texts)));
        Prepared { generation, findings, read: read.read }
    }

    /// The theme, read again only when one of its files changed.
    fn theme(
        &mut self,
        roots: &Roots,
        tree: &Tree,
        chain: &[String],
    ) -> (Arc<Theme>, Vec<Diagnostic>) {
        let files: Vec<_> = tree.below("themes").collect();
        let key = Hash::of_value(&(chain, files));
        if let Some((known, theme, faults)) = &self.theme
            && *known == key
        {
            return (theme.clone(), faults.clone());
        }
        let mut faults = Vec::new();
        let theme = theme::load(roots, tree, chain, page::functions::register, &mut faults);
        let theme = Arc::new(theme);
        self.theme = Some((key, theme.clone(), faults.clone()));
        (theme, faults)
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
        let cx = Cx::new(generation.clone(), artifact.locale);
        MAKERS[artifact.maker].make(&artifact.subject, &cx).ok()
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

/// Every artifact of the site; two for one path are a finding that names both.
fn plan(generation: &Generation, findings: &mut Vec<Diagnostic>) -> Vec<Artifact> {
    let mut artifacts = Vec::new();
    for (nth, maker) in MAKERS.iter().enumerate() {
        let mut plan = Plan::new(nth);
        maker.plan(generation, &mut plan);
        artifacts.extend(plan.finish());
    }
    let mut first: HashMap<OutPath, Place> = HashMap::with_capacity(artifacts.len());
    artifacts.retain(|artifact| {
        if let Some(other) = first.get(&artifact.path) {
            findings.push(
                Diagnostic::new("output/twice", artifact.from.clone())
                    .with("path", &artifact.path)
                    .also(other.clone(), "has-it-too"),
            );
            return false;
        }
        first.insert(artifact.path.clone(), artifact.from.clone());
        true
    });
    artifacts
}

/// Makes what does not hold any more.
fn make(
    generation: &Arc<Generation>,
    artifacts: &[Artifact],
    store: &Store,
    stage: Option<&Stage>,
    progress: &Progress<'_>,
) -> Result<Vec<Made>, Error> {
    let done = AtomicUsize::new(0);
    artifacts
        .par_iter()
        .with_min_len(8)
        .map(|artifact| {
            let made = ensure(generation, artifact, store, stage);
            let count = done.fetch_add(1, Ordering::Relaxed) + 1;
            if count.is_multiple_of(64) || count == artifacts.len() {
                progress.tell(Step::Pages, count, artifacts.len());
            }
            made
        })
        .collect()
}

/// The heart of it, and all there is to "incremental": a trace that still holds is replayed, anything else is made.
fn ensure(
    generation: &Arc<Generation>,
    artifact: &Artifact,
    store: &Store,
    stage: Option<&Stage>,
) -> Result<Made, Error> {
    let maker = MAKERS[artifact.maker];
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
    let cx = Cx::new(generation.clone(), artifact.locale);
    let bytes = match maker.make(&artifact.subject, &cx) {
        Ok(bytes) => bytes,
        Err(mut finding) => {
            if let Some((_, page)) = finding.args.iter_mut().find(|(name, _)| name == "page") {
                page.clone_from(&artifact.path.to_string());
            }
            cx.say(*finding);
            return Ok(Made::Failed { kept: cx.finish().1 });
        }
    };
    let (reads, mut kept) = cx.finish();
    if is_page(&artifact.path) {
        let html = std::str::from_utf8(&bytes).unwrap_or_default();
        let url = url_of(&artifact.path);
        let base = &generation.catalog.shop.base_url;
        let (links, lost) = links::of_page(html, &url, base, &store.links);
        kept.links = links;
        for fragment in lost {
            kept.said.push(
                Diagnostic::new("link/anchor", artifact.from.clone())
                    .with("found", fragment)
                    .with("page", &artifact.path),
            );
        }
    }
    let hash = Hash::of(&bytes);
    let there = known.is_some_and(|known| known.stat.is_some() && known.trace.output == hash);
    let staged = match stage {
        Some(stage) if !there => Some(stage.put(bytes)?),
        _ => None,
    };
    Ok(Made::New { hash, reads, kept, staged })
}

/// Whether a file is a page.
fn is_page(path: &OutPath) -> bool {
    path.as_str().ends_with(".html")
}

/// The address a file of the site answers.
fn url_of(path: &OutPath) -> String {
    let inside = path.as_str().strip_prefix("site").unwrap_or(path.as_str());
    inside.strip_suffix("index.html").unwrap_or(inside).to_owned()
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

/// What is wrong with pictures that pages show, also with those that were made before.
fn picture_findings(
    store: &Store,
    wants: &BTreeMap<OutPath, Want>,
    failed: &BTreeMap<SourcePath, (String, String)>,
) -> Vec<Diagnostic> {
    let sources: BTreeMap<&SourcePath, Hash> =
        wants.values().map(|want| (&want.source, want.hash)).collect();
    let mut findings = Vec::new();
    let mut say = |path: &SourcePath, code: &str, reason: &str| {
        let code = match code {
            "picture/color" => "picture/color",
            "picture/damaged" => "picture/damaged",
            _ => "picture/broken",
        };
        findings.push(
            Diagnostic::new(code, Place::File(path.clone()))
                .with("found", path.name())
                .with("reason", reason),
        );
    };
    for (path, hash) in sources {
        if let Some((code, reason)) = failed.get(path) {
            say(path, code, reason);
        }
        for (code, reason) in store.damage.get(&hash).into_iter().flatten() {
            say(path, code, reason);
        }
    }
    findings
}
