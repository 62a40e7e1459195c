//! Notices that files of the shop changed. An event only says "look again"; content decides what changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::error::Error;
use crate::id::SourcePath;
use crate::source::disk::{self, Roots};
use crate::source::tree::{self, Stat};

/// An editor that closed its file is done; it may still rename it.
const DONE: Duration = Duration::from_millis(3);
/// A file that is written to, or many at once: so long nothing must happen before it counts as done.
const QUIET: Duration = Duration::from_millis(40);
/// But no change waits longer than this.
const LONGEST: Duration = Duration::from_millis(500);
/// How often a folder without events is looked at.
const POLL: Duration = Duration::from_millis(500);
/// More files than this at once are no single save.
const MANY: usize = 3;

/// Why it is time to build again.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// Some files may have changed.
    Files(Vec<SourcePath>),
    /// Anything may have changed.
    Anything,
    /// Nothing changed, but the given moment has come.
    Time,
    /// No more changes can come.
    End,
}

enum Signal {
    /// These files; `open` while somebody may still be writing.
    Files {
        paths: Vec<SourcePath>,
        open: bool,
    },
    Anything,
}

/// Watches a shop's folders.
pub struct Watcher {
    roots: Roots,
    signals: Receiver<Signal>,
    /// By events, when they can be had.
    events: Option<RecommendedWatcher>,
    /// Why there are no events.
    pub polling: Option<String>,
    seen: Vec<(SourcePath, Stat)>,
}

impl Watcher {
    /// Watches by events, or by looking where events are not to be had. `noticed` is called at once on every event.
    pub fn start(roots: &Roots, poll: bool, noticed: impl Fn() + Send + 'static) -> Self {
        let (send, signals) = channel();
        let mut watcher =
            Self { roots: roots.clone(), signals, events: None, polling: None, seen: Vec::new() };
        if poll {
            watcher.polling = Some("--poll".to_owned());
        } else {
            match by_events(roots, send, noticed) {
                Ok(events) => watcher.events = Some(events),
                Err(error) => watcher.polling = Some(error.to_string()),
            }
        }
        if watcher.polling.is_some() {
            watcher.seen = stats(roots);
        }
        watcher
    }

    /// Waits for a change and for the quiet after it, at most until the given time has passed.
    pub fn wait(&mut self, at_most: Option<Duration>) -> Change {
        if self.events.is_none() {
            return self.look(at_most);
        }
        let first = match at_most {
            Some(time) => match self.signals.recv_timeout(time) {
                Ok(signal) => signal,
                Err(RecvTimeoutError::Timeout) => return Change::Time,
                Err(RecvTimeoutError::Disconnected) => return Change::End,
            },
            None => match self.signals.recv() {
                Ok(signal) => signal,
                Err(_) => return Change::End,
            },
        };
        let began = Instant::now();
        let mut batch = Batch::default();
        batch.add(first);
        while began.elapsed() < LONGEST {
            match self.signals.recv_timeout(batch.patience()) {
                Ok(signal) => batch.add(signal),
                Err(_) => break,
            }
        }
        batch.change()
    }

    /// Looks every so often until something is not as it was.
    fn look(&mut self, at_most: Option<Duration>) -> Change {
        let began = Instant::now();
        loop {
            std::thread::park_timeout(at_most.map_or(POLL, |time| POLL.min(time)));
            let now = stats(&self.roots);
            if now != self.seen {
                let before: BTreeSet<_> = self.seen.iter().collect();
                let after: BTreeSet<_> = now.iter().collect();
                let changed: BTreeSet<SourcePath> =
                    before.symmetric_difference(&after).map(|(path, _)| path.clone()).collect();
                self.seen = now;
                return Change::Files(changed.into_iter().collect());
            }
            if at_most.is_some_and(|time| began.elapsed() >= time) {
                return Change::Time;
            }
        }
    }
}

/// What happened within one save.
#[derive(Default)]
struct Batch {
    paths: BTreeSet<SourcePath>,
    open: BTreeSet<SourcePath>,
    anything: bool,
}

impl Batch {
    fn add(&mut self, signal: Signal) {
        match signal {
            Signal::Anything => self.anything = true,
            Signal::Files { paths, open } => {
                for path in paths {
                    if open {
                        self.open.insert(path.clone());
                    } else {
                        self.open.remove(&path);
                    }
                    self.paths.insert(path);
                }
            }
        }
    }

    fn patience(&self) -> Duration {
        let calm = self.open.is_empty() && !self.anything && self.paths.len() <= MANY;
        if calm { DONE } else { QUIET }
    }

    fn change(self) -> Change {
        if self.anything {
            return Change::Anything;
        }
        Change::Files(self.paths.into_iter().collect())
    }
}

fn by_events(
    roots: &Roots,
    send: Sender<Signal>,
    noticed: impl Fn() + Send + 'static,
) -> Result<RecommendedWatcher, Error> {
    let folders: Vec<(PathBuf, &'static str)> =
        [(&roots.content, "content"), (&roots.themes, "themes")]
            .into_iter()
            .filter_map(|(path, name)| Some((path.canonicalize().ok()?, name)))
            .collect();
    let known = Arc::new(folders.clone());
    let handler = move |event: notify::Result<notify::Event>| {
        if let Some(signal) = signal(event, &known) {
            noticed();
            // Nobody listens any more when the program ends.
            let _ = send.send(signal);
        }
    };
    let fault = |path: &Path, error: &notify::Error| Error::Watch {
        path: path.to_owned(),
        why: error.to_string(),
    };
    let mut watcher = RecommendedWatcher::new(handler, Config::default())
        .map_err(|error| fault(&roots.content, &error))?;
    for (folder, _) in &folders {
        watcher.watch(folder, RecursiveMode::Recursive).map_err(|error| fault(folder, &error))?;
    }
    Ok(watcher)
}

/// What an event means; reading a file and what only editors write mean nothing.
fn signal(
    event: notify::Result<notify::Event>,
    folders: &[(PathBuf, &'static str)],
) -> Option<Signal> {
    let Ok(event) = event else { return Some(Signal::Anything) };
    if event.need_rescan() {
        return Some(Signal::Anything);
    }
    let open = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Remove(_) => false,
        EventKind::Access(_) => return None,
        // Where a system tells when a file is closed, that will follow.
        EventKind::Create(_) => true,
        EventKind::Modify(kind) => !matches!(kind, notify::event::ModifyKind::Name(_)),
        EventKind::Any | EventKind::Other => return Some(Signal::Anything),
    };
    let mut paths = Vec::new();
    for path in &event.paths {
        let (folder, name) = folders.iter().find(|(folder, _)| path.starts_with(folder))?;
        match tree::logical(folder, name, path) {
            Some(path) => paths.push(path),
            None => return Some(Signal::Anything),
        }
    }
    paths.retain(|path| !path.as_str().split('/').any(|part| tree::ignored(part.as_ref())));
    (!paths.is_empty()).then_some(Signal::Files { paths, open })
}

/// What can be seen of all files without reading them.
fn stats(roots: &Roots) -> Vec<(SourcePath, Stat)> {
    tree::scan(roots, &disk::folders(&roots.themes)).files.into_iter().collect()
}
