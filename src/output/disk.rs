//! The only room that writes. Every failure carries its path; a file is whole or not there.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Error;
use crate::id::{Digest, Hash};
use crate::source::tree::Stat;

/// Writes a file whole: beside its place first, then moved there.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let mut temporary = tempfile::Builder::new()
        .prefix(".shangjia-")
        .tempfile_in(folder)
        .map_err(Error::io(folder))?;
    temporary.write_all(bytes).map_err(Error::io(path))?;
    open_to_all(temporary.as_file());
    temporary
        .persist(path)
        .map_err(|error| Error::Io { path: path.to_owned(), source: error.error })?;
    Ok(())
}

/// Temporary files are made for their owner alone; a web server must be able to read what was built.
fn open_to_all(file: &File) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = file.set_permissions(fs::Permissions::from_mode(0o644));
    }
    #[cfg(not(unix))]
    let _ = file;
}

/// Writes a file of a folder that nobody else looks into.
pub fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    match create(path, bytes) {
        Err(Error::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
            make_folder(path.parent().unwrap_or(Path::new(".")))?;
            create(path, bytes)
        }
        other => other,
    }
}

/// Makes a folder and those above it.
#[expect(clippy::disallowed_methods, reason = "this is the disk layer")]
pub fn make_folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(Error::io(path))
}

/// What stands at a path.
pub fn stat(path: &Path) -> Option<Stat> {
    let meta = fs::symlink_metadata(path).ok()?;
    meta.is_file().then(|| Stat::of(&meta))
}

/// Bytes of a file we wrote ourselves.
#[expect(clippy::disallowed_methods, reason = "this is the disk layer")]
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(Error::io(path))
}

/// A file we wrote ourselves, to be read piece by piece.
#[expect(clippy::disallowed_methods, reason = "this is the disk layer")]
pub fn open(path: &Path) -> Result<Box<dyn Read>, Error> {
    Ok(Box::new(File::open(path).map_err(Error::io(path))?))
}

/// Removes a file, then the folders that became empty, up to `top`.
#[expect(clippy::disallowed_methods, reason = "this is the disk layer")]
pub fn remove(path: &Path, top: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(Error::Io { path: path.to_owned(), source: error }),
    }
    let mut folder = path.parent();
    while let Some(up) = folder.filter(|up| *up != top && up.starts_with(top)) {
        // A folder that is not empty stays: somebody else's files may be in it.
        if fs::remove_dir(up).is_err() {
            break;
        }
        folder = up.parent();
    }
    Ok(())
}

/// Removes a folder of our own with everything in it.
#[expect(clippy::disallowed_methods, reason = "this is the disk layer")]
pub fn clear(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::Io { path: path.to_owned(), source: error }),
    }
}

/// Bytes held in memory before further ones go to the stage's folder.
const HELD: u64 = 64 << 20;
/// No file larger than this waits in memory: pictures and posters, which gain nothing by it.
const SMALL: u64 = 32 << 10;

/// Files that are made but not yet in their places: small shops in memory, large ones in a folder.
pub struct Stage {
    folder: PathBuf,
    next: AtomicU64,
    held: AtomicU64,
}

/// One file on the stage.
#[derive(Debug)]
pub enum Staged {
    /// In memory.
    Bytes(Vec<u8>),
    /// In the stage's folder.
    File(PathBuf),
}

impl Stage {
    /// An empty stage; what an interrupted build left is thrown away.
    pub fn new(folder: PathBuf) -> Result<Self, Error> {
        clear(&folder)?;
        make_folder(&folder)?;
        Ok(Self { folder, next: AtomicU64::new(0), held: AtomicU64::new(0) })
    }

    fn place(&self) -> PathBuf {
        self.folder.join(self.next.fetch_add(1, Ordering::Relaxed).to_string())
    }

    /// Puts bytes on the stage.
    pub fn put(&self, bytes: Vec<u8>) -> Result<Staged, Error> {
        let size = bytes.len() as u64;
        if size <= SMALL && self.held.fetch_add(size, Ordering::Relaxed) < HELD {
            return Ok(Staged::Bytes(bytes));
        }
        self.lay(&bytes)
    }

    /// Puts bytes into the stage's folder, however few there are: for what is made in great numbers.
    pub fn lay(&self, bytes: &[u8]) -> Result<Staged, Error> {
        let path = self.place();
        create(&path, bytes)?;
        Ok(Staged::File(path))
    }

    /// An empty file on the stage, for whoever writes here and there in it.
    pub fn blank(&self) -> Result<(PathBuf, File), Error> {
        let path = self.place();
        let file = File::create(&path).map_err(Error::io(&path))?;
        Ok((path, file))
    }

    /// A file on the stage that grows piece by piece.
    pub fn grow(&self) -> Result<Growing, Error> {
        let (path, file) = self.blank()?;
        let file = BufWriter::with_capacity(1 << 18, file);
        Ok(Growing { path, file, hasher: Digest::default(), length: 0 })
    }
}

/// A file on the stage that grows piece by piece.
pub struct Growing {
    path: PathBuf,
    file: BufWriter<File>,
    hasher: Digest,
    length: usize,
}

impl Growing {
    /// Adds bytes at its end.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.hasher.add(bytes);
        self.length += bytes.len();
        self.file.write_all(bytes).map_err(Error::io(&self.path))
    }

    /// The whole file, its length and the hash of its bytes.
    pub fn finish(mut self) -> Result<(Staged, usize, Hash), Error> {
        self.file.flush().map_err(Error::io(&self.path))?;
        Ok((Staged::File(self.path), self.length, self.hasher.finish()))
    }
}

impl Staged {
    /// The bytes, to be looked at.
    pub fn read(&self) -> Option<Vec<u8>> {
        match self {
            Staged::Bytes(bytes) => Some(bytes.clone()),
            Staged::File(path) => read(path).ok(),
        }
    }

    /// The bytes, or why they cannot be had.
    pub fn bytes(&self) -> Result<Cow<'_, [u8]>, Error> {
        match self {
            Staged::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            Staged::File(path) => read(path).map(Cow::Owned),
        }
    }

    /// The bytes, to be read piece by piece.
    pub fn open(&self) -> Result<Box<dyn Read + '_>, Error> {
        match self {
            Staged::Bytes(bytes) => Ok(Box::new(bytes.as_slice())),
            Staged::File(path) => open(path),
        }
    }

    /// Moves the file to its place whole; folders are made only when they are missing.
    pub fn commit(&self, to: &Path) -> Result<(), Error> {
        match self {
            Staged::File(path) => moved(path, to),
            Staged::Bytes(bytes) => {
                let part = part(to);
                match create(&part, bytes) {
                    Err(Error::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
                        make_folder(to.parent().unwrap_or(Path::new(".")))?;
                        create(&part, bytes)?;
                    }
                    other => other?,
                }
                moved(&part, to)
            }
        }
    }
}

/// Where a file is written before it is moved to its place; a build that was killed may leave it there.
pub fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

#[expect(clippy::disallowed_methods, reason = "this is the disk layer")]
fn create(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = File::create(path).map_err(Error::io(path))?;
    file.write_all(bytes).map_err(|source| {
        // On a full disk half a file helps nobody, and its room may help another.
        let _ = fs::remove_file(path);
        Error::Io { path: path.to_owned(), source }
    })
}

#[expect(clippy::disallowed_methods, reason = "this is the disk layer")]
fn moved(from: &Path, to: &Path) -> Result<(), Error> {
    match fs::rename(from, to) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make_folder(to.parent().unwrap_or(Path::new(".")))?;
            fs::rename(from, to).map_err(Error::io(to))
        }
        // A folder stands where the file belongs: somebody else's files may be in it.
        Err(error) => Err(Error::Io { path: to.to_owned(), source: error }),
    }
}

/// Whether a folder has anything in it but hidden files and `names`.
pub fn has_others(folder: &Path, names: &[&str]) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.filter_map(Result::ok).any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        !name.starts_with('.') && !names.contains(&&*name)
    })
}

/// Takes a lock that other processes respect and that the system gives back when we die. Calls `waiting` when it is taken.
pub fn lock(path: &Path, waiting: impl FnOnce()) -> Result<File, Error> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    let file = File::create(path).map_err(Error::io(path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            waiting();
            file.lock().map_err(Error::io(path))?;
        }
        Err(fs::TryLockError::Error(error)) => {
            return Err(Error::Io { path: path.to_owned(), source: error });
        }
    }
    Ok(file)
}
