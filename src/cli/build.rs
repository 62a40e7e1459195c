//! `build` and `check`.

use std::time::Instant;

use super::Outcome;
use super::args::{self, Args};
use super::print::Screen;
use crate::build::{Builder, Options, Progress};
use crate::diag::any_error;
use crate::diag::render::Format;
use crate::error::Error;

pub(super) fn build(args: &Args, build: &args::Build, screen: &Screen) -> Outcome {
    let mut builder = Builder::new(options(args, build)?);
    let outcome = once(&mut builder, build.format, screen);
    // The process ends here: giving back a large shop's memory piece by piece only takes time.
    std::mem::forget(builder);
    outcome
}

pub(super) fn check(args: &Args, check: &args::Check, screen: &Screen) -> Outcome {
    let build = args::Build { as_of: check.as_of.clone(), ..args::Build::default() };
    let mut builder = Builder::new(Options { check: true, ..options(args, &build)? });
    let outcome = once(&mut builder, check.format, screen);
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
    })
}

/// One build, told on the screen.
pub(super) fn once(builder: &mut Builder, format: Format, screen: &Screen) -> Outcome {
    let start = Instant::now();
    let tell = |step, done, of| screen.progress(step, done, of);
    let report = builder.generation(&Progress { tell: &tell, go_on: &|| true })?;
    screen.findings(&report.findings, format);
    screen.summary(&report, start.elapsed().as_secs_f64());
    let clean = !any_error(&report.findings);
    builder.keep(report);
    Ok(clean)
}
