//! One answer: a path of the site to bytes, made on demand from the newest facts.

use std::collections::HashMap;
use std::sync::Arc;

use super::live::{Live, Snapshot, View};
use crate::build;
use crate::cx::Read;
use crate::engine::Facts;
use crate::id::{Hash, OutPath, unescaped};
use crate::output::disk;
use crate::poster;

/// Bytes of made pages that are held; more, and all are let go.
const HELD: usize = 48 << 20;

/// What is sent.
pub(super) struct Answer {
    pub status: u16,
    pub kind: &'static str,
    pub bytes: Arc<[u8]>,
    /// The bytes never change meaning under this address.
    pub lasting: bool,
    /// Where to go instead.
    pub elsewhere: Option<String>,
}

/// Pages that were made, and what they read: one whose reads still hold is sent again.
#[derive(Default)]
pub(super) struct Pages {
    known: HashMap<OutPath, Page>,
    held: usize,
}

#[derive(Clone)]
struct Page {
    bytes: Arc<[u8]>,
    reads: Arc<[(Read, Hash)]>,
    /// The snapshot it was made for.
    snapshot: u64,
}

impl Pages {
    fn keep(&mut self, path: OutPath, page: Page) {
        if self.held + page.bytes.len() > HELD {
            self.known.clear();
            self.held = 0;
        }
        self.held += page.bytes.len();
        if let Some(old) = self.known.insert(path, page) {
            self.held -= old.bytes.len();
        }
    }
}

/// Answers a path such as `/cups/`.
pub(super) fn answer(live: &Live, path: &str, view: &View) -> Answer {
    let _hurry = live.hurry();
    let Some(clean) = clean(path) else { return plain(400, "bad address") };
    let Some(snapshot) = live.snapshot(view) else { return waiting(live) };
    let target = OutPath::of_url(&clean);
    if let Some(bytes) = page(live, &snapshot, &target) {
        return finished(live, snapshot.version, 200, &target, bytes);
    }
    if let Some(bytes) = picture(live, &target) {
        let kind = kind_of(target.as_str());
        return Answer { status: 200, kind, bytes, lasting: true, elsewhere: None };
    }
    if !clean.ends_with('/') {
        let folder = format!("{clean}/");
        if snapshot.artifact(&OutPath::of_url(&folder)).is_some() {
            let to = format!("{}/", path.split(['?', '#']).next().unwrap_or(path));
            return Answer { elsewhere: Some(to), ..plain(308, "") };
        }
    }
    // A page that broken content has taken away is shown as it last was.
    if live.state.borrow().errors > 0
        && let Some(bytes) = last_good(live, &target)
    {
        return finished(live, snapshot.version, 200, &target, bytes);
    }
    let language = clean.split('/').nth(1).unwrap_or_default();
    let own = OutPath::of_url(&format!("/{language}/404.html"));
    let missing = [own, OutPath::of_url("/404.html")];
    match missing.iter().find_map(|path| page(live, &snapshot, path)) {
        Some(bytes) => finished(live, snapshot.version, 404, &OutPath::of_url("/404.html"), bytes),
        None => plain(404, "not found"),
    }
}

/// A poster, drawn when it is asked for.
pub(super) fn poster(live: &Live, path: &str) -> Answer {
    let snapshot = live.inner().snapshot.clone();
    let target = clean(&format!("/{path}")).map(|path| OutPath::new(format!("posters{path}")));
    let made = snapshot.zip(target).and_then(|(snapshot, target)| {
        Some((page(live, &snapshot, &target)?, kind_of(target.as_str())))
    });
    match made {
        Some((bytes, kind)) => Answer { status: 200, kind, bytes, lasting: false, elsewhere: None },
        None => plain(404, "not found"),
    }
}

/// The page that the detail pictures of a product are cut from: `pinduoduo/<key>`.
pub(super) fn details(live: &Live, path: &str) -> Option<Arc<[u8]>> {
    let snapshot = live.inner().snapshot.clone()?;
    let target = clean(&format!("/{path}"))?;
    page(live, &snapshot, &OutPath::new(format!("{}{}", poster::DETAILS, &target[1..])))
}

/// One of them: `pinduoduo/<key>/0.jpg`.
pub(super) fn detail(live: &Live, path: &str) -> Answer {
    let slice = || {
        let (folder, name) =
            path.split_once('?').map_or(path, |(path, _)| path).rsplit_once('/')?;
        let nth: usize = name.strip_suffix(".jpg")?.parse().ok()?;
        let pack = details(live, folder)?;
        poster::slices(&pack)?.get(nth).map(|file| Arc::<[u8]>::from(*file))
    };
    match slice() {
        Some(bytes) => {
            Answer { status: 200, kind: "image/jpeg", bytes, lasting: false, elsewhere: None }
        }
        None => plain(404, "not found"),
    }
}

/// A path of the site, its `%` undone; nothing for one that tries to leave it.
fn clean(path: &str) -> Option<String> {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let path = unescaped(path)?;
    let leaves = path.split('/').any(|part| part == ".." || part == ".");
    let odd = path.contains(['\\', '\0']) || path.contains("//") || !path.starts_with('/');
    (!leaves && !odd).then(|| path.into_owned())
}

/// An artifact's bytes; its last good ones when it cannot be made now.
fn page(live: &Live, snapshot: &Snapshot, path: &OutPath) -> Option<Arc<[u8]>> {
    let artifact = snapshot.artifact(path)?;
    let generation = &snapshot.generation;
    let known = live.pages.lock().ok()?.known.get(path).cloned();
    if let Some(page) = &known
        && (page.snapshot == snapshot.id
            || page.reads.iter().all(|(read, seen)| generation.hash(read) == *seen))
    {
        return Some(page.bytes.clone());
    }
    let fresh = build::fresh(generation, artifact);
    live.wanted(&fresh.kept.wants);
    let Some(made) = fresh.made else { return last_good(live, path) };
    let bytes: Arc<[u8]> = made.into();
    let page = Page { bytes: bytes.clone(), reads: fresh.reads.into(), snapshot: snapshot.id };
    live.pages.lock().ok()?.keep(path.clone(), page);
    Some(bytes)
}

/// The file as it last could be made, else as the last sound build left it.
fn last_good(live: &Live, path: &OutPath) -> Option<Arc<[u8]>> {
    if let Some(page) = live.pages.lock().ok()?.known.get(path) {
        return Some(page.bytes.clone());
    }
    Some(disk::read(&live.roots.out.join(path.as_str())).ok()?.into())
}

/// A picture that some page shows: from the output, else made now.
fn picture(live: &Live, path: &OutPath) -> Option<Arc<[u8]>> {
    if !path.as_str().starts_with("site/pictures/") {
        return None;
    }
    let real = live.roots.out.join(path.as_str());
    if let Ok(bytes) = disk::read(&real) {
        return Some(bytes.into());
    }
    let want = live.wants.lock().ok()?.get(path).cloned()?;
    build::picture(&live.roots, &want).map(Into::into)
}

/// A file of the site, with the client in it when it is a page.
fn finished(live: &Live, version: u64, status: u16, path: &OutPath, bytes: Arc<[u8]>) -> Answer {
    let kind = kind_of(path.as_str());
    let bytes =
        if path.as_str().ends_with(".html") { with_client(live, &bytes, version) } else { bytes };
    let lasting = path.as_str().starts_with("site/assets/");
    Answer { status, kind, bytes, lasting, elsewhere: None }
}

fn with_client(live: &Live, page: &[u8], version: u64) -> Arc<[u8]> {
    let script = format!(
        "<script src=\"/_/client.js\" data-version=\"{version}\" data-token=\"{}\" defer></script>",
        live.token
    );
    let end = memchr::memmem::rfind(page, b"</body>").unwrap_or(page.len());
    let mut out = Vec::with_capacity(page.len() + script.len());
    out.extend_from_slice(&page[..end]);
    out.extend_from_slice(script.as_bytes());
    out.extend_from_slice(&page[end..]);
    out.into()
}

/// A page of ours until the shop's own can be made.
fn waiting(live: &Live) -> Answer {
    let (title, words) = match live.lang {
        crate::diag::codes::Lang::Zh => ("正在准备", "店铺正在准备，或有错误需要先改正。"),
        crate::diag::codes::Lang::En => {
            ("Getting ready", "The shop is being read, or has a fault that must be mended first.")
        }
    };
    let page = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\"><title>{title}</title><style>body{{font:16px/1.6 \
         system-ui,sans-serif;display:grid;place-items:center;min-height:90vh;margin:0;padding:0 1rem;color:#555;\
         background:#faf9f7}}@media(prefers-color-scheme:dark){{body{{color:#aaa;background:#1b1a18}}}}</style>\
         </head><body><main><h1>{title}</h1><p>{words}</p></main></body></html>",
        if live.lang == crate::diag::codes::Lang::Zh { "zh-CN" } else { "en" },
    );
    let bytes = with_client(live, page.as_bytes(), 0);
    Answer { status: 503, kind: "text/html; charset=utf-8", bytes, lasting: false, elsewhere: None }
}

pub(super) fn plain(status: u16, text: &str) -> Answer {
    let kind = "text/plain; charset=utf-8";
    Answer { status, kind, bytes: text.as_bytes().into(), lasting: false, elsewhere: None }
}

/// The media type of a file by its ending.
pub(super) fn kind_of(path: &str) -> &'static str {
    const KINDS: [(&str, &str); 19] = [
        ("html", "text/html; charset=utf-8"),
        ("css", "text/css; charset=utf-8"),
        ("js", "text/javascript; charset=utf-8"),
        ("json", "application/json"),
        ("xml", "application/xml"),
        ("txt", "text/plain; charset=utf-8"),
        ("svg", "image/svg+xml"),
        ("jpg", "image/jpeg"),
        ("jpeg", "image/jpeg"),
        ("png", "image/png"),
        ("gif", "image/gif"),
        ("webp", "image/webp"),
        ("avif", "image/avif"),
        ("ico", "image/x-icon"),
        ("woff2", "font/woff2"),
        ("woff", "font/woff"),
        ("ttf", "font/ttf"),
        ("mp4", "video/mp4"),
        ("webmanifest", "application/manifest+json"),
    ];
    if path.ends_with("feed.xml") {
        return "application/atom+xml";
    }
    let end = path.rsplit_once('.').map_or("", |(_, end)| end);
    KINDS
        .iter()
        .find(|(known, _)| *known == end)
        .map_or("application/octet-stream", |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn no_path_leaves_the_site() {
        assert_eq!(clean("/cups/?v=1").as_deref(), Some("/cups/"));
        assert_eq!(clean("/%E9%9D%92/").as_deref(), Some("/青/"));
        for bad in
            ["/../x", "/a/%2e%2e/b", "/a/..%2fb", "/a\\b", "//x", "/%00", "x", "/a/./b", "/%ff"]
        {
            assert_eq!(clean(bad), None, "{bad}");
        }
    }
}
