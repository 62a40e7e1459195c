//! Derived files: sizes, alpha, determinism, and that we can read what we write.

use super::super::encode::{self, Target};
use super::super::resize::Ladder;
use super::super::{Fault, Layout, Recipe, derive, probe};
use super::{assert_close, gradient, opened, picture, pixel, psnr, texture};

fn one(decoded: &super::Decoded, recipe: Recipe) -> super::super::Encoded {
    derive(decoded, &[recipe]).remove(0).unwrap()
}

#[test]
fn our_own_files_read_back_as_they_were() {
    let rgb = gradient(200, 120);
    let source = picture(200, 120, Layout::Rgb, rgb.clone());
    for (target, least) in [(Target::Jpeg, 36.0), (Target::WebP, 36.0)] {
        let file = one(&source, Recipe::new(200, target, 90));
        let again = opened(&file.bytes);
        assert_eq!(again.warnings, []);
        assert!(psnr(again.pixels.bytes(), &rgb) > least, "{target:?}");
    }
}

#[test]
fn jpegs_have_one_scan_and_the_same_picture_after_repacking() {
    for (width, height) in [(1, 1), (17, 9), (64, 64), (333, 211)] {
        for quality in [1, 50, 80, 100] {
            let rgb = texture(width, height);
            let source = picture(width, height, Layout::Rgb, rgb.clone());
            let file = one(&source, Recipe::new(width, Target::Jpeg, quality)).bytes;
            assert_eq!(file.windows(2).filter(|pair| *pair == [0xFF, 0xDA]).count(), 1);
            let mut plain = Vec::new();
            let mut encoder = jpeg_encoder::Encoder::new(&mut plain, quality);
            encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
            encoder.set_chroma_subsampling_method(jpeg_encoder::ChromaSubsamplingMethod::Average);
            let color = jpeg_encoder::ColorType::Rgb;
            encoder.encode(&rgb, width as u16, height as u16, color).unwrap();
            assert!(file.len() < plain.len(), "{} of {}", file.len(), plain.len());
            assert_eq!(opened(&file).pixels, opened(&plain).pixels);
            let other = jpeg_decoder::Decoder::new(&file[..]).decode().unwrap();
            assert_eq!(other, jpeg_decoder::Decoder::new(&plain[..]).decode().unwrap());
        }
    }
}

#[test]
fn repacking_leaves_strange_files_alone() {
    let source = picture(40, 40, Layout::Rgb, texture(40, 40));
    let file = one(&source, Recipe::new(40, Target::Jpeg, 80)).bytes;
    for cut in 0..file.len() {
        let _ = encode::huffman::repack(&file[..cut]);
    }
    for at in 0..file.len() {
        let mut broken = file.clone();
        broken[at] ^= 0x5A;
        let _ = encode::huffman::repack(&broken);
    }
}

#[test]
fn pictures_are_never_enlarged() {
    let source = picture(100, 50, Layout::Rgb, gradient(100, 50));
    for (wanted, got) in [(1000, (100, 50)), (100, (100, 50)), (50, (50, 25)), (1, (1, 1))] {
        let file = one(&source, Recipe::new(wanted, Target::WebP, 80));
        assert_eq!((file.width, file.height), got);
        let info = probe(&file.bytes).unwrap();
        assert_eq!((info.width, info.height), got);
    }
}

#[test]
fn a_file_is_the_same_alone_and_in_company() {
    let source = picture(700, 400, Layout::Rgb, texture(700, 400));
    let recipes: Vec<Recipe> = [320, 64, 640, 32, 320]
        .iter()
        .flat_map(|width| [Target::Jpeg, Target::WebP].map(|t| Recipe::new(*width, t, 80)))
        .collect();
    let together = derive(&source, &recipes);
    for (recipe, file) in recipes.iter().zip(together) {
        assert_eq!(one(&source, *recipe), file.unwrap(), "{recipe:?}");
    }
}

#[test]
fn threads_do_not_change_a_byte() {
    let source = picture(300, 200, Layout::Rgb, texture(300, 200));
    let recipes: Vec<Recipe> = [Target::Jpeg, Target::WebP, Target::Avif]
        .iter()
        .map(|target| Recipe { effort: 4, ..Recipe::new(200, *target, 70) })
        .map(|r| if r.target == Target::Avif { Recipe { effort: 10, ..r } } else { r })
        .collect();
    let wanted = derive(&source, &recipes);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..3).map(|_| scope.spawn(|| derive(&source, &recipes))).collect();
        for worker in workers {
            assert_eq!(worker.join().unwrap(), wanted);
        }
    });
}

#[test]
fn halving_first_is_close_to_shrinking_directly() {
    use fast_image_resize::images::{Image, ImageRef};
    use fast_image_resize::{PixelType, Resizer};
    let smooth: Vec<u8> = (0..900_u32 * 900)
        .flat_map(|i| {
            let (x, y) = (f64::from(i % 900), f64::from(i / 900));
            let wave = (x / 17.0).sin() * (y / 23.0).cos() * 90.0 + 128.0;
            [wave as u8, (x / 4.0) as u8, (y / 4.0) as u8]
        })
        .collect();
    let source = picture(900, 900, Layout::Rgb, smooth.clone());
    for width in [320, 200, 100] {
        let from = ImageRef::new(900, 900, &smooth, PixelType::U8x3).unwrap();
        let mut direct = Image::new(width, width, PixelType::U8x3);
        Resizer::new().resize(&from, &mut direct, None).unwrap();
        let ours = Ladder::new(&source.pixels).at(width).unwrap().unwrap();
        let close = psnr(ours.bytes(), direct.buffer());
        assert!(close > 45.0, "{width}: {close}");
    }
}

#[test]
fn alpha_is_kept_or_laid_over_the_background() {
    // Transparent red to the left, opaque blue to the right: no red may show anywhere.
    let row = [[255, 0, 0, 0].repeat(64), [0, 0, 255, 255].repeat(64)].concat();
    let source = picture(128, 128, Layout::Rgba, row.repeat(128));
    for width in [128, 40] {
        let jpeg = opened(&one(&source, Recipe::new(width, Target::Jpeg, 95)).bytes).pixels;
        assert_close(&pixel(&jpeg, width / 8, width / 2), &[255; 3], 3);
        assert_close(&pixel(&jpeg, width * 7 / 8, width / 2), &[0, 0, 255], 6);
        let on_black = Recipe { background: [0; 3], ..Recipe::new(width, Target::Jpeg, 95) };
        let black = opened(&one(&source, on_black).bytes).pixels;
        assert_close(&pixel(&black, width / 8, width / 2), &[0; 3], 3);
        let edge = pixel(&jpeg, width / 2, width / 2);
        assert!(edge[0] <= edge[2], "hidden red bleeds: {edge:?}");

        let webp = opened(&one(&source, Recipe::new(width, Target::WebP, 95)).bytes).pixels;
        assert_eq!(webp.layout(), Layout::Rgba);
        assert_eq!(pixel(&webp, width / 8, width / 2)[3], 0);
        assert_close(&pixel(&webp, width * 7 / 8, width / 2), &[0, 0, 255, 255], 8);
    }
    let avif = one(&source, Recipe { effort: 10, ..Recipe::new(40, Target::Avif, 60) });
    assert_eq!(&avif.bytes[4..12], b"ftypavif");
}

#[test]
fn a_format_says_when_a_side_is_too_long_for_it() {
    let source = picture(1, 16_384, Layout::Rgb, vec![9; 3 * 16_384]);
    let fault = derive(&source, &[Recipe::new(1, Target::WebP, 80)]).remove(0).unwrap_err();
    assert_eq!(fault, Fault::TooLargeForTarget { width: 1, height: 16_384, max_side: 16_383 });
    assert!(derive(&source, &[Recipe::new(1, Target::Jpeg, 80)]).remove(0).is_ok());
}
