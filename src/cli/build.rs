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
    let mut builder = Builder::new(options(args, build)?);
    let outcome = once(&mut builder, &Change::Anything, build.format, &Screen::built, screen);
    // The process ends here: giving back a large shop's memory piece by piece only takes time.
    std::mem::forget(builder);
    outcome
}

pub(super) fn check(args: &Args, check: &args::Check, screen: &Screen) -> Outcome {
    let build = args::Build { as_of: check.as_of.clone(), ..args::Build::default() };
    let options = Options { check: true, ..options(args, &build)? };
    if check.fix {
        super::fix::fix(&options.roots, &mut Builder::new(options.clone()), screen)?;
    }
    let mut builder = Builder::new(options);
    let outcome = once(&mut builder, &Change::Anything, check.format, &Screen::checked, screen);
    std::mem::forget(builder);
    outcome
}

/// What the command line asks of the builder.
pub(super) fn options(args: &Args, build: &args::Build) -> Result<Options, Error> {
    if let Some(text) = &build.as_of
        && crate::clock::parse(text, &jiff::tz::TimeZone::UTC).is_none()
    {
        let words = format!("--as-of {text}: write 2026-11-20 or \"2026-11-20 10:00\"");
        return Err(Error::Usage(words));
    }
    Ok(Options {
        roots: args.roots(),
        as_of: build.as_of.clone(),
        keep_going: build.keep_going,
        check: false,
        allow_removals: build.allow_removals,
        only: build.only.iter().map(|area| area.area()).collect(),
        channels: Vec::new(),
        skus: Vec::new(),
        select: None,
    })
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
