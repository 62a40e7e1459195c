//! Detail pictures: a text drawn as a page and cut into what a channel takes.

use std::collections::BTreeSet;

use image::{ImageFormat, Rgb, RgbImage};

use crate::shop::{Shop, skipped};

const PROFILE: &str = "name: {en: Fair}\nversion: '1'\nlanguage: en\npictures:\n  detail: {page: 600, max: [600, 500], max_bytes: 60000, formats: [jpeg], source: a test, seen: 2026-11, confidence: A}\nfolder: {path: 'pictures/{sku}/{n}.jpg', role: main, roles: 'pictures/{sku}/{role}-{n}.jpg'}\npack: {path: fair.zip}\nfiles:\n  list: {path: fair.csv, format: csv, header: labels, rows: product, columns: {SKU: sku}}\n";
pub(crate) const TEXT: &str = "## Fired once\n\nFrom clay of **one** pit; see [the care page](/care/).\n\n![The cup](cup.png)\n\n- thin rim\n- wide foot\n\n| side | cm |\n| --- | --- |\n| rim | 8 |\n\n::: note First use\nRinse it.\n:::\n\n::: specs\n:::\n";

/// A shop with a cup, whose channel wants its text as pictures; none where no Chinese font is installed.
pub(crate) fn shop(text: &str) -> Option<Shop> {
    let cup = format!(
        "---\nsku: CUP\ntitle: A cup\nbrand: Kiln\nprice: 10\nfacts: {{Height: 8 cm}}\nimages: [cup.png]\n---\n{text}"
    );
    let shop = Shop::new(&[
        (
            "content/shop.yaml",
            "name: Kiln\nbase_url: https://kiln.example\nlocales: [en]\nchannels: [fair]\npictures: {widths: [16], formats: [jpeg]}\n",
        ),
        ("content/channels/fair.yaml", PROFILE),
        ("content/pages/care.md", "---\ntitle: Care\n---\nWith water.\n"),
        ("content/products/cup/index.md", &cup),
    ]);
    let mut red = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(640, 480, Rgb([200, 30, 30]))
        .write_to(&mut red, ImageFormat::Png)
        .unwrap();
    shop.change("content/products/cup/cup.png", red.into_inner());
    let there =
        std::path::Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists();
    if !there {
        skipped("details", "fonts-noto-cjk is not installed");
    }
    there.then_some(shop)
}

/// Paths of the pictures, in order.
fn files(shop: &Shop) -> BTreeSet<String> {
    let names = shop.output().into_keys();
    names.filter(|name| name.contains("/detail-")).collect()
}

fn pictures(shop: &Shop) -> Vec<RgbImage> {
    let decoded = files(shop).into_iter().map(|name| {
        let bytes = std::fs::read(shop.path("output").join(&name)).unwrap();
        assert!(bytes.len() <= 60_000, "{name}: {} bytes", bytes.len());
        let decoded = shangjia::image::decode(&bytes, shangjia::image::Limits::default()).unwrap();
        let pixels = decoded.pixels;
        RgbImage::from_raw(pixels.width(), pixels.height(), pixels.bytes().to_vec()).unwrap()
    });
    decoded.collect()
}

fn is_red(Rgb([r, g, b]): Rgb<u8>) -> bool {
    r > 150 && g < 90 && b < 90
}

#[test]
fn a_text_becomes_pictures_within_the_limits_and_no_photograph_is_cut() {
    let Some(shop) = shop(TEXT) else { return };
    let run = shop.build().expect(0);
    assert_eq!(run.codes(), [""; 0], "{}", run.out);
    let pictures = pictures(&shop);
    assert!(pictures.len() >= 3, "{} pictures", pictures.len());
    for picture in &pictures {
        assert_eq!(picture.width(), 600);
        assert!((40..=500).contains(&picture.height()), "{}", picture.height());
    }
    // The photograph of the text stands once, whole, as wide as the page: 600 × 450.
    let red: Vec<usize> =
        pictures.iter().map(|one| one.pixels().filter(|pixel| is_red(**pixel)).count()).collect();
    let whole = red.iter().filter(|count| **count > 0).count();
    assert_eq!(whole, 1, "{red:?}");
    assert!(red.iter().sum::<usize>().abs_diff(600 * 450) < 4000, "{red:?}");
    // Something is written on the first and the last one.
    for picture in [&pictures[0], &pictures[pictures.len() - 1]] {
        assert!(picture.pixels().any(|Rgb([r, g, b])| *r < 110 && *g < 110 && *b < 110));
    }
}

#[test]
fn the_archive_of_the_channel_holds_them() {
    let Some(shop) = shop(TEXT) else { return };
    shop.build().expect(0);
    let file = std::fs::File::open(shop.path("output/exports/fair/fair.zip")).unwrap();
    let archive = zip::ZipArchive::new(file).unwrap();
    let packed: BTreeSet<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .filter(|name| name.contains("/detail-"))
        .map(|name| format!("exports/fair/{name}"))
        .collect();
    assert_eq!(packed, files(&shop));
}

#[test]
fn they_follow_the_text_and_what_is_lost_is_put_back() {
    let Some(shop) = shop(TEXT) else { return };
    shop.build().expect(0);
    let before = shop.output();
    let many = files(&shop);
    let first = many.first().unwrap().clone();
    std::fs::remove_file(shop.path("output").join(&first)).unwrap();
    let run = shop.build().expect(0);
    assert!(run.err.contains("1 written, 0 removed"), "{}", run.err);
    crate::shop::same(&shop.output(), &before);

    let source = "content/products/cup/index.md";
    let text = shop.text(source);
    shop.change(source, text.replace(TEXT, "Thin.\n"));
    shop.build().expect(0);
    shop.same_as_cold();
    assert!(files(&shop).len() < many.len(), "{:?}", files(&shop));
    assert_eq!(shop.build().expect(0).made(), BTreeSet::new());

    shop.change(source, text);
    shop.build().expect(0);
    crate::shop::same(&shop.output(), &before);
}

#[test]
fn without_text_and_pictures_there_is_nothing_to_draw() {
    let Some(shop) = shop("") else { return };
    let source = "content/products/cup/index.md";
    let text = shop.text(source);
    shop.change(source, text.replace("images: [cup.png]\n", "images: []\n"));
    shop.build().expect(0);
    assert_eq!(files(&shop), BTreeSet::new());
}

/// The shop with other limits says `code` of the cup until the limits are `mended`.
fn case(code: &str, limits: &str, mended: &str) {
    let Some(shop) = shop(TEXT) else { return };
    let profile = "content/channels/fair.yaml";
    shop.replace(profile, "max_bytes: 60000", limits);
    let run = shop.build();
    run.finds(code, "content/products/cup/index.md:2:6");
    assert_eq!(shop.build().out, run.out, "{code} is said again by the next build");
    shop.replace(profile, limits, mended);
    assert_eq!(shop.build().expect(0).codes(), [""; 0]);
}

pub(crate) fn many() {
    case("detail/many", "count_max: 2", "count_max: 9");
}

pub(crate) fn rather_many() {
    let Some(shop) = shop(TEXT) else { return };
    let profile = "content/channels/fair.yaml";
    shop.replace(profile, "max_bytes: 60000", "count_max: 2");
    shop.replace(profile, "confidence: A", "confidence: C");
    shop.build().expect(0).finds("detail/rather-many", "content/products/cup/index.md:2:6");
    shop.replace(profile, "count_max: 2", "count_max: 9");
    assert_eq!(shop.build().expect(0).codes(), [""; 0]);
}

pub(crate) fn heavy() {
    case("detail/heavy", "max_bytes: 3000", "max_bytes: 90000");
}
