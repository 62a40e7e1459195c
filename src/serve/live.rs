//! What the preview knows: the newest facts, what is wrong, what was built. Written by the builder, read by answers.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::watch;

use super::Settings;
use super::answer::Pages;
use crate::build::{self, Prepared, Report};
use crate::clock;
use crate::cx::Want;
use crate::diag::codes::Lang;
use crate::diag::{Diagnostic, Severity};
use crate::error::Error;
use crate::generation::Generation;
use crate::id::{Hash, OutPath, SourcePath};
use crate::maker::Artifact;
use crate::source::disk::Roots;
use crate::watcher::Change;

/// How long an answer waits for a save that was noticed and not yet read.
const PATIENCE: Duration = Duration::from_millis(700);
/// How long the first answer waits for the first facts.
const FIRST: Duration = Duration::from_secs(20);
/// How long a build leaves the processor to browsers that draw what was just saved.
const DRAWING: Duration = Duration::from_millis(40);
/// Builds that are remembered.
const BUILDS: usize = 30;
/// Made artifacts that a remembered build names.
const NAMED: usize = 200;
/// Moments whose facts are kept.
const VIEWS: usize = 4;

/// The shop as it can be asked for pages: facts and where each file comes from.
pub(super) struct Snapshot {
    /// No two snapshots have the same; views of one version differ.
    pub id: u64,
    pub version: u64,
    pub generation: Arc<Generation>,
    pub artifacts: Arc<[Artifact]>,
    index: OnceLock<HashMap<OutPath, usize>>,
}

impl Snapshot {
    fn new(version: u64, generation: Arc<Generation>, artifacts: Arc<[Artifact]>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { id, version, generation, artifacts, index: OnceLock::new() }
    }

    /// The artifact at a path.
    pub(super) fn artifact(&self, path: &OutPath) -> Option<&Artifact> {
        let index = self.index.get_or_init(|| {
            let all = self.artifacts.iter().enumerate();
            all.map(|(at, artifact)| (artifact.path.clone(), at)).collect()
        });
        index.get(path).map(|at| &self.artifacts[*at])
    }
}

/// The moment a browser wants to see, and whether with drafts.
#[derive(Clone, Default, PartialEq, Eq, Serialize, serde::Deserialize, Debug)]
#[serde(default)]
pub(super) struct View {
    pub drafts: bool,
    pub at: Option<String>,
}

/// What browsers are told.
#[derive(Clone, Serialize)]
pub(super) struct State {
    pub session: String,
    pub version: u64,
    pub building: bool,
    pub done: usize,
    pub of: usize,
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    pub findings: u64,
    pub polling: Option<String>,
    pub trouble: Option<String>,
    pub lang: &'static str,
    pub name: String,
}

/// One build, remembered.
#[derive(Clone, Debug)]
pub struct Work {
    /// When it ended, in milliseconds.
    pub at: i64,
    /// How long it took.
    pub seconds: f64,
    /// The files that made it necessary.
    pub why: Vec<String>,
    /// A moment came at which the shop changes by itself.
    pub timely: bool,
    /// Artifacts made, the first of them by name.
    pub made: Vec<OutPath>,
    /// How many were made.
    pub made_count: usize,
    /// How many still held.
    pub kept: usize,
    /// How many files were removed.
    pub removed: usize,
    /// Pictures that were encoded.
    pub pictures: usize,
    /// How many errors there are.
    pub errors: usize,
    /// How many warnings there are.
    pub warnings: usize,
    /// The output folder has it.
    pub committed: bool,
    /// A newer change came before it was done.
    pub superseded: bool,
}

impl Work {
    pub(super) fn begun(prepared: &Prepared, change: &Change) -> Self {
        // When everything is looked at, no file is the reason.
        let why = match change {
            Change::Files(files) if prepared.read.is_empty() => &files[..],
            Change::Files(_) => &prepared.read[..],
            _ => &[],
        };
        let why = why.iter().take(20).map(ToString::to_string).collect();
        Self {
            at: 0,
            seconds: 0.0,
            why,
            timely: *change == Change::Time,
            made: Vec::new(),
            made_count: 0,
            kept: 0,
            removed: 0,
            pictures: 0,
            errors: 0,
            warnings: 0,
            committed: false,
            superseded: false,
        }
    }
}

pub(super) struct Inner {
    /// The last facts that could be put together.
    pub snapshot: Option<Arc<Snapshot>>,
    prepared: Option<Prepared>,
    views: VecDeque<(View, Arc<Snapshot>)>,
    pub findings: Arc<[Diagnostic]>,
    /// The part of them that the newest facts gave, and the part that pages and links gave.
    facts: BTreeSet<Diagnostic>,
    said: Vec<Diagnostic>,
    pub builds: VecDeque<Work>,
    /// Changes that were noticed before the newest facts were read.
    read_up_to: u64,
    /// Hash of what is published, to tell whether anything changed.
    shown: Hash,
}

/// The preview's memory.
pub(super) struct Live {
    pub roots: Roots,
    pub lang: Lang,
    /// The author's editor, if named.
    pub editor: Option<String>,
    /// What a page must show to be allowed to ask for changes.
    pub token: String,
    /// Counts file events, at once when they come.
    pub noticed: Arc<AtomicU64>,
    /// Answers that are being made.
    urgent: AtomicUsize,
    inner: Mutex<Inner>,
    published: Condvar,
    pub state: watch::Sender<State>,
    pub pages: Mutex<Pages>,
    pub wants: Mutex<HashMap<OutPath, Want>>,
}

impl Live {
    pub(super) fn new(roots: Roots, settings: &Settings) -> Self {
        let lang = settings.lang;
        let state = State {
            session: secret(),
            version: 0,
            building: true,
            done: 0,
            of: 0,
            errors: 0,
            warnings: 0,
            notes: 0,
            findings: 0,
            polling: None,
            trouble: None,
            lang: if lang == Lang::Zh { "zh" } else { "en" },
            name: String::new(),
        };
        Self {
            roots,
            lang,
            editor: settings.editor.clone(),
            token: secret(),
            noticed: Arc::new(AtomicU64::new(0)),
            urgent: AtomicUsize::new(0),
            inner: Mutex::new(Inner {
                snapshot: None,
                prepared: None,
                views: VecDeque::new(),
                findings: Arc::from([]),
                facts: BTreeSet::new(),
                said: Vec::new(),
                builds: VecDeque::new(),
                read_up_to: 0,
                shown: Hash::ABSENT,
            }),
            published: Condvar::new(),
            state: watch::Sender::new(state),
            pages: Mutex::default(),
            wants: Mutex::default(),
        }
    }

    /// A thread that panicked while it held the lock left nothing half done: every change is one assignment.
    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(super) fn polls(&self, why: String) {
        self.state.send_modify(|state| state.polling = Some(why));
    }

    /// Shows new facts; `false` when they are the old ones.
    pub(super) fn publish(&self, prepared: &Prepared, noticed: u64) -> bool {
        let mut inner = self.inner();
        inner.read_up_to = noticed;
        let same = match (&prepared.generation, inner.snapshot.as_ref()) {
            (Some(new), Some(old)) => Arc::ptr_eq(new, &old.generation),
            _ => false,
        };
        let shown = Hash::of_value(&prepared.findings);
        if same && shown == inner.shown {
            self.published.notify_all();
            return false;
        }
        inner.shown = shown;
        let version = self.state.borrow().version + 1;
        // To forget a large shop takes a while: that is done when everybody knows the new one.
        let mut old = (None, None);
        if let Some(generation) = &prepared.generation {
            let artifacts = prepared.artifacts.clone();
            let snapshot = Snapshot::new(version, generation.clone(), artifacts);
            old = (
                inner.snapshot.replace(Arc::new(snapshot)),
                inner.prepared.replace(prepared.clone()),
            );
            inner.views.clear();
        }
        // What pages say is known when all are made; until then it is what they said before.
        let facts = prepared.findings.iter().chain(&inner.said);
        let findings = facts.cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let told = inner.tell(findings);
        inner.facts = prepared.findings.iter().cloned().collect();
        let name = inner.snapshot.as_ref().map(|snapshot| {
            let shop = &snapshot.generation.catalog.shop;
            shop.name.get(shop.default_locale()).to_owned()
        });
        drop(inner);
        self.published.notify_all();
        self.state.send_modify(|state| {
            state.version = version;
            state.building = true;
            (state.done, state.of) = (0, prepared.artifacts.len());
            if let Some(name) = name {
                state.name = name;
            }
            state.count(told);
        });
        drop(old);
        true
    }

    /// The build behind the newest facts is done.
    pub(super) fn report(&self, work: Work, report: Report, seconds: f64) -> Work {
        let count =
            |severity| report.findings.iter().filter(|one| one.severity() == severity).count();
        let work = Work {
            at: clock::now().as_millisecond(),
            seconds,
            made_count: report.made.len(),
            kept: report.kept,
            removed: report.removed.len(),
            pictures: report.pictures.1,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            committed: report.committed,
            made: report.made.into_iter().take(NAMED).collect(),
            ..work
        };
        let findings: Arc<[Diagnostic]> = report.findings.into();
        let mut inner = self.inner();
        let own = findings.iter().filter(|finding| !inner.facts.contains(finding));
        inner.said = own.cloned().collect();
        let told = inner.tell(findings);
        inner.builds.push_front(work.clone());
        inner.builds.truncate(BUILDS);
        drop(inner);
        self.state.send_modify(|state| {
            state.building = false;
            state.trouble = None;
            state.count(told);
        });
        work
    }

    pub(super) fn superseded(&self, work: Work, seconds: f64) {
        let at = clock::now().as_millisecond();
        let mut inner = self.inner();
        inner.builds.push_front(Work { at, seconds, superseded: true, ..work });
        inner.builds.truncate(BUILDS);
    }

    pub(super) fn trouble(&self, error: &Error) {
        let why = error.to_string();
        self.state.send_modify(|state| {
            state.building = false;
            state.trouble = Some(why);
        });
    }

    pub(super) fn progress(&self, done: usize, of: usize) {
        self.state.send_modify(|state| (state.done, state.of) = (done, of));
    }

    /// Lets answers go first; called between two pieces of work. Answers that wait for a newer save wait for this build
    /// to be given up.
    pub(super) fn give_way(&self, noticed: u64) {
        let began = Instant::now();
        while self.urgent.load(Ordering::Relaxed) > 0
            && began.elapsed() < Duration::from_millis(20)
            && self.noticed.load(Ordering::SeqCst) == noticed
        {
            std::thread::park_timeout(Duration::from_micros(200));
        }
    }

    /// Waits while the browsers that were just told of a save draw it; a newer save ends the wait.
    pub(super) fn let_draw(&self, noticed: u64) {
        let began = Instant::now();
        while self.state.receiver_count() > 0
            && began.elapsed() < DRAWING
            && self.noticed.load(Ordering::SeqCst) == noticed
        {
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }

    /// Marks an answer as being made.
    pub(super) fn hurry(&self) -> Hurry<'_> {
        self.urgent.fetch_add(1, Ordering::Relaxed);
        Hurry(&self.urgent)
    }

    /// The newest facts in a view, after every save noticed so far; nothing while there are none.
    pub(super) fn snapshot(&self, view: &View) -> Option<Arc<Snapshot>> {
        let noticed = self.noticed.load(Ordering::SeqCst);
        let began = Instant::now();
        let mut inner = self.inner();
        loop {
            let patience = if inner.snapshot.is_none() { FIRST } else { PATIENCE };
            let broken = inner.snapshot.is_none() && self.state.borrow().version > 0;
            let late = inner.read_up_to < noticed || (inner.snapshot.is_none() && !broken);
            let Some(left) = patience.checked_sub(began.elapsed()).filter(|_| late) else { break };
            let waited = self.published.wait_timeout(inner, left);
            inner = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
        let now = inner.snapshot.clone()?;
        if *view == View::default() {
            return Some(now);
        }
        if let Some((_, known)) = inner.views.iter().find(|(known, _)| known == view) {
            return Some(known.clone());
        }
        let prepared = inner.prepared.clone()?;
        drop(inner);
        let generation = prepared.seen(view.at.as_deref(), view.drafts)?;
        let artifacts = build::plan(&generation, &mut Vec::new()).into();
        let snapshot = Arc::new(Snapshot::new(now.version, generation, artifacts));
        let mut inner = self.inner();
        if inner.snapshot.as_ref().is_some_and(|newest| newest.version == now.version) {
            inner.views.push_front((view.clone(), snapshot.clone()));
            inner.views.truncate(VIEWS);
        }
        Some(snapshot)
    }

    /// Remembers pictures that a page shows, so that they can be made when the browser asks for them.
    pub(super) fn wanted(&self, wants: &[Want]) {
        if let Ok(mut known) = self.wants.lock() {
            known.extend(wants.iter().map(|want| (want.path(), want.clone())));
        }
    }

    /// Findings of one file.
    pub(super) fn findings_in(&self, files: &[&SourcePath]) -> Vec<Diagnostic> {
        let findings = self.inner().findings.clone();
        let of = |finding: &&Diagnostic| finding.file().is_some_and(|file| files.contains(&file));
        findings.iter().filter(of).cloned().collect()
    }
}

impl Inner {
    /// Takes over what is wrong now; nothing when it is what was wrong before.
    fn tell(&mut self, findings: Arc<[Diagnostic]>) -> Option<Arc<[Diagnostic]>> {
        let same = self.findings == findings;
        self.findings = findings;
        (!same).then(|| self.findings.clone())
    }
}

impl State {
    fn count(&mut self, told: Option<Arc<[Diagnostic]>>) {
        let Some(findings) = told else { return };
        let count = |severity| findings.iter().filter(|one| one.severity() == severity).count();
        self.errors = count(Severity::Error);
        self.warnings = count(Severity::Warning);
        self.notes = count(Severity::Note);
        self.findings += 1;
    }
}

/// An answer that is being made.
pub(super) struct Hurry<'l>(&'l AtomicUsize);

impl Drop for Hurry<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Something nobody can guess: the keys of the standard library's hash maps come from the system's randomness.
fn secret() -> String {
    use std::hash::{BuildHasher, Hasher};
    let word = || std::collections::hash_map::RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", word(), word())
}
