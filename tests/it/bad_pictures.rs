//! Pictures that are none, that are too large, damaged, or carry more than a picture.

use crate::bad_input::{clean, cup, limited, soon};
use crate::fixtures::{claimed_png, cmyk_jpeg, gif, jpeg, png};

#[test]
pub(crate) fn pictures_too_large_to_decode() {
    let shop = cup();
    shop.change("content/products/cup/front.png", claimed_png(60_000, 60_000));
    let mut wide = gif(8, 8, 1);
    wide[6..10].copy_from_slice(&[0x60, 0xea, 0x60, 0xea]);
    shop.change("content/products/cup/second.gif", wide);
    let run = limited(&shop, "614400").expect(1);
    run.finds("picture/bomb", "content/products/cup/front.png");
    run.finds("picture/bomb", "content/products/cup/second.gif");
    shop.remove("content/products/cup/second.gif");
    shop.change("content/products/cup/front.png", png(60, 60, 1));
    clean(&shop);
}

#[test]
pub(crate) fn a_picture_of_printing_colours() {
    let shop = cup();
    shop.change("content/products/cup/front.jpg", cmyk_jpeg());
    let run = shop.build().expect(0);
    run.finds("picture/color", "content/products/cup/front.jpg");
    assert_eq!(run.codes(), ["picture/color"], "{}", run.out);
    assert_eq!(shop.build().expect(0).out, run.out, "said again when it is not made again");
    shop.change("content/products/cup/front.jpg", jpeg(16, 16));
    assert_eq!(shop.build().expect(0).codes(), [""; 0]);
}

#[test]
pub(crate) fn a_picture_that_ends_too_early() {
    let shop = cup();
    let whole = jpeg(64, 64);
    shop.change("content/products/cup/front.jpg", &whole[..whole.len() * 9 / 10]);
    let run = shop.build().expect(0);
    run.finds("picture/damaged", "content/products/cup/front.jpg");
    assert_eq!(run.codes(), ["picture/damaged"], "{}", run.out);
    shop.change("content/products/cup/front.jpg", &whole);
    assert_eq!(shop.build().expect(0).codes(), [""; 0]);
    for (name, bytes) in [
        ("cut.jpg", &whole[..40]),
        ("cut.png", &png(64, 64, 1)[..60]),
        ("empty.webp", &[][..]),
        ("text.gif", b"GIF89a and no more"),
    ] {
        let shop = cup();
        shop.change(&format!("content/products/cup/{name}"), bytes);
        let run = shop.build().expect(1);
        run.finds("picture/broken", &format!("content/products/cup/{name}"));
    }
}

#[test]
fn a_drawing_that_could_run_code() {
    let plain = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"4\"><path d=\"M0 0h4v4z\"/></svg>";
    let shop = cup();
    shop.change("content/products/cup/front.svg", plain);
    clean(&shop);
    for evil in [
        "<script>alert(1)</script>",
        "<a href=\"javascript:x\"/>",
        "<path onload=\"x\"/>",
        "<foreignObject/>",
    ] {
        shop.change(
            "content/products/cup/front.svg",
            plain.replace("<path", &format!("{evil}<path")),
        );
        let run = soon(&shop).expect(1);
        run.finds("picture/broken", "content/products/cup/front.svg");
        assert!(!run.out.contains("@active"), "the reason has words: {}", run.out);
    }
}
