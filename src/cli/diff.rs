//! `diff`: what changes on each channel between two revisions of the shop.

use std::fmt::Write;
use std::sync::Arc;

use super::Outcome;
use super::args::{self, Args, DiffFormat};
use super::build::options;
use super::print::Screen;
use super::revision::Kept;
use crate::build::{Builder, Options, Progress};
use crate::diag::codes::Lang;
use crate::diff::{self, Cell, Difference, Row};
use crate::error::Error;
use crate::generation::Generation;

pub(super) fn diff(args: &Args, wanted: &args::Diff, screen: &Screen) -> Outcome {
    let difference = between(
        options(args, &args::Run::at(wanted.as_of.as_ref()))?,
        &wanted.before,
        wanted.after.as_deref(),
        screen,
    )?;
    let text = match wanted.format {
        DiffFormat::Json => {
            let json = serde_json::to_string_pretty(&difference).unwrap_or_default();
            format!("{json}\n")
        }
        DiffFormat::Human => human(&difference, screen),
        DiffFormat::Markdown => markdown(&difference, &wanted.before, screen),
    };
    screen.result(&text);
    Ok(true)
}

/// What differs between a revision and another, or the files as they are.
pub(super) fn between(
    options: Options,
    before: &str,
    after: Option<&str>,
    screen: &Screen,
) -> Result<Difference, Error> {
    // Both are seen at one moment: a sale that begins in between is no difference of the files.
    let as_of = options.as_of.clone().unwrap_or_else(|| crate::clock::now().to_string());
    let options = Options { check: true, as_of: Some(as_of), ..options };
    let kept = Kept::open(&options.roots, screen)?;
    let at_revision = |slot, name| facts(kept.at(&options, slot, name, screen)?, name, screen);
    let before = at_revision("before", before)?;
    let after = match after {
        Some(name) => at_revision("after", name)?,
        None => facts(options.clone(), "the working tree", screen)?,
    };
    Ok(diff::between(&before, &after))
}

fn facts(options: Options, name: &str, screen: &Screen) -> Result<Arc<Generation>, Error> {
    let mut builder = Builder::new(options);
    let prepared = builder.look(None, &Progress::QUIET);
    prepared.generation.ok_or_else(|| {
        let words = screen.say("the shop cannot be read in", "读不了店铺，版本：");
        Error::Usage(format!("{words} {name}"))
    })
}

/// Characters of a cell that are shown.
const SHOWN: usize = 60;

/// The beginning of a text, on one line.
fn short(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}

/// What differs in a cell; of long texts the part around the first difference.
fn change(cell: &Cell) -> (String, String) {
    let same = cell.before.chars().zip(cell.after.chars()).take_while(|(a, b)| a == b).count();
    if cell.before.chars().count().max(cell.after.chars().count()) <= SHOWN || same < 20 {
        return (short(&cell.before), short(&cell.after));
    }
    let from = |text: &str| short(&text.chars().skip(same - 10).collect::<String>());
    (format!("…{}", from(&cell.before)), format!("…{}", from(&cell.after)))
}

fn counts(screen: &Screen, added: usize, removed: usize, changed: usize) -> String {
    let words = [
        (added, screen.say("added", "新增")),
        (removed, screen.say("removed", "删除")),
        (changed, screen.say("changed", "改动")),
    ];
    let some: Vec<String> = words
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| match screen.lang {
            Lang::En => format!("{count} {word}"),
            Lang::Zh => format!("{word} {count}"),
        })
        .collect();
    some.join(screen.say(", ", "，"))
}

fn human(difference: &Difference, screen: &Screen) -> String {
    let mut out = String::new();
    if difference.is_empty() {
        return format!("{}\n", screen.say("nothing changes", "没有变化"));
    }
    // Writing to a text cannot fail.
    for channel in &difference.channels {
        let (added, removed, changed) =
            (channel.added.len(), channel.removed.len(), channel.changed.len());
        let _ = writeln!(out, "{}: {}", channel.channel, counts(screen, added, removed, changed));
        let mut row = |sign: char, row: &Row| {
            let _ = writeln!(out, "  {sign} {}  {}", row.sku, short(&row.title));
            for cell in &row.cells {
                let (before, after) = change(cell);
                let _ = writeln!(out, "      {}: {before} → {after}", cell.column);
            }
            let _ = writeln!(out, "      ← {}", row.because.join(", "));
        };
        channel.added.iter().for_each(|one| row('+', one));
        channel.removed.iter().for_each(|one| row('-', one));
        channel.changed.iter().for_each(|one| row('~', one));
    }
    let pages = &difference.pages;
    let (added, removed, changed) = (pages.added.len(), pages.removed.len(), pages.changed.len());
    if added + removed + changed > 0 {
        let word = screen.say("pages of products", "商品页面");
        let _ = writeln!(out, "{word}: {}", counts(screen, added, removed, changed));
        pages.added.iter().for_each(|page| out.push_str(&format!("  + {page}\n")));
        pages.removed.iter().for_each(|page| out.push_str(&format!("  - {page}\n")));
        pages.changed.iter().for_each(|page| out.push_str(&format!("  ~ {page}\n")));
    }
    out
}

/// Rows of one channel that a pull request's comment shows; the rest is counted.
const MOST: usize = 50;

fn markdown(difference: &Difference, before: &str, screen: &Screen) -> String {
    let heading = screen.say("What changes on each channel", "各渠道的变化");
    let mut out = format!("## {heading}\n\n");
    if difference.is_empty() {
        let words = screen.say("Nothing changes since", "没有变化，对比");
        let _ = writeln!(out, "{words} `{before}`.");
        return out;
    }
    let cell = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;");
    let [sku, column, was, now, why] = [
        "SKU",
        screen.say("column", "列"),
        screen.say("before", "之前"),
        screen.say("after", "之后"),
        screen.say("because of", "原因"),
    ];
    for channel in &difference.channels {
        let (added, removed, changed) =
            (channel.added.len(), channel.removed.len(), channel.changed.len());
        let counts = counts(screen, added, removed, changed);
        let _ = writeln!(
            out,
            "<details open><summary><b>{}</b>: {counts}</summary>\n",
            channel.channel
        );
        let _ = writeln!(
            out,
            "| {sku} | {column} | {was} | {now} | {why} |\n| --- | --- | --- | --- | --- |"
        );
        let mut left = MOST;
        let mut line = |sku: &str, column: &str, was: &str, now: &str, why: &Row| {
            if left > 0 {
                let why: Vec<String> = why.because.iter().map(|file| format!("`{file}`")).collect();
                let _ = writeln!(
                    out,
                    "| {} | {} | {} | {} | {} |",
                    cell(sku),
                    cell(column),
                    cell(was),
                    cell(now),
                    why.join("<br>")
                );
                left -= 1;
            }
        };
        for row in &channel.added {
            line(&row.sku, "", "–", &format!("**+** {}", short(&row.title)), row);
        }
        for row in &channel.removed {
            line(&row.sku, "", &short(&row.title), "**–**", row);
        }
        for row in &channel.changed {
            for one in &row.cells {
                let (was, now) = change(one);
                line(&row.sku, &one.column, &was, &now, row);
            }
        }
        let lines =
            added + removed + channel.changed.iter().map(|row| row.cells.len()).sum::<usize>();
        if lines > MOST {
            let words = screen.say(
                "more lines; all of them: `--format json`",
                "行未列出，全部见 `--format json`",
            );
            let _ = writeln!(out, "\n… {} {words}", lines - MOST);
        }
        out.push_str("\n</details>\n\n");
    }
    let pages = &difference.pages;
    let (added, removed, changed) = (pages.added.len(), pages.removed.len(), pages.changed.len());
    if added + removed + changed > 0 {
        let word = screen.say("Pages of products", "商品页面");
        let _ = writeln!(out, "{word}: {}", counts(screen, added, removed, changed));
    }
    out
}
