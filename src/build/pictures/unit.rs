//! One source is decoded once for the site and for all channels. Of several sources that may stand on white, the first that
//! does is taken: which one that is, is known when all have been seen.

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

/// What is seen in pictures, by their bytes.
pub(super) type Looks = BTreeMap<Hash, Look>;

/// Files that are alike, byte for byte: one is made, the others are its copies.
type Alike<'w> = Vec<&'w Want>;

/// One source, and what is made of it.
pub(super) struct Unit<'w> {
    hash: Hash,
    /// Where its bytes lie; several files may be the same picture.
    paths: BTreeSet<&'w SourcePath>,
    /// Files that are made of it and of nothing else.
    wants: Vec<Alike<'w>>,
    /// Files that are made of it if it stands on white.
    choices: Vec<Alike<'w>>,
}

/// What came of a unit.
#[derive(Default)]
pub(super) struct Done<'w> {
    pub made: Vec<Made>,
    /// Damage by the picture's bytes, remarks by the key of the file.
    pub remarks: Vec<(Hash, Damage)>,
    pub look: Option<(Hash, Look)>,
    pub faults: Vec<(SourcePath, (String, String))>,
    pub encoded: usize,
    /// Files that another source may serve.
    pub open: Alike<'w>,
}

/// Whether a file may be made of several sources.
fn is_choice(want: &Want) -> bool {
    want.order.as_ref().is_some_and(|order| order.frame.white && !order.must)
}

/// The sources that may serve, in order.
pub(super) fn candidates(want: &Want) -> impl Iterator<Item = (&SourcePath, Hash)> {
    let others = want.order.iter().flat_map(|order| &order.others);
    std::iter::once((&want.source, want.hash)).chain(others.map(|(path, hash)| (path, *hash)))
}

fn is_white(look: Look) -> bool {
    look.white >= WHITE_GROUND
}

/// Files by their sources. A file that may be made of several goes to the first that stands on white or was never seen, and
/// whatever was never seen is looked at.
pub(super) fn units<'w>(wants: impl Iterator<Item = &'w Want>, looks: &Looks) -> Vec<Unit<'w>> {
    let mut units: BTreeMap<Hash, (BTreeSet<&SourcePath>, Sorted<'w>)> = BTreeMap::new();
    for want in wants {
        if !is_choice(want) {
            let (paths, sorted) = units.entry(want.hash).or_default();
            paths.insert(&want.source);
            sorted.wants.entry(want.key()).or_default().push(want);
            continue;
        }
        let mut given = false;
        for (path, hash) in candidates(want) {
            let look = looks.get(&hash);
            let serves = !given && look.is_none_or(|look| is_white(*look));
            if serves || look.is_none() {
                let (paths, sorted) = units.entry(hash).or_default();
                paths.insert(path);
                if serves {
                    sorted.choices.entry(want.key()).or_default().push(want);
                    given = true;
                }
            }
        }
    }
    let unit = |(hash, (paths, sorted)): (Hash, (BTreeSet<&'w SourcePath>, Sorted<'w>))| Unit {
        hash,
        paths,
        wants: sorted.wants.into_values().collect(),
        choices: sorted.choices.into_values().collect(),
    };
    units.into_iter().map(unit).collect()
}

/// Files by their keys.
#[derive(Default)]
struct Sorted<'w> {
    wants: BTreeMap<Hash, Alike<'w>>,
    choices: BTreeMap<Hash, Alike<'w>>,
}

/// What is to be said of a file that none of its sources serves, when all of them are known.
pub(super) fn refused(want: &Want, looks: &Looks) -> Option<(Hash, Damage)> {
    if !is_choice(want) {
        return None;
    }
    let seen: Option<Vec<u8>> =
        candidates(want).map(|(_, hash)| looks.get(&hash).map(|look| look.white)).collect();
    let share = seen?.into_iter().max().unwrap_or(0);
    let remark = || (want.key(), vec![("picture/no-white".to_owned(), share.to_string())]);
    (share < WHITE_GROUND).then(remark)
}

/// What units are made with.
pub(super) struct Bench<'b> {
    pub roots: &'b Roots,
    pub blobs: &'b Path,
    pub stage: &'b Stage,
    pub admission: &'b Admission,
    /// What is known of pictures that were decoded before.
    pub looks: &'b Looks,
}

impl Unit<'_> {
    /// How many files it is asked for.
    pub(super) fn len(&self) -> usize {
        self.wants.iter().chain(&self.choices).map(Vec::len).sum()
    }
}

impl Bench<'_> {
    /// Makes everything of a unit.
    pub(super) fn make<'w>(&self, unit: &Unit<'w>) -> Result<Done<'w>, Error> {
        let mut done = Done::default();
        let known = self.looks.get(&unit.hash).copied();
        let mut missing = self.missing(&unit.wants, known, &mut done)?;
        let choices = self.missing(&unit.choices, known, &mut done)?;
        // Nothing but what it looks like was asked.
        let only_look = unit.wants.is_empty() && unit.choices.is_empty() && known.is_none();
        if missing.is_empty() && choices.is_empty() && !only_look {
            return Ok(done);
        }
        let fail = |done: &mut Done<'w>, why: (String, String)| {
            done.faults.extend(unit.paths.iter().map(|path| ((*path).clone(), why.clone())));
            done.open.extend(choices.iter().copied().flatten());
        };
        let read = unit.paths.iter().find_map(|path| source::bytes(self.roots, path).ok());
        // One that has changed since it was listed is seen by the next build; what is kept goes by what it was.
        let Some(bytes) = read.filter(|bytes| Hash::of(bytes) == unit.hash) else {
            fail(&mut done, ("picture/broken".to_owned(), "@other-io".to_owned()));
            return Ok(done);
        };
        for want in missing.iter().copied().flatten().filter(|want| want.width == 0) {
            let staged = self.stage.put(bytes.clone())?;
            done.made.push(Made { want: (*want).clone(), staged });
        }
        missing.retain(|alike| alike[0].width > 0);
        if missing.is_empty() && choices.is_empty() && !only_look {
            return Ok(done);
        }
        let broken = |error: &Fault| ("picture/broken".to_owned(), reason(error));
        let memory = match image::probe(&bytes) {
            Ok(info) => info.memory,
            Err(error) => {
                fail(&mut done, broken(&error));
                return Ok(done);
            }
        };
        // Two pictures of one kind of memory hunger at a time: what is decoded at once stays below a bound.
        let _ticket = self.admission.enter(memory);
        let decoded = match image::decode(&bytes, Limits { max_pixels: super::MAX_PIXELS }) {
            Ok(decoded) => decoded,
            Err(error) => {
                fail(&mut done, broken(&error));
                return Ok(done);
            }
        };
        drop(bytes);
        let odd = decoded.warnings.iter().copied().filter_map(damage).collect();
        done.remarks.push((unit.hash, odd));
        let mut easel = Easel::new(&decoded);
        if let Err(error) = self.site(&mut easel, &missing, &mut done)? {
            fail(&mut done, broken(&error));
            return Ok(done);
        }
        let look = match easel.look() {
            Ok(look) => look,
            Err(error) => {
                fail(&mut done, broken(&error));
                return Ok(done);
            }
        };
        done.look = Some((unit.hash, look));
        let ordered = missing.iter().copied().filter(|alike| alike[0].order.is_some());
        let (served, open) =
            if is_white(look) { (choices, Vec::new()) } else { (Vec::new(), choices) };
        done.open.extend(open.into_iter().flatten());
        for alike in ordered.chain(served) {
            if let Err(error) = self.framed(&mut easel, alike, look, &mut done)? {
                done.faults.extend(unit.paths.iter().map(|path| ((*path).clone(), broken(&error))));
            }
        }
        Ok(done)
    }

    /// The files that are not kept.
    fn missing<'u, 'w>(
        &self,
        files: &'u [Alike<'w>],
        known: Option<Look>,
        done: &mut Done<'w>,
    ) -> Result<Vec<&'u Alike<'w>>, Error> {
        let mut missing = Vec::new();
        for alike in files {
            let first = alike[0];
            // Remarks are lost with the store; a file that may have come with one is made again to have it back.
            let lost = known.is_none() && first.order.is_some();
            let kept =
                if lost || first.width == 0 { None } else { read_blob(&blob(self.blobs, first)) };
            match kept {
                Some(bytes) => self.stage(alike, &bytes, done)?,
                None => missing.push(alike),
            }
        }
        Ok(missing)
    }

    /// Puts the same bytes where each file will be taken from.
    fn stage(&self, alike: &[&Want], bytes: &[u8], done: &mut Done<'_>) -> Result<(), Error> {
        for want in alike {
            let staged = self.stage.put(bytes.to_vec())?;
            done.made.push(Made { want: (*want).clone(), staged });
        }
        Ok(())
    }

    /// The files that only have a width.
    fn site(
        &self,
        easel: &mut Easel<'_>,
        files: &[&Alike<'_>],
        done: &mut Done<'_>,
    ) -> Result<Result<(), Fault>, Error> {
        let plain: Vec<_> = files.iter().filter(|alike| alike[0].order.is_none()).collect();
        let recipe = |want: &Want| Recipe::new(want.width, target(want.format), want.quality);
        let recipes: Vec<Recipe> = plain.iter().map(|alike| recipe(alike[0])).collect();
        let mut fault = Ok(());
        for (alike, encoded) in plain.iter().zip(image::files(easel, &recipes)) {
            match encoded {
                Ok(encoded) => self.keep(alike, &encoded, done)?,
                Err(error) => fault = Err(error),
            }
        }
        Ok(fault)
    }

    /// A file that fits a channel's frame.
    fn framed(
        &self,
        easel: &mut Easel<'_>,
        alike: &Alike<'_>,
        look: Look,
        done: &mut Done<'_>,
    ) -> Result<Result<(), Fault>, Error> {
        let want = alike[0];
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
        self.keep(alike, &made.encoded, done)?;
        Ok(Ok(()))
    }

    fn keep(&self, alike: &[&Want], encoded: &Encoded, done: &mut Done<'_>) -> Result<(), Error> {
        write_blob(&blob(self.blobs, alike[0]), &encoded.bytes)?;
        done.encoded += 1;
        self.stage(alike, &encoded.bytes, done)
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
