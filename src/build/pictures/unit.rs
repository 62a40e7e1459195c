//! Pictures that belong together: each source is decoded once for the site and for all channels, and of several that may
//! stand on white the first that does is taken.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Made, blob, damage, read_blob, reason, target, write_blob};
use crate::cx::Want;
use crate::error::Error;
use crate::id::{Hash, SourcePath};
use crate::image::{
    self, Admission, Decoded, Easel, Encoded, Fault, Limits, Look, Recipe, WHITE_GROUND, Weight,
};
use crate::output::disk::Stage;
use crate::output::store::Damage;
use crate::source::disk as source;
use crate::source::disk::Roots;

/// Sources that are looked at one after the other.
pub(super) struct Unit<'w> {
    pub sources: Vec<Source<'w>>,
    /// Files that one of several sources serves.
    choices: Vec<&'w Want>,
}

/// One source and the files that are made of it alone.
pub(super) struct Source<'w> {
    pub path: &'w SourcePath,
    pub hash: Hash,
    pub wants: Vec<&'w Want>,
}

/// What came of a unit.
#[derive(Default)]
pub(super) struct Done {
    pub made: Vec<Made>,
    /// Damage by the picture's bytes, remarks by the key of the file.
    pub remarks: Vec<(Hash, Damage)>,
    pub looks: Vec<(Hash, Look)>,
    pub faults: Vec<(SourcePath, (String, String))>,
    pub encoded: usize,
}

/// Whether a file may be made of several sources.
fn is_choice(want: &Want) -> bool {
    want.order.as_ref().is_some_and(|order| order.frame.white && !order.must)
}

/// The sources that may serve, in order.
fn candidates(want: &Want) -> impl Iterator<Item = (&SourcePath, Hash)> {
    let others = want.order.iter().flat_map(|order| &order.others);
    std::iter::once((&want.source, want.hash)).chain(others.map(|(path, hash)| (path, *hash)))
}

/// Puts together what belongs together.
pub(super) fn units<'w>(wants: impl Iterator<Item = &'w Want>) -> Vec<Unit<'w>> {
    let mut alone: BTreeMap<(Hash, &SourcePath), Vec<&Want>> = BTreeMap::new();
    let mut choices: Vec<&Want> = Vec::new();
    for want in wants {
        if is_choice(want) {
            choices.push(want);
        } else {
            alone.entry((want.hash, &want.source)).or_default().push(want);
        }
    }
    // Which choice brings which sources together: the unit of each source, by number.
    let mut unit_of: BTreeMap<(Hash, &SourcePath), usize> = BTreeMap::new();
    let mut units: Vec<Unit<'w>> = Vec::new();
    for choice in choices {
        let keys: Vec<_> = candidates(choice).map(|(path, hash)| (hash, path)).collect();
        let known: BTreeSet<usize> =
            keys.iter().filter_map(|key| unit_of.get(key).copied()).collect();
        let mut known = known.into_iter();
        let first = known.next().unwrap_or_else(|| {
            units.push(Unit { sources: Vec::new(), choices: Vec::new() });
            units.len() - 1
        });
        for other in known {
            let moved = std::mem::replace(
                &mut units[other],
                Unit { sources: Vec::new(), choices: Vec::new() },
            );
            for source in &moved.sources {
                unit_of.insert((source.hash, source.path), first);
            }
            units[first].sources.extend(moved.sources);
            units[first].choices.extend(moved.choices);
        }
        for key in keys {
            if unit_of.insert(key, first) != Some(first) {
                let wants = alone.remove(&key).unwrap_or_default();
                units[first].sources.push(Source { path: key.1, hash: key.0, wants });
            }
        }
        units[first].choices.push(choice);
    }
    units.retain(|unit| !unit.choices.is_empty());
    let rest = alone.into_iter().map(|((hash, path), wants)| Unit {
        sources: vec![Source { path, hash, wants }],
        choices: Vec::new(),
    });
    units.extend(rest);
    units
}

/// What units are made with.
pub(super) struct Bench<'b> {
    pub roots: &'b Roots,
    pub blobs: &'b Path,
    pub stage: &'b Stage,
    pub admission: &'b Admission,
    /// What is known of pictures that were decoded before.
    pub looks: &'b BTreeMap<Hash, Look>,
}

impl Unit<'_> {
    /// How many files it is asked for.
    pub(super) fn len(&self) -> usize {
        self.choices.len() + self.sources.iter().map(|source| source.wants.len()).sum::<usize>()
    }
}

impl Bench<'_> {
    /// Makes everything of a unit.
    pub(super) fn make(&self, unit: &Unit<'_>) -> Result<Done, Error> {
        let mut done = Done::default();
        let mut looks: BTreeMap<Hash, Look> = BTreeMap::new();
        let mut open: Vec<&Want> = Vec::new();
        for want in &unit.choices {
            if !self.kept(want, &mut done)? {
                open.push(want);
            }
        }
        for source in &unit.sources {
            self.source(source, &mut open, &mut looks, &mut done)?;
        }
        // Every source has been seen: what is still open is decided, and its source decoded once more.
        for want in std::mem::take(&mut open) {
            let known = |hash: &Hash| looks.get(hash).or_else(|| self.looks.get(hash));
            let fit = candidates(want)
                .find(|(_, hash)| known(hash).is_some_and(|look| look.white >= WHITE_GROUND));
            if let Some((path, hash)) = fit {
                let again = Source { path, hash, wants: Vec::new() };
                self.source(&again, &mut vec![want], &mut looks, &mut done)?;
            } else {
                let seen = candidates(want).filter_map(|(_, hash)| known(&hash));
                let share = seen.map(|look| look.white).max().unwrap_or(0).to_string();
                done.remarks.push((want.key(), vec![("picture/no-white".to_owned(), share)]));
            }
        }
        done.looks.extend(looks);
        Ok(done)
    }

    /// Takes a file from those that are kept.
    fn kept(&self, want: &Want, done: &mut Done) -> Result<bool, Error> {
        if want.width == 0 {
            return Ok(false);
        }
        let Some(bytes) = read_blob(&blob(self.blobs, want)) else { return Ok(false) };
        let staged = self.stage.put(bytes)?;
        done.made.push(Made { want: want.clone(), staged });
        Ok(true)
    }

    fn known(&self, looks: &BTreeMap<Hash, Look>, hash: Hash) -> Option<Look> {
        looks.get(&hash).or_else(|| self.looks.get(&hash)).copied()
    }

    /// The files of one source, and those of the open choices that it serves.
    fn source(
        &self,
        source: &Source<'_>,
        open: &mut Vec<&Want>,
        looks: &mut BTreeMap<Hash, Look>,
        done: &mut Done,
    ) -> Result<(), Error> {
        let known = self.known(looks, source.hash);
        let mut missing: Vec<&Want> = Vec::new();
        for want in &source.wants {
            // Remarks are lost with the store; a file that may have come with one is made again to have it back.
            if (known.is_none() && want.order.is_some()) || !self.kept(want, done)? {
                missing.push(want);
            }
        }
        let serves = |look: Look| look.white >= WHITE_GROUND;
        let waits = open.iter().any(|want| candidates(want).any(|(_, hash)| hash == source.hash));
        if missing.is_empty() && known.is_some_and(|look| !waits || !serves(look)) {
            return Ok(());
        }
        let fail =
            |done: &mut Done, why: (String, String)| done.faults.push((source.path.clone(), why));
        let Ok(bytes) = source::bytes(self.roots, source.path) else {
            fail(done, ("picture/broken".to_owned(), "@other-io".to_owned()));
            return Ok(());
        };
        for want in missing.iter().filter(|want| want.width == 0) {
            let staged = self.stage.put(bytes.clone())?;
            done.made.push(Made { want: (*want).clone(), staged });
        }
        let drawn = missing.iter().any(|want| want.width == 0);
        missing.retain(|want| want.width > 0);
        if missing.is_empty() && (drawn || (source.wants.is_empty() && !waits)) {
            return Ok(());
        }
        let broken = |error: &Fault| ("picture/broken".to_owned(), reason(error));
        let info = match image::probe(&bytes) {
            Ok(info) => info,
            Err(error) => {
                fail(done, broken(&error));
                return Ok(());
            }
        };
        // Two pictures of one kind of memory hunger at a time: what is decoded at once stays below a bound.
        let _ticket = self.admission.enter(info.memory);
        let decoded = match image::decode(&bytes, Limits { max_pixels: super::MAX_PIXELS }) {
            Ok(decoded) => decoded,
            Err(error) => {
                fail(done, broken(&error));
                return Ok(());
            }
        };
        drop(bytes);
        let odd = decoded.warnings.iter().copied().filter_map(damage).collect();
        done.remarks.push((source.hash, odd));
        let mut easel = Easel::new(&decoded);
        if let Err(error) = self.site(&mut easel, &missing, done)? {
            fail(done, broken(&error));
        }
        let look = match easel.look() {
            Ok(look) => look,
            Err(error) => {
                fail(done, broken(&error));
                return Ok(());
            }
        };
        looks.insert(source.hash, look);
        for want in missing.iter().filter(|want| want.order.is_some()) {
            if let Err(error) = self.framed(&mut easel, want, look, done)? {
                fail(done, broken(&error));
            }
        }
        let mut still = Vec::new();
        for want in std::mem::take(open) {
            let mut before = candidates(want).take_while(|(_, hash)| *hash != source.hash);
            let first = candidates(want).any(|(_, hash)| hash == source.hash)
                && before
                    .all(|(_, hash)| self.known(looks, hash).is_some_and(|look| !serves(look)));
            if !first || !serves(look) {
                still.push(want);
            } else if let Err(error) = self.framed(&mut easel, want, look, done)? {
                fail(done, broken(&error));
            }
        }
        *open = still;
        Ok(())
    }

    /// The files that only have a width.
    fn site(
        &self,
        easel: &mut Easel<'_>,
        wants: &[&Want],
        done: &mut Done,
    ) -> Result<Result<(), Fault>, Error> {
        let plain: Vec<&&Want> = wants.iter().filter(|want| want.order.is_none()).collect();
        let recipes: Vec<Recipe> = plain
            .iter()
            .map(|want| Recipe::new(want.width, target(want.format), want.quality))
            .collect();
        let mut fault = Ok(());
        for (want, encoded) in plain.iter().zip(image::files(easel, &recipes)) {
            match encoded {
                Ok(encoded) => self.keep(want, encoded, done)?,
                Err(error) => fault = Err(error),
            }
        }
        Ok(fault)
    }

    /// A file that fits a channel's frame.
    fn framed(
        &self,
        easel: &mut Easel<'_>,
        want: &Want,
        look: Look,
        done: &mut Done,
    ) -> Result<Result<(), Fault>, Error> {
        let Some(order) = &want.order else { return Ok(Ok(())) };
        let frame = match frame_for(&order.frame, look) {
            Ok(frame) => frame,
            Err(frame) => {
                let share = look.white.to_string();
                done.remarks.push((want.key(), vec![("picture/not-white".to_owned(), share)]));
                frame
            }
        };
        let made = match image::frame(easel, &frame, target(want.format)) {
            Ok(Some(made)) => made,
            // It was large enough by its head.
            Ok(None) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error)),
        };
        let mut remarks: Damage = Vec::new();
        let size = made.encoded.bytes.len();
        let (width, height) = (made.encoded.width, made.encoded.height);
        match made.weight {
            Weight::Heavy => remarks.push(("picture/heavy".to_owned(), size.to_string())),
            Weight::Light => remarks.push(("picture/light".to_owned(), size.to_string())),
            Weight::Right if made.reduced_from.is_some() => {
                remarks.push(("picture/reduced".to_owned(), format!("{width} × {height}")));
            }
            Weight::Right => {}
        }
        if frame.white && frame.fill > 0 {
            match easel.filled(&frame, (width, height)) {
                Ok(filled) if filled < frame.fill => {
                    remarks.push(("picture/lost-in-white".to_owned(), filled.to_string()));
                }
                Ok(_) => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        if !remarks.is_empty() {
            match done.remarks.iter_mut().find(|(key, _)| *key == want.key()) {
                Some((_, known)) => known.append(&mut remarks),
                None => done.remarks.push((want.key(), remarks)),
            }
        }
        self.keep(want, made.encoded, done)?;
        Ok(Ok(()))
    }

    fn keep(&self, want: &Want, encoded: Encoded, done: &mut Done) -> Result<(), Error> {
        write_blob(&blob(self.blobs, want), &encoded.bytes)?;
        let staged = self.stage.put(encoded.bytes)?;
        done.made.push(Made { want: want.clone(), staged });
        done.encoded += 1;
        Ok(())
    }
}

/// The frame a picture is put in: one that is not on white cannot be put on it.
fn frame_for(frame: &image::Frame, look: Look) -> Result<image::Frame, image::Frame> {
    if !frame.white || look.white >= WHITE_GROUND {
        return Ok(frame.clone());
    }
    // The frame's own size stays: a table names the file.
    Err(image::Frame { white: false, keep_ratio: true, fill: 0, ..frame.clone() })
}

/// A picture in memory, for one file that a browser waits for.
pub(super) fn alone(decoded: &Decoded, want: &Want) -> Option<Encoded> {
    let recipe = Recipe::new(want.width, target(want.format), want.quality);
    image::derive(decoded, &[recipe]).into_iter().next()?.ok()
}
