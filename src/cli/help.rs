//! Help and what is said of wrong words on the command line, in Chinese where that is the language: the parser's own
//! English text, sentence by sentence, by the table in `help.zh.yaml`.

use std::process::ExitCode;

use clap::error::Error;
use clap::{CommandFactory, FromArgMatches, Parser};

use super::args::Args;
use crate::diag::codes::Lang;

/// What was typed, or how the program ends: after `--help`, and after wrong words.
pub(super) fn parse(lang: Lang) -> Result<Args, ExitCode> {
    if lang == Lang::En {
        return Ok(Args::parse());
    }
    // Whole sentences can be found only where no line is broken.
    let typed = Args::command().term_width(0).try_get_matches();
    typed.and_then(|typed| Args::from_arg_matches(&typed)).map_err(|told| tell(&told))
}

fn tell(told: &Error) -> ExitCode {
    let text = chinese(&told.render().ansi().to_string());
    if told.use_stderr() {
        anstream::eprint!("{text}");
        ExitCode::from(2)
    } else {
        anstream::print!("{text}");
        ExitCode::SUCCESS
    }
}

/// English sentences and what they are in Chinese, the longest first so that no part of one is taken for another.
fn sentences() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        serde_yaml::from_str(include_str!("help.zh.yaml")).unwrap_or_default();
    all.sort_by_key(|(english, _)| std::cmp::Reverse(english.len()));
    all
}

fn chinese(text: &str) -> String {
    sentences().iter().fold(text.to_owned(), |text, (english, own)| text.replace(english, own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_of_the_help_is_there_in_chinese() {
        let known = sentences();
        let mut command = Args::command();
        command.build();
        let mut missing = Vec::new();
        let mut all = vec![&command];
        while let Some(one) = all.pop() {
            all.extend(one.get_subcommands().filter(|sub| sub.get_name() != "help"));
            let mut said: Vec<String> =
                one.get_about().map(ToString::to_string).into_iter().collect();
            for arg in one.get_arguments().filter(|arg| !arg.is_hide_set()) {
                said.extend(arg.get_help().map(ToString::to_string));
                let values = arg.get_possible_values();
                said.extend(
                    values.iter().filter_map(|one| one.get_help()).map(ToString::to_string),
                );
            }
            missing.extend(said.into_iter().filter(|text| !known.iter().any(|(en, _)| en == text)));
        }
        assert!(missing.is_empty(), "not in help.zh.yaml: {missing:#?}");
    }
}
