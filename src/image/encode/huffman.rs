//! Gives a baseline JPEG the Huffman tables that suit it, without touching its picture.
//!
//! `jpeg-encoder` can do this only by writing one scan for each component, which `zune-jpeg`
//! 0.5.15 reads as garbage and small decoders need the memory of the whole picture for. Here the
//! one interleaved scan stays, as libjpeg writes it. It knows the layout that encoder writes; of
//! anything else it returns `None` and the file can be used as it was.

mod bits;
mod table;

use self::bits::{Reader, Writer};
use self::table::{Code, Decoder, Histogram};

/// One Huffman symbol with the bits that follow it.
struct Token {
    /// Which of the four tables: the component's selector, plus 2 for AC.
    table: u8,
    symbol: u8,
    extra: u16,
}

/// What the scan is made of.
struct Layout<'jpeg> {
    /// All segments before the scan, but for the tables.
    head: Vec<&'jpeg [u8]>,
    decoders: [Option<Decoder>; 4],
    /// The table selector of each block in a unit of the scan, in order.
    unit: Vec<(usize, u8)>,
    units: usize,
    scan: &'jpeg [u8],
    entropy: &'jpeg [u8],
}

/// The same picture with the smallest tables.
pub(in super::super) fn repack(jpeg: &[u8]) -> Option<Vec<u8>> {
    let layout = layout(jpeg)?;
    let tokens = tokens(&layout)?;
    let mut histograms = [const { Histogram::new() }; 4];
    for token in &tokens {
        histograms[usize::from(token.table)].count(token.symbol);
    }
    let codes = histograms.each_ref().map(Code::shortest);

    let mut file = Vec::with_capacity(jpeg.len());
    file.extend_from_slice(&[0xFF, 0xD8]);
    layout.head.iter().for_each(|segment| file.extend_from_slice(segment));
    table::write_segment(&codes, &mut file);
    file.extend_from_slice(layout.scan);
    let mut writer = Writer::new(file);
    for token in &tokens {
        let (bits, length) = codes[usize::from(token.table)].of(token.symbol);
        writer.put(u32::from(bits), length);
        writer.put(u32::from(token.extra), extra_length(token.table, token.symbol));
    }
    let mut file = writer.finish();
    file.extend_from_slice(&[0xFF, 0xD9]);
    Some(file)
}

/// How many bits follow a symbol: all of a DC symbol, the lower half of an AC symbol.
fn extra_length(table: u8, symbol: u8) -> u8 {
    if table < 2 { symbol } else { symbol & 15 }
}

fn layout(jpeg: &[u8]) -> Option<Layout<'_>> {
    let mut head = Vec::new();
    let mut decoders = [const { None }; 4];
    let mut frame: &[u8] = &[];
    let mut rest = jpeg.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let [0xFF, marker, high, low, ..] = *rest else { return None };
        let length = 2 + usize::from(u16::from_be_bytes([high, low]));
        let (segment, after) = rest.split_at_checked(length)?;
        let body = segment.get(4..)?;
        rest = after;
        match marker {
            0xC4 => table::read_segment(body, &mut decoders)?,
            0xDA => {
                let (unit, units) = units(frame, body)?;
                let entropy = rest.strip_suffix(&[0xFF, 0xD9])?;
                return Some(Layout { head, decoders, unit, units, scan: segment, entropy });
            }
            // Restart intervals and anything but baseline are not what our encoder writes.
            0xDD | 0xC1..=0xCF => return None,
            _ => {
                if marker == 0xC0 {
                    frame = body;
                }
                head.push(segment);
            }
        }
    }
}

/// The blocks of a unit as (component, table selector), and the number of units.
fn units(frame: &[u8], scan: &[u8]) -> Option<(Vec<(usize, u8)>, usize)> {
    let &[8, h1, h0, w1, w0, count, ref components @ ..] = frame else { return None };
    let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
    let components = components.as_chunks::<3>().0;
    let selectors = scan.get(1..)?.as_chunks::<2>().0;
    if scan.first() != Some(&count) || components.len() != usize::from(count) || count < 3 {
        return None;
    }
    let (mut across, mut down) = (1, 1);
    let mut unit = Vec::new();
    for (i, ([id, sampling, _], [scan_id, tables])) in components.iter().zip(selectors).enumerate()
    {
        let (h, v) = (usize::from(sampling >> 4), usize::from(sampling & 15));
        // DC and AC of a component use tables of the same number.
        if id != scan_id || tables >> 4 != tables & 15 || tables & 15 > 1 {
            return None;
        }
        (across, down) = (across.max(h), down.max(v));
        unit.extend(std::iter::repeat_n((i, tables & 15), h * v));
    }
    let columns = usize::from(width).div_ceil(8 * across);
    Some((unit, columns * usize::from(height).div_ceil(8 * down)))
}

fn tokens(layout: &Layout<'_>) -> Option<Vec<Token>> {
    let mut reader = Reader::new(layout.entropy);
    let mut tokens = Vec::with_capacity(layout.entropy.len() * 2);
    for _ in 0..layout.units {
        for (_, selector) in &layout.unit {
            let mut table = *selector;
            let mut filled = 0;
            while filled < 64 {
                let symbol = layout.decoders[usize::from(table)].as_ref()?.next(&mut reader)?;
                let extra = reader.take(extra_length(table, symbol))?;
                tokens.push(Token { table, symbol, extra });
                filled += match (table < 2, symbol) {
                    (true, _) => 1,
                    // End of block.
                    (false, 0) => 64,
                    // A run of zeros and the value after it; 0xF0 is sixteen zeros.
                    (false, _) => usize::from(symbol >> 4) + 1,
                };
                table |= 2;
            }
        }
    }
    Some(tokens)
}
