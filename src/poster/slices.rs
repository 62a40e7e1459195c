//! A long picture cut where nothing is to be seen.

use std::ops::Range;

use crate::image::{Layout, Pixels};

/// A gap of so many rows is as good a place as any larger one.
const WIDE: u32 = 48;

/// Parts of a picture, each no taller than this, from top to bottom without a gap: cut in the middle of rows of one colour,
/// near where equal parts would end.
pub(super) fn cuts(pixels: &Pixels, most: u32) -> Vec<Range<u32>> {
    let (height, most) = (pixels.height(), most.max(1));
    let gaps = gaps(pixels);
    let mut parts = Vec::new();
    let mut from = 0;
    while height - from > most {
        let rest = height - from;
        let equal = from + rest / rest.div_ceil(most);
        let (first, last) = (from + 1, from + most);
        let places = gaps.iter().filter_map(|gap| {
            let (start, end) = (gap.start.max(first), gap.end.min(last + 1));
            (start < end).then(|| (u32::midpoint(start, end), end - start))
        });
        // A little nearer to equal parts is worth less than a wider gap.
        let cost = |(at, wide): &(u32, u32)| {
            u64::from(at.abs_diff(equal)) * 256 / u64::from(most)
                + u64::from(WIDE - WIDE.min(*wide)) * 2
        };
        let to = places.min_by_key(cost).map_or(last, |(at, _)| at);
        parts.push(from..to);
        from = to;
    }
    parts.push(from..height);
    parts
}

/// Runs of rows that show nothing but the ground: the colour of the first row that is of one colour. Rows of another one
/// may be the plain backdrop of a photograph, which nobody wants to see in two halves.
fn gaps(pixels: &Pixels) -> Vec<Range<u32>> {
    let bytes = pixels.width() as usize * pixels.layout().channels();
    let channels = pixels.layout().channels();
    let mut gaps: Vec<Range<u32>> = Vec::new();
    let mut ground: Option<&[u8]> = None;
    for (at, row) in (0..).zip(pixels.bytes().chunks_exact(bytes.max(1))) {
        // A row is of one colour when it is the same one pixel further.
        let plain = row[channels..] == row[..row.len() - channels];
        if !plain || **ground.get_or_insert(&row[..channels]) != row[..channels] {
            continue;
        }
        match gaps.last_mut() {
            Some(gap) if gap.end == at => gap.end += 1,
            _ => gaps.push(at..at + 1),
        }
    }
    gaps
}

/// Some rows of a picture.
pub(super) fn rows(pixels: &Pixels, rows: &Range<u32>) -> Option<Pixels> {
    let bytes = pixels.width() as usize * pixels.layout().channels();
    let part = pixels.bytes().get(rows.start as usize * bytes..rows.end as usize * bytes)?;
    let layout: Layout = pixels.layout();
    Pixels::new(pixels.width(), rows.end - rows.start, layout, part.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture row by row: `#` is written on, a blank is not, `=` is plain and not the ground.
    fn picture(rows: &str) -> Pixels {
        let bytes: Vec<u8> = rows
            .chars()
            .flat_map(|row| match row {
                '#' => [0, 0, 0, 9, 9, 9],
                '=' => [5; 6],
                _ => [7; 6],
            })
            .collect();
        Pixels::new(2, rows.len() as u32, Layout::Rgb, bytes).unwrap()
    }

    #[test]
    fn cuts_are_made_in_gaps() {
        assert_eq!(cuts(&picture("####  ####"), 7), [0..5, 5..10]);
        assert_eq!(cuts(&picture("### #  ####"), 8), [0..6, 6..11]);
        assert_eq!(cuts(&picture("  ##==#  #"), 8), [0..8, 8..10]);
        assert_eq!(cuts(&picture("   "), 5), std::slice::from_ref(&(0..3)));
    }

    #[test]
    fn what_has_no_gap_is_cut_all_the_same_and_nothing_is_lost() {
        let parts = cuts(&picture(&"#".repeat(23)), 5);
        assert!(parts.iter().all(|part| part.len() <= 5 && !part.is_empty()), "{parts:?}");
        assert_eq!(parts.iter().map(ExactSizeIterator::len).sum::<usize>(), 23);
        assert_eq!((parts[0].start, parts.last().unwrap().end), (0, 23));
        let whole = picture("# ");
        assert_eq!(rows(&whole, &(1..2)).unwrap().bytes(), [7; 6]);
    }
}
