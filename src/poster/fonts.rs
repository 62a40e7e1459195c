//! The fonts of posters: files found by their names are read once, and only families that the theme names are used.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use skrifa::raw::FileRef;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};
use takumi::prelude::{FontResource, FontSource, Fonts};

use crate::id::Hash;
use crate::source::fonts::{self, Found};

/// Fonts ready to draw with.
pub(super) struct Loaded {
    /// For the engine.
    pub fonts: Fonts,
    /// The family that stands for each kind: `sans`, `serif`.
    pub families: BTreeMap<String, String>,
    /// Kinds of which no family is there, with the families wanted.
    pub missing: Vec<(String, Vec<String>)>,
    covered: HashSet<u32>,
}

/// What was loaded last in this process, by the hash of the files.
static LAST: Mutex<Option<(Hash, Arc<Loaded>)>> = Mutex::new(None);

/// The fonts of a theme, from these files.
pub(super) fn load(
    found: &(Vec<Found>, Hash),
    wanted: &BTreeMap<String, Vec<String>>,
) -> Arc<Loaded> {
    let key = Hash::of_value(&(found.1, wanted));
    // Who comes second waits: fonts are large, and twice in memory they would be too large.
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((known, loaded)) = &*last
        && *known == key
    {
        return loaded.clone();
    }
    let loaded = Arc::new(read(&found.0, wanted));
    *last = Some((key, loaded.clone()));
    loaded
}

fn read(found: &[Found], wanted: &BTreeMap<String, Vec<String>>) -> Loaded {
    let all: Vec<(Arc<Vec<u8>>, Vec<String>)> = found
        .iter()
        .filter_map(|file| {
            let bytes = fonts::bytes(file)?;
            let names = faces(&bytes).iter().flat_map(names_of).collect::<Vec<String>>();
            Some((Arc::new(bytes), names))
        })
        .collect();
    let has = |family: &String| all.iter().any(|(_, names)| names.contains(family));
    let mut loaded = Loaded {
        fonts: Fonts::default(),
        families: BTreeMap::new(),
        missing: Vec::new(),
        covered: HashSet::new(),
    };
    for (kind, families) in wanted {
        match families.iter().find(|family| has(family)) {
            Some(family) => {
                loaded.families.insert(kind.clone(), family.clone());
            }
            None => loaded.missing.push((kind.clone(), families.clone())),
        }
    }
    let used: HashSet<&String> = loaded.families.values().collect();
    for (bytes, names) in &all {
        if !names.iter().any(|name| used.contains(name)) {
            continue;
        }
        let shared = FontSource::from_shared(bytes.clone());
        if loaded.fonts.register(FontResource::new(shared)).is_ok() {
            for face in faces(bytes)
                .iter()
                .filter(|face| names_of(face).iter().any(|name| used.contains(name)))
            {
                loaded.covered.extend(face.charmap().mappings().map(|(c, _)| c));
            }
        }
    }
    loaded
}

fn faces(bytes: &[u8]) -> Vec<FontRef<'_>> {
    FileRef::new(bytes)
        .map_or_else(|_| Vec::new(), |file| file.fonts().filter_map(Result::ok).collect())
}

/// Names of the family a face belongs to, in all languages it has them in.
fn names_of(face: &FontRef<'_>) -> Vec<String> {
    [StringId::FAMILY_NAME, StringId::TYPOGRAPHIC_FAMILY_NAME]
        .into_iter()
        .flat_map(|id| face.localized_strings(id))
        .map(|name| name.chars().collect())
        .collect()
}

impl Loaded {
    /// The characters of a text that no font has.
    pub(super) fn lacking(&self, text: &str) -> Vec<char> {
        let drawn = |c: &char| !c.is_whitespace() && !c.is_control() && !is_invisible(*c);
        let mut lacking: Vec<char> = text.chars().filter(drawn).collect();
        lacking.retain(|c| !self.covered.contains(&u32::from(*c)));
        lacking.dedup();
        lacking
    }
}

/// Characters that guide line breaking and are never drawn.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe0e}' | '\u{ad}')
}
