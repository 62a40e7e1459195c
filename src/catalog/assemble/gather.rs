//! Which files speak of one thing: its own, and those of other languages.

use std::sync::Arc;

use super::Assembly;
use crate::catalog::doc::{Doc, Kind, Role};
use crate::diag::{Diagnostic, Place};
use crate::id::SourcePath;

/// A file of content, and what it is.
pub(super) type File = (SourcePath, Role, Arc<Doc>);

/// A product, category, campaign or page as its files give it.
pub(super) struct Thing<'f> {
    pub(super) key: &'f str,
    /// Nothing when only other languages have a file.
    pub(super) own: Option<&'f File>,
    pub(super) locales: Vec<(&'f str, &'f File)>,
}

impl Assembly<'_> {
    /// The things of one kind. Files in a language that the shop does not have, and second files, are left out and
    /// said so. Files are sorted by key.
    pub(super) fn gather<'f>(&mut self, files: &'f [File], kind: Kind) -> Vec<Thing<'f>> {
        let mut things: Vec<Thing<'f>> = Vec::new();
        let default = self.catalog.shop.default_locale().to_owned();
        for file in files.iter().filter(|(_, role, _)| role.kind == kind) {
            let (path, role, _) = file;
            if !self.wanted(path, role) {
                continue;
            }
            if things.last().is_none_or(|last| last.key != role.key) {
                things.push(Thing { key: &role.key, own: None, locales: Vec::new() });
            }
            let Some(thing) = things.last_mut() else { continue };
            match (&role.locale, thing.own) {
                (Some(locale), _) if *locale != default => thing.locales.push((locale, file)),
                (_, None) => thing.own = Some(file),
                (_, Some((first, ..))) => {
                    let finding = Diagnostic::new("product/two-files", Place::File(path.clone()))
                        .also(Place::File(first.clone()), "first-here");
                    self.say(finding);
                }
            }
        }
        things
    }

    /// The file of its own; without one, the files of other languages are left out and said so.
    pub(super) fn own<'f>(&mut self, thing: &Thing<'f>) -> Option<&'f File> {
        if thing.own.is_none() {
            for (_, (path, ..)) in &thing.locales {
                self.say(Diagnostic::new("locale/orphan", Place::File(path.clone())));
            }
        }
        thing.own
    }
}
