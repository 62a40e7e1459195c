//! `build` and `check`.

use std::time::Instant;

use super::Outcome;
use super::args::{self, Args};
use super::print::Screen;
use crate::build::{Builder, Options, Progress, Report};
use crate::diag::any_error;
use crate::diag::render::Format;
use crate::error::Error;
use crate::watcher::Change;

pub(super) fn build(args: &Args, build: &args::Build, screen: &Screen) -> Outcome {
    let mut builder = Builder::new(wanted(args, build)?);
    let outcome = once(&mut builder, &Change::Anything, build.run.format, &Screen::built, screen);
    if matches!(outcome, Ok(false)) && !build.run.keep_going {
        screen.line(screen.say(
            "because of the errors the output stays as it was; --keep-going makes what is sound",
            "有错误，输出文件夹保持原样；加 --keep-going 可先生成没问题的部分",
        ));
    }
    // The process ends here: giving back a large shop's memory piece by piece only takes time.
    std::mem::forget(builder);
    outcome
}

pub(super) fn check(args: &Args, check: &args::Check, screen: &Screen) -> Outcome {
    let options = Options { check: true, ..options(args, &args::Run::at(check.as_of.as_ref()))? };
    if check.fix {
        super::fix::fix(&options.roots, &mut Builder::new(options.clone()), screen)?;
    }
    let mut builder = Builder::new(options);
    let outcome = once(&mut builder, &Change::Anything, check.format, &Screen::checked, screen);
    std::mem::forget(builder);
    outcome
}

/// What `build` and `watch` ask of the builder.
pub(super) fn wanted(args: &Args, build: &args::Build) -> Result<Options, Error> {
    let only = build.only.iter().map(|area| area.area()).collect();
    Ok(Options { only, ..options(args, &build.run)? })
}

/// What every command asks of it.
pub(super) fn options(args: &Args, run: &args::Run) -> Result<Options, Error> {
    if let Some(text) = &run.as_of
        && crate::clock::parse(text, &jiff::tz::TimeZone::UTC).is_none()
    {
        return Err(Error::Moment(text.clone()));
    }
    Ok(Options {
        roots: args.roots(),
        as_of: run.as_of.clone(),
        keep_going: run.keep_going,
        check: false,
        allow_removals: run.allow_removals,
        only: Vec::new(),
        channels: Vec::new(),
        skus: Vec::new(),
        select: None,
    })
}

/// Why there are no facts of the shop.
pub(super) fn unread(args: &Args) -> Error {
    if args.content.join("shop.yaml").exists() {
        Error::Unread
    } else {
        Error::NoContent(args.content.clone())
    }
}

/// One build or check, told on the screen; `summary` has the last word.
pub(super) fn once(
    builder: &mut Builder,
    change: &Change,
    format: Format,
    summary: &dyn Fn(&Screen, &Report, f64),
    screen: &Screen,
) -> Outcome {
    let start = Instant::now();
    let tell = |step, done, of| screen.progress(step, done, of);
    let changed = match change {
        Change::Files(paths) => Some(paths.as_slice()),
        _ => None,
    };
    let report = builder.generation(changed, &Progress { tell: &tell, go_on: &|| true })?;
    screen.findings(&report.findings, format);
    summary(screen, &report, start.elapsed().as_secs_f64());
    let clean = !any_error(&report.findings);
    builder.keep(report);
    Ok(clean)
}
