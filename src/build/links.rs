//! Whether every address in the built site leads somewhere: checked in every build, also for pages that were kept.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::diag::{Diagnostic, Place, Span};
use crate::id::{OutPath, SourcePath, unescaped};
use crate::output::store::Links;
use crate::page::links::find as find_links;
use crate::source::front;

/// The addresses of a finished page that lead into the site, as they are kept; a place in the page itself that is
/// not there is reported at once.
pub(super) fn of_page(
    html: &str,
    url: &str,
    base: &str,
    links: &std::sync::Mutex<Links>,
) -> (Vec<u32>, Vec<String>) {
    let found = find_links(html);
    let mut inner: Vec<Cow<'_, str>> = Vec::with_capacity(found.links.len());
    let mut lost = Vec::new();
    for link in found.links {
        let link = unescape(link);
        if is_own(&link, base) {
            inner.push(link);
            continue;
        }
        if let Some(fragment) = link.strip_prefix('#') {
            if !fragment.is_empty() && !found.ids.iter().any(|id| *id == decode(fragment)) {
                lost.push(format!("#{}", decode(fragment)));
            }
            continue;
        }
        if let Some(whole) = within(link, url) {
            inner.push(whole);
        }
    }
    inner.sort_unstable();
    inner.dedup();
    let mut numbers: Vec<u32> = match links.lock() {
        Ok(mut links) => inner.iter().map(|link| links.number(link)).collect(),
        Err(_) => Vec::new(),
    };
    numbers.sort_unstable();
    (numbers, lost)
}

/// Whether an absolute address is on the shop's own host.
fn is_own(link: &str, base: &str) -> bool {
    let rest = (!base.is_empty()).then(|| link.strip_prefix(base)).flatten();
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The link as an address of the site; `None` when it leads elsewhere.
fn within<'l>(link: Cow<'l, str>, url: &str) -> Option<Cow<'l, str>> {
    if link.starts_with("//") || link.is_empty() {
        return None;
    }
    let scheme = link.split(['/', '?', '#']).next().is_some_and(|head| head.contains(':'));
    if scheme {
        return None;
    }
    if link.starts_with('/') {
        return Some(link);
    }
    let folder = url.rsplit_once('/').map_or("", |(folder, _)| folder);
    Some(format!("{folder}/{link}").into())
}

/// The five entities that an attribute of ours can hold.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let text = text
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    text.into()
}

/// An address as it names a file; one that is no text names none.
fn decode(text: &str) -> String {
    unescaped(text).unwrap_or_default().into_owned()
}

/// A page that was made or kept.
pub(super) struct PageLinks<'p> {
    pub path: &'p OutPath,
    pub from: &'p Place,
    pub links: &'p [u32],
}

/// Findings for every link that leads nowhere: the first page that has it is named.
pub(super) fn check(
    pages: &[PageLinks<'_>],
    base: &str,
    paths: &HashSet<&OutPath>,
    links: &Links,
    bytes_of: &dyn Fn(&OutPath) -> Option<Vec<u8>>,
    text_of: &dyn Fn(&SourcePath) -> Option<Arc<str>>,
) -> Vec<Diagnostic> {
    let mut ids: HashMap<OutPath, Vec<String>> = HashMap::new();
    // 0: not looked at; 1: good; 2: broken; 3: the place in the page is missing; 4: on the host, but not built here.
    let mut state: Vec<u8> = vec![0; links.len()];
    let mut broken: BTreeMap<u32, (&OutPath, &Place)> = BTreeMap::new();
    for page in pages {
        for number in page.links {
            let Some(known) = state.get_mut(*number as usize) else { continue };
            if *known == 0 {
                let link = links.text(*number).map_or("", |link| &**link);
                *known = match link.strip_prefix(base).filter(|_| is_own(link, base)) {
                    Some(rest) if look(rest, paths, &mut ids, bytes_of) == 2 => 4,
                    Some(rest) => look(rest, paths, &mut ids, bytes_of),
                    None => look(link, paths, &mut ids, bytes_of),
                };
            }
            if *known > 1 {
                broken.entry(*number).or_insert((page.path, page.from));
            }
        }
    }
    broken
        .into_iter()
        .map(|(number, (page, from))| {
            let link = links.text(number).map_or("", |link| &**link);
            let code = match state[number as usize] {
                2 => "link/broken",
                3 => "link/anchor",
                _ => "link/elsewhere",
            };
            Diagnostic::new(code, written(from, link, text_of))
                .with("page", page)
                .with("found", link)
        })
        .collect()
}

fn look(
    link: &str,
    paths: &HashSet<&OutPath>,
    ids: &mut HashMap<OutPath, Vec<String>>,
    bytes_of: &dyn Fn(&OutPath) -> Option<Vec<u8>>,
) -> u8 {
    let (address, fragment) = link.split_once('#').unwrap_or((link, ""));
    let address = decode(address.split('?').next().unwrap_or(address));
    let address = if address.is_empty() { "/".to_owned() } else { address };
    let target = OutPath::of_url(&address);
    if !paths.contains(&target) {
        return 2;
    }
    if fragment.is_empty() {
        return 1;
    }
    let known = ids.entry(target.clone()).or_insert_with(|| {
        let bytes = bytes_of(&target).unwrap_or_default();
        let html = String::from_utf8_lossy(&bytes);
        find_links(&html).ids.iter().map(|id| (*id).to_owned()).collect()
    });
    if known.contains(&decode(fragment)) { 1 } else { 3 }
}

/// The same for a finding that is kept with its page: counted from where the Markdown text begins.
pub(super) fn written_in_body(
    from: &Place,
    link: &str,
    text_of: &dyn Fn(&SourcePath) -> Option<Arc<str>>,
) -> Place {
    let place = written(from, link, text_of);
    let Place::Bytes(file, span) = &place else { return place };
    let begins = text_of(file).map_or(0, |text| front::body_start(&text)) as u32;
    match span.start.checked_sub(begins) {
        Some(start) => Place::Body(file.clone(), Span { start, end: span.end - begins }),
        None => from.clone(),
    }
}

/// Where the author wrote the link, when it can be found in the page's own file.
fn written(from: &Place, link: &str, text_of: &dyn Fn(&SourcePath) -> Option<Arc<str>>) -> Place {
    let Some(file) = from.file() else { return from.clone() };
    let Some(text) = text_of(file) else { return from.clone() };
    // A link within the page, or to a SKU or a file, is written otherwise than it stands in the page.
    let anchor = link.find('#').map(|at| decode(&link[at..]));
    let written = [Some(link), anchor.as_deref()].into_iter().flatten();
    let mut found = written.filter(|part| part.len() > 1).filter_map(|part| {
        // `#wash` is not the place of `#washing`, and `## wash` is a heading.
        let ends = |at: usize| {
            text[at + part.len()..].starts_with([')', ' ', '"', '\'', '>', '\n', '?', '#'])
        };
        let whole = text.match_indices(part).map(|(at, _)| at).find(|at| ends(*at));
        let at = whole.or_else(|| text.find(part).filter(|_| part == link))?;
        Some(Span::new(at, at + part.len()))
    });
    found.next().map_or_else(|| from.clone(), |span| Place::Bytes(file.clone(), span))
}
