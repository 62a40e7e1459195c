//! Everything that is true before anything is made: the files are read, the facts put together, the artifacts planned.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::{Builder, Progress, Step, make, sources};
use crate::catalog::Catalog;
use crate::catalog::address::{BOOK, Book};
use crate::catalog::assemble::{self, Change, Input};
use crate::catalog::doc::{self, Doc, Kind, Role};
use crate::catalog::picture::Picture;
use crate::catalog::rows::Rows;
use crate::catalog::shop::{self, Shop};
use crate::catalog::wordbook::Wordbook;
use crate::channel::{self, Channels};
use crate::clock;
use crate::diag::{Diagnostic, Place, any_error};
use crate::generation::Generation;
use crate::id::{Hash, OutPath, SourcePath};
use crate::maker::{Artifact, Plan};
use crate::output::{self, store::Store};
use crate::page;
use crate::poster;
use crate::source::disk::{self as source, Roots};
use crate::source::tree::{self, Tree};
use crate::source::yaml;
use crate::theme::{self, Theme};

const SHOP: &str = "content/shop.yaml";

/// The shop before anything is made.
#[derive(Clone)]
pub struct Prepared {
    /// The facts; nothing when the shop or its theme cannot be read.
    pub generation: Option<Arc<Generation>>,
    /// Every file that should be there.
    pub artifacts: Arc<[Artifact]>,
    /// What is wrong so far.
    pub findings: Vec<Diagnostic>,
    /// Source files read anew.
    pub read: Vec<SourcePath>,
    /// What the facts were put together from, to see them at another moment.
    pub words: Option<Arc<Words>>,
    /// What files say since `words` was gathered.
    pub changes: Vec<Change>,
}

/// What the author's files say, typed, before it is put together.
pub struct Words {
    shop: Shop,
    docs: Vec<(SourcePath, Role, Arc<Doc>)>,
    rows: Vec<(SourcePath, Arc<Rows>)>,
    tree: Tree,
    pictures: Arc<BTreeMap<SourcePath, Picture>>,
    wordbook: Arc<Wordbook>,
    book: Book,
    roots: Roots,
}

/// The last whole look at the files, kept so that a small edit need not look at all of them.
pub(super) struct Look {
    tree: Tree,
    /// The theme and those it extends.
    chain: Vec<String>,
    /// What is wrong with other things than documents, the catalogue, the theme and the plan.
    findings: Vec<Diagnostic>,
    /// What is wrong with the theme and the plan.
    theme_findings: Vec<Diagnostic>,
    /// What is wrong with documents by themselves.
    doc_faults: BTreeMap<SourcePath, Vec<Diagnostic>>,
    prepared: Prepared,
    next_change: OnceLock<Option<i64>>,
}

impl Look {
    /// The next moment at which the shop changes by itself.
    pub(super) fn next_change(&self) -> Option<i64> {
        let generation = self.prepared.generation.as_ref()?;
        *self.next_change.get_or_init(|| generation.catalog.next_change())
    }
}

/// What a small edit changed.
struct Edited {
    changes: Vec<Change>,
    texts: HashMap<SourcePath, Arc<str>>,
    themed: bool,
}

impl Look {
    /// Reads the files of a small edit; `None` when there is more to it.
    fn read(&mut self, roots: &Roots, store: &mut Store, changed: &[SourcePath]) -> Option<Edited> {
        let now = clock::now().as_nanosecond() as i64;
        let mut edited = Edited { changes: Vec::new(), texts: HashMap::new(), themed: false };
        for path in changed {
            // What editors write for a moment beside a file was never part of the shop.
            if !self.tree.has(path) && !roots.real(path).exists() {
                continue;
            }
            let theme = path.as_str().starts_with("themes/") && path.name() != "theme.yaml";
            let role = doc::role(path);
            if !self.tree.has(path) || !(theme || role.kind == Kind::Product) {
                return None;
            }
            let stat = tree::stat(roots, path)?;
            self.tree.files.insert(path.clone(), stat);
            if theme {
                edited.themed = true;
                continue;
            }
            let before = store.files.get(path)?.doc.clone()?;
            let done = sources::document(roots, path, stat, &role, store, now);
            let doc = done.entry.doc.clone()?;
            if let Some(text) = done.text {
                edited.texts.insert(path.clone(), text);
            }
            store.put_file(path.clone(), done.entry);
            if !Arc::ptr_eq(&doc, &before) {
                edited.changes.push(Change { file: path.clone(), doc });
            }
        }
        Some(edited)
    }
}

impl Prepared {
    fn nothing(findings: Vec<Diagnostic>) -> Self {
        Self {
            generation: None,
            artifacts: Arc::from([]),
            findings,
            read: Vec::new(),
            words: None,
            changes: Vec::new(),
        }
    }

    /// The shop at another moment, or with its drafts: for a preview, never for the output.
    pub fn seen(&self, at: Option<&str>, drafts: bool) -> Option<Arc<Generation>> {
        let words = self.words.as_ref()?;
        let mut docs = words.docs.clone();
        for change in &self.changes {
            if let Some((_, _, doc)) = docs.iter_mut().find(|(path, ..)| *path == change.file) {
                *doc = change.doc.clone();
            }
        }
        let zone = words.shop.zone();
        let at = at.and_then(|text| clock::parse(text, &zone)).unwrap_or_else(clock::now);
        let catalog = assemble::assemble(Input {
            shop: words.shop.clone(),
            docs: &docs,
            rows: &words.rows,
            tree: &words.tree,
            pictures: words.pictures.clone(),
            wordbook: words.wordbook.clone(),
            book: words.book.clone(),
            now: at.as_second(),
            drafts,
            findings: Vec::new(),
        });
        let last = self.generation.as_ref()?;
        let (channels, theme) = (last.channels.clone(), last.theme.clone());
        let roots = words.roots.clone();
        let catalog = Arc::new(catalog);
        Some(Arc::new(Generation::new(catalog, channels, theme, roots, HashMap::new())))
    }
}

impl Builder {
    /// Reads the shop and puts its facts together. `changed` names the files that may have changed; nothing means all.
    pub(super) fn prepare(
        &mut self,
        changed: Option<&[SourcePath]>,
        progress: &Progress<'_>,
    ) -> Prepared {
        if let (Some(changed), Some(mut store)) = (changed, self.store.take()) {
            let prepared = self.small(&mut store, changed);
            self.store = Some(store);
            if let Some(prepared) = prepared {
                return prepared;
            }
        }
        self.looked = None;
        progress.tell(Step::Sources, 0, 0);
        let roots = self.options.roots.clone();
        let mut findings = Vec::new();
        let file = SourcePath::new(SHOP);
        if !roots.real(&file).exists() {
            let content = Place::File(SourcePath::new("content"));
            let mut missing = Diagnostic::new("shop/missing", content);
            let near = ["shop.yml", "Shop.yaml", "shop.yaml.txt", "shop.txt"];
            let is_there =
                |name: &&str| roots.real(&SourcePath::new(format!("content/{name}"))).exists();
            if let Some(name) = near.into_iter().find(is_there) {
                let other = Place::File(SourcePath::new(format!("content/{name}")));
                missing = missing.also(other, "named-otherwise");
            }
            return Prepared::nothing(vec![missing]);
        }
        let shop = match source::text(&roots, &file) {
            Ok(text) => {
                let parsed = yaml::parse(&file, &text, 0);
                findings.extend(parsed.faults);
                shop::decode(&file, parsed.root.as_ref(), parsed.partial, &mut findings)
            }
            Err(fault) => return Prepared::nothing(vec![fault]),
        };
        let chain = theme::chain(&roots, &shop.theme, &mut findings);
        let known = self.store.take();
        let cache = output::cache(&self.options.roots.out);
        let (tree, mut store) = rayon::join(
            || tree::scan(&roots, &chain),
            || known.unwrap_or_else(|| Store::load(&cache)),
        );
        findings.extend(tree.faults.iter().cloned());
        let read = sources::read(&roots, &tree, &mut store);
        self.store = Some(store);
        findings.extend(read.findings);
        let book_path = SourcePath::new(BOOK);
        let book = match source::text(&roots, &book_path) {
            Ok(text) if tree.has(&book_path) => Book::read(&text, &mut Vec::new()),
            _ => Book::default(),
        };
        let zone = shop.zone();
        let as_of = self.options.as_of.as_deref().and_then(|text| clock::parse(text, &zone));
        let now = as_of.unwrap_or_else(clock::now).as_second();
        let catalog = assemble::assemble(Input {
            shop: shop.clone(),
            docs: &read.docs,
            rows: &read.rows,
            tree: &tree,
            pictures: read.pictures.clone(),
            wordbook: read.wordbook.clone(),
            book: book.clone(),
            now,
            drafts: false,
            findings: Vec::new(),
        });
        let channels = self.channels(&roots, &tree, &catalog, &mut findings);
        let (theme, mut theme_findings) = self.theme(&roots, &tree, &chain);
        let broken = any_error(&theme_findings) || chain.is_empty();
        let doc_faults: BTreeMap<SourcePath, Vec<Diagnostic>> = read
            .docs
            .iter()
            .filter(|(_, _, doc)| !doc.faults.is_empty())
            .map(|(path, _, doc)| (path.clone(), doc.faults.clone()))
            .collect();
        let docs = doc_faults.values().flatten();
        let mut all: Vec<Diagnostic> =
            findings.iter().chain(docs).chain(catalog.all_findings()).cloned().collect();
        if broken {
            all.extend(theme_findings);
            return Prepared { read: read.read, ..Prepared::nothing(all) };
        }
        let catalog = Arc::new(catalog);
        let generation =
            Arc::new(Generation::new(catalog, channels, theme, roots.clone(), read.texts));
        let artifacts = self.planned(&generation, &mut theme_findings);
        all.extend(theme_findings.iter().cloned());
        let words = self.keeps_words.then(|| {
            Arc::new(Words {
                shop,
                docs: read.docs,
                rows: read.rows,
                tree: tree.clone(),
                pictures: read.pictures,
                wordbook: read.wordbook,
                book,
                roots,
            })
        });
        let prepared = Prepared {
            generation: Some(generation),
            artifacts,
            findings: all,
            read: read.read,
            words,
            changes: Vec::new(),
        };
        if self.keeps_words {
            let next_change = OnceLock::new();
            let kept = Prepared { read: Vec::new(), ..prepared.clone() };
            self.looked = Some(Look {
                tree,
                chain,
                findings,
                theme_findings,
                doc_faults,
                prepared: kept,
                next_change,
            });
        }
        prepared
    }

    /// The shop after an edit of the words of some products, or of templates and styles; `None` when it takes a whole
    /// look.
    fn small(&mut self, store: &mut Store, changed: &[SourcePath]) -> Option<Prepared> {
        let mut look = self.looked.take()?;
        let roots = self.options.roots.clone();
        if self.options.as_of.is_none()
            && look.next_change().is_some_and(|next| clock::now().as_second() >= next)
        {
            return None;
        }
        let Edited { changes, texts, themed } = look.read(&roots, store, changed)?;
        let last = look.prepared.generation.clone()?;
        let catalog = if changes.is_empty() {
            last.catalog.clone()
        } else {
            Arc::new(assemble::patch(&last.catalog, &look.tree, &changes)?)
        };
        let mut theme = last.theme.clone();
        if themed {
            // Two saves within one tick of the clock look alike from outside.
            self.theme = None;
            (theme, look.theme_findings) = self.theme(&roots, &look.tree, &look.chain);
            if any_error(&look.theme_findings) {
                return None;
            }
        }
        for change in &changes {
            look.doc_faults.remove(&change.file);
            if !change.doc.faults.is_empty() {
                look.doc_faults.insert(change.file.clone(), change.doc.faults.clone());
            }
        }
        let channels = last.channels.clone();
        let generation = Arc::new(Generation::new(catalog, channels, theme, roots, texts));
        if themed {
            look.prepared.artifacts = self.planned(&generation, &mut look.theme_findings);
        }
        let docs = look.doc_faults.values().flatten();
        let own = look.findings.iter().chain(docs).chain(generation.catalog.all_findings());
        let findings = own.chain(&look.theme_findings).cloned().collect();
        look.prepared.generation = Some(generation);
        let read = changes.iter().map(|change| change.file.clone()).collect();
        look.prepared.changes.retain(|old| !changes.iter().any(|new| new.file == old.file));
        look.prepared.changes.extend(changes);
        let prepared = Prepared { findings, read, ..look.prepared.clone() };
        self.looked = Some(look);
        Some(prepared)
    }

    /// The artifacts that this build is asked for.
    fn planned(&self, generation: &Generation, findings: &mut Vec<Diagnostic>) -> Arc<[Artifact]> {
        let mut artifacts = plan(generation, findings);
        poster::unknown(generation, findings);
        artifacts.retain(|artifact| self.options.covers(artifact.path.as_str()));
        artifacts.into()
    }

    /// Profiles of the channels in use, the shop's own files laid over those of the program.
    fn channels(
        &self,
        roots: &Roots,
        tree: &Tree,
        catalog: &Catalog,
        findings: &mut Vec<Diagnostic>,
    ) -> Channels {
        let own: Vec<(SourcePath, Arc<str>)> = tree
            .below(channel::FOLDER)
            .filter(|(path, _)| path.folder() == channel::FOLDER && path.extension() == "yaml")
            // A file that cannot be read has been reported with the other sources.
            .filter_map(|(path, _)| Some((path.clone(), source::text(roots, path).ok()?)))
            .collect();
        let listed = catalog.shop.channels.iter().map(|channel| channel.value.as_str());
        let asked = &self.options.channels;
        let wanted: Vec<&str> = if asked.is_empty() {
            listed.collect()
        } else {
            asked.iter().map(String::as_str).collect()
        };
        let mut channels = Channels::load(wanted, &own, catalog.today(), findings);
        channels.only = self.options.chooses().then(|| self.chosen(catalog, findings));
        channels
    }

    /// SKUs of what files are wanted of; that there are none is a slip, and no empty file.
    fn chosen(&self, catalog: &Catalog, findings: &mut Vec<Diagnostic>) -> Arc<[String]> {
        let all = catalog.products.iter().flat_map(|product| {
            let variants = product.variants.iter().map(|variant| &*variant.sku);
            std::iter::once(&*product.sku).chain(variants)
        });
        let mut asked = Vec::new();
        for sku in &self.options.skus {
            if let Some(known) = all.clone().find(|known| known.eq_ignore_ascii_case(sku)) {
                asked.push(known.to_owned());
                continue;
            }
            let finding = Diagnostic::new("export/sku", Place::Nowhere).with("found", sku);
            findings.push(finding.near(sku, all.clone()));
        }
        let mut chosen = match &self.options.select {
            Some(select) => select.skus(catalog),
            None => return asked.into(),
        };
        chosen.retain(|sku| self.options.skus.is_empty() || asked.contains(sku));
        if chosen.is_empty() {
            findings.push(Diagnostic::new("export/nothing", Place::Nowhere));
        }
        chosen.into()
    }

    /// The theme, read again only when one of its files changed.
    fn theme(
        &mut self,
        roots: &Roots,
        tree: &Tree,
        chain: &[String],
    ) -> (Arc<Theme>, Vec<Diagnostic>) {
        let files: Vec<_> = tree.below("themes").collect();
        let key = Hash::of_value(&(chain, files));
        if let Some((known, theme, faults)) = &self.theme
            && *known == key
        {
            return (theme.clone(), faults.clone());
        }
        let mut faults = Vec::new();
        let theme = theme::load(roots, tree, chain, functions, &mut faults);
        let theme = Arc::new(theme);
        self.theme = Some((key, theme.clone(), faults.clone()));
        (theme, faults)
    }
}

/// Everything that templates can call.
fn functions(tera: &mut tera::Tera) {
    page::functions::register(tera);
    poster::register(tera);
}

/// Every artifact; two for one path are a finding that names both.
pub fn plan(generation: &Generation, findings: &mut Vec<Diagnostic>) -> Vec<Artifact> {
    let mut artifacts = Vec::new();
    for (nth, maker) in make::makers().enumerate() {
        let mut plan = Plan::new(nth);
        maker.plan(generation, &mut plan);
        artifacts.extend(plan.finish());
    }
    let mut first: HashMap<OutPath, Place> = HashMap::with_capacity(artifacts.len());
    artifacts.retain(|artifact| {
        if let Some(other) = first.get(&artifact.path) {
            // A place in a file helps; a page that the program adds by itself has none.
            let (at, other) = match &artifact.from {
                Place::Nowhere => (other, &artifact.from),
                from => (from, other),
            };
            let finding = Diagnostic::new("output/twice", at.clone()).with("path", &artifact.path);
            findings.push(match other {
                Place::Nowhere => finding,
                other => finding.also(other.clone(), "has-it-too"),
            });
            return false;
        }
        first.insert(artifact.path.clone(), artifact.from.clone());
        true
    });
    artifacts
}
