//! `watch`: an edit reaches the output, however it was saved; a broken file leaves the last good output.

use std::process::{Child, Stdio};

use crate::shop::{NOW, Shop, wait_for};

const FILES: [(&str, &str); 3] = [
    ("content/shop.yaml", "name: Kiln\nbase_url: https://kiln.example\nlocales: [en]\n"),
    ("content/products/cup.md", "---\nsku: CUP\ntitle: Cup\nprice: 10\n---\nA cup.\n"),
    ("content/pages/about.md", "---\ntitle: About\n---\nFirst text.\n"),
];

/// A watch that ends with the test.
struct Watch {
    child: Child,
    shop: Shop,
}

impl Watch {
    fn start(words: &[&str]) -> Self {
        let shop = Shop::new(&FILES);
        let mut all = vec!["watch", "--as-of", NOW];
        all.extend(words);
        let child = shop.command(&all).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut watch = Self { child, shop };
        watch.shows("about", "First text.");
        watch
    }

    /// Waits until a page has these words.
    #[track_caller]
    fn shows(&mut self, page: &str, words: &str) {
        let file = self.shop.path(&format!("output/site/{page}/index.html"));
        wait_for(words, || {
            assert!(self.child.try_wait().unwrap().is_none(), "the watch ended");
            std::fs::read_to_string(&file).ok().filter(|text| text.contains(words))
        });
    }
}

/// The page about the shop, with these words.
fn about(words: &str) -> String {
    format!("---\ntitle: About\n---\n{words}\n")
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn an_edit_reaches_the_output_however_it_is_saved() {
    let mut watch = Watch::start(&[]);
    let page = "content/pages/about.md";
    watch.shop.change(page, about("Saved in place."));
    watch.shows("about", "Saved in place.");

    // Most editors write beside the file and rename over it.
    watch.shop.change("content/pages/about.md~tmp", about("Renamed over."));
    std::fs::rename(watch.shop.path("content/pages/about.md~tmp"), watch.shop.path(page)).unwrap();
    watch.shows("about", "Renamed over.");

    // Some move the old file away first.
    std::fs::rename(watch.shop.path(page), watch.shop.path("content/pages/about.md~")).unwrap();
    watch.shop.change(page, about("Moved away and created."));
    watch.shows("about", "Moved away and created.");

    watch.shop.remove(page);
    watch.shop.change(page, about("Deleted and created."));
    watch.shows("about", "Deleted and created.");

    watch.shop.change(
        "content/products/new/index.md",
        "---\nsku: NEW\ntitle: New\nprice: 5\n---\nIn a new folder.\n",
    );
    watch.shows("new", "In a new folder.");
    watch.shop.change(
        "content/products/new/index.md",
        "---\nsku: NEW\ntitle: New\nprice: 5\n---\nChanged in the new folder.\n",
    );
    watch.shows("new", "Changed in the new folder.");

    let gone = watch.shop.path("output/site/new/index.html");
    watch.shop.remove("content/products/new");
    wait_for("the removal", || (!gone.exists()).then_some(()));
    watch.shop.same_as_cold();
}

#[test]
fn a_broken_file_leaves_the_last_good_output_until_it_is_mended() {
    let mut watch = Watch::start(&[]);
    let cup = "content/products/cup.md";
    watch.shop.change(cup, "---\nsku: CUP\ntitle: Cup\nprice: ten\n---\nA broken cup.\n");
    // The watch has seen the broken file when a later sound change is seen not to arrive and an own mark does.
    watch.shop.change("content/pages/about.md", about("While broken."));
    let before = watch.shop.text("output/site/cup/index.html");
    assert!(before.contains("A cup.") && !before.contains("A broken cup."));
    watch.shop.change(cup, "---\nsku: CUP\ntitle: Cup\nprice: 11\n---\nA mended cup.\n");
    watch.shows("cup", "A mended cup.");
    watch.shows("about", "While broken.");
    watch.shop.same_as_cold();
}

#[test]
fn a_folder_without_events_is_looked_at() {
    // The edit falls into the second of the first build: times counted in seconds would not show it.
    let mut watch = Watch::start(&["--poll"]);
    watch.shop.change("content/pages/about.md", about("Seen by looking."));
    watch.shows("about", "Seen by looking.");
}

#[test]
fn a_shop_file_that_breaks_and_heals() {
    let mut watch = Watch::start(&[]);
    watch.shop.change("content/shop.yaml", "name: [\n");
    watch.shop.change("content/pages/about.md", about("Another text."));
    watch.shop.change("content/shop.yaml", FILES[0].1.replace("Kiln", "The Kiln"));
    watch.shows("about", "Another text.");
    watch.shows("about", "The Kiln");
    watch.shop.same_as_cold();
}
