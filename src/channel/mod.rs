//! What each sales channel wants, as data: columns, limits, encodings, words for prices. Built-in profiles are part of the
//! program; a shop changes one or adds its own by `content/channels/<name>.yaml`. Knows no product.

mod decode;
pub mod limit;
mod merge;
pub mod profile;
pub mod taxonomy;
#[cfg(test)]
mod tests;
pub mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use jiff::civil::Date;

use crate::diag::{Diagnostic, Place};
use crate::id::{Hash, SourcePath};
use crate::source::yaml::{self, Node, Value};
use profile::Profile;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/channels");

/// The channel of a shop's own pages: texts are composed for it, files are not made.
pub const SITE: &str = "site";

/// The folder of a shop's own profiles.
pub const FOLDER: &str = "content/channels";

/// Names of the channels that the program knows by itself, in order.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> =
        BUILT_IN.files().filter_map(|file| file.path().file_stem()?.to_str()).collect();
    names.sort_unstable();
    names
}

/// The profiles of one shop, by name.
#[derive(Clone, Default, Debug)]
pub struct Channels {
    /// Those that the shop lists or writes itself, and those that were asked for.
    pub profiles: BTreeMap<String, Arc<Profile>>,
    /// Names of the channels to make files for, each once.
    pub wanted: Vec<String>,
    /// SKUs to make files of, where not all were asked for.
    pub only: Option<Arc<[String]>>,
}

impl Channels {
    /// The profiles of the wanted channels and of the shop's own files, as they hold on a day, and what is wrong with
    /// those files.
    pub fn load<'n>(
        wanted: impl IntoIterator<Item = &'n str>,
        own: &[(SourcePath, Arc<str>)],
        day: Date,
        faults: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut profiles = BTreeMap::new();
        let mut keep = |name: &str, mut profile: Profile| {
            for column in profile.files.iter_mut().flat_map(|file| &mut file.columns) {
                column.limits.retain(|limit| limit.holds(day));
            }
            profile.hash = Hash::of_value(&profile);
            profiles.insert(name.to_owned(), Arc::new(profile));
        };
        for (file, text) in own {
            let name = file.stem();
            // Whoever read the file first has told what is wrong with its YAML.
            let parsed = yaml::parse(file, text, 0);
            let Some(own) = parsed.root else { continue };
            let base = base(name, file, &own, faults);
            let whole = match base {
                Some(base) => merge::merge(base, &own),
                None => own,
            };
            keep(name, decode::profile(name, file, &whole, faults));
        }
        let mut names: Vec<String> = Vec::new();
        for name in wanted {
            let own = own.iter().any(|(file, _)| file.stem() == name);
            if names.iter().any(|known| known == name) {
                continue;
            }
            if own {
                names.push(name.to_owned());
            } else if let Some(profile) = built_in(name) {
                keep(name, profile);
                names.push(name.to_owned());
            }
        }
        Self { profiles, wanted: names, only: None }
    }

    /// The profile of a channel.
    pub fn get(&self, name: &str) -> Option<&Arc<Profile>> {
        self.profiles.get(name)
    }
}

/// A profile as the program has it.
pub fn built_in(name: &str) -> Option<Profile> {
    let file = SourcePath::new(format!("channels/{name}.yaml"));
    let mut faults = Vec::new();
    let profile = decode::profile(name, &file, &tree(name)?, &mut faults);
    debug_assert!(faults.is_empty(), "{faults:?}");
    Some(profile)
}

/// What a shop's file changes: the channel it names with `extends`, else the built-in one of its own name.
fn base(name: &str, file: &SourcePath, own: &Node, faults: &mut Vec<Diagnostic>) -> Option<Node> {
    let Some(node) = own.get("extends") else { return tree(name) };
    let wanted = node.as_str().unwrap_or_default();
    let found = tree(wanted);
    if found.is_none() {
        let at = Place::Bytes(file.clone(), node.span);
        faults.push(
            Diagnostic::new("profile/extends", at).with("found", wanted).near(wanted, names()),
        );
    }
    found
}

/// The tree of a built-in profile, with what it extends. Its places are nobody's to look at.
fn tree(name: &str) -> Option<Node> {
    let text = BUILT_IN.get_file(format!("{name}.yaml"))?.contents_utf8()?;
    let file = SourcePath::new(format!("channels/{name}.yaml"));
    let own = yaml::parse(&file, text, 0).root?;
    let own = match own.get("extends").and_then(Node::as_str).and_then(tree) {
        Some(base) => merge::merge(base, &own),
        None => own,
    };
    Some(placeless(own))
}

/// The same tree without places: a fault of a merged profile is the shop's, and shows in the shop's file.
fn placeless(node: Node) -> Node {
    let span = crate::diag::Span::default();
    let value = match node.value {
        Value::List(items) => Value::List(items.into_iter().map(placeless).collect()),
        Value::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|entry| yaml::Entry {
                    key: entry.key,
                    key_span: span,
                    node: placeless(entry.node),
                })
                .collect(),
        ),
        other => other,
    };
    Node { value, span }
}
