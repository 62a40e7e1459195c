//! The machine failed, or the command makes no sense: it stops the command. What is wrong with content is a `Diagnostic`.

use std::io;
use std::path::{Path, PathBuf};

/// Why a command could not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no such content folder.
    #[error("there is no shop in {0}; `shangjia init` makes one, `--content` names one elsewhere")]
    NoContent(PathBuf),
    /// There is no `shop.yaml`, or it cannot be read.
    #[error("the shop cannot be read; run `shangjia check`")]
    Unread,
    /// A moment that is none.
    #[error("--as-of {0}: write 2026-11-20 or \"2026-11-20 10:00\"")]
    Moment(String),
    /// The output folder is a file.
    #[error("{0} is not a folder; name another with --out")]
    OutIsFile(PathBuf),
    /// The output folder and the content folder lie inside each other.
    #[error(
        "{out} and {content} lie inside each other; a build would read what it wrote. Name another folder with --out"
    )]
    OutInContent {
        /// The output folder.
        out: PathBuf,
        /// The content folder.
        content: PathBuf,
    },
    /// The output folder holds somebody else's files.
    #[error(
        "{0} has files that shangjia did not write; empty it or name another folder with --out"
    )]
    OutNotOurs(PathBuf),
    /// The cache could not be used.
    #[error("the cache {path} cannot be used: {why}")]
    Cache {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Watching is not possible.
    #[error("the folder {path} cannot be watched: {why}")]
    Watch {
        /// The folder.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// A port could not be listened to.
    #[error("{address} cannot be listened to: {why}; another port: --port")]
    Port {
        /// The address and port.
        address: std::net::SocketAddr,
        /// Why.
        why: String,
    },
    /// Newer work waits: what was begun is not wanted any more.
    #[error("given up for a newer change")]
    Superseded,
    /// Something asked for does not exist.
    #[error("{0}")]
    Usage(String),
}

impl Error {
    /// Adds the path to an I/O error.
    pub fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}
