//! Puts a finished build in its place in the output folder.

use std::collections::{BTreeMap, HashSet};

use crate::cx::{Kept, Want};
use crate::engine::Trace;
use crate::error::Error;
use crate::id::OutPath;
use crate::maker::{Artifact, Subject};
use crate::output::Output;
use crate::output::disk::{self, Staged};
use crate::output::store::{Output as Entry, Store};

use super::make::{Made, is_inner};
use super::{Options, Report, packs, pictures, tables};

/// What is kept that files are put together of, or cut from.
const INNER: &str = ".cache/";

/// What a build made, not yet in its place.
pub(super) struct Finished {
    pub results: Vec<Made>,
    pub pictures: Vec<pictures::Made>,
    pub tables: Vec<tables::Table>,
    pub packs: Vec<packs::Pack>,
}

/// Puts everything in its place: pictures and assets before the pages that show them, removals last.
pub(super) fn commit(
    output: &Output,
    store: &mut Store,
    artifacts: &[Artifact],
    finished: Finished,
    wants: &BTreeMap<OutPath, Want>,
    options: &Options,
    report: &mut Report,
) -> Result<(), Error> {
    let Finished { results, pictures, tables, packs } = finished;
    // What this build was not asked for stays as it is, with the pictures that it shows.
    let others = store.outputs.iter().filter(|(path, _)| !options.covers(path.as_str()));
    let shown = others.flat_map(|(_, known)| known.trace.kept.wants.iter().map(Want::path));
    // A page that cannot be made stays as it last was; a poster goes, since its price may be one of yesterday.
    let lost = |(artifact, made): &(&Artifact, &Made)| {
        matches!((&artifact.subject, made), (Subject::Poster { .. }, Made::Failed { .. }))
    };
    let wanted: HashSet<OutPath> = artifacts
        .iter()
        .zip(&results)
        .filter(|one| !lost(one))
        .map(|(artifact, _)| artifact.path.clone())
        .chain(wants.keys().cloned())
        .chain(packs.iter().map(|pack| pack.path.clone()))
        .chain(tables.iter().map(|table| table.path.clone()))
        .chain(shown)
        .collect();
    let mut paths: Vec<OutPath> = pictures.iter().map(|made| made.want.path()).collect();
    paths.extend(tables.iter().map(|table| table.path.clone()));
    paths.extend(packs.iter().map(|pack| pack.path.clone()));
    paths.extend(artifacts.iter().map(|artifact| artifact.path.clone()));
    store.announce(&output.cache, &paths)?;
    output.begin()?;
    let mut put = |path: OutPath, staged: &Staged, maker: &str, subject, locale, reads, hash| {
        let real = output.real(&path);
        staged.commit(&real)?;
        report.written.push(path.clone());
        let trace = Trace { reads, version: 0, output: hash, kept: Kept::default() };
        let maker = maker.to_owned();
        let entry = Entry { stat: disk::stat(&real), maker, subject, locale, trace };
        store.put_output(path, entry);
        Ok(())
    };
    for pictures::Made { want, staged } in pictures {
        let subject = Subject::Asset(want.source.to_string());
        put(want.path(), &staged, "picture", subject, 0, Vec::new(), want.key())?;
    }
    for packs::Pack { path, hash, staged } in packs {
        if let Some(staged) = staged {
            let subject = Subject::Asset(path.to_string());
            put(path, &staged, "pack", subject, 0, Vec::new(), hash)?;
        }
    }
    for tables::Table { path, subject, locale, hash, reads, staged } in tables {
        if let Some(staged) = staged {
            put(path, &staged, "export", subject, locale, reads, hash)?;
        }
    }
    let mut order: Vec<(&Artifact, Made)> = artifacts.iter().zip(results).collect();
    order.sort_by_key(|(artifact, _)| super::make::is_page(&artifact.path));
    for (artifact, made) in order {
        let Made::New { hash, reads, kept, staged } = made else { continue };
        let maker = super::make::maker(artifact.maker);
        let real = output.real(&artifact.path);
        let stat = match staged {
            Some(staged) => {
                staged.commit(&real)?;
                if !is_inner(artifact) {
                    report.written.push(artifact.path.clone());
                }
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
    let unwanted: Vec<OutPath> = store
        .ours
        .iter()
        .filter(|path| !wanted.contains(*path) && options.covers(path.as_str()))
        .cloned()
        .collect();
    for path in unwanted {
        disk::remove(&output.real(&path), &output.root)?;
        store.drop_output(&path);
        if !path.as_str().starts_with(INNER) {
            report.removed.push(path);
        }
    }
    Ok(())
}
