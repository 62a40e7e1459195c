//! `serve`: what a browser gets is what a build writes, after every save, and nobody else gets anything.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::edits::{Edit, PRODUCTS, State, edit, sample};
use crate::shop::{NOW, Shop, wait_for};

/// Random edits without `SOAK`.
const EDITS: usize = 30;

/// A preview that ends with the test.
struct Preview {
    child: Child,
    port: u16,
    shop: Shop,
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The page without the client's script.
    fn built(&self) -> Vec<u8> {
        let text = self.text();
        let Some(start) = text.find("<script src=\"/_/client.js\"") else {
            return self.body.clone();
        };
        let end = start + text[start..].find("</script>").unwrap() + "</script>".len();
        [&text.as_bytes()[..start], &text.as_bytes()[end..]].concat()
    }
}

impl Preview {
    fn of(shop: Shop) -> Self {
        Self::with(shop, &[])
    }

    fn with(shop: Shop, words: &[&str]) -> Self {
        let mut all = vec!["serve", "--port", "0", "--as-of", NOW];
        all.extend(words);
        let mut command = shop.command(&all);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
        Self { child, port, shop }
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request += &format!("Host: 127.0.0.1:{}\r\n", self.port);
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut body = bytes[end + 4..].to_vec();
        if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
            body = unchunked(&body);
        }
        Answer { status, head, body }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    fn state(&self) -> serde_json::Value {
        serde_json::from_slice(&self.get("/_/api/state").body).unwrap()
    }

    /// Waits until the build behind the newest facts is done.
    fn settles(&self) -> serde_json::Value {
        wait_for("the build to end", || {
            Some(self.state()).filter(|state| state["building"] == false)
        })
    }

    /// Waits until a page has these words.
    #[track_caller]
    fn shows(&self, path: &str, words: &str) {
        wait_for(words, || self.get(path).text().contains(words).then_some(()));
    }

    /// Fails unless every file of this build is what a browser gets.
    #[track_caller]
    fn is_like(&self, built: &Shop) {
        for (path, bytes) in built.output() {
            let Some(inside) = path.strip_prefix("site/") else { continue };
            let url = format!("/{}", inside.strip_suffix("index.html").unwrap_or(inside));
            let answer = wait_for(&url, || {
                let answer = self.get(&escaped(&url));
                (answer.built() == bytes).then_some(answer)
            });
            assert_eq!(
                answer.status,
                if inside.ends_with("404.html") { answer.status } else { 200 }
            );
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn escaped(url: &str) -> String {
    url.bytes()
        .map(|byte| {
            if byte.is_ascii_graphic() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

fn unchunked(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = body;
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&rest[..end]), 16).unwrap();
        if size == 0 {
            break;
        }
        out.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    out
}

#[test]
fn a_browser_gets_what_a_build_writes() {
    let preview = Preview::of(sample());
    // The first page does not wait for the whole shop.
    assert_eq!(preview.get("/").status, 200);
    let built = preview.shop.copy();
    built.build().expect(0);
    preview.is_like(&built);
    preview.settles();
    preview.shop.same_as_cold();
}

#[test]
fn after_any_edits_a_browser_gets_what_a_first_build_writes() {
    let edits = std::env::var("SOAK").ok().and_then(|text| text.parse().ok()).unwrap_or(EDITS);
    let mut preview = Preview::of(sample());
    let mut runner = TestRunner::deterministic();
    let mut state = State::new();
    for nth in 0..edits {
        let edit = edit().new_tree(&mut runner).unwrap().current();
        // The day and the output are not this test's.
        if matches!(edit, Edit::Day(_) | Edit::HandsOff(_)) {
            continue;
        }
        let before = state.clone();
        edit.apply(&mut state);
        state.write(Some(&before), &mut preview.shop);
        preview.shop.at(NOW);
        // Now and then a whole comparison; in between the next save may come at any moment.
        if nth % 5 == 0 || nth + 1 == edits {
            let cold = preview.shop.copy();
            let run = cold.build();
            if run.code == Some(0) {
                preview.is_like(&cold);
                assert_eq!(preview.settles()["errors"], 0, "after {edit:?}");
            } else {
                wait_for("an error to be told", || (preview.state()["errors"] != 0).then_some(()));
            }
        }
    }
    if preview.shop.copy().build().code != Some(0) {
        let before = state.clone();
        Edit::Mend.apply(&mut state);
        // Products that were taken away may be named by others.
        (0..PRODUCTS).for_each(|nth| Edit::Add(nth).apply(&mut state));
        state.write(Some(&before), &mut preview.shop);
        preview.shop.at(NOW);
    }
    let cold = preview.shop.copy();
    cold.build().expect(0);
    preview.is_like(&cold);
    wait_for("the output", || {
        preview.settles();
        (preview.shop.output() == cold.output()).then_some(())
    });
}

#[test]
fn a_shop_that_is_broken_from_the_first_is_shown_when_it_is_mended() {
    let shop = Shop::new(&[
        ("content/shop.yaml", "name: [\n"),
        ("content/products/cup.md", "---\nsku: CUP\ntitle: Cup\nprice: 10\n---\nA cup.\n"),
    ]);
    let preview = Preview::of(shop);
    let state = wait_for("an error", || Some(preview.state()).filter(|state| state["errors"] != 0));
    assert!(state["errors"].as_u64() > Some(0));
    let answer = preview.get("/cup/");
    assert!(answer.text().contains("/_/client.js"), "{}", answer.text());
    let findings: serde_json::Value =
        serde_json::from_slice(&preview.get("/_/api/findings").body).unwrap();
    assert_eq!(findings["list"][0]["place"]["file"], "content/shop.yaml");
    preview
        .shop
        .change("content/shop.yaml", "name: Kiln\nbase_url: https://kiln.example\nlocales: [en]\n");
    preview.shows("/cup/", "A cup.");
    wait_for("no error", || (preview.state()["errors"] == 0).then_some(()));
}

#[test]
fn the_last_good_page_stays_behind_a_fault() {
    let preview = Preview::of(sample());
    preview.settles();
    let path = "content/products/cups/p0/index.md";
    let text = preview.shop.text(path);
    let page = preview.get("/cups/p0/").built();
    preview.shop.change(path, "---\nsku: [P-00\n");
    wait_for("an error", || (preview.state()["errors"] != 0).then_some(()));
    let answer = preview.get("/cups/p0/");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.built(), page);
    preview.shop.change("content/shop.yaml", "name: [");
    wait_for("two errors", || (preview.state()["version"].as_u64() > Some(2)).then_some(()));
    assert_eq!(preview.get("/cups/p0/").built(), page);
    preview.shop.change("content/shop.yaml", crate::edits::SHOP);
    preview.shop.change(path, text);
    wait_for("no error", || (preview.settles()["errors"] == 0).then_some(()));
    assert_eq!(preview.get("/cups/p0/").built(), page);
}

#[test]
fn saves_are_seen_however_they_are_made() {
    for words in [&[][..], &["--poll"]] {
        let preview = Preview::with(sample(), words);
        preview.settles();
        let path = "content/products/bowls/p1/index.md";
        let text = preview.shop.text(path);
        let with = |words: &str| text.replace("一段文字", words);
        preview.shop.change(path, with("Saved in place."));
        preview.shows("/bowls/p1/", "Saved in place.");
        preview.shop.change("content/products/bowls/p1/.index.md.swp", with("Renamed over."));
        let temporary = preview.shop.path("content/products/bowls/p1/.index.md.swp");
        std::fs::rename(temporary, preview.shop.path(path)).unwrap();
        preview.shows("/bowls/p1/", "Renamed over.");
        preview.shop.remove(path);
        preview.shop.change(path, with("Deleted and created."));
        preview.shows("/bowls/p1/", "Deleted and created.");
        preview.shop.change(path, with("Half").chars().take(60).collect::<String>());
        preview.shop.change(path, with("Whole again."));
        preview.shows("/bowls/p1/", "Whole again.");
        preview.shop.change(
            "content/products/cups/new.md",
            "---\nsku: NEW\ntitle: New\nprice: 5\ndate: 2026-11-21\n---\nNew file.\n",
        );
        preview.shows("/cups/new/", "New file.");
        preview.shows("/cups/", "/cups/new/");
    }
}

#[test]
fn drafts_and_other_days_are_for_one_browser_only() {
    let shop = Shop::new(&[
        ("content/shop.yaml", "name: Kiln\nbase_url: https://kiln.example\nlocales: [en]\n"),
        (
            "content/products/cup.md",
            "---\nsku: CUP\ntitle: Cup\nprice: {list: 10, sale: 7, from: 2027-01-01, to: 2027-01-09}\n---\nA cup.\n",
        ),
        (
            "content/products/jug.md",
            "---\nsku: JUG\ntitle: Jug\nprice: 20\nstatus: draft\n---\nA jug.\n",
        ),
    ]);
    let preview = Preview::of(shop);
    let with = |path: &str, view: &str| {
        let cookie = format!("a=b; shangjia_view={}", view.replace('"', "%22").replace(' ', "%20"));
        preview.ask("GET", path, &[("Cookie", &cookie)], "")
    };
    assert_eq!(preview.get("/jug/").status, 404);
    assert!(with("/jug/", r#"{"drafts":true,"at":null}"#).text().contains("A jug."));
    assert!(with("/cup/", r#"{"drafts":false,"at":"2027-01-02 10:00"}"#).text().contains("7.00"));
    assert!(!preview.get("/cup/").text().contains("7.00"));
    assert_eq!(with("/jug/", "{nonsense").status, 404);
    preview.settles();
    assert!(!preview.shop.path("output/site/jug/index.html").exists());
    preview.shop.same_as_cold();
}

#[test]
fn answers_keep_to_the_rules_of_http() {
    let preview = Preview::of(sample());
    preview.settles();
    let page = preview.get("/cups/p0/");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let tag = page.header("etag").unwrap().to_owned();
    assert_eq!(preview.ask("GET", "/cups/p0/", &[("If-None-Match", &tag)], "").status, 304);
    let part = preview.ask("GET", "/sitemap.xml", &[("Range", "bytes=0-4")], "");
    assert_eq!((part.status, part.body.as_slice()), (206, &b"<?xml"[..]));
    assert_eq!(preview.ask("GET", "/sitemap.xml", &[("Range", "bytes=99999999-")], "").status, 416);
    let moved = preview.get("/cups/p0");
    assert_eq!((moved.status, moved.header("location")), (308, Some("/cups/p0/")));
    assert_eq!(preview.get("/nothing/").status, 404);
    assert_eq!(preview.ask("DELETE", "/", &[], "").status, 405);
    assert!(preview.ask("HEAD", "/", &[], "").body.is_empty());
}

#[test]
fn strangers_get_nothing() {
    let preview = Preview::of(sample());
    preview.settles();
    assert_eq!(preview.ask("GET", "/", &[("Host", "evil.example")], "").status, 421);
    for path in [
        "/../content/shop.yaml",
        "/%2e%2e/content/shop.yaml",
        "/..%2fcontent%2fshop.yaml",
        "/pictures/../../.cache/store.redb",
    ] {
        assert_eq!(preview.get(path).status, 400, "{path}");
    }
    assert_eq!(preview.get("/.cache/store.redb").status, 404);
    let body = r#"{"file":"content/shop.yaml","line":1,"column":1}"#;
    assert_eq!(preview.ask("POST", "/_/api/open", &[], body).status, 403);
    assert_eq!(
        preview.ask("POST", "/_/api/open", &[("X-Shangjia-Token", "guess")], body).status,
        403
    );
    let page = preview.get("/").text();
    let token = page.split("data-token=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let foreign = [("X-Shangjia-Token", token.as_str()), ("Sec-Fetch-Site", "cross-site")];
    assert_eq!(preview.ask("POST", "/_/api/open", &foreign, body).status, 403);
    let outside = r#"{"file":"content/../../etc/passwd","line":1,"column":1}"#;
    let answer = preview.ask("POST", "/_/api/open", &[("X-Shangjia-Token", &token)], outside);
    assert!(answer.text().contains("no file of this shop"), "{}", answer.text());
}

#[test]
fn the_workbench_shows_detail_pictures_as_they_are_uploaded() {
    let Some(shop) = crate::details::shop(crate::details::TEXT) else { return };
    shop.build().expect(0);
    let preview = Preview::of(shop);
    let panel: serde_json::Value = wait_for("the panel", || {
        let panel = preview.get("/_/api/panel/details?sku=CUP");
        let panel: serde_json::Value = serde_json::from_slice(&panel.body).ok()?;
        (panel["blocks"][0]["kind"] == "strip").then_some(panel)
    });
    let items = panel["blocks"][0]["items"].as_array().unwrap();
    assert!(items.len() >= 3, "{panel}");
    for (nth, item) in items.iter().enumerate() {
        let file = format!("output/exports/fair/pictures/CUP/detail-{:02}.jpg", nth + 1);
        let built = std::fs::read(preview.shop.path(&file)).unwrap();
        assert_eq!(preview.get(item["src"].as_str().unwrap()).body, built, "{file}");
    }
    assert_eq!(preview.get("/_/details/fair/../../store.redb/0.jpg").status, 404);
}

#[test]
fn every_product_of_a_channel_can_be_reached() {
    let shop = Shop::new(&[(
        "content/shop.yaml",
        "name: K\nbase_url: https://k.example\nlocales: [en]\ncurrency: USD\nchannels: [jsonl]\n",
    )]);
    let count = 250;
    for nth in 0..count {
        let title = if nth == 247 { "Rare & odd vase" } else { "Cup" };
        let text = format!("---\nsku: P-{nth:03}\ntitle: {title} {nth}\nprice: 9\n---\n");
        shop.change(&format!("content/products/cups/p{nth}.md"), text);
    }
    let preview = Preview::of(shop);
    let panel = |query: &str| -> serde_json::Value {
        wait_for("the panel", || {
            let panel = preview.get(&format!("/_/api/panel/channels?channel=jsonl{query}"));
            let panel: serde_json::Value = serde_json::from_slice(&panel.body).ok()?;
            (panel["blocks"][0]["kind"] == "phones").then_some(panel)
        })
    };
    let skus = |panel: &serde_json::Value| -> Vec<String> {
        let rows = panel["blocks"][2]["rows"].as_array().unwrap();
        rows.iter().map(|row| row[0]["text"].as_str().unwrap().to_owned()).collect()
    };
    // Page by page all of them, each once.
    let first = panel("");
    let links = first["blocks"][1]["items"].as_array().unwrap();
    assert_eq!(links.len(), 3, "{}", first["blocks"][1]);
    assert_eq!(first["blocks"][2]["shown"], "1–100 / 250 products");
    let mut all = Vec::new();
    for link in links {
        let (_, query) = link["href"].as_str().unwrap().split_once("channel=jsonl").unwrap();
        all.extend(skus(&panel(query)));
    }
    assert_eq!(all.len(), count);
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), count);
    // A filter looks at all of them: words of the title, a part of a SKU, its letters in order.
    for (query, found) in [
        ("&q=odd+VASE", vec!["P-247"]),
        ("&q=%26", vec!["P-247"]),
        ("&q=p-249", vec!["P-249"]),
        ("&q=p113", vec!["P-113"]),
        ("&q=nowhere", vec![]),
    ] {
        let panel = panel(query);
        assert_eq!(skus(&panel), found, "{query}");
        assert_eq!(panel["blocks"][1]["items"], serde_json::json!([]), "{query}");
    }
    // A page beyond the last is the last.
    assert_eq!(skus(&panel("&page=99")).len(), 50);
    assert_eq!(skus(&panel("&page=x")).len(), 100);
}

#[test]
fn slow_and_broken_clients_hold_nobody_up() {
    let preview = Preview::of(sample());
    preview.settles();
    let mut held = Vec::new();
    for nth in 0..200 {
        let mut stream = TcpStream::connect(("127.0.0.1", preview.port)).unwrap();
        let host = format!("Host: 127.0.0.1:{}\r\n", preview.port);
        match nth % 4 {
            // Half a request, and then nothing.
            0 => stream.write_all(b"GET /cups/ HTT").unwrap(),
            // A whole one whose answer nobody reads.
            1 => stream.write_all(format!("GET / HTTP/1.1\r\n{host}\r\n").as_bytes()).unwrap(),
            // A stream of events that is dropped.
            2 => {
                stream
                    .write_all(format!("GET /_/events HTTP/1.1\r\n{host}\r\n").as_bytes())
                    .unwrap();
                let _ = stream.read(&mut [0; 64]);
                continue;
            }
            // Hung up at once.
            _ => continue,
        }
        held.push(stream);
    }
    assert_eq!(preview.get("/cups/p0/").status, 200);
    preview.shop.change(
        "content/pages/about.md",
        "---\ntitle: {zh-CN: 关于, en: About}\nnav: header\n---\nStill here.\n",
    );
    preview.shows("/about/", "Still here.");
    drop(held);
    assert_eq!(preview.get("/").status, 200);
}
