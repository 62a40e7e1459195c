//! The command line: words in, a build, words out. The only room that reads the environment and prints.

mod args;
mod build;
mod categories;
mod diff;
mod explain;
mod export;
mod fix;
mod help;
mod import;
mod init;
mod print;
mod revision;
mod schema;
mod serve;
mod share;
mod title;
mod watch;

use std::process::ExitCode;

use clap::CommandFactory;

use crate::error::Error;
use args::{Args, Command};
use print::Screen;

/// Runs the command. 0: clean; 1: the content has errors; 2: could not run.
pub fn main() -> ExitCode {
    let args = match help::parse(print::language()) {
        Ok(args) => args,
        Err(end) => return end,
    };
    let screen = Screen::new(&args);
    let result = match &args.command {
        Command::Init(init) => init::init(&args, init, &screen),
        Command::New(new) => init::new(&args, new, &screen),
        Command::Build(options) => build::build(&args, options, &screen),
        Command::Serve(options) => serve::serve(&args, options, screen.clone()),
        Command::Diff(wanted) => diff::diff(&args, wanted, &screen),
        Command::Categories(asked) => categories::categories(&args, asked, &screen),
        Command::Import(wanted) => import::import(&args, wanted, &screen),
        Command::Export(options) => export::export(&args, options, &screen),
        Command::Title(asked) => title::title(&args, asked, &screen),
        Command::Check(options) => build::check(&args, options, &screen),
        Command::Watch(options) => watch::watch(&args, options, &screen),
        Command::Explain(what) => explain::explain(&args, &what.what, &screen),
        Command::Schema(what) => schema::schema(what, &screen),
        Command::Completions(shell) => {
            let mut words = Vec::new();
            clap_complete::generate(shell.shell, &mut Args::command(), "shangjia", &mut words);
            screen.result(&String::from_utf8_lossy(&words));
            Ok(true)
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            screen.failure(&error);
            ExitCode::from(2)
        }
    }
}

/// Whether the content is clean, or why that could not be found out.
type Outcome = Result<bool, Error>;
