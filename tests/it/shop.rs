//! A shop in a folder of its own, and the program run on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The moment all tests build for, unless they say otherwise.
pub(crate) const NOW: &str = "2026-11-22";

/// A shop without anything in it.
pub(crate) const SHOP: &str = "name: Case\nbase_url: https://case.example\nlocales: [en]\n";

/// No command of a test takes longer, however busy the machine is.
const DEADLINE: Duration = Duration::from_mins(2);

/// The program under test.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shangjia"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.env("SHANGJIA_LANG", "en").stdin(Stdio::null());
    command
}

/// What one run of the program gave.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit code; none when it was killed.
    pub(crate) code: Option<i32>,
    /// Results.
    pub(crate) out: String,
    /// Words for people.
    pub(crate) err: String,
}

impl Run {
    /// Runs a command to its end; one that panics or does not end fails the test.
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = finish(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
        let run = Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        assert!(!run.err.contains("panicked"), "the program panicked: {}", run.err);
        assert!(run.code.is_some(), "the program was killed: {}", run.err);
        run
    }

    /// Fails unless the exit code is this one.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "exit code\n{}{}", self.out, self.err);
        self
    }

    /// The artifacts that `--verbose` said were made.
    pub(crate) fn made(&self) -> BTreeSet<String> {
        self.lines("made ")
    }

    /// The files that `--verbose` said were removed.
    pub(crate) fn removed(&self) -> BTreeSet<String> {
        self.lines("removed ")
    }

    fn lines(&self, word: &str) -> BTreeSet<String> {
        self.err.lines().filter_map(|line| line.strip_prefix(word)).map(str::to_owned).collect()
    }

    /// The codes of `--format short`, in order.
    pub(crate) fn codes(&self) -> Vec<String> {
        self.out.lines().filter_map(code_of).map(str::to_owned).collect()
    }

    /// Fails unless a finding with this code stands at this place: `path`, `path:line` or `path:line:column`.
    #[track_caller]
    pub(crate) fn finds(&self, code: &str, place: &str) {
        let found = self.out.lines().any(|line| {
            code_of(line) == Some(code)
                && line.strip_prefix(place).is_some_and(|rest| rest.starts_with(':'))
        });
        assert!(found, "no {code} at {place} in:\n{}{}", self.out, self.err);
    }
}

/// The code of a line of `--format short`.
pub(crate) fn code_of(line: &str) -> Option<&str> {
    let start = ["error[", "warning[", "note["]
        .iter()
        .find_map(|word| line.find(&format!(": {word}")).map(|at| at + 2 + word.len()))?;
    line[start..].split(']').next()
}

/// Waits for a command; one that does not end in time is killed and fails the test.
pub(crate) fn finish(child: Child) -> std::process::Output {
    let id = child.id();
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || send.send(child.wait_with_output()));
    if let Ok(output) = receive.recv_timeout(DEADLINE) {
        return output.unwrap();
    }
    let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
    panic!("the program did not end within {DEADLINE:?}");
}

/// Says, also when the test passes and its words are kept back, that a part of it could not be done here.
pub(crate) fn skipped(test: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "{test}: left out, {why}");
}

/// Asks again and again until there is an answer; without one in time the test fails.
#[track_caller]
pub(crate) fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A shop in a folder that is removed with it.
pub(crate) struct Shop {
    folder: TempDir,
    inner: PathBuf,
    as_of: String,
}

impl Shop {
    /// A shop of these files, paths counted from its folder: `content/shop.yaml`.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let shop = Self::empty();
        for (path, text) in files {
            shop.change(path, text);
        }
        shop
    }

    /// A folder without files.
    pub(crate) fn empty() -> Self {
        Self::inside("")
    }

    /// The same in a folder of this name.
    pub(crate) fn inside(name: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let inner = folder.path().join(name);
        fs::create_dir_all(&inner).unwrap();
        Self { folder, inner, as_of: NOW.to_owned() }
    }

    /// Where a path of it is.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.inner.join(path)
    }

    /// Builds for another moment from now on.
    pub(crate) fn at(&mut self, moment: &str) -> &mut Self {
        moment.clone_into(&mut self.as_of);
        self
    }

    /// Writes a file.
    pub(crate) fn change(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let real = self.path(path);
        fs::create_dir_all(real.parent().unwrap()).unwrap();
        fs::write(real, bytes).unwrap();
        self
    }

    /// Puts one text in place of another; the first must be there.
    #[track_caller]
    pub(crate) fn replace(&self, path: &str, old: &str, new: &str) -> &Self {
        let text = self.text(path);
        assert!(text.contains(old), "`{old}` is not in {path}:\n{text}");
        self.change(path, text.replace(old, new))
    }

    /// Removes a file or a folder.
    pub(crate) fn remove(&self, path: &str) -> &Self {
        let real = self.path(path);
        if real.is_dir() {
            fs::remove_dir_all(real).unwrap();
        } else {
            fs::remove_file(real).unwrap();
        }
        self
    }

    /// The text of a file.
    #[track_caller]
    pub(crate) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The program, ready to run in the shop's folder.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = program();
        command.current_dir(&self.inner).args(words);
        command
    }

    /// Runs the program in the shop's folder.
    pub(crate) fn run(&self, words: &[&str]) -> Run {
        Run::of(&mut self.command(words))
    }

    /// Lets every user of the machine read the shop.
    pub(crate) fn open_to_all(&self) {
        let status = Command::new("chmod").args(["-R", "a+rX"]).arg(self.folder.path()).status();
        assert!(status.unwrap().success());
    }

    /// Runs the program as a user to whom permissions mean something: root may do everything.
    /// `None` where the program cannot be run so.
    pub(crate) fn run_as_anybody(&self, words: &[&str]) -> Option<Run> {
        use std::os::unix::fs::MetadataExt;
        if fs::metadata(self.folder.path()).unwrap().uid() != 0 {
            return Some(self.run(words));
        }
        let as_nobody = |word: &str| {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", word]);
            command.current_dir(&self.inner).env("SHANGJIA_LANG", "en").stdin(Stdio::null());
            command
        };
        let binary = env!("CARGO_BIN_EXE_shangjia");
        let mut trial = as_nobody(binary);
        trial.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        if !trial.status().is_ok_and(|status| status.success()) {
            return None;
        }
        Some(Run::of(as_nobody(binary).args(words)))
    }

    /// Builds; findings in the short form on stdout, artifacts on stderr.
    pub(crate) fn build(&self) -> Run {
        self.build_with(&[])
    }

    /// Builds with further words.
    pub(crate) fn build_with(&self, words: &[&str]) -> Run {
        let mut all = vec!["build", "--verbose", "--format", "short", "--as-of", &self.as_of];
        all.extend(words);
        self.run(&all)
    }

    /// Finds what is wrong, in the short form.
    pub(crate) fn check(&self) -> Run {
        self.run(&["check", "--format", "short", "--as-of", &self.as_of])
    }

    /// Every file of the output but the cache.
    pub(crate) fn output(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = tree(&self.path("output"));
        files.retain(|path, _| !path.starts_with(".cache/"));
        files
    }

    /// The same content and themes in another folder, never built.
    pub(crate) fn copy(&self) -> Self {
        let mut copy = Self::empty();
        copy.as_of.clone_from(&self.as_of);
        for area in ["content", "themes"] {
            for (path, bytes) in tree(&self.path(area)) {
                copy.change(&format!("{area}/{path}"), bytes);
            }
        }
        copy
    }

    /// Fails unless the output is what a first build of the same content in another folder gives, byte for byte.
    #[track_caller]
    pub(crate) fn same_as_cold(&self) {
        let cold = self.copy();
        let run = cold.build();
        assert!(run.code == Some(0), "the cold build has errors:\n{}", run.out);
        same(&self.output(), &cold.output());
    }
}

impl Drop for Shop {
    /// A folder that a test closed to itself must still go.
    fn drop(&mut self) {
        let _ = Command::new("chmod").args(["-R", "u+rwX"]).arg(self.folder.path()).status();
    }
}

/// Fails unless two trees are equal; names the first differing line of each file.
#[track_caller]
pub(crate) fn same(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>) {
    let mut words = String::new();
    for path in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
        match (left.get(path), right.get(path)) {
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) => {
                let (a, b) = (String::from_utf8_lossy(a), String::from_utf8_lossy(b));
                let differs = a.lines().zip(b.lines()).find(|(a, b)| a != b);
                words += &format!("{path} differs: {differs:#?}\n");
            }
            (Some(_), None) => words += &format!("{path} is too much\n"),
            _ => words += &format!("{path} is missing\n"),
        }
    }
    assert!(words.is_empty(), "{words}");
}

/// Every file below a folder, by its path with `/`.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok) {
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder).unwrap();
            let name = path.components().map(|part| part.as_os_str().to_string_lossy());
            let name = name.collect::<Vec<_>>().join("/");
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    files
}

/// A set of paths, for comparing.
pub(crate) fn set<S: AsRef<str>>(paths: impl IntoIterator<Item = S>) -> BTreeSet<String> {
    paths.into_iter().map(|path| path.as_ref().to_owned()).collect()
}
