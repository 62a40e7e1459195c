//! `watch`: a loop around the build. An event only says "look again"; content decides what changed.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Config, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::Outcome;
use super::args::{self, Args};
use super::build::{once, options};
use super::print::Screen;
use crate::build::Builder;
use crate::error::Error;

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
    let _watcher = start(&folders, build.poll, handler, screen)?;
    loop {
        if let Err(error) = once(&mut builder, build.format, screen) {
            // A full disk or a taken lock may pass; the next change tries again.
            screen.failure(&error);
        }
        screen.line(screen.say("watching for changes (Ctrl+C ends it)", "等待修改（Ctrl+C 结束）"));
        if !wait(&events) {
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
) -> Result<Box<dyn Watcher>, Error>
where
    H: Fn(notify::Result<notify::Event>) + Send + Clone + 'static,
{
    if !poll {
        match by_events(folders, handler.clone()) {
            Ok(watcher) => return Ok(watcher),
            Err(error) => screen.line(&format!(
                "{}: {error}",
                screen.say(
                    "no events to be had here, looking at the files instead (--poll)",
                    "这里收不到文件事件，改为定时查看（--poll）"
                )
            )),
        }
    }
    let config = Config::default().with_poll_interval(POLL);
    let mut watcher = PollWatcher::new(handler, config).map_err(fault(Path::new(".")))?;
    for folder in folders {
        watcher.watch(folder, RecursiveMode::Recursive).map_err(fault(folder))?;
    }
    Ok(Box::new(watcher))
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
