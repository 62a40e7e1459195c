//! A long picture cut where nothing is to be seen.

use std::ops::Range;

use crate::image::{Layout, Pixels};

/// A gap of so many rows is as good a place as any larger one.
const WIDE: u32 = 48;
/// A part with fewer rows than this is a sliver, unless the whole picture is.
const LEAST: u32 = 100;
/// What a sliver costs, and a cut through what is to be seen: more than all that looks only a little better.
const SLIVER: u64 = 1_000_000;
const TORN: u64 = 1_000_000_000;

/// A row at which a picture may be cut, and what that costs.
#[derive(Clone, Copy)]
struct Place {
    at: u32,
    cost: u64,
}

/// Parts of a picture, each no taller than this, from top to bottom without a gap: as few and as equal as they can be when
/// cuts are made in the middle of rows of one colour. Of all ways to cut the whole picture the best is taken, since the
/// nearest good place may leave a sliver behind.
pub(super) fn cuts(pixels: &Pixels, most: u32) -> Vec<Range<u32>> {
    let (height, most) = (pixels.height(), most.max(1));
    if height <= most {
        return std::iter::once(0..height).collect();
    }
    let equal = height / height.div_ceil(most);
    let places = places(&gaps(pixels), height, most);
    // For every place, the least that all parts above it cost, and where the last of these begins.
    let mut best = vec![(0, 0)];
    for (nth, end) in places.iter().enumerate().skip(1) {
        let above = places[..nth].iter().zip(&best).enumerate().rev();
        let reached = above.take_while(|(_, (start, _))| end.at - start.at <= most);
        let costs = reached.map(|(from, (start, (cost, _)))| {
            let rows = end.at - start.at;
            let uneven = u64::from(rows.abs_diff(equal)) * 256 / u64::from(most);
            let sliver = if rows < LEAST.min(most / 4) { SLIVER } else { 0 };
            (cost + end.cost + uneven + sliver, from)
        });
        best.push(costs.min().unwrap_or((u64::MAX / 2, nth - 1)));
    }
    let mut parts = Vec::new();
    let mut at = places.len() - 1;
    while at > 0 {
        let from = best[at].1;
        parts.push(places[from].at..places[at].at);
        at = from;
    }
    parts.reverse();
    parts
}

/// Where a picture may be cut, from its first row to behind its last: in gaps, and where there is none for longer than a
/// part is tall, through what is to be seen.
fn places(gaps: &[Range<u32>], height: u32, most: u32) -> Vec<Place> {
    let in_gap = |gap: &Range<u32>| {
        let wide = gap.end - gap.start;
        let middle = u64::from(WIDE - WIDE.min(wide)) * 2;
        let edge = u64::from(WIDE) * 4;
        [(gap.start, edge), (u32::midpoint(gap.start, gap.end), middle), (gap.end, edge)]
    };
    let mut all: Vec<Place> = vec![Place { at: 0, cost: 0 }];
    let ends = gaps.iter().flat_map(in_gap).filter(|(at, _)| (1..height).contains(at));
    for (at, cost) in ends.chain([(height, 0)]) {
        let last = all.last().map_or(0, |last| last.at);
        let pieces = (at - last).div_ceil(most);
        let torn = (1..pieces).map(|nth| last + (at - last) * nth / pieces);
        all.extend(torn.map(|at| Place { at, cost: TORN }));
        match all.last_mut() {
            // A narrow gap's middle is its first row.
            Some(last) if last.at == at => last.cost = last.cost.min(cost),
            _ => all.push(Place { at, cost }),
        }
    }
    all
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
    fn a_block_as_tall_as_a_part_leaves_no_slivers() {
        for block in 900..=1000 {
            let seen = "#".repeat(block);
            let head = format!("{}{}{}", " ".repeat(60), "#".repeat(200), " ".repeat(30));
            let page =
                format!("{head}{seen}{}{}{}", " ".repeat(40), "#".repeat(150), " ".repeat(90));
            let parts = cuts(&picture(&page), 1000);
            assert!(parts.iter().all(|part| (100..=1000).contains(&part.len())), "{parts:?}");
            let whole = |part: &&Range<u32>| part.start <= 290 && part.end as usize >= 290 + block;
            assert_eq!(parts.iter().filter(whole).count(), 1, "{parts:?}");
        }
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
