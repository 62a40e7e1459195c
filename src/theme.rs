//! A theme: templates, words and assets, its own and those of the theme it extends. Knows no product.

pub mod poster;
mod takes;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};
use tera::{ErrorKind, Tera};

use crate::diag::{Diagnostic, Place};
use crate::id::{Hash, Hasher, SourcePath};
use crate::source::disk::{self, Roots};
use crate::source::fields::Decoder;
use crate::source::table;
use crate::source::tree::Tree;
use crate::source::yaml;
use poster::Poster;

/// The default theme is part of the program, so that a shop needs nothing but its content.
static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");
const BUILT_IN_NAME: &str = "default";
/// Themes that extend each other further than this do so in a circle.
const MAX_CHAIN: usize = 8;

/// A theme, ready to render.
pub struct Theme {
    /// The templates.
    pub tera: Tera,
    /// Hash of words, settings and the names of templates.
    pub hash: Hash,
    /// Of each template a hash of it and of all that it takes in.
    pub sums: BTreeMap<String, Hash>,
    /// Files by their name in the theme.
    pub assets: BTreeMap<String, Asset>,
    /// Words by language.
    pub words: BTreeMap<String, BTreeMap<String, String>>,
    /// Colours of the browser's bar: light, dark.
    pub colors: (String, String),
    /// Names of templates and the files they came from.
    pub templates: BTreeMap<String, SourcePath>,
    /// Poster templates by name.
    pub posters: BTreeMap<String, Poster>,
    /// Font families by kind: `sans`, `serif`; of each list the first that is there.
    pub fonts: BTreeMap<String, Vec<String>>,
    /// Folders with fonts of the theme and those it extends.
    pub font_folders: Vec<PathBuf>,
}

/// A file of the theme as the site gets it.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its address, with its content's hash.
    pub url: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// Hash of address and bytes.
    pub hash: Hash,
}

/// One file of a theme before it is put together.
struct Part {
    file: SourcePath,
    bytes: Vec<u8>,
}

/// The theme's name and those it extends, by their `theme.yaml`.
pub fn chain(roots: &Roots, name: &str, faults: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut chain: Vec<String> = Vec::new();
    let mut next = Some(name.to_owned());
    while let Some(name) = next.take() {
        if chain.contains(&name) || chain.len() >= MAX_CHAIN {
            let file = SourcePath::new(format!("themes/{name}/theme.yaml"));
            faults.push(Diagnostic::new("theme/loop", Place::File(file)));
            break;
        }
        // A theme's name is a folder's name and nothing else.
        let safe = !name.is_empty() && !name.contains(['/', '\\', ':']) && !name.starts_with('.');
        let file = SourcePath::new(format!("themes/{name}/theme.yaml"));
        let there = safe && roots.real(&file).is_file();
        let text = if there { disk::text(roots, &file).ok() } else { None };
        let text = text.or_else(|| {
            let built_in = BUILT_IN.get_file("theme.yaml")?.contents_utf8()?;
            (name == BUILT_IN_NAME).then(|| Arc::from(built_in))
        });
        let Some(text) = text else {
            let place = Place::File(SourcePath::new("content/shop.yaml"));
            faults.push(Diagnostic::new("theme/missing", place).with("found", &name));
            break;
        };
        let parsed = yaml::parse(&file, &text, 0);
        let root = parsed.root.as_ref();
        let extends = root.and_then(|root| root.get("extends")).and_then(yaml::Node::as_str);
        next = extends.map(str::to_owned);
        chain.push(name);
    }
    chain
}

/// Puts a theme together; `chain` names it and what it extends.
pub fn load(
    roots: &Roots,
    tree: &Tree,
    chain: &[String],
    register: fn(&mut Tera),
    faults: &mut Vec<Diagnostic>,
) -> Theme {
    let parts = gather(roots, tree, chain, faults);
    let mut theme = Theme {
        tera: Tera::default(),
        hash: Hash::ABSENT,
        sums: BTreeMap::new(),
        assets: BTreeMap::new(),
        words: BTreeMap::new(),
        colors: ("#ffffff".to_owned(), "#111111".to_owned()),
        templates: BTreeMap::new(),
        posters: BTreeMap::new(),
        fonts: BTreeMap::new(),
        font_folders: chain.iter().map(|name| roots.themes.join(name).join("fonts")).collect(),
    };
    let mut hasher = Hasher::default();
    let mut templates: BTreeMap<String, String> = BTreeMap::new();
    for (name, part) in &parts {
        let poster = name.starts_with("posters/");
        let template = name.strip_prefix("templates/");
        let template = template.or(Some(name.as_str()).filter(|_| poster && is_html(name)));
        if let Some(template) = template {
            match disk::utf8(&part.file, part.bytes.clone()) {
                Ok(text) => {
                    templates.insert(template.to_owned(), text.to_string());
                }
                Err(fault) => faults.push(fault),
            }
            theme.templates.insert(template.to_owned(), part.file.clone());
        }
        // Pages do not look at posters, so that no page is made anew for one.
        if !poster && !name.starts_with("assets/") {
            let settings = template.is_none().then(|| Hash::of(&part.bytes));
            hasher.value(&(name, settings));
        }
    }
    theme.hash = hasher.finish();
    read_settings(&mut theme, &parts, faults);
    read_posters(&mut theme, &parts, faults);
    theme.assets = assets(&parts, faults);
    register(&mut theme.tera);
    let raw = templates.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let sound = match theme.tera.add_raw_templates(raw) {
        Ok(()) => true,
        Err(error) => {
            faults.push(template_fault(&theme.templates, &error, "theme"));
            false
        }
    };
    // A poster is drawn by the data file beside its template too.
    for (name, part) in parts.iter().filter(|(name, _)| name.starts_with("posters/")) {
        if let Some(html) = name.strip_suffix(".yaml").map(|name| format!("{name}.html"))
            && let Some(text) = templates.get_mut(&html)
        {
            text.push_str(&String::from_utf8_lossy(&part.bytes));
        }
    }
    theme.sums = takes::sums(&templates, sound);
    theme
}

/// Every file of the chain, the nearest theme's first; a nearer file hides a farther one.
fn gather(
    roots: &Roots,
    tree: &Tree,
    chain: &[String],
    faults: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Part> {
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    for (nth, theme) in chain.iter().enumerate() {
        let folder = format!("themes/{theme}");
        let on_disk = tree.has(&SourcePath::new(format!("{folder}/theme.yaml")));
        let mut add = |name: String, file: SourcePath, bytes: Vec<u8>| {
            // Words and settings are merged file by file: all stay, told apart by their place in the chain.
            let key = match name.strip_prefix("i18n/") {
                Some(words) => format!("i18n/{}/{words}", chain.len() - nth),
                None if name == "theme.yaml" => format!("theme.yaml/{}", chain.len() - nth),
                None => name,
            };
            parts.entry(key).or_insert(Part { file, bytes });
        };
        if on_disk {
            for (file, _) in tree.below(&folder) {
                // Fonts are large, and looked for where they are needed.
                if file.as_str()[folder.len()..].starts_with("/fonts/") {
                    continue;
                }
                match disk::bytes(roots, file) {
                    Ok(bytes) => {
                        add(file.as_str()[folder.len() + 1..].to_owned(), file.clone(), bytes);
                    }
                    Err(fault) => faults.push(fault),
                }
            }
        } else if theme == BUILT_IN_NAME {
            let mut folders = vec![&BUILT_IN];
            while let Some(dir) = folders.pop() {
                folders.extend(dir.dirs());
                for file in dir.files() {
                    let name = file.path().to_string_lossy().replace('\\', "/");
                    let path = SourcePath::new(format!("{folder}/{name}"));
                    add(name, path, file.contents().to_vec());
                }
            }
        }
    }
    parts
}

fn read_settings(theme: &mut Theme, parts: &BTreeMap<String, Part>, faults: &mut Vec<Diagnostic>) {
    // Farther themes come first (lower numbers), so what nearer ones say overwrites theirs.
    for (_, part) in parts.iter().filter(|(name, _)| name.starts_with("theme.yaml/")) {
        let text = String::from_utf8_lossy(&part.bytes);
        let parsed = yaml::parse(&part.file, &text, 0);
        faults.extend(parsed.faults);
        let colors = parsed.root.as_ref().and_then(|root| root.get("colors"));
        let color = |name| colors.and_then(|map| map.get(name)).and_then(yaml::Node::as_str);
        if let Some(light) = color("light") {
            light.clone_into(&mut theme.colors.0);
        }
        if let Some(dark) = color("dark") {
            dark.clone_into(&mut theme.colors.1);
        }
        let mut decoder = Decoder::new(&part.file);
        if let Some(node) = parsed.root.as_ref().and_then(|root| root.get("fonts")) {
            let kinds = decoder.fields(node);
            for entry in kinds.rest() {
                let families = decoder.names(&entry.node).unwrap_or_default();
                let families = families.into_iter().map(|family| family.value).collect();
                theme.fonts.insert(entry.key.clone(), families);
            }
        }
        faults.extend(decoder.faults);
    }
    for (name, part) in parts.iter().filter(|(name, _)| name.starts_with("i18n/")) {
        let locale = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".yaml").to_owned();
        let text = String::from_utf8_lossy(&part.bytes);
        let parsed = yaml::parse(&part.file, &text, 0);
        faults.extend(parsed.faults);
        let Some(root) = &parsed.root else { continue };
        let mut decoder = Decoder::new(&part.file);
        let fields = decoder.fields(root);
        for entry in fields.rest() {
            if let Some(text) = decoder.text(&entry.node) {
                theme
                    .words
                    .entry(locale.clone())
                    .or_default()
                    .insert(entry.key.clone(), text.value);
            }
        }
        faults.extend(decoder.faults);
    }
}

fn is_html(name: &str) -> bool {
    name.ends_with(".html")
}

/// Poster templates: a data file beside the HTML of the same name.
fn read_posters(theme: &mut Theme, parts: &BTreeMap<String, Part>, faults: &mut Vec<Diagnostic>) {
    for (path, part) in parts {
        let Some(name) = path.strip_prefix("posters/").and_then(|name| name.strip_suffix(".yaml"))
        else {
            continue;
        };
        let Some(html) = theme.templates.get(&format!("posters/{name}.html")) else {
            let place = Place::File(part.file.clone());
            faults.push(Diagnostic::new("poster/no-template", place).with("name", name));
            continue;
        };
        let text = String::from_utf8_lossy(&part.bytes);
        let read = poster::read(name, (&part.file, &text), html.clone(), faults);
        theme.posters.extend(read.map(|poster| (name.to_owned(), poster)));
    }
}

fn assets(parts: &BTreeMap<String, Part>, faults: &mut Vec<Diagnostic>) -> BTreeMap<String, Asset> {
    let mut assets = BTreeMap::new();
    // Style sheets come last: they name the other files by their addresses.
    let (sheets, plain): (Vec<_>, Vec<_>) = parts
        .iter()
        .filter_map(|(name, part)| Some((name.strip_prefix("assets/")?, part)))
        .partition(|(name, _)| name.ends_with(".css"));
    for (name, part) in plain {
        assets.insert(name.to_owned(), Asset::new(name, part.bytes.clone()));
    }
    for (name, part) in sheets {
        let text = String::from_utf8_lossy(&part.bytes).into_owned();
        let bytes = match minify(&with_addresses(&text, &assets), &part.file) {
            Ok(css) => css.into_bytes(),
            Err(fault) => {
                faults.push(fault);
                text.into_bytes()
            }
        };
        assets.insert(name.to_owned(), Asset::new(name, bytes));
    }
    assets
}

impl Asset {
    fn new(name: &str, bytes: Vec<u8>) -> Self {
        let content = Hash::of(&bytes);
        let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
        let dot = if end.is_empty() { "" } else { "." };
        let url = format!("/assets/{stem}.{}{dot}{end}", content.short(10));
        let hash = Hash::of_value(&(&url, content));
        Self { url, bytes: bytes.into(), hash }
    }
}

/// `url(name)` of a file in the theme becomes its address.
fn with_addresses(css: &str, assets: &BTreeMap<String, Asset>) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find("url(") {
        let (before, after) = rest.split_at(at + 4);
        out.push_str(before);
        let Some(end) = after.find(')') else {
            rest = after;
            break;
        };
        let name = after[..end].trim().trim_matches(['"', '\'']);
        match assets.get(name.trim_start_matches("./")) {
            Some(asset) => out.push_str(&asset.url),
            None => out.push_str(&after[..end]),
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

fn minify(css: &str, file: &SourcePath) -> Result<String, Diagnostic> {
    let fault = |line: u32, column: u32, reason: String| {
        Diagnostic::new("theme/css", Place::Line(file.clone(), line, column)).with("reason", reason)
    };
    let mut sheet = StyleSheet::parse(css, ParserOptions::default()).map_err(|error| {
        let (line, column) = error.loc.as_ref().map_or((1, 1), |loc| (loc.line + 1, loc.column));
        fault(line, column, error.kind.to_string())
    })?;
    sheet.minify(MinifyOptions::default()).map_err(|error| fault(1, 1, error.kind.to_string()))?;
    let options = PrinterOptions { minify: true, ..PrinterOptions::default() };
    sheet.to_css(options).map(|out| out.code).map_err(|error| fault(1, 1, error.kind.to_string()))
}

impl Theme {
    /// A word in a language, else in a related one, else in English, else its key.
    pub fn word<'t>(&'t self, locale: &str, key: &'t str) -> &'t str {
        self.find_word(locale, key).unwrap_or(key)
    }

    /// A word in a language, else in a related one, else in English.
    pub fn find_word(&self, locale: &str, key: &str) -> Option<&str> {
        let language = locale.split('-').next().unwrap_or(locale);
        let related =
            self.words.iter().filter(|(name, _)| name.split('-').next() == Some(language));
        let exact = self.words.get(locale).into_iter();
        let tables = exact.chain(related.map(|(_, table)| table)).chain(self.words.get("en"));
        tables.into_iter().find_map(|table| table.get(key)).map(String::as_str)
    }

    /// Whether the theme has a template.
    pub fn has(&self, template: &str) -> bool {
        self.templates.contains_key(template)
    }
}

/// What a function says when a page counts without end.
pub const ENDLESS: &str = "the page counts without end";

/// What the template engine complains of, with the template's own place.
pub fn template_fault(
    templates: &BTreeMap<String, SourcePath>,
    error: &tera::Error,
    page: &str,
) -> Diagnostic {
    let file = |name: &str| {
        templates
            .get(name)
            .cloned()
            .unwrap_or_else(|| SourcePath::new(format!("themes/default/templates/{name}")))
    };
    let (place, reason) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            if report.message().contains(ENDLESS) {
                let place = Place::File(file(report.filename()));
                return Diagnostic::new("template/endless", place).with("page", page);
            }
            let span = report.span();
            let line = u32::try_from(span.start_line).unwrap_or(1);
            let column = u32::try_from(span.start_col + 1).unwrap_or(1);
            (Place::Line(file(report.filename()), line, column), report.message().to_owned())
        }
        ErrorKind::MissingParent { current, .. } => (Place::File(file(current)), error.to_string()),
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            (Place::File(file(tpl)), error.to_string())
        }
        ErrorKind::Io(_) => {
            return Diagnostic::new("template/endless", Place::Nowhere).with("page", page);
        }
        other => (Place::Nowhere, other.to_string()),
    };
    let reason = reason.lines().next().unwrap_or_default().to_owned();
    Diagnostic::new("template/error", place).with("reason", reason).with("page", page)
}

/// The text of a theme file that is part of the program.
pub fn built_in_text(path: &SourcePath) -> Option<Arc<str>> {
    let name = path.as_str().strip_prefix("themes/default/")?;
    BUILT_IN.get_file(name)?.contents_utf8().map(Arc::from)
}

/// The text that places of a file point into, whatever kind of file it is.
pub fn text_of(roots: &Roots, file: &SourcePath) -> Option<Arc<str>> {
    if matches!(file.extension().as_str(), "csv" | "tsv" | "xlsx" | "xls" | "json") {
        let bytes = disk::bytes(roots, file).ok()?;
        return table::text(file, bytes).ok();
    }
    disk::text(roots, file).ok().or_else(|| built_in_text(file))
}
