//! Reads what changed since the last build: Markdown into documents, pictures into facts, tables into rows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::doc::{self, Doc, Kind, Role};
use crate::catalog::picture::{Picture, is_picture};
use crate::catalog::rows::{self, Rows};
use crate::catalog::wordbook::Wordbook;
use crate::clock;
use crate::diag::{Diagnostic, Place};
use crate::id::{Hash, SourcePath};
use crate::keywords;
use crate::output::store::{FileEntry, Store};
use crate::rules::RuleSet;
use crate::source::disk::{self, Roots};
use crate::source::names;
use crate::source::tree::{Stat, Tree};
use crate::source::yaml;

use super::pictures;

/// Everything the author's files say.
#[derive(Default)]
pub(super) struct Sources {
    pub docs: Vec<(SourcePath, Role, Arc<Doc>)>,
    pub rows: Vec<(SourcePath, Arc<Rows>)>,
    pub pictures: Arc<BTreeMap<SourcePath, Picture>>,
    pub wordbook: Arc<Wordbook>,
    pub texts: HashMap<SourcePath, Arc<str>>,
    pub findings: Vec<Diagnostic>,
    /// Files that were read anew.
    pub read: Vec<SourcePath>,
}

/// Nanoseconds after which a file's time is trusted: coarse clocks tick every two seconds.
const SETTLED: i64 = 2_000_000_000;

enum Job {
    Doc(Role),
    Picture,
}

/// A file that was read.
pub(super) struct Done {
    pub path: SourcePath,
    pub entry: FileEntry,
    pub text: Option<Arc<str>>,
}

/// Reads all sources, using what the store still knows of unchanged files.
pub(super) fn read(roots: &Roots, tree: &Tree, store: &mut Store) -> Sources {
    let mut sources = Sources::default();
    let mut jobs: Vec<(&SourcePath, &Stat, Job)> = Vec::new();
    let mut roles: HashMap<&SourcePath, Role> = HashMap::new();
    for (path, stat) in tree.below("content") {
        let role = doc::role(path);
        if let Some(meant) = names::meant(path) {
            let finding = Diagnostic::new("file/name", Place::File(path.clone()));
            sources.findings.push(finding.with("found", path.name()).with("wanted", meant));
        }
        let job = match role.kind {
            Kind::Product | Kind::Category | Kind::Campaign | Kind::Page => Job::Doc(role.clone()),
            Kind::Rows => {
                let rows = read_rows(roots, path);
                sources.findings.extend(rows.faults.iter().cloned());
                sources.rows.push((path.clone(), Arc::new(rows)));
                continue;
            }
            Kind::Other if is_picture(path) => Job::Picture,
            Kind::Other => {
                if path.extension() == "md" && !is_readme(path) {
                    let area = path.as_str().split('/').nth(1).unwrap_or_default();
                    sources.findings.push(
                        Diagnostic::new("file/misplaced", Place::File(path.clone()))
                            .near(area, ["products", "campaigns", "pages"]),
                    );
                }
                continue;
            }
            Kind::Yaml => {
                check_yaml(roots, path, &mut sources.findings);
                continue;
            }
            Kind::Shop => continue,
        };
        if matches!(job, Job::Doc(_)) {
            roles.insert(path, role);
        }
        let known = store.files.get(path).is_some_and(|entry| {
            entry.settled && entry.stat == *stat && (entry.doc.is_some() || entry.picture.is_some())
        });
        if !known {
            jobs.push((path, stat, job));
        }
    }
    sources.read = jobs.iter().map(|(path, ..)| (*path).clone()).collect();
    let now = clock::now().as_nanosecond() as i64;
    let done: Vec<Done> = jobs
        .par_iter()
        .map(|(path, stat, job)| one(roots, path, **stat, job, store, now))
        .collect();
    store.files.reserve(done.len());
    sources.texts.reserve(done.len());
    for Done { path, entry, text } in done {
        if let Some(text) = text {
            sources.texts.insert(path.clone(), text);
        }
        store.put_file(path, entry);
    }
    let gone: Vec<SourcePath> =
        store.files.keys().filter(|path| !tree.has(path)).cloned().collect();
    for path in gone {
        store.drop_file(&path);
    }
    let mut pictures = BTreeMap::new();
    for (path, _) in tree.below("content") {
        let Some(entry) = store.files.get(path) else { continue };
        if let Some(picture) = &entry.picture {
            pictures.insert(path.clone(), picture.clone());
        }
        if let (Some(doc), Some(role)) = (&entry.doc, roles.remove(path)) {
            sources.findings.extend(doc.faults.iter().cloned());
            sources.docs.push((path.clone(), role, doc.clone()));
        }
    }
    // Files of one thing stand together: `a.md`, `a/index.en.md`.
    sources.docs.sort_by(|a, b| (&a.1.key, &a.0).cmp(&(&b.1.key, &b.0)));
    sources.pictures = Arc::new(pictures);
    let tables = tree.below("content/keywords").map(|(path, _)| path);
    let tables = keywords::read(tables, &mut |file| disk::bytes(roots, file));
    for table in tables.values() {
        sources.findings.extend(table.faults.iter().cloned());
    }
    let packs: Vec<(SourcePath, Arc<str>)> = tree
        .below("content/rules")
        .filter(|(path, _)| path.extension() == "yaml")
        // One that cannot be read is told where all YAML files are.
        .filter_map(|(path, _)| Some((path.clone(), disk::text(roots, path).ok()?)))
        .collect();
    let rules = RuleSet::new(&packs, &mut sources.findings);
    sources.wordbook = Arc::new(Wordbook { tables, rules });
    sources
}

/// Notes for people who keep the shop, wherever they lie.
fn is_readme(path: &SourcePath) -> bool {
    let name = path.name().to_ascii_lowercase();
    name.starts_with("readme") || name.starts_with("license") || name.starts_with("changelog")
}

/// Reads one document.
pub(super) fn document(
    roots: &Roots,
    path: &SourcePath,
    stat: Stat,
    role: &Role,
    store: &Store,
    now: i64,
) -> Done {
    one(roots, path, stat, &Job::Doc(role.clone()), store, now)
}

fn one(roots: &Roots, path: &SourcePath, stat: Stat, job: &Job, store: &Store, now: i64) -> Done {
    let settled = now - stat.changed > SETTLED;
    let before = store.files.get(path);
    let mut entry = FileEntry { stat, settled, hash: Hash::ABSENT, doc: None, picture: None };
    let mut kept_text = None;
    match job {
        Job::Picture => match disk::bytes(roots, path) {
            Ok(bytes) => {
                entry.hash = Hash::of(&bytes);
                let same = before.filter(|before| before.hash == entry.hash);
                let known = same.and_then(|before| before.picture.clone());
                entry.picture =
                    Some(known.unwrap_or_else(|| pictures::facts(path, &bytes, entry.hash)));
            }
            Err(fault) => {
                let reason = fault.arg("reason").unwrap_or("@other-io").to_owned();
                entry.settled = false;
                entry.picture = Some(Picture {
                    hash: Hash::ABSENT,
                    size: None,
                    drawing: false,
                    fault: Some(("picture/broken".to_owned(), reason)),
                });
            }
        },
        Job::Doc(role) => match disk::text(roots, path) {
            Ok(text) => {
                entry.hash = Hash::of(text.as_bytes());
                let same = before.filter(|before| before.hash == entry.hash);
                let known = same.and_then(|before| before.doc.clone());
                entry.doc =
                    Some(known.unwrap_or_else(|| Arc::new(doc::read(path, &role.kind, &text))));
                kept_text = Some(text);
            }
            Err(fault) => {
                // What could not be read now may be readable a moment later with the same stat.
                entry.settled = false;
                entry.doc = Some(Arc::new(doc::unreadable(path, &role.kind, fault)));
            }
        },
    }
    Done { path: path.clone(), entry, text: kept_text }
}

fn read_rows(roots: &Roots, path: &SourcePath) -> Rows {
    match disk::text(roots, path) {
        Ok(text) => rows::read(path, &text, &mut |table| disk::bytes(roots, table)),
        Err(fault) => Rows { faults: vec![fault], ..Rows::default() },
    }
}

/// Other YAML files must at least be YAML; who reads them says more.
fn check_yaml(roots: &Roots, path: &SourcePath, findings: &mut Vec<Diagnostic>) {
    match disk::text(roots, path) {
        Ok(text) => findings.extend(yaml::parse(path, &text, 0).faults),
        Err(fault) => findings.push(fault),
    }
}
