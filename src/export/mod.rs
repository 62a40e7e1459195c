//! Files for sales channels, made as their profiles say. A maker only; it sees facts through the recording context.

mod cell;
mod gallery;
mod line;
mod listing;
mod lot;
mod manifest;
mod sheet;
mod text;
mod value;
mod write;

use std::rc::Rc;
use std::sync::Arc;

use crate::channel::profile::Profile;
use crate::cx::Cx;
use crate::generation::Generation;
use crate::id::{Hash, OutPath};
use crate::maker::{Failed, Maker, Plan, Subject};
pub use listing::{Listing, listings, title};
pub use lot::{Head, read};
pub use manifest::{Fact, manifest};
pub use write::{Around, Sheet, around};

/// Makes the rows of every channel's files, some products at a time: whoever writes files puts these together, so that an
/// edit of one product makes few rows anew.
pub struct Export;

/// The name of the file that says what is in the others.
pub const MANIFEST: &str = "manifest.json";

/// The folder of files that were asked for with a choice of products: these do not take the place of all.
pub const CHOSEN: &str = "chosen";

/// Where rows are kept that files are put together of.
pub const ROWS: &str = ".cache/rows/";

/// Where the files of a channel go.
pub fn folder(channel: &str, chosen: bool) -> String {
    if chosen { format!("exports/{channel}/{CHOSEN}") } else { format!("exports/{channel}") }
}

impl Maker for Export {
    fn name(&self) -> &'static str {
        "export"
    }

    fn version(&self) -> u32 {
        3
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        let only = generation.channels.only.clone();
        for name in &generation.channels.wanted {
            let Some(profile) = generation.channels.get(name) else { continue };
            let folder = folder(name, only.is_some());
            let folder = folder.strip_prefix("exports/").unwrap_or(&folder);
            let locale = locale(generation, profile);
            for lot in generation.lots() {
                let first = generation.catalog.products[*lot as usize].sku.clone();
                let only = only.as_deref().map(|only| chosen(generation, &first, only));
                let key = Hash::of(first.as_bytes()).short(16);
                let path = OutPath::new(format!("{ROWS}{folder}/{key}"));
                let subject = Subject::Lot { channel: name.clone(), first, only };
                plan.add(subject, locale, path, profile.at.clone());
            }
        }
    }

    fn make(&self, subject: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        let Subject::Lot { channel, first, only } = subject else { return Ok(Vec::new()) };
        let (wares, products) = cx.lot(first);
        let Some(profile) = cx.profile(channel) else { return Ok(Vec::new()) };
        Ok(sheet::lot(cx, wares, profile, products, only.as_deref()))
    }
}

/// Those of the SKUs that were asked for that are in a lot.
fn chosen(generation: &Generation, first: &str, only: &[String]) -> Arc<[String]> {
    let lot = generation.lot(first).unwrap_or_default();
    let inside = |sku: &&String| {
        generation.catalog.by_sku.get(sku.as_str()).is_some_and(|at| lot.contains(&(*at as usize)))
    };
    only.iter().filter(inside).cloned().collect()
}

/// The language a channel's texts are in: its own when the shop has it, else the shop's first.
pub fn locale(generation: &Generation, profile: &Profile) -> u8 {
    let locales = &generation.catalog.shop.locales;
    let Some(wanted) = profile.language.as_deref() else { return 0 };
    let language = |name: &str| name.split('-').next().unwrap_or(name).to_owned();
    let exact = locales.iter().position(|name| name == wanted);
    let near = || locales.iter().position(|name| language(name) == language(wanted));
    exact.or_else(near).unwrap_or(0) as u8
}
