//! Huffman tables of a JPEG: reading them, and making the shortest ones for a histogram.

use super::bits::Reader;

/// Symbols whose code is at most this long are found in one step.
const QUICK: u8 = 10;

/// Finds the symbol of the next code.
pub(super) struct Decoder {
    /// By the next `QUICK` bits: the symbol and the length of its code, 0 when it is longer.
    quick: Vec<(u8, u8)>,
    /// By length: the first 16 bits beyond all codes of that length.
    beyond: [u32; 17],
    /// By length: the index of a symbol less its code.
    offset: [i64; 17],
    symbols: Vec<u8>,
}

impl Decoder {
    fn new(counts: &[u8; 16], symbols: &[u8]) -> Self {
        let mut quick = vec![(0, 0); 1 << QUICK];
        let (mut beyond, mut offset) = ([0; 17], [0; 17]);
        let (mut code, mut i) = (0_u32, 0_u32);
        for (length, count) in (1_u8..).zip(counts) {
            offset[usize::from(length)] = i64::from(i) - i64::from(code);
            for symbol in symbols.iter().skip(i as usize).take(usize::from(*count)) {
                if length <= QUICK {
                    let first = (code << (QUICK - length)) as usize;
                    let same = quick.iter_mut().skip(first).take(1 << (QUICK - length));
                    same.for_each(|entry| *entry = (*symbol, length));
                }
                code += 1;
            }
            i += u32::from(*count);
            beyond[usize::from(length)] = code << (16 - length);
            code <<= 1;
        }
        Self { quick, beyond, offset, symbols: symbols.to_vec() }
    }

    /// Takes one code from the reader; `None` when there is no such code.
    #[inline]
    pub(super) fn next(&self, reader: &mut Reader<'_>) -> Option<u8> {
        let bits = reader.peek();
        let (symbol, length) = self.quick[usize::from(bits >> (16 - QUICK))];
        if length > 0 {
            reader.skip(length)?;
            return Some(symbol);
        }
        let length = (QUICK + 1..=16).find(|l| u32::from(bits) < self.beyond[usize::from(*l)])?;
        reader.skip(length)?;
        let code = i64::from(bits >> (16 - length));
        let i = usize::try_from(code + self.offset[usize::from(length)]).ok()?;
        self.symbols.get(i).copied()
    }
}

/// Reads the tables of a DHT segment into their places: number, plus 2 for AC.
pub(super) fn read_segment(mut body: &[u8], decoders: &mut [Option<Decoder>; 4]) -> Option<()> {
    while let Some((kind, rest)) = body.split_first() {
        let (counts, rest) = rest.split_first_chunk::<16>()?;
        let total = counts.iter().map(|count| usize::from(*count)).sum();
        let (symbols, rest) = rest.split_at_checked(total)?;
        let place = usize::from(kind >> 4 << 1 | kind & 15);
        *decoders.get_mut(place)? = Some(Decoder::new(counts, symbols));
        body = rest;
    }
    Some(())
}

/// How often each symbol occurs.
pub(super) struct Histogram([u32; 256]);

impl Histogram {
    pub(super) const fn new() -> Self {
        Self([0; 256])
    }

    pub(super) fn count(&mut self, symbol: u8) {
        self.0[usize::from(symbol)] += 1;
    }
}

/// A code for each symbol that occurs.
pub(super) struct Code {
    counts: [u8; 16],
    symbols: Vec<u8>,
    codes: Vec<(u16, u8)>,
}

impl Code {
    /// The shortest code, by section K.2 of the specification (T.81).
    pub(super) fn shortest(histogram: &Histogram) -> Self {
        let lengths = lengths(&histogram.0);
        let mut symbols: Vec<u8> = (0..=255).filter(|s| histogram.0[usize::from(*s)] > 0).collect();
        symbols.sort_by_key(|symbol| lengths[usize::from(*symbol)]);
        let counts = limited(&lengths, symbols.len());

        let mut codes = vec![(0, 0); 256];
        let (mut code, mut next) = (0_u16, symbols.iter());
        for (length, count) in (1_u8..).zip(counts) {
            for symbol in next.by_ref().take(usize::from(count)) {
                codes[usize::from(*symbol)] = (code, length);
                code += 1;
            }
            code <<= 1;
        }
        Self { counts, symbols, codes }
    }

    /// The code of a symbol and its length.
    #[inline]
    pub(super) fn of(&self, symbol: u8) -> (u16, u8) {
        self.codes[usize::from(symbol)]
    }
}

/// Writes one DHT segment with all tables that are used; a place is a number, plus 2 for AC.
pub(super) fn write_segment(codes: &[Code; 4], file: &mut Vec<u8>) {
    let used = || (0_u8..).zip(codes).filter(|(_, code)| !code.symbols.is_empty());
    let length: usize = 2 + used().map(|(_, code)| 1 + 16 + code.symbols.len()).sum::<usize>();
    file.extend_from_slice(&[0xFF, 0xC4]);
    file.extend_from_slice(&(length as u16).to_be_bytes());
    for (place, code) in used() {
        file.push(place >> 1 << 4 | place & 1);
        file.extend_from_slice(&code.counts);
        file.extend_from_slice(&code.symbols);
    }
}

/// Code lengths of the plain Huffman tree; one symbol more, the 257th, keeps the code of ones free.
fn lengths(frequencies: &[u32; 256]) -> [u8; 257] {
    // Trees that are not yet joined: their weight and the symbols in them.
    let mut trees: Vec<(u64, Vec<u16>)> = (0_u16..)
        .zip(frequencies)
        .filter(|(_, frequency)| **frequency > 0)
        .map(|(symbol, frequency)| (u64::from(*frequency), vec![symbol]))
        .collect();
    let mut lengths = [0; 257];
    if trees.is_empty() {
        return lengths;
    }
    trees.push((0, vec![256]));
    while trees.len() > 1 {
        // The two lightest go last; the order of equals is fixed, so that the bytes are.
        trees.sort_by(|a, b| b.cmp(a));
        let (Some((light, members)), Some((heavy, joined))) = (trees.pop(), trees.last_mut())
        else {
            break;
        };
        *heavy += light;
        joined.extend(members);
        for symbol in joined {
            lengths[usize::from(*symbol)] += 1;
        }
    }
    lengths
}

/// How many codes there are of each length once none is longer than 16 bits.
fn limited(lengths: &[u8; 257], symbols: usize) -> [u8; 16] {
    let mut counts = [0_u16; 258];
    lengths.iter().filter(|length| **length > 0).for_each(|l| counts[usize::from(*l)] += 1);
    for long in (17..counts.len()).rev() {
        while counts[long] > 0 {
            // Two siblings: one takes their parent's place, the other shares that of a shorter code.
            let Some(short) = (1..long - 1).rev().find(|short| counts[*short] > 0) else { break };
            counts[long] -= 2;
            counts[long - 1] += 1;
            counts[short + 1] += 2;
            counts[short] -= 1;
        }
    }
    if symbols > 0 {
        // Give up the code of the 257th symbol, one of the longest.
        if let Some(longest) = (1..=16).rev().find(|length| counts[*length] > 0) {
            counts[longest] -= 1;
        }
    }
    std::array::from_fn(|i| counts[i + 1] as u8)
}
