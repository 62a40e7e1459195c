//! What happens when the machine fails: killed builds, two builds at once, a full disk, strange output folders.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::edits::sample;
use crate::shop::{NOW, Run, finish, same, skipped, tree};

#[test]
fn a_build_killed_at_any_moment_leaves_a_shop_whose_next_build_is_right() {
    let whole = sample();
    let start = Instant::now();
    whole.build().expect(0);
    let length = start.elapsed();
    let wanted = whole.output();
    for round in 0..10_u32 {
        let shop = whole.copy();
        // The second half of the rounds kills builds of a shop that was built before and then changed.
        if round >= 5 {
            shop.build().expect(0);
            shop.replace("content/shop.yaml", "Kiln 0", "Kiln 7");
            shop.remove("content/pages/about.md");
        }
        let mut child = shop
            .command(&["build", "--as-of", NOW])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(length * (1 + round % 5) / 6);
        let _ = child.kill();
        child.wait().unwrap();
        if round >= 5 {
            shop.replace("content/shop.yaml", "Kiln 7", "Kiln 0");
            shop.change(
                "content/pages/about.md",
                std::fs::read(whole.path("content/pages/about.md")).unwrap(),
            );
        }
        shop.build().expect(0);
        same(&shop.output(), &wanted);
        let left: Vec<String> = tree(&shop.path("output/.cache/stage")).into_keys().collect();
        assert!(left.is_empty(), "left on the stage: {left:?}");
        assert!(!shop.build().expect(0).err.contains("\nmade "), "nothing is left to do");
    }
}

#[test]
fn two_builds_at_once_wait_for_each_other() {
    let shop = sample();
    let children: Vec<_> = (0..3)
        .map(|_| {
            let mut command = shop.command(&["build", "--as-of", NOW]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = finish(child);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    shop.same_as_cold();
}

#[test]
fn an_output_that_is_a_file_is_refused() {
    let shop = sample();
    shop.change("output", "a file");
    let run = shop.build().expect(2);
    assert!(run.err.contains("output") && run.err.contains("--out"), "{}", run.err);
    assert_eq!(shop.text("output"), "a file");
}

#[test]
fn a_file_in_place_of_a_folder_of_ours_is_said() {
    let shop = sample();
    shop.build().expect(0);
    shop.remove("output/site/cups").change("output/site/cups", "in the way");
    let run = shop.build().expect(2);
    assert!(run.err.contains("site/cups"), "{}", run.err);
    assert_eq!(shop.text("output/site/cups"), "in the way", "it is not ours to remove");
    shop.remove("output/site/cups");
    shop.build().expect(0);
    shop.same_as_cold();
}

#[test]
fn a_folder_in_place_of_a_file_of_ours_is_said() {
    let shop = sample();
    shop.build().expect(0);
    shop.remove("output/site/404.html").change("output/site/404.html/notes.txt", "not ours");
    let run = shop.build().expect(2);
    assert!(run.err.contains("404.html"), "{}", run.err);
    assert_eq!(shop.text("output/site/404.html/notes.txt"), "not ours");
    shop.remove("output/site/404.html");
    shop.build().expect(0);
    shop.same_as_cold();
}

#[test]
fn an_output_that_is_not_ours_is_not_touched() {
    let shop = sample();
    shop.change("output/index.html", "somebody's site").change("output/deep/er.txt", "x");
    let before = tree(&shop.path("output"));
    let run = shop.build().expect(2);
    assert!(run.err.contains("--out"), "{}", run.err);
    same(&tree(&shop.path("output")), &before);
}

#[test]
fn output_and_content_do_not_lie_in_each_other() {
    let shop = sample();
    let before = tree(&shop.path("content"));
    for out in ["content/output", "content", ".", "content/../content/x"] {
        let run = shop.run(&["build", "--out", out]).expect(2);
        assert!(run.err.contains("--out"), "{out}: {}", run.err);
    }
    std::os::unix::fs::symlink("content", shop.path("link")).unwrap();
    shop.run(&["build", "--out", "link/out"]).expect(2);
    same(&tree(&shop.path("content")), &before);
    assert!(!shop.path("site").exists());
}

#[test]
fn an_output_removed_by_hand_is_built_again() {
    let shop = sample();
    shop.build().expect(0);
    shop.remove("output");
    shop.build().expect(0);
    shop.same_as_cold();
    shop.remove("output/site");
    shop.build().expect(0);
    shop.same_as_cold();
    shop.remove("output/.cache");
    let run = shop.build();
    assert!(matches!(run.code, Some(0 | 2)), "{}", run.err);
    if run.code == Some(2) {
        // Without its mark the folder could be anybody's.
        assert!(run.err.contains("--out"), "{}", run.err);
        shop.remove("output");
        shop.build().expect(0);
    }
    shop.same_as_cold();
}

#[test]
fn an_output_file_edited_or_removed_by_hand_is_restored() {
    let shop = sample();
    shop.build().expect(0);
    let good = shop.output();
    let picture = good.keys().find(|path| path.ends_with(".webp")).unwrap();
    let style = good.keys().find(|path| path.ends_with(".css")).unwrap();
    for path in ["site/index.html", "site/404.html", "site/sitemap.xml", picture, style] {
        shop.change(&format!("output/{path}"), "edited by hand");
        shop.build().expect(0);
        same(&shop.output(), &good);
        shop.remove(&format!("output/{path}"));
        shop.build().expect(0);
        same(&shop.output(), &good);
    }
}

#[test]
fn a_spoilt_cache_is_survived() {
    let shop = sample();
    shop.build().expect(0);
    let store = std::fs::read(shop.path("output/.cache/store.redb")).unwrap();
    let mut flipped = store.clone();
    for at in (0..flipped.len()).step_by(977) {
        flipped[at] ^= 0x55;
    }
    let half = store[..store.len() / 2].to_vec();
    let old = store.iter().map(|byte| if *byte == b'1' { b'0' } else { *byte }).collect();
    for (name, bytes) in [
        ("garbage", b"no database".to_vec()),
        ("empty", Vec::new()),
        ("flipped", flipped),
        ("half", half),
        ("other", old),
    ] {
        let shop = sample();
        shop.build().expect(0);
        shop.change("output/.cache/store.redb", bytes);
        shop.replace("content/shop.yaml", "Kiln 0", "Kiln 1");
        let run = shop.build();
        assert_eq!(run.code, Some(0), "{name}: {}", run.err);
        shop.same_as_cold();
    }
    shop.remove("output/.cache/store.redb").change("output/.cache/store.redb/x", "a folder");
    let run = shop.build();
    assert!(matches!(run.code, Some(0 | 2)), "{}", run.err);
}

#[test]
fn a_spoilt_picture_in_the_cache_does_not_reach_the_site() {
    let shop = sample();
    shop.build().expect(0);
    let good = shop.output();
    let blobs: Vec<String> = tree(&shop.path("output/.cache/blobs")).into_keys().collect();
    assert!(!blobs.is_empty());
    for blob in blobs {
        shop.change(&format!("output/.cache/blobs/{blob}"), "");
    }
    shop.remove("output/site/pictures");
    let run = shop.build();
    if run.code == Some(0) {
        same(&shop.output(), &good);
    }
    shop.remove("output/.cache/blobs");
    shop.remove("output/site/pictures");
    shop.build().expect(0);
    same(&shop.output(), &good);
}

/// Runs a shell that may mount; `None` where that is not allowed.
fn mounted(options: &str, folder: &std::path::Path) -> Option<Mount> {
    std::fs::create_dir_all(folder).unwrap();
    let mut command = Command::new("mount");
    command.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success()).then(|| Mount(folder.to_owned()))
}

/// A mounted folder, given back at the end.
struct Mount(std::path::PathBuf);

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_stops_the_build_and_spoils_nothing() {
    let shop = sample();
    let Some(mount) = mounted("size=300k", &shop.path("small")) else {
        skipped("a_full_disk_stops_the_build_and_spoils_nothing", "mounting is not allowed here");
        return;
    };
    let run = shop.run(&["build", "--as-of", NOW, "--out", "small/output"]).expect(2);
    assert!(run.err.contains("could not run") && run.err.contains("small/output"), "{}", run.err);
    // What was not finished may lie beside its place; the next build must take it away.
    let site = tree(&shop.path("small/output/site"));
    for (path, bytes) in site.iter().filter(|(path, _)| !path.ends_with(".part")) {
        assert!(!bytes.is_empty(), "{path} is there without its bytes");
    }
    let more =
        Command::new("mount").args(["-o", "remount,size=64m"]).arg(&mount.0).status().unwrap();
    assert!(more.success());
    shop.run(&["build", "--as-of", NOW, "--out", "small/output"]).expect(0);
    let mut built = tree(&shop.path("small/output"));
    built.retain(|path, _| !path.starts_with(".cache/"));
    let cold = shop.copy();
    cold.build().expect(0);
    same(&built, &cold.output());
}

#[test]
fn a_disk_that_may_not_be_written_is_said() {
    let shop = sample();
    shop.build().expect(0);
    let good = shop.output();
    let Some(mount) = mounted("size=64m", &shop.path("disk")) else {
        skipped("a_disk_that_may_not_be_written_is_said", "mounting is not allowed here");
        return;
    };
    shop.run(&["build", "--as-of", NOW, "--out", "disk/output"]).expect(0);
    let read_only =
        Command::new("mount").args(["-o", "remount,ro"]).arg(&mount.0).status().unwrap();
    assert!(read_only.success());
    shop.replace("content/shop.yaml", "Kiln 0", "Kiln 1");
    let run = shop.run(&["build", "--as-of", NOW, "--out", "disk/output"]).expect(2);
    assert!(
        run.err.contains("disk/output") && run.err.to_lowercase().contains("read-only"),
        "{}",
        run.err
    );
    let mut kept = tree(&shop.path("disk/output"));
    kept.retain(|path, _| !path.starts_with(".cache/"));
    same(&kept, &good);
    // A check needs no output folder to write to.
    shop.run(&["check", "--as-of", NOW, "--out", "disk/output"]).expect(0);
}

#[test]
fn content_that_may_not_be_written_builds_all_the_same() {
    let shop = sample();
    let Some(mount) = mounted("size=16m", &shop.path("disk")) else {
        skipped(
            "content_that_may_not_be_written_builds_all_the_same",
            "mounting is not allowed here",
        );
        return;
    };
    for (path, bytes) in tree(&shop.path("content")) {
        shop.change(&format!("disk/{path}"), bytes);
    }
    shop.change("disk/pages/配送.md", "---\ntitle: {zh-CN: 配送, en: Delivery}\n---\n");
    assert!(
        Command::new("mount").args(["-o", "remount,ro"]).arg(&mount.0).status().unwrap().success()
    );
    let run = shop.run(&["build", "--as-of", NOW, "--content", "disk"]).expect(0);
    assert!(shop.path("output/site/pei-song/index.html").exists(), "{}", run.err);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let shop = sample();
    shop.build().expect(0);
    for words in
        ["completions bash", "check --format json", "build --format sarif", "schema product"]
    {
        let line = format!("\"$0\" {words} | head -c 1 >/dev/null; exit ${{PIPESTATUS[0]}}");
        let mut command = Command::new("bash");
        command.current_dir(shop.path("")).env("SHANGJIA_LANG", "en").args([
            "-c",
            &line,
            env!("CARGO_BIN_EXE_shangjia"),
        ]);
        Run::of(&mut command).expect(0);
    }
}

#[test]
fn a_busy_output_is_waited_for_and_said() {
    let shop = sample();
    shop.build().expect(0);
    let lock = std::fs::File::create(shop.path("output/.cache/lock")).unwrap();
    lock.lock().unwrap();
    let mut command = shop.command(&["build", "--as-of", NOW]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut words = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut words, &mut line).unwrap();
    assert!(line.contains("waiting"), "{line}");
    assert!(child.try_wait().unwrap().is_none(), "it waits");
    std::thread::sleep(Duration::from_millis(50));
    lock.unlock().unwrap();
    assert!(child.wait().unwrap().success());
}
