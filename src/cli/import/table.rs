//! The table of an import, and its pictures.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};
use std::path::{Component, Path, PathBuf};

use super::super::args::{self, Args};
use super::super::print::Screen;
use crate::catalog::address;
use crate::diag::codes::table;
use crate::diag::render::Format;
use crate::error::Error;
use crate::id::SourcePath;
use crate::import;
use crate::output::disk;
use crate::source;
use crate::source::disk::Roots;

/// What a table says, and where its pictures are.
pub(super) fn read(
    args: &Args,
    wanted: &args::Import,
    path: &Path,
    screen: &Screen,
) -> Result<(import::Found, Pictures), Error> {
    let words = |reason: &str| {
        let words = table().term(reason.trim_start_matches('@'), screen.lang).to_owned();
        Error::Usage(format!("{}: {words}", path.display()))
    };
    let Some(origin) = wanted.origin.origin() else {
        let found = by_rows(args, wanted, path).map_err(|(fault, roots)| match fault {
            import::rows::Fault::Term(reason) => words(reason),
            import::rows::Fault::Findings(findings) => {
                screen.of(roots).findings(&findings, Format::Human);
                words("@nothing-imported")
            }
        })?;
        return Ok((found, Pictures::of(path, wanted.pictures.as_deref())));
    };
    let (bytes, pictures) = open(path, wanted.pictures.as_deref())?;
    Ok((import::read(origin, &bytes).map_err(words)?, pictures))
}

/// Any table, by the row source that it is, that lies beside it, or that its columns' names make.
fn by_rows(
    args: &Args,
    wanted: &args::Import,
    path: &Path,
) -> Result<import::Found, (import::rows::Fault, Roots)> {
    let (roots, file) = place(args, path);
    let beside = |path: &Path| {
        if is_row_source(path) { path.to_owned() } else { path.with_extension("rows.yaml") }
    };
    // A table that both sides began with is read as the one that is imported.
    let spec = beside(&wanted.file);
    let mut load = |file: &SourcePath| source::disk::bytes(&roots, file);
    let found = if disk::stat(&spec).is_none() {
        import::rows::read(&file, &mut load)
    } else {
        let (_, spec) = place(args, &spec);
        let text = source::disk::text(&roots, &spec);
        let table = (!is_row_source(path)).then_some(&file);
        text.map_err(|fault| import::rows::Fault::Findings(vec![fault]))
            .and_then(|text| import::rows::by(&spec, &text, table, &mut load))
    };
    found.map_err(|fault| (fault, roots))
}

fn is_row_source(path: &Path) -> bool {
    path.to_string_lossy().ends_with(".rows.yaml")
}

/// The folders that a file's references are seen from: the shop's when it lies in it, else its own.
fn place(args: &Args, path: &Path) -> (Roots, SourcePath) {
    let (content, inside) = if let Ok(inside) = path.strip_prefix(&args.content) {
        (args.content.clone(), inside)
    } else {
        let name = path.file_name().map_or(path, Path::new);
        (path.parent().unwrap_or(Path::new("")).to_owned(), name)
    };
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    (Roots { content, ..args.roots() }, SourcePath::new(format!("content/{}", parts.join("/"))))
}

/// The name of the file that keeps what the last import said; of any table one for each.
pub(super) fn record(wanted: &args::Import) -> String {
    let name = wanted.origin.name();
    if wanted.origin.origin().is_some() {
        return name.to_owned();
    }
    let file = wanted.file.file_name().unwrap_or_default().to_string_lossy();
    format!("{name}-{}", address::slug(file.split('.').next().unwrap_or_default()))
}

/// Pictures of an import: of the archive, of a folder by their names, or beside the table by their paths.
pub(super) struct Pictures {
    here: PathBuf,
    archive: Option<Archive>,
    /// By name, where in the archive it is.
    packed: HashMap<String, usize>,
    files: HashMap<String, PathBuf>,
}

impl Pictures {
    /// Those of a folder, and of the one that is called like the table.
    fn of(file: &Path, folder: Option<&Path>) -> Self {
        let here = file.parent().unwrap_or(Path::new("")).to_owned();
        let mut pictures =
            Self { here, archive: None, packed: HashMap::new(), files: HashMap::new() };
        let beside = file.with_extension("");
        for folder in folder.into_iter().chain(beside.is_dir().then_some(beside.as_path())) {
            for entry in walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok) {
                if entry.file_type().is_file() {
                    let name = entry.file_name().to_string_lossy().to_lowercase();
                    pictures.files.entry(name).or_insert_with(|| entry.into_path());
                }
            }
        }
        pictures
    }

    /// The bytes of one, when it is here.
    pub(super) fn take(&mut self, source: &str) -> Option<Vec<u8>> {
        let beside = Path::new(source);
        // Only what lies below the table's folder is the table's own.
        if !source.is_empty()
            && beside.components().all(|part| matches!(part, Component::Normal(_)))
        {
            let path = self.here.join(beside);
            if path.is_file() {
                return disk::read(&path).ok();
            }
        }
        let plain = source.split(['?', '#']).next().unwrap_or(source);
        let name = plain.rsplit('/').next().unwrap_or(plain).to_lowercase();
        if let (Some(nth), Some(archive)) = (self.packed.get(&name), &mut self.archive) {
            return unpack(archive, *nth, LARGEST_PICTURE).ok();
        }
        disk::read(self.files.get(&name)?).ok()
    }
}

/// A table in an archive may unpack to so many bytes, and a picture: what is larger is a mistake or a trap.
const LARGEST_TABLE: u64 = 256 << 20;
const LARGEST_PICTURE: u64 = 64 << 20;

type Archive = zip::ZipArchive<Cursor<Vec<u8>>>;

/// The table, and where its pictures are.
fn open(file: &Path, folder: Option<&Path>) -> Result<(Vec<u8>, Pictures), Error> {
    let bytes = disk::read(file)?;
    let mut pictures = Pictures::of(file, folder);
    // A workbook is an archive too, and a table as it is.
    let workbook = file.extension().is_some_and(|end| end.to_string_lossy().starts_with("xls"));
    if workbook || !bytes.starts_with(b"PK\x03\x04") {
        return Ok((bytes, pictures));
    }
    let broken = |error: std::io::Error| Error::Io { path: file.to_owned(), source: error };
    let mut archive =
        Archive::new(Cursor::new(bytes)).map_err(|error| broken(std::io::Error::other(error)))?;
    let mut table = Vec::new();
    for nth in 0..archive.len() {
        let Some(Ok(name)) = archive.name_for_index(nth) else { continue };
        let name = name.rsplit('/').next().unwrap_or_default().to_lowercase();
        if name.ends_with(".csv") || name.ends_with(".xml") {
            table = unpack(&mut archive, nth, LARGEST_TABLE).map_err(broken)?;
        } else {
            pictures.packed.insert(name, nth);
        }
    }
    pictures.archive = Some(archive);
    Ok((table, pictures))
}

/// One file of an archive, when it is not larger than it may be.
fn unpack(archive: &mut Archive, nth: usize, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    archive.by_index(nth)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let reason = format!("unpacked it is larger than {} MiB", most >> 20);
        return Err(std::io::Error::other(reason));
    }
    Ok(bytes)
}
