//! `watch`: a loop around the build.

use std::time::Duration;

use super::Outcome;
use super::args::{self, Args};
use super::build::{once, wanted};
use super::print::Screen;
use crate::build::Builder;
use crate::clock;
use crate::error::Error;
use crate::watcher::{Change, Watcher};

pub(super) fn watch(args: &Args, build: &args::Build, screen: &Screen) -> Outcome {
    if !args.content.is_dir() {
        return Err(Error::NoContent(args.content.clone()));
    }
    let mut builder = Builder::lasting(wanted(args, build)?);
    let mut watcher = Watcher::start(&args.roots(), build.poll, || {});
    if let Some(why) = watcher.polling.as_ref().filter(|_| !build.poll) {
        screen.line(&no_events(screen, why));
    }
    let mut change = Change::Anything;
    loop {
        if let Err(error) = once(&mut builder, &change, build.run.format, &Screen::built, screen) {
            // A full disk or a taken lock may pass; the next change tries again.
            screen.failure(&error);
        }
        screen.line(screen.say("watching for changes (Ctrl+C ends it)", "等待修改（Ctrl+C 结束）"));
        change = watcher.wait(until(&builder));
        if change == Change::End {
            return Ok(true);
        }
    }
}

/// How long until the shop changes by itself.
pub(super) fn until(builder: &Builder) -> Option<Duration> {
    let left = builder.next_change()? - clock::now().as_second();
    Some(Duration::from_secs(u64::try_from(left).unwrap_or_default()) + Duration::from_secs(1))
}

/// What is said when files are looked at instead.
pub(super) fn no_events(screen: &Screen, why: &str) -> String {
    let words = screen.say(
        "no events to be had here, looking at the files instead (--poll)",
        "这里收不到文件事件，改为定时查看（--poll）",
    );
    format!("{words}: {why}")
}
