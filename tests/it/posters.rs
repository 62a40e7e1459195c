//! Posters: pixels and bytes of what is drawn, what is found wrong, and that only what changed is drawn again.

use crate::fixtures;
use crate::shop::{Shop, set, skipped};

/// A theme of one small poster; `STYLE` and `HTML` are what a test is about.
const DATA: &str = "for: product\nsizes: [400x400, 300x500]\nbytes: 40KB\n";
const HTML: &str = r#"
<div style="width:{{ poster.width }}px;height:{{ poster.height }}px;background:#0050a0;display:flex;flex-direction:column">
  <img src="{{ photo(of=product, width=poster.width, height=200) }}" />
  <p data-layer="title" data-fit="14 30" data-lines="2" style="height:90px;width:{{ poster.width }}px;color:#fff;line-height:1.4">{{ product.title }}</p>
  {% if product.price %}<p data-layer="price" data-price="{{ product.sku }}" style="color:#fff;font-size:30px;width:200px"><small>{{ product.price.sign }}</small>{{ product.price.whole }}{{ product.price.cents }}</p>{% endif %}
  <img src="{{ qr(url=product.url) }}" style="width:80px;height:80px" />
</div>
"#;
const CUP: &str = "---\nsku: A-1\ntitle: 青釉马克杯 350 ml\nprice: {list: 89, sale: 69, from: 2026-11-20, to: 2026-11-30}\nposters: small\nimages: [cup.png]\n---\n";

/// A shop with one product that asks for the poster; none where no Chinese font is installed.
fn shop() -> Option<Shop> {
    let shop = Shop::new(&[
        (
            "content/shop.yaml",
            "name: Case\nbase_url: https://case.example\nlocales: [zh-CN]\ntheme: mine\n",
        ),
        ("themes/mine/theme.yaml", "name: Mine\nextends: default\n"),
        ("themes/mine/posters/small.yaml", DATA),
        ("themes/mine/posters/small.html", HTML),
        ("content/products/cup/index.md", CUP),
    ]);
    shop.change("content/products/cup/cup.png", fixtures::png(640, 480, 200));
    let there =
        std::path::Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists();
    if !there {
        skipped("posters", "fonts-noto-cjk is not installed");
    }
    there.then_some(shop)
}

const SQUARE: &str = "posters/cup/small-400x400.jpg";
const TALL: &str = "posters/cup/small-300x500.jpg";

fn decoded(shop: &Shop, path: &str) -> image::RgbImage {
    let bytes = std::fs::read(shop.path("output").join(path)).unwrap();
    assert!(bytes.len() <= 40_000, "{path}: {} bytes", bytes.len());
    let decoded = shangjia::image::decode(&bytes, shangjia::image::Limits::default()).unwrap();
    let pixels = decoded.pixels;
    image::RgbImage::from_raw(pixels.width(), pixels.height(), pixels.bytes().to_vec()).unwrap()
}

#[test]
fn a_poster_has_its_size_its_picture_and_its_text() {
    let Some(shop) = shop() else { return };
    shop.build().expect(0);
    let (square, tall) = (decoded(&shop, SQUARE), decoded(&shop, TALL));
    assert_eq!((square.dimensions(), tall.dimensions()), ((400, 400), (300, 500)));
    // The ground, the photograph (red in all of it), white letters on the ground.
    let near = |[r, g, b]: [u8; 3], wanted: [u8; 3]| {
        [r, g, b].iter().zip(wanted).all(|(is, should)| is.abs_diff(should) < 24)
    };
    assert!(
        near(square.get_pixel(390, 390).0, [0, 0x50, 0xa0]),
        "{:?}",
        square.get_pixel(390, 390)
    );
    assert!(
        near(square.get_pixel(200, 100).0, [200, 127, 127]),
        "{:?}",
        square.get_pixel(200, 100)
    );
    let letters = (200..290).flat_map(|y| (0..400).map(move |x| (x, y)));
    let white = letters.filter(|(x, y)| near(square.get_pixel(*x, *y).0, [255; 3])).count();
    assert!((800..20_000).contains(&white), "{white} white pixels where the title is");
    let files = set(shop.output().into_keys().filter(|path| path.starts_with("posters/")));
    let wanted = ["posters/contact-sheet.png", SQUARE, TALL, "posters/index.html"];
    assert_eq!(files, set(wanted));
}

#[test]
fn only_what_changed_is_drawn_again() {
    let Some(shop) = shop() else { return };
    shop.change(
        "content/products/jar/index.md",
        CUP.replace("A-1", "A-2").replace("cup.png", "jar.png"),
    );
    shop.change("content/products/jar/jar.png", fixtures::png(640, 480, 40));
    shop.build().expect(0);
    let posters = |made: std::collections::BTreeSet<String>| {
        set(made.into_iter().filter(|path| path.starts_with("posters/") && path.ends_with(".jpg")))
    };
    assert_eq!(posters(shop.build().expect(0).made()), set::<&str>([]));
    shop.replace("content/products/cup/index.md", "sale: 69", "sale: 65");
    assert_eq!(posters(shop.build().expect(0).made()), set([SQUARE, TALL]));
    shop.same_as_cold();
}

#[test]
pub(crate) fn without_its_fonts_a_shop_is_built_all_the_same() {
    let Some(shop) = shop() else { return };
    let mut command = shop.command(&["build"]);
    command.env("SHANGJIA_FONTS", shop.path("content"));
    let run = crate::shop::Run::of(&mut command).expect(0);
    assert!(
        run.err.contains("poster/no-font") && run.err.contains("fonts-noto-cjk"),
        "{}",
        run.err
    );
    let files = shop.output();
    assert!(files.contains_key("site/index.html") && !files.contains_key(SQUARE));
}

#[test]
pub(crate) fn a_character_that_no_font_has_is_no_box() {
    let Some(shop) = shop() else { return };
    shop.replace("content/products/cup/index.md", "青釉马克杯", "青釉\u{1f375}杯");
    let run = shop.build().expect(0);
    run.finds("poster/no-glyph", "content/products/cup/index.md");
    assert!(!shop.output().contains_key(SQUARE));
}

#[test]
fn a_text_that_does_not_fit_is_told_with_what_would() {
    let Some(shop) = shop() else { return };
    shop.replace("content/products/cup/index.md", "青釉马克杯", &"青釉马克杯".repeat(12));
    let run = shop.check().expect(1);
    run.finds("poster/overflow", "content/products/cup/index.md");
}

#[test]
fn what_a_box_cuts_off_does_not_fit_and_no_such_poster_is_written() {
    let Some(shop) = shop() else { return };
    shop.build().expect(0);
    let list = "<div style=\"position:relative;width:120px;height:60px;overflow:hidden\"><div style=\"position:absolute;left:60px;top:0\"><p data-layer=\"list\" data-list=\"{{ product.sku }}\" data-fit=\"20 24\" style=\"white-space:nowrap;color:#fff\">{{ product.price.list_whole }}</p></div></div>";
    shop.replace(
        "themes/mine/posters/small.html",
        "<img src=\"{{ qr",
        &format!("{list}<img src=\"{{{{ qr"),
    );
    shop.build().expect(0);
    // The box shows no more than `¥12` of it.
    shop.replace("content/products/cup/index.md", "list: 89", "list: 128999");
    let run = crate::shop::Run::of(&mut shop.command(&["build", "--keep-going"]));
    assert!(run.err.contains("poster/overflow") && run.err.contains("128,999"), "{}", run.err);
    assert!(!shop.output().contains_key(SQUARE) && !shop.output().contains_key(TALL));
    assert!(shop.output().contains_key("site/index.html"));
}

#[test]
fn a_poster_says_the_price_of_the_page() {
    let Some(shop) = shop() else { return };
    let whole = "{{ product.price.whole }}{{ product.price.cents }}";
    shop.replace("themes/mine/posters/small.html", whole, "{{ product.price.list_whole }}");
    let run = shop.check().expect(1);
    run.finds("poster/price", "content/products/cup/index.md");
}

#[test]
fn what_a_template_draws_in_a_campaign_to_come_has_the_prices_of_then() {
    let Some(shop) = shop() else { return };
    let campaign = "---\ntitle: 双十二\nwindow: {from: 2026-12-10, to: 2026-12-12}\nterms: {amount_off: 40}\nproducts: [A-1]\nposters: small\n---\n";
    shop.change("content/campaigns/twelve/index.md", campaign);
    shop.change(
        "themes/mine/posters/small.html",
        HTML.replace("{{ product.price.sign }}", "{{ campaign.days_left|default(value=0) }} "),
    );
    // The layer now says `18 49`, which is not the price of then: the finding names that.
    let run = shop.check();
    assert!(run.out.contains("49.00") || run.err.contains("49.00"), "{}{}", run.out, run.err);
}

#[test]
pub(crate) fn a_picture_that_cannot_be_decoded_leaves_no_hole() {
    let Some(shop) = shop() else { return };
    assert_eq!(shop.check().codes(), [] as [&str; 0]);
    shop.change("content/products/cup/cup.png", fixtures::claimed_png(640, 480));
    shop.check().expect(0).finds("poster/picture", "content/products/cup/index.md");
}

#[test]
fn a_moving_poster_moves() {
    let Some(shop) = shop() else { return };
    shop.change(
        "themes/mine/posters/small.yaml",
        "for: product\nsizes: [160x120]\nseconds: 3\nfps: 2\nbytes: 60KB\n",
    );
    let html = "<style>@keyframes in{0%{opacity:0}100%{opacity:1}} i{display:block;width:160px;height:120px;background:#c00;animation:in 3s linear both}</style>\
        <div style=\"width:160px;height:120px;background:#fff\"><i></i></div>";
    shop.change("themes/mine/posters/small.html", html);
    shop.build().expect(0);
    let bytes = std::fs::read(shop.path("output/posters/cup/small-160x120.webp")).unwrap();
    assert!(bytes.len() <= 60_000, "{} bytes", bytes.len());
    let mut decoder = webpx::AnimationDecoder::new(&bytes).unwrap();
    let frames = decoder.decode_all().unwrap();
    let ends: Vec<i32> = frames.iter().map(|frame| frame.timestamp_ms).collect();
    assert_eq!(frames.len(), 6, "{ends:?}");
    // White at first, redder and redder.
    let greens: Vec<u8> = frames.iter().map(|frame| frame.data[1]).collect();
    assert!(greens.is_sorted_by(|a, b| a > b) && greens[0] > 240 && greens[5] < 80, "{greens:?}");
}

#[test]
fn a_moving_poster_keeps_nothing_of_what_it_showed_before() {
    let Some(shop) = shop() else { return };
    shop.change(
        "themes/mine/posters/small.yaml",
        "for: product\nsizes: [160x120]\nseconds: 3\nfps: 2\nbytes: 60KB\n",
    );
    // Stripes that hardly differ from the ground that stays.
    let html = "<style>@keyframes out{0%{opacity:1}50%{opacity:0}100%{opacity:0}} i{display:block;position:absolute;left:20px;top:20px;width:80px;height:60px;background:repeating-linear-gradient(90deg,#e4e0da 0,#e4e0da 8px,#ece8e2 8px,#ece8e2 16px);animation:out 3s linear both}</style>\
        <div style=\"position:relative;width:160px;height:120px;background:#e8e4de\"><i></i></div>";
    shop.change("themes/mine/posters/small.html", html);
    shop.build().expect(0);
    let bytes = std::fs::read(shop.path("output/posters/cup/small-160x120.webp")).unwrap();
    let frames = webpx::AnimationDecoder::new(&bytes).unwrap().decode_all().unwrap();
    let last = frames.last().unwrap();
    assert_eq!(last.timestamp_ms, 3000);
    let far = |pixel: &[u8; 4]| {
        let [r, g, b, _] = *pixel;
        r.abs_diff(0xe8).max(g.abs_diff(0xe4)).max(b.abs_diff(0xde)) > 2
    };
    let ghosts = last.data.as_chunks::<4>().0.iter().filter(|pixel| far(pixel)).count();
    assert_eq!(ghosts, 0, "of {}", 160 * 120);
}

#[test]
fn a_gif_moves_too_and_stands_still_while_nothing_changes() {
    let Some(shop) = shop() else { return };
    shop.change(
        "themes/mine/posters/small.yaml",
        "for: product\nformat: gif\nsizes: [160x120]\nseconds: 4\nfps: 4\nbytes: 60KB\n",
    );
    let html = "<style>@keyframes in{0%{opacity:0}50%{opacity:1}100%{opacity:1}} i{display:block;width:80px;height:120px;background:#c00;animation:in 4s linear both}</style>\
        <div style=\"width:160px;height:120px;background:#fff\"><i></i></div>";
    shop.change("themes/mine/posters/small.html", html);
    shop.build().expect(0);
    let bytes = std::fs::read(shop.path("output/posters/cup/small-160x120.gif")).unwrap();
    assert!(bytes.len() <= 60_000, "{} bytes", bytes.len());
    let decoder = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(bytes)).unwrap();
    let frames = image::AnimationDecoder::into_frames(decoder).collect_frames().unwrap();
    let long: Vec<u32> = frames.iter().map(|frame| frame.delay().numer_denom_ms().0).collect();
    // Eight that redden, the last of them until the end.
    assert_eq!(long.iter().sum::<u32>(), 4000, "{long:?}");
    assert!(long.len() == 9 && long[8] == 2000, "{long:?}");
    let greens: Vec<u8> = frames.iter().map(|frame| frame.buffer().get_pixel(20, 20)[1]).collect();
    assert!(greens.is_sorted_by(|a, b| a > b) && greens[0] > 240 && greens[8] < 20, "{greens:?}");
    // What did not change is still there.
    assert!(frames.iter().all(|frame| frame.buffer().get_pixel(120, 20).0 == [255; 4]));
}

#[test]
pub(crate) fn a_small_photograph_is_told() {
    let Some(shop) = shop() else { return };
    assert_eq!(shop.check().codes(), [] as [&str; 0]);
    shop.change("content/products/cup/cup.png", fixtures::png(160, 120, 200));
    shop.check().expect(0).finds("poster/enlarged", "content/products/cup/index.md");
}
