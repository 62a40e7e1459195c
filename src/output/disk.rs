//! The only room that writes. Every failure carries its path; a file is whole or not there.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Error;
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

/// Files that are written but not yet in their places.
pub struct Stage {
    folder: PathBuf,
    next: AtomicU64,
}

impl Stage {
    /// An empty stage; what an interrupted build left is thrown away.
    pub fn new(folder: PathBuf) -> Result<Self, Error> {
        clear(&folder)?;
        make_folder(&folder)?;
        Ok(Self { folder, next: AtomicU64::new(0) })
    }

    fn place(&self) -> PathBuf {
        self.folder.join(self.next.fetch_add(1, Ordering::Relaxed).to_string())
    }

    /// Puts bytes on the stage.
    pub fn put(&self, bytes: &[u8]) -> Result<PathBuf, Error> {
        let path = self.place();
        let mut file = File::create(&path).map_err(Error::io(&path))?;
        file.write_all(bytes).map_err(Error::io(&path))?;
        Ok(path)
    }

    /// Puts a copy of a file on the stage, sharing its blocks where the disk can.
    pub fn copy(&self, from: &Path) -> Result<PathBuf, Error> {
        let path = self.place();
        fs::copy(from, &path).map_err(Error::io(from))?;
        Ok(path)
    }

    /// Moves a staged file to its place; folders are made only when they are missing.
    #[expect(clippy::disallowed_methods, reason = "this is the disk layer")]
    pub fn commit(staged: &Path, to: &Path) -> Result<(), Error> {
        match fs::rename(staged, to) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                make_folder(to.parent().unwrap_or(Path::new(".")))?;
                fs::rename(staged, to).map_err(Error::io(to))
            }
            // A folder stands where the file belongs: an empty one of ours, or somebody else's.
            Err(error) => Err(Error::Io { path: to.to_owned(), source: error }),
        }
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
