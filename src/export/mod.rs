//! Files for sales channels, made as their profiles say. A maker only; it sees facts through the recording context.

mod cell;
mod gallery;
mod line;
mod listing;
mod manifest;
mod sheet;
mod text;
mod value;
mod write;

use std::rc::Rc;

use crate::cx::Cx;
use crate::generation::Generation;
use crate::id::OutPath;
use crate::maker::{Failed, Maker, Plan, Subject};
pub use listing::{Listing, listings};
use sheet::Channel;

/// Makes the tables of every channel, and the manifest that says what is in them.
pub struct Export;

/// The name of the file that says what is in the others.
pub const MANIFEST: &str = "manifest.json";

/// The folder of files that were asked for with a choice of products: these do not take the place of all.
pub const CHOSEN: &str = "chosen";

/// Where the files of a channel go.
pub fn folder(channel: &str, chosen: bool) -> String {
    if chosen { format!("exports/{channel}/{CHOSEN}") } else { format!("exports/{channel}") }
}

impl Maker for Export {
    fn name(&self) -> &'static str {
        "export"
    }

    fn version(&self) -> u32 {
        2
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        let only = generation.channels.only.clone();
        for name in &generation.channels.wanted {
            let Some(profile) = generation.channels.get(name) else { continue };
            let folder = folder(name, only.is_some());
            let files = profile.files.iter().map(|file| file.path.as_str()).chain([MANIFEST]);
            for file in files {
                let subject = Subject::Channel {
                    channel: name.clone(),
                    file: file.to_owned(),
                    only: only.clone(),
                };
                let path = OutPath::new(format!("{folder}/{file}"));
                let locale = locale(generation, profile.language.as_deref());
                plan.add(subject, locale, path, profile.at.clone());
            }
        }
    }

    fn make(&self, subject: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        let Subject::Channel { channel, file, only } = subject else { return Ok(Vec::new()) };
        // Everything a table shows is read here, so that each file of the channel has noted it.
        let wares = cx.wares();
        let Some(profile) = cx.profile(channel) else { return Ok(Vec::new()) };
        let key = format!("export {channel} {only:?}");
        let made = cx.once(&key, || Channel::of(cx, wares, profile, only.as_deref()));
        cx.want_all(&made.wants);
        made.said.iter().for_each(|finding| cx.say(finding.clone()));
        if file == MANIFEST {
            return Ok(manifest::write(cx, &made, profile));
        }
        // The tables of a large shop are kept once: who asks first takes them.
        match made.take(file) {
            Some(bytes) => Ok(bytes),
            None => {
                Ok(Channel::of(cx, wares, profile, only.as_deref()).take(file).unwrap_or_default())
            }
        }
    }
}

/// The language a channel's texts are in: its own when the shop has it, else the shop's first.
fn locale(generation: &Generation, wanted: Option<&str>) -> u8 {
    let locales = &generation.catalog.shop.locales;
    let Some(wanted) = wanted else { return 0 };
    let language = |name: &str| name.split('-').next().unwrap_or(name).to_owned();
    let exact = locales.iter().position(|name| name == wanted);
    let near = || locales.iter().position(|name| language(name) == language(wanted));
    exact.or_else(near).unwrap_or(0) as u8
}
