//! Revisions of the author's files, as git keeps them. Reads only: the working tree and its index are left alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::clock;

/// Why a revision could not be read.
#[derive(Debug)]
pub enum Fault {
    /// There is no git, or no repository around the folder.
    NoRepository,
    /// There is no such revision.
    NoRevision(String),
    /// There is none before this date.
    TooEarly(String),
    /// This date is still to come.
    ToCome(String),
    /// Git said something else.
    Other(String),
}

/// The repository around a folder: its top, and the folder's path within it.
pub fn around(folder: &Path) -> Result<(PathBuf, String), Fault> {
    let run = git(folder, &["rev-parse", "--show-toplevel", "--show-prefix"])?;
    let text = String::from_utf8_lossy(&run).into_owned();
    let mut lines = text.lines();
    let top = lines.next().ok_or(Fault::NoRepository)?;
    let inside = lines.next().unwrap_or_default().trim_end_matches('/');
    Ok((PathBuf::from(top), inside.to_owned()))
}

/// The full name of a revision; of a date such as `2026-11-01`, of the last one before it.
pub fn revision(top: &Path, name: &str) -> Result<String, Fault> {
    // A name that begins with a dash would be an option.
    let commit = format!("{name}^{{commit}}");
    let run = git(top, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]);
    match run {
        Ok(bytes) if !bytes.is_empty() => Ok(String::from_utf8_lossy(&bytes).trim().to_owned()),
        Ok(_) | Err(Fault::Other(_)) => at_date(top, name),
        Err(fault) => Err(fault),
    }
}

fn at_date(top: &Path, date: &str) -> Result<String, Fault> {
    let none = || Fault::NoRevision(date.to_owned());
    // Git takes any text for some date; only what begins like one is meant as one.
    let like_date = date
        .split('-')
        .next()
        .is_some_and(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()));
    if !like_date || !date.contains('-') {
        return Err(none());
    }
    // A day is the moment it begins: git would add the time of day it is now.
    let moment = if date.contains([' ', 'T']) { date.to_owned() } else { format!("{date} 00:00") };
    // Somewhere it is tomorrow already.
    let tomorrow = clock::now().saturating_add(std::time::Duration::from_hours(24));
    if tomorrow.is_ok_and(|moment| moment.strftime("%Y-%m-%d").to_string().as_str() < date) {
        return Err(Fault::ToCome(date.to_owned()));
    }
    let bytes =
        git(top, &["rev-list", "-1", &format!("--before={moment}"), "HEAD"]).map_err(|_| none())?;
    let name = String::from_utf8_lossy(&bytes).trim().to_owned();
    if name.is_empty() { Err(Fault::TooEarly(date.to_owned())) } else { Ok(name) }
}

/// A folder as it was in a revision, as a zip archive; nothing when it was not there.
pub fn archive(top: &Path, revision: &str, folder: &str) -> Result<Option<Vec<u8>>, Fault> {
    let tree = format!("{revision}:{folder}");
    if git(top, &["cat-file", "-e", &tree]).is_err() {
        return Ok(None);
    }
    git(top, &["archive", "--format=zip", "-0", &tree]).map(Some)
}

fn git(folder: &Path, words: &[&str]) -> Result<Vec<u8>, Fault> {
    let run = Command::new("git").arg("-C").arg(folder).args(words).output();
    let run = run.map_err(|_| Fault::NoRepository)?;
    if run.status.success() {
        return Ok(run.stdout);
    }
    let said = String::from_utf8_lossy(&run.stderr).trim().to_owned();
    if said.contains("not a git repository") {
        return Err(Fault::NoRepository);
    }
    Err(Fault::Other(said))
}
