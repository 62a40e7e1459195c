//! `export`: the files of sales channels alone.

use super::Outcome;
use super::args::{self, Args};
use super::build::{once, options};
use super::print::Screen;
use crate::build::{Area, Builder, Options};
use crate::catalog::select::Select;
use crate::channel;
use crate::diag::nearest;
use crate::error::Error;
use crate::id::SourcePath;
use crate::watcher::Change;

pub(super) fn export(args: &Args, export: &args::Export, screen: &Screen) -> Outcome {
    let roots = args.roots();
    for name in &export.channels {
        let own = roots.real(&SourcePath::new(format!("{}/{name}.yaml", channel::FOLDER)));
        if !channel::names().contains(&name.as_str()) && !own.is_file() {
            let near = nearest(name, channel::names()).map_or(String::new(), |near| {
                format!("; {} `{near}`?", screen.say("did you mean", "是不是"))
            });
            let words = screen.say("there is no channel", "没有渠道");
            return Err(Error::Usage(format!("{words} `{name}`{near}")));
        }
    }
    let select = export.select.as_deref().map(Select::parse).transpose().map_err(|part| {
        let words = screen.say("cannot be understood in --where", "不能用在 --where 里");
        Error::Usage(format!("`{part}` {words}"))
    })?;
    let build = args::Build {
        as_of: export.as_of.clone(),
        keep_going: export.keep_going,
        allow_removals: export.allow_removals,
        ..args::Build::default()
    };
    let mut builder = Builder::new(Options {
        only: vec![Area::Exports],
        channels: export.channels.clone(),
        skus: export.only.clone(),
        select,
        ..options(args, &build)?
    });
    let outcome = once(&mut builder, &Change::Anything, export.format, &Screen::built, screen);
    std::mem::forget(builder);
    outcome
}
