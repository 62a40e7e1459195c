//! Why an output is as it is, told by the same hashes that decide whether it is remade.

use std::sync::Arc;

use crate::cx::{Read, Want};
use crate::diag::Diagnostic;
use crate::engine::Facts;
use crate::error::Error;
use crate::generation::Generation;
use crate::id::{Hash, OutPath};
use crate::maker::Subject;
use crate::output::disk;

use super::{Builder, Prepared, Progress};

/// Why an output is as it is.
pub struct Explained {
    /// Who made it.
    pub maker: String,
    /// About what.
    pub subject: Subject,
    /// What it read: the hash then, the hash now.
    pub reads: Vec<(Read, Hash, Hash)>,
    /// Pictures it shows.
    pub wants: Vec<Want>,
    /// The file is as it was written.
    pub intact: bool,
}

impl Builder {
    /// What an output read, and whether each of that is still so.
    pub fn explain(&mut self, path: &OutPath) -> Result<Option<Explained>, Error> {
        let Prepared { generation, .. } = self.look(None, &Progress::QUIET);
        let known = self.store.as_ref().and_then(|store| store.outputs.get(path));
        let (Some(generation), Some(known)) = (generation, known) else { return Ok(None) };
        let there = disk::stat(&self.options.roots.out.join(path.as_str()));
        Ok(Some(Explained {
            maker: known.maker.clone(),
            subject: known.subject.clone(),
            reads: known
                .trace
                .reads
                .iter()
                .map(|(read, seen)| (read.clone(), *seen, generation.hash(read)))
                .collect(),
            wants: known.trace.kept.wants.clone(),
            intact: there.is_some() && there == known.stat,
        }))
    }

    /// The facts of the shop as it is now, and what is wrong with it.
    pub fn facts(&mut self) -> (Option<Arc<Generation>>, Vec<Diagnostic>) {
        let prepared = self.look(None, &Progress::QUIET);
        (prepared.generation, prepared.findings)
    }
}
