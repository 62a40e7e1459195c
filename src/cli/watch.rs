//! `watch`: a loop around the build. An event only says "look again"; content decides what changed.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher};

use super::Outcome;
use super::args::{self, Args};
use super::build::{once, options};
use super::print::Screen;
use crate::build::Builder;
use crate::error::Error;
use crate::id::SourcePath;
use crate::source::disk::{self, Roots};
use crate::source::tree::{self, Stat};

/// Editors save in several steps; so long nothing must happen before a change counts as done.
const QUIET: Duration = Duration::from_millis(40);
/// But no change waits longer than this.
const LONGEST: Duration = Duration::from_millis(500);
/// How often a folder without events is looked at.
const POLL: Duration = Duration::from_millis(500);

pub(super) fn watch(args: &Args, build: &args::Build, screen: &Screen) -> Outcome {
    let mut builder = Builder::new(options(args, build)?);
    let (send, events) = channel();
    let folders: Vec<PathBuf> =
        [&args.content, &args.themes].into_iter().filter(|path| path.is_dir()).cloned().collect();
    if !args.content.is_dir() {
        return Err(Error::NoContent(args.content.clone()));
    }
    let handler = move |event: notify::Result<notify::Event>| {
        // Reading is no change; everything else, also an overflow, is a reason to look.
        if !matches!(&event, Ok(event) if event.kind.is_access()) {
            let _ = send.send(());
        }
    };
    let watcher = start(&folders, build.poll, handler, screen);
    let roots = args.roots();
    loop {
        let seen = watcher.is_none().then(|| stats(&roots));
        if let Err(error) = once(&mut builder, build.format, screen) {
            // A full disk or a taken lock may pass; the next change tries again.
            screen.failure(&error);
        }
        screen.line(screen.say("watching for changes (Ctrl+C ends it)", "等待修改（Ctrl+C 结束）"));
        let more = match &seen {
            Some(seen) => look(&roots, seen),
            None => wait(&events),
        };
        if !more {
            return Ok(true);
        }
    }
}

/// Watches by events, or by looking when events are not to be had.
fn start<H>(
    folders: &[PathBuf],
    poll: bool,
    handler: H,
    screen: &Screen,
) -> Option<Box<dyn Watcher>>
where
    H: Fn(notify::Result<notify::Event>) + Send + 'static,
{
    if poll {
        return None;
    }
    match by_events(folders, handler) {
        Ok(watcher) => Some(watcher),
        Err(error) => {
            screen.line(&format!(
                "{}: {error}",
                screen.say(
                    "no events to be had here, looking at the files instead (--poll)",
                    "这里收不到文件事件，改为定时查看（--poll）"
                )
            ));
            None
        }
    }
}

fn by_events<H>(folders: &[PathBuf], handler: H) -> Result<Box<dyn Watcher>, Error>
where
    H: Fn(notify::Result<notify::Event>) + Send + 'static,
{
    let mut watcher =
        RecommendedWatcher::new(handler, Config::default()).map_err(fault(Path::new(".")))?;
    for folder in folders {
        watcher.watch(folder, RecursiveMode::Recursive).map_err(fault(folder))?;
    }
    Ok(Box::new(watcher))
}

fn fault(path: &Path) -> impl Fn(notify::Error) -> Error + '_ {
    move |error| Error::Watch { path: path.to_owned(), why: error.to_string() }
}

/// What can be seen of all files without reading them.
fn stats(roots: &Roots) -> Vec<(SourcePath, Stat)> {
    let themes = disk::folders(&roots.themes);
    let mut files: Vec<_> = tree::scan(roots, &themes).files.into_iter().collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

/// Looks every so often until something is not as it was.
fn look(roots: &Roots, seen: &[(SourcePath, Stat)]) -> bool {
    loop {
        std::thread::park_timeout(POLL);
        if stats(roots) != seen {
            return true;
        }
    }
}

/// Waits for a change and for the quiet after it; `false` when no more can come.
fn wait(events: &Receiver<()>) -> bool {
    if events.recv().is_err() {
        return false;
    }
    let first = Instant::now();
    while first.elapsed() < LONGEST {
        match events.recv_timeout(QUIET) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    true
}
