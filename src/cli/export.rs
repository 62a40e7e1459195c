//! `export`: the files of sales channels alone.

use std::collections::BTreeSet;

use super::Outcome;
use super::args::{self, Args};
use super::build::{once, options};
use super::diff::between;
use super::print::Screen;
use crate::build::{Area, Builder, Options};
use crate::catalog::select::Select;
use crate::channel;
use crate::diag::codes::Lang;
use crate::diag::nearest;
use crate::diag::render::Format;
use crate::error::Error;
use crate::id::SourcePath;
use crate::source::disk::Roots;
use crate::watcher::Change;

pub(super) fn export(args: &Args, export: &args::Export, screen: &Screen) -> Outcome {
    known(&args.roots(), &export.channels, screen)?;
    let select = export.select.as_deref().map(Select::parse).transpose().map_err(|part| {
        let fields = Select::fields().collect::<Vec<_>>().join(" ");
        Error::Usage(match screen.lang {
            Lang::En => format!(
                "`{part}` cannot be understood in --where; write FIELD SIGN VALUE, such as 'price<50', with one of {fields} and = != ~ < <= > >="
            ),
            Lang::Zh => format!(
                "--where 看不懂 `{part}`；请写“字段 符号 值”，如 'price<50'，字段有 {fields}，符号有 = != ~ < <= > >="
            ),
        })
    })?;
    let options = Options {
        only: vec![Area::Exports],
        channels: export.channels.clone(),
        skus: export.only.clone(),
        select,
        ..options(args, &export.run)?
    };
    match &export.delta {
        Some(since) => delta(&options, since, export.run.format, screen),
        None => make(options, export.run.format, screen),
    }
}

/// Fails when one of these is no channel.
pub(super) fn known(roots: &Roots, names: &[String], screen: &Screen) -> Result<(), Error> {
    for name in names {
        let own = roots.real(&SourcePath::new(format!("{}/{name}.yaml", channel::FOLDER)));
        if !channel::names().contains(&name.as_str()) && !own.is_file() {
            let near = screen.meant(nearest(name, channel::names()));
            let words = screen.say("there is no channel", "没有渠道");
            return Err(Error::Usage(format!("{words} `{name}`{near}")));
        }
    }
    Ok(())
}

fn make(options: Options, format: Format, screen: &Screen) -> Outcome {
    let mut builder = Builder::new(options);
    let outcome = once(&mut builder, &Change::Anything, format, &Screen::built, screen);
    // The process ends: what was built is not taken apart piece by piece.
    std::mem::forget(builder);
    outcome
}

/// What changed on each channel since a revision; what is gone stands in no file, so it is told.
fn delta(options: &Options, since: &str, format: Format, screen: &Screen) -> Outcome {
    let difference = between(options.clone(), since, None, screen)?;
    let mut clean = true;
    let mut gone = BTreeSet::new();
    for channel in difference.channels {
        let there: BTreeSet<&String> =
            channel.added.iter().chain(&channel.changed).map(|row| &row.sku).collect();
        for row in channel.removed.iter().filter(|row| !there.contains(&row.sku)) {
            gone.insert(format!("- {}: {}\n", channel.channel, row.sku));
        }
        if !there.is_empty() {
            let skus = there.into_iter().cloned().collect();
            let channels = vec![channel.channel];
            clean &= make(Options { channels, skus, ..options.clone() }, format, screen)?;
        }
    }
    if !gone.is_empty() {
        screen.line(screen.say(
            "no longer on the channel, to be taken off there:",
            "渠道上已没有，需在后台下架：",
        ));
        screen.result(&gone.into_iter().collect::<String>());
    }
    Ok(clean)
}
