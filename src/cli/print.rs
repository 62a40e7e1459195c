//! The terminal: findings, progress, summaries. Words for people go to stderr, results to stdout.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Args, Color};
use crate::build::{Report, Step};
use crate::diag::codes::Lang;
use crate::diag::render::{Format, Printer};
use crate::diag::{Diagnostic, Severity};
use crate::error::Error;
use crate::id::SourcePath;
use crate::source::disk::{self, Roots};
use crate::source::front;
use crate::theme;

/// Where words go, and in which language.
#[derive(Clone)]
pub(super) struct Screen {
    pub lang: Lang,
    color: bool,
    quiet: bool,
    verbose: bool,
    roots: Roots,
    bar: ProgressBar,
}

impl Screen {
    pub(super) fn new(args: &Args) -> Self {
        if let Some(threads) = args.threads {
            // Only the first call counts, and this is it.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        }
        if args.color == Color::Always {
            anstream::ColorChoice::Always.write_global();
        }
        let terminal = std::io::stderr().is_terminal();
        let color = match args.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && variable("NO_COLOR").is_none(),
        };
        let bar = if terminal && !args.quiet { ProgressBar::new(0) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {pos}/{len} {wide_bar}") {
            bar.set_style(style.progress_chars("━━╌"));
        }
        Self {
            lang: language(),
            color,
            quiet: args.quiet,
            verbose: args.verbose,
            roots: args.roots(),
            bar,
        }
    }

    /// The same for files of other folders.
    pub(super) fn of(&self, roots: Roots) -> Self {
        Self { roots, ..self.clone() }
    }

    /// One of two texts, by language.
    pub(super) fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    /// `; did you mean …?`, when there is something near.
    pub(super) fn meant(&self, near: Option<&str>) -> String {
        match (near, self.lang) {
            (None, _) => String::new(),
            (Some(near), Lang::En) => format!("; did you mean `{near}`?"),
            (Some(near), Lang::Zh) => format!("；是不是 `{near}`？"),
        }
    }

    /// A result, for pipes. A reader that went away is no fault.
    #[expect(clippy::unused_self, reason = "results and other words go through the same screen")]
    pub(super) fn result(&self, text: &str) {
        let _ = std::io::stdout().write_all(text.as_bytes());
    }

    /// A line for people.
    pub(super) fn line(&self, text: &str) {
        if !self.quiet {
            self.bar.suspend(|| eprintln(text));
        }
    }

    /// A line for people who asked for more.
    pub(super) fn detail(&self, text: &str) {
        if self.verbose {
            self.bar.suspend(|| eprintln(text));
        }
    }

    /// Why the command could not run.
    pub(super) fn failure(&self, error: &Error) {
        let word = self.say("could not run: ", "无法运行：");
        eprintln(&format!("{word}{}", self.error(error)));
    }

    fn error(&self, error: &Error) -> String {
        if self.lang == Lang::En {
            return error.to_string();
        }
        match error {
            Error::Io { path, source } => {
                let reason = disk::reason(source).trim_start_matches('@');
                let reason = crate::diag::codes::table().term(reason, Lang::Zh);
                format!("{}：{reason}（{source}）", path.display())
            }
            Error::NoContent(path) => format!(
                "{} 里没有店铺；用 `shangjia init` 新建，或用 `--content` 指定文件夹",
                path.display()
            ),
            Error::Unread => "无法读取店铺，请运行 `shangjia check`".to_owned(),
            Error::Moment(text) => {
                format!("--as-of {text}：请写成 2026-11-20 或 \"2026-11-20 10:00\"")
            }
            Error::OutIsFile(path) => format!("{} 不是文件夹；用 --out 指定别的", path.display()),
            Error::OutInContent { out, content } => format!(
                "{} 和 {} 互相嵌套，构建会读到自己写的内容；用 --out 指定别的文件夹",
                out.display(),
                content.display()
            ),
            Error::OutNotOurs(path) => format!(
                "{} 里有不是 shangjia 写的文件；请清空它，或用 --out 指定别的文件夹",
                path.display()
            ),
            Error::Cache { path, why } => format!("缓存 {} 无法使用：{why}", path.display()),
            Error::Watch { path, why } => format!("无法监视文件夹 {}：{why}", path.display()),
            Error::Port { address, why } => {
                format!("无法监听 {address}：{why}；可用 --port 换一个端口")
            }
            Error::Superseded => "有更新的修改，这次构建已放弃".to_owned(),
            Error::Usage(text) => text.clone(),
        }
    }

    /// Shows how far a build is.
    pub(super) fn progress(&self, step: Step, done: usize, of: usize) {
        let word = match step {
            Step::Waiting => {
                self.line(self.say(
                    "another build of this shop is running; waiting for it",
                    "本店的另一个构建正在进行，等待中",
                ));
                return;
            }
            Step::Sources => self.say("reading", "读取"),
            Step::Pages => self.say("pages", "页面"),
            Step::Pictures => self.say("pictures", "图片"),
        };
        self.bar.set_message(word.to_owned());
        self.bar.set_length(of as u64);
        self.bar.set_position(done as u64);
        // Quick builds show nothing; only who waits wants to see how long.
        self.bar.enable_steady_tick(Duration::from_millis(120));
    }

    /// Writes findings: for people to stderr, for programs to stdout.
    pub(super) fn findings(&self, findings: &[Diagnostic], format: Format) {
        self.bar.finish_and_clear();
        let shown: Vec<Diagnostic> = findings
            .iter()
            .filter(|finding| {
                finding.severity() != Severity::Note || self.verbose || format != Format::Human
            })
            .cloned()
            .collect();
        let (shown, more) =
            if format == Format::Human { few_of_each(shown) } else { (shown, BTreeMap::new()) };
        let text = |file: &SourcePath| theme::text_of(&self.roots, file);
        let show = |file: &SourcePath| self.roots.real(file).display().to_string();
        let mut printer = Printer::new(
            self.lang,
            self.color && format == Format::Human,
            &text,
            &show,
            front::body_start,
        );
        let words = printer.print(&shown, format);
        if format == Format::Human {
            eprint(&words);
            for (code, count) in more {
                eprintln(&match self.lang {
                    Lang::En => {
                        format!("… and {count} more {code} (all of them: --format short)\n")
                    }
                    Lang::Zh => format!("……另有 {count} 个 {code}（全部列出：--format short）\n"),
                });
            }
            if let Some(first) = shown.first() {
                self.line(&match self.lang {
                    Lang::En => {
                        format!("`shangjia explain {}` tells more about a finding", first.code)
                    }
                    Lang::Zh => format!("`shangjia explain {}` 可以查看详细说明", first.code),
                });
            }
        } else {
            self.result(&words);
        }
    }

    /// What a build did, in two lines.
    pub(super) fn built(&self, report: &Report, seconds: f64) {
        for path in &report.made {
            self.detail(&format!("{} {path}", self.say("made", "生成")));
        }
        for path in &report.removed {
            self.detail(&format!("{} {path}", self.say("removed", "删除")));
        }
        let counts = report.counts;
        let (pictures, encoded) = report.pictures;
        let (products, variants, hidden) = (counts.products, counts.variants, counts.hidden);
        let (made, kept) = (report.made.len(), report.kept);
        let (written, removed) = (report.written.len(), report.removed.len());
        // Of how many of them files were asked for, if not of all.
        let chosen = report.generation.as_ref().and_then(|generation| generation.chosen());
        let of = chosen.map(|chosen| match self.lang {
            Lang::En => format!("{chosen} of "),
            Lang::Zh => format!("{chosen} 个商品，选自 "),
        });
        let of = of.unwrap_or_default();
        let text = match self.lang {
            Lang::En => format!(
                "{of}{products} products, {variants} variants ({hidden} hidden) · {made} files made, {kept} kept · {pictures} pictures, {encoded} encoded · {written} written, {removed} removed"
            ),
            Lang::Zh => format!(
                "{of}{products} 个商品，{variants} 个规格（{hidden} 个未上架）· 生成 {made} 个文件，沿用 {kept} 个 · 图片 {pictures} 张，新编码 {encoded} 张 · 写入 {written} 个，删除 {removed} 个"
            ),
        };
        self.summary(&text, report, seconds);
    }

    /// What a check looked at, in two lines: it writes nothing.
    pub(super) fn checked(&self, report: &Report, seconds: f64) {
        let counts = report.counts;
        let (products, variants, hidden) = (counts.products, counts.variants, counts.hidden);
        let files = report.made.len() + report.kept;
        let (pictures, _) = report.pictures;
        let text = match self.lang {
            Lang::En => format!(
                "{products} products, {variants} variants ({hidden} hidden) · {files} pages and files and {pictures} pictures would be made, nothing written"
            ),
            Lang::Zh => format!(
                "{products} 个商品，{variants} 个规格（{hidden} 个未上架）· 会生成 {files} 个页面和文件、{pictures} 张图片，没有写入"
            ),
        };
        self.summary(&text, report, seconds);
    }

    fn summary(&self, text: &str, report: &Report, seconds: f64) {
        self.bar.finish_and_clear();
        if self.quiet {
            return;
        }
        let count =
            |severity| report.findings.iter().filter(|one| one.severity() == severity).count();
        let (errors, warnings, notes) =
            (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
        eprintln(text);
        let found = match self.lang {
            Lang::En => {
                format!(
                    "{}, {}, {} · {seconds:.2} s",
                    counted(errors, "error"),
                    counted(warnings, "warning"),
                    counted(notes, "note")
                )
            }
            Lang::Zh => {
                format!("{errors} 个错误，{warnings} 个警告，{notes} 个提示 · {seconds:.2} 秒")
            }
        };
        eprintln(&found);
    }
}

fn eprintln(text: &str) {
    anstream::eprintln!("{text}");
}

fn eprint(text: &str) {
    anstream::eprint!("{text}");
}

/// How many findings of one code people are shown: the rest look alike.
const FEW: usize = 20;

/// The first findings of each code, and how many more there are.
fn few_of_each(findings: Vec<Diagnostic>) -> (Vec<Diagnostic>, BTreeMap<String, usize>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let shown = findings
        .into_iter()
        .filter(|finding| {
            let count = counts.entry(finding.code.to_string()).or_insert(0);
            *count += 1;
            *count <= FEW
        })
        .collect();
    counts.retain(|_, count| *count > FEW);
    for count in counts.values_mut() {
        *count -= FEW;
    }
    (shown, counts)
}

/// `1 error`, `2 errors`.
fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

#[expect(clippy::disallowed_methods, reason = "only the command line reads the environment")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Chinese where the environment says so, else English.
pub(super) fn language() -> Lang {
    let wanted = ["SHANGJIA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
    if wanted.is_some_and(|name| name.starts_with("zh")) { Lang::Zh } else { Lang::En }
}
