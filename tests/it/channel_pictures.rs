//! Pictures for sales channels: size, ground, bytes and what is kept in the frame, or the reason why there is none.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use crate::shop::{Run, Shop};

/// The colour of what is sold in these pictures.
const RED: [u8; 3] = [190, 40, 30];
/// Most tests need a channel whose limits are certain.
const SURE: &str = "source: the fair's letter, seen: 2026-11, confidence: A";
const UNSURE: &str = "source: hearsay, seen: 2026-11, confidence: C";

/// A picture with a red thing with a dark band in the box (left, top, right, bottom) on a plain ground.
fn photo(width: u32, height: u32, thing: [u32; 4], ground: [u8; 3]) -> Vec<u8> {
    let picture =
        RgbImage::from_fn(width, height, |x, y| Rgb(color(x, y, thing).unwrap_or(ground)));
    png(|to| picture.write_to(to, ImageFormat::Png))
}

/// The same, cut out.
fn cutout(width: u32, height: u32, thing: [u32; 4]) -> Vec<u8> {
    let picture = RgbaImage::from_fn(width, height, |x, y| {
        color(x, y, thing).map_or(Rgba([0, 90, 0, 0]), |[r, g, b]| Rgba([r, g, b, 255]))
    });
    png(|to| picture.write_to(to, ImageFormat::Png))
}

/// A picture full of grain, which no encoder makes small.
fn grain(width: u32, height: u32) -> Vec<u8> {
    let mut state = 1_u32;
    let picture = RgbImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 20) as u8])
    });
    png(|to| picture.write_to(to, ImageFormat::Png))
}

fn color(x: u32, y: u32, [left, top, right, bottom]: [u32; 4]) -> Option<[u8; 3]> {
    let inside = (left..right).contains(&x) && (top..bottom).contains(&y);
    let band = (x - left.min(x)) % 97 < 12;
    inside.then_some(if band { [60, 20, 20] } else { RED })
}

fn png(write: impl FnOnce(&mut Cursor<Vec<u8>>) -> image::ImageResult<()>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    write(&mut bytes).unwrap();
    bytes.into_inner()
}

/// A shop with one product and one channel that wants these pictures.
fn shop(presets: &str) -> Shop {
    let shop = Shop::new(&[
        (
            "content/shop.yaml",
            "name: Kiln\nbase_url: https://kiln.example\nlocales: [en]\ncurrency: CNY\nchannels: [fair]\npictures: {widths: [16], formats: [jpeg]}\n",
        ),
        ("content/products/cup/index.md", CUP),
    ]);
    profile(&shop, presets);
    shop
}

const CUP: &str =
    "---\nsku: CUP\ntitle: Cup\ndescription: A cup of white stoneware.\nprice: 10\n---\nA cup.\n";

fn profile(shop: &Shop, presets: &str) {
    let text = format!(
        "pictures:\n{presets}\nfolder: {{path: 'pictures/{{sku}}/{{n}}.jpg', role: main, roles: 'pictures/{{sku}}/{{role}}-{{n}}.jpg'}}\nfiles:\n  list:\n    path: fair.csv\n    format: csv\n    rows: product\n    columns: {{SKU: sku, Pictures: {{value: picture.files, join: '|'}}}}\n"
    );
    shop.change("content/channels/fair.yaml", text);
}

fn preset(role: &str, rest: &str, source: &str) -> String {
    format!("  {role}: {{{rest}, formats: [jpeg], {source}}}\n")
}

fn put(shop: &Shop, name: &str, bytes: Vec<u8>) {
    shop.change(&format!("content/products/cup/{name}"), bytes);
}

/// A picture that was made for the fair.
fn made(shop: &Shop, name: &str) -> RgbImage {
    image_of(
        &std::fs::read(shop.path(&format!("output/exports/fair/pictures/CUP/{name}"))).unwrap(),
    )
}

fn image_of(bytes: &[u8]) -> RgbImage {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    let pixels = decoder.decode().unwrap();
    let info = decoder.info().unwrap();
    RgbImage::from_raw(info.width.into(), info.height.into(), pixels).unwrap()
}

/// The box around what is red or dark.
fn thing(picture: &RgbImage) -> [u32; 4] {
    let [mut left, mut top, mut right, mut bottom] = [u32::MAX, u32::MAX, 0, 0];
    for (x, y, Rgb([r, g, b])) in picture.enumerate_pixels() {
        if *g < 90 && *b < 90 && *r > 30 {
            (left, top) = (left.min(x), top.min(y));
            (right, bottom) = (right.max(x + 1), bottom.max(y + 1));
        }
    }
    [left, top, right, bottom]
}

fn near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 4)
}

fn has(run: &Run, code: &str) -> bool {
    run.codes().iter().any(|found| found == code)
}

#[test]
fn a_crop_keeps_the_product_and_else_the_ground_is_widened() {
    let shop = shop(&preset("main", "size: [400, 400], count_max: 5", SURE));
    let ground = [205, 215, 222];
    // It stands far to the right, and a crop in the middle would cut it.
    put(&shop, "a.png", photo(900, 500, [610, 60, 860, 440], ground));
    // It is wider than a square can be.
    put(&shop, "b.png", photo(900, 500, [60, 150, 840, 330], ground));
    put(&shop, "c.png", cutout(700, 900, [250, 100, 400, 300]));
    shop.build().expect(0);
    let cropped = made(&shop, "01.jpg");
    assert_eq!(cropped.dimensions(), (400, 400));
    let [left, top, right, bottom] = thing(&cropped);
    assert!(
        left > 2 && right < 398 && top > 2 && bottom < 398,
        "it is whole: {:?}",
        thing(&cropped)
    );
    assert!((200_u32).abs_diff(right - left) < 8, "and not shrunk: {left} to {right}");
    let padded = made(&shop, "02.jpg");
    assert_eq!(padded.dimensions(), (400, 400));
    let [left, _, right, _] = thing(&padded);
    assert!((347_u32).abs_diff(right - left) < 8, "{left} to {right}");
    for place in [(2, 2), (397, 2), (2, 397), (200, 20)] {
        let color = padded.get_pixel(place.0, place.1).0;
        assert!(near(color, ground), "the ground goes on: {color:?} at {place:?}");
    }
    let on_white = made(&shop, "03.jpg");
    let [left, top, right, bottom] = thing(&on_white);
    assert!(near(on_white.get_pixel(1, 1).0, [255; 3]), "what shows through is white");
    // Trimmed, in the middle, and not enlarged: 200 pixels stay 200.
    assert!((200_u32).abs_diff(bottom - top) < 4, "{top} to {bottom}");
    assert!((left + right).abs_diff(400) < 8 && (top + bottom).abs_diff(400) < 8);
    assert_eq!(
        shop.text("output/exports/fair/fair.csv").lines().nth(1).unwrap().matches(".jpg").count(),
        3
    );
    shop.same_as_cold();
}

#[test]
fn the_author_says_what_stays() {
    let shop = shop(&preset("main", "size: [400, 400]", SURE));
    put(&shop, "a.png", photo(900, 500, [610, 60, 860, 440], [205, 215, 222]));
    let front =
        |images: &str| CUP.replace("price: 10\n", &format!("price: 10\nimages: [{images}]\n"));
    shop.change("content/products/cup/index.md", front("{src: a.png, focus: [0, 50]}"));
    shop.build().expect(0);
    let [left, ..] = thing(&made(&shop, "01.jpg"));
    assert_eq!(left, u32::MAX, "the left edge was asked for, where nothing stands");
    shop.change("content/products/cup/index.md", front("a.png"));
    shop.build().expect(0);
    let [left, _, right, _] = thing(&made(&shop, "01.jpg"));
    assert!(left > 2 && right < 398);
    shop.same_as_cold();
}

#[test]
fn a_picture_is_turned_upright_before_it_is_framed() {
    let shop = shop(&preset("main", "size: [300, 400]", SURE));
    // Stored lying on its side: what is stored on the left belongs on top.
    let picture = image_of_png(&photo(800, 600, [40, 200, 240, 400], [230, 230, 230]));
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 90);
    encoder.encode(picture.as_raw(), 800, 600, jpeg_encoder::ColorType::Rgb).unwrap();
    let exif =
        b"\xFF\xE1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    jpeg.splice(2..2, exif.iter().copied());
    put(&shop, "a.jpg", jpeg);
    shop.build().expect(0);
    let upright = made(&shop, "01.jpg");
    assert_eq!(upright.dimensions(), (300, 400));
    let [left, top, right, bottom] = thing(&upright);
    assert!(top > 5 && bottom < 140, "it stands above: {top} to {bottom}");
    assert!(left > 80 && right < 220, "in the middle: {left} to {right}");
}

fn image_of_png(bytes: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(bytes, ImageFormat::Png).unwrap().to_rgb8()
}

#[test]
fn the_white_picture_is_found_trimmed_and_white() {
    let white = preset("white", "size: [400, 400], background: white", SURE);
    let shop = shop(&(preset("main", "size: [400, 400], count_max: 5", SURE) + &white));
    put(&shop, "a.png", photo(800, 800, [200, 200, 600, 600], [120, 140, 90]));
    put(&shop, "b.png", photo(800, 800, [100, 300, 500, 500], [246, 246, 244]));
    put(&shop, "c.png", cutout(800, 800, [100, 300, 500, 500]));
    let run = shop.build().expect(0);
    assert_eq!(run.codes(), [""; 0], "{}", run.out);
    let picture = made(&shop, "white-01.jpg");
    let [left, top, right, bottom] = thing(&picture);
    assert!((352_u32).abs_diff(right - left) < 12, "it fills 88 per cent: {left} to {right}");
    assert!((left + right).abs_diff(400) < 6 && (top + bottom).abs_diff(400) < 6, "in the middle");
    for x in [0, 100, 399] {
        assert!(near(picture.get_pixel(x, 3).0, [255; 3]), "nearly white becomes white");
    }
    // Below the thing, inside of what the photograph showed.
    assert!(near(picture.get_pixel(200, bottom + 6).0, [255; 3]));
    shop.same_as_cold();
    // Without the two on white there is none, and the one that was made goes.
    shop.remove("content/products/cup/b.png");
    shop.remove("content/products/cup/c.png");
    let run = shop.build().expect(0);
    assert!(!shop.path("output/exports/fair/pictures/CUP/white-01.jpg").exists());
    run.finds("picture/none-white", "content/products/cup/index.md");
    assert_eq!(shop.build().expect(0).out, run.out, "said again, though nothing is made");
    shop.same_as_cold();
}

#[test]
fn bytes_keep_to_their_bounds() {
    let shop = shop(&preset("main", "size: [400, 400], min_bytes: 7000, max_bytes: 50000", SURE));
    put(&shop, "a.png", grain(500, 500));
    shop.build().expect(0);
    let size = |shop: &Shop| {
        let path = shop.path("output/exports/fair/pictures/CUP/01.jpg");
        std::fs::metadata(path).unwrap().len()
    };
    assert!((40_000..=50_000).contains(&size(&shop)), "as good as fits: {}", size(&shop));
    assert_eq!(made(&shop, "01.jpg").dimensions(), (400, 400));
    put(&shop, "a.png", photo(500, 500, [100, 100, 400, 400], [200, 210, 220]));
    shop.build().expect(0);
    assert!((7_000..=9_000).contains(&size(&shop)), "as light as allowed: {}", size(&shop));
    shop.same_as_cold();
}

#[test]
fn rows_of_the_taobao_pack_name_files_that_are_there() {
    let shop = shop("");
    shop.remove("content/channels/fair.yaml");
    // A plain thing on white is never as heavy as Taobao wants it.
    shop.change("content/channels/taobao.yaml", "pictures: {white: {min_bytes: 1000}}\n");
    shop.replace("content/shop.yaml", "[fair]", "[taobao]");
    let front = "---\nsku: CUP\ntitle: Cup\ndescription: A cup of white stoneware.\nprice: 10\nimages: [a.png, b.png, {src: w.png, role: white}]\nvariants:\n  axes: [Colour]\n  items:\n    - {sku: CUP-R, Colour: red, image: a.png}\n    - {sku: CUP-S, Colour: rust, image: b.png}\n---\nA cup.\n";
    shop.change("content/products/cup/index.md", front);
    put(&shop, "a.png", photo(1000, 900, [200, 200, 700, 700], [205, 215, 222]));
    put(&shop, "b.png", photo(1000, 900, [300, 100, 700, 800], [235, 225, 222]));
    put(&shop, "w.png", cutout(1000, 900, [300, 100, 700, 800]));
    shop.build().expect(0);
    let bytes = std::fs::read(shop.path("output/exports/taobao/taobao.csv")).unwrap();
    let units: Vec<u16> =
        bytes[2..].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let table = String::from_utf16(&units).unwrap();
    let cell = table.split('\t').find(|cell| cell.contains(":1:0:|;")).expect("a list of pictures");
    let names: Vec<&str> = cell
        .trim_matches('"')
        .split(';')
        .filter_map(|one| one.split(':').next())
        .filter(|one| one.len() == 32)
        .collect();
    assert!(cell.contains(":1:3:|;") && cell.contains(":2:0:1627207:-1001|;"), "{cell}");
    assert_eq!(names.len(), 6, "{cell}");
    for name in names {
        let file = shop.path(&format!("output/exports/taobao/taobao/{name}.tbi"));
        assert_eq!(image_of(&std::fs::read(file).unwrap()).dimensions(), (800, 800));
    }
    let pack = std::fs::File::open(shop.path("output/exports/taobao/taobao.zip")).unwrap();
    let pack = zip::ZipArchive::new(pack).unwrap();
    assert!(
        pack.file_names().any(|name| name.is_ok_and(|name| name == "pictures/CUP/portrait-01.jpg"))
    );
    shop.same_as_cold();
}

/// The bad part says the code; the good part does not.
fn case(code: &str, bad: &Shop, mend: impl FnOnce(&Shop)) {
    let run = bad.build();
    run.finds(code, "content/products/cup/index.md");
    assert_eq!(bad.build().out, run.out, "{code} is said again by the next build");
    mend(bad);
    let run = bad.build().expect(0);
    assert!(!has(&run, code), "{}", run.out);
}

fn plain(width: u32, height: u32) -> Vec<u8> {
    photo(width, height, [width / 4, height / 4, width * 3 / 4, height * 3 / 4], [205, 215, 222])
}

pub(crate) fn too_small() {
    let shop = shop(&preset("main", "size: [400, 400]", SURE));
    put(&shop, "a.png", plain(300, 300));
    case("picture/too-small", &shop, |shop| put(shop, "a.png", plain(400, 300)));
    assert_eq!(made(&shop, "01.jpg").dimensions(), (400, 400));
}

pub(crate) fn small() {
    let shop = shop(&preset("main", "size: [400, 400]", UNSURE));
    put(&shop, "a.png", plain(300, 300));
    shop.build().expect(0);
    assert_eq!(made(&shop, "01.jpg").dimensions(), (300, 300), "never enlarged");
    case("picture/small", &shop, |shop| put(shop, "a.png", plain(500, 500)));
}

pub(crate) fn too_few() {
    let shop = shop(&preset("main", "count_min: 2, count_max: 5, size: [400, 400]", SURE));
    put(&shop, "a.png", plain(500, 500));
    case("picture/too-few", &shop, |shop| put(shop, "b.png", plain(600, 500)));
}

pub(crate) fn few() {
    let shop = shop(&preset("main", "count_min: 2, count_max: 5, size: [400, 400]", UNSURE));
    put(&shop, "a.png", plain(500, 500));
    case("picture/few", &shop, |shop| put(shop, "b.png", plain(600, 500)));
}

pub(crate) fn format() {
    let shop = shop(&preset("main", "size: [400, 400]", SURE).replace("[jpeg]", "[bmp]"));
    put(&shop, "a.png", plain(500, 500));
    case("picture/format", &shop, |shop| {
        profile(shop, &preset("main", "size: [400, 400]", SURE).replace("[jpeg]", "[bmp, jpeg]"));
    });
}

pub(crate) fn not_white() {
    let shop = shop(&preset("main", "size: [400, 400], background: white", SURE));
    put(&shop, "a.png", plain(500, 500));
    case("picture/not-white", &shop, |shop| {
        put(shop, "a.png", cutout(500, 500, [50, 50, 450, 450]));
    });
}

fn with_white(rest: &str) -> Shop {
    let shop = shop(
        &(preset("main", "size: [400, 400]", SURE)
            + &preset("white", &format!("size: [400, 400], background: white{rest}"), SURE)),
    );
    put(&shop, "a.png", plain(500, 500));
    shop
}

pub(crate) fn no_white() {
    let white = |shop: &Shop| put(shop, "a.png", cutout(500, 500, [50, 50, 450, 450]));
    case("picture/no-white", &with_white(", count_min: 1"), white);
}

pub(crate) fn none_white() {
    let white = |shop: &Shop| put(shop, "a.png", cutout(500, 500, [50, 50, 450, 450]));
    case("picture/none-white", &with_white(""), white);
}

pub(crate) fn lost_in_white() {
    let shop = shop(&preset("main", "size: [400, 400], background: white, fill: 85", SURE));
    put(&shop, "a.png", cutout(500, 500, [200, 200, 300, 300]));
    case("picture/lost-in-white", &shop, |shop| {
        put(shop, "a.png", cutout(500, 500, [50, 50, 450, 450]));
    });
}

/// Where the canvas may be smaller, the product fills it without being enlarged.
#[test]
fn a_smaller_canvas_is_filled() {
    let rest = "min: [100, 100], best: [400, 400], ratio: [1, 1], background: white, fill: 85";
    let shop = shop(&preset("main", rest, SURE));
    put(&shop, "a.png", cutout(500, 500, [150, 150, 350, 350]));
    shop.build().expect(0);
    let made = made(&shop, "01.jpg");
    let (width, height) = made.dimensions();
    assert!((220..=240).contains(&width) && width == height, "{width} × {height}");
}

pub(crate) fn reduced() {
    let shop = shop(&preset(
        "main",
        "min: [100, 100], ratio: [1, 1], best: [400, 400], max_bytes: 9000",
        SURE,
    ));
    put(&shop, "a.png", grain(400, 400));
    case("picture/reduced", &shop, |shop| put(shop, "a.png", plain(500, 500)));
    put(&shop, "a.png", grain(400, 400));
    shop.build().expect(0);
    let side = made(&shop, "01.jpg").width();
    assert!((100..300).contains(&side), "{side}");
}

pub(crate) fn too_heavy() {
    let shop = shop(&preset("main", "size: [400, 400], max_bytes: 9000", SURE));
    put(&shop, "a.png", grain(400, 400));
    case("picture/too-heavy", &shop, |shop| put(shop, "a.png", plain(500, 500)));
}

pub(crate) fn heavy() {
    let shop = shop(&preset("main", "size: [400, 400], max_bytes: 9000", UNSURE));
    put(&shop, "a.png", grain(400, 400));
    case("picture/heavy", &shop, |shop| put(shop, "a.png", plain(500, 500)));
}

fn empty() -> Vec<u8> {
    photo(500, 500, [0; 4], [205, 215, 222])
}

pub(crate) fn too_light() {
    let shop = shop(&preset("main", "size: [400, 400], min_bytes: 6000", SURE));
    put(&shop, "a.png", empty());
    case("picture/too-light", &shop, |shop| put(shop, "a.png", plain(500, 500)));
}

pub(crate) fn light() {
    let shop = shop(&preset("main", "size: [400, 400], min_bytes: 6000", UNSURE));
    put(&shop, "a.png", empty());
    case("picture/light", &shop, |shop| put(shop, "a.png", plain(500, 500)));
}

pub(crate) fn alike() {
    let shop = shop(&preset("main", "size: [200, 200]", SURE));
    put(&shop, "a.png", plain(500, 500));
    let other = CUP.replace("CUP", "BOWL");
    shop.change("content/products/bowl/index.md", &other);
    // The same again, smaller and a little brighter.
    let thing = [100, 100, 300, 300];
    shop.change("content/products/bowl/b.png", photo(400, 400, thing, [209, 219, 226]));
    let run = shop.build().expect(0);
    run.finds("picture/alike", "content/products/cup/index.md");
    assert_eq!(shop.build().expect(0).out, run.out, "said again by the next build");
    // One that both name by its path is meant to be shared.
    shop.remove("content/products/bowl/b.png");
    let shared = "images: [/products/cup/a.png]\n---\nA cup.";
    shop.change("content/products/bowl/index.md", other.replace("---\nA cup.", shared));
    assert!(!has(&shop.build().expect(0), "picture/alike"));
    // Another picture is another picture.
    shop.change("content/products/bowl/index.md", &other);
    shop.change(
        "content/products/bowl/b.png",
        photo(400, 400, [20, 150, 380, 250], [209, 219, 226]),
    );
    assert!(!has(&shop.build().expect(0), "picture/alike"));
}
