//! Puts a finished build in its place in the output folder.

use std::collections::{BTreeMap, HashSet};

use crate::cx::{Kept, Want};
use crate::engine::Trace;
use crate::error::Error;
use crate::id::OutPath;
use crate::maker::{Artifact, Subject};
use crate::output::Output;
use crate::output::disk;
use crate::output::store::{Output as Entry, Store};
use crate::page::MAKERS;

use super::make::Made;
use super::{Report, pictures};

/// Puts everything in its place: pictures and assets before the pages that show them, removals last.
pub(super) fn commit(
    output: &Output,
    store: &mut Store,
    artifacts: &[Artifact],
    results: Vec<Made>,
    pictures: Vec<pictures::Made>,
    wants: &BTreeMap<OutPath, Want>,
    report: &mut Report,
) -> Result<(), Error> {
    let wanted: HashSet<OutPath> = artifacts
        .iter()
        .map(|artifact| artifact.path.clone())
        .chain(wants.keys().cloned())
        .collect();
    let mut paths: Vec<OutPath> = pictures.iter().map(|made| made.want.path()).collect();
    paths.extend(artifacts.iter().map(|artifact| artifact.path.clone()));
    store.announce(&output.cache, &paths)?;
    output.begin()?;
    for pictures::Made { want, staged } in pictures {
        let path = want.path();
        let real = output.real(&path);
        staged.commit(&real)?;
        report.written.push(path.clone());
        let trace =
            Trace { reads: Vec::new(), version: 0, output: want.key(), kept: Kept::default() };
        let entry = Entry {
            stat: disk::stat(&real),
            maker: "picture".to_owned(),
            subject: Subject::Asset(want.source.to_string()),
            locale: 0,
            trace,
        };
        store.put_output(path, entry);
    }
    let mut order: Vec<(&Artifact, Made)> = artifacts.iter().zip(results).collect();
    order.sort_by_key(|(artifact, _)| super::make::is_page(&artifact.path));
    for (artifact, made) in order {
        let Made::New { hash, reads, kept, staged } = made else { continue };
        let maker = MAKERS[artifact.maker];
        let real = output.real(&artifact.path);
        let stat = match staged {
            Some(staged) => {
                staged.commit(&real)?;
                report.written.push(artifact.path.clone());
                disk::stat(&real)
            }
            None => store.outputs.get(&artifact.path).and_then(|known| known.stat),
        };
        let trace = Trace { reads, version: maker.version(), output: hash, kept };
        let entry = Entry {
            stat,
            maker: maker.name().to_owned(),
            subject: artifact.subject.clone(),
            locale: artifact.locale,
            trace,
        };
        store.put_output(artifact.path.clone(), entry);
    }
    output.end()?;
    let unwanted: Vec<OutPath> =
        store.ours.iter().filter(|path| !wanted.contains(*path)).cloned().collect();
    for path in unwanted {
        disk::remove(&output.real(&path), &output.root)?;
        store.drop_output(&path);
        report.removed.push(path);
    }
    Ok(())
}
