//! The same content gives the same bytes: in any folder, with any number of threads.

use crate::edits::sample;
use crate::shop::{Shop, same};

#[test]
fn threads_and_folders_leave_no_mark() {
    let one = sample();
    one.build_with(&["--threads", "1"]).expect(0);
    let four = one.copy();
    four.build_with(&["--threads", "4"]).expect(0);
    same(&one.output(), &four.output());
    assert!(one.output().len() > 60, "a shop of some size: {}", one.output().len());
}

#[test]
fn a_folder_may_have_any_name() {
    let plain = sample();
    plain.build().expect(0);
    let odd = Shop::inside("我的 店铺 (2026) & co");
    for (path, bytes) in crate::shop::tree(&plain.path("content")) {
        odd.change(&format!("content/{path}"), bytes);
    }
    odd.build().expect(0);
    same(&plain.output(), &odd.output());
    let folder = odd.path("");
    let elsewhere = plain.run(&[
        "build",
        "--as-of",
        crate::shop::NOW,
        "--content",
        folder.join("content").to_str().unwrap(),
        "--out",
        folder.join("second output").to_str().unwrap(),
    ]);
    elsewhere.expect(0);
    let mut second = crate::shop::tree(&folder.join("second output"));
    second.retain(|path, _| !path.starts_with(".cache/"));
    same(&plain.output(), &second);
}

#[test]
fn nothing_of_the_machine_stands_in_the_output() {
    let shop = sample();
    shop.build().expect(0);
    let folder = shop.path("").canonicalize().unwrap().display().to_string();
    for (path, bytes) in shop.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(folder.trim_end_matches('/')), "{path} names this folder");
    }
}
