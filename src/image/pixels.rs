//! A picture in memory: eight bits a channel, sRGB, rows from top to bottom without gaps.
//!
//! It must not know where pixels come from or go to.

/// The channels of one pixel; the number is its size in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Red, green, blue.
    Rgb = 3,
    /// Red, green, blue, alpha that is not multiplied into the colours.
    Rgba = 4,
}

impl Layout {
    /// Bytes of one pixel.
    pub const fn channels(self) -> usize {
        self as usize
    }
}

/// A picture in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    width: u32,
    height: u32,
    layout: Layout,
    bytes: Vec<u8>,
}

impl Pixels {
    /// Wraps `bytes`; `None` when a side is zero or the length does not fit the sides.
    pub fn new(width: u32, height: u32, layout: Layout, bytes: Vec<u8>) -> Option<Self> {
        let len = (width as usize).checked_mul(height as usize)?.checked_mul(layout.channels())?;
        (len > 0 && len == bytes.len()).then_some(Self { width, height, layout, bytes })
    }

    /// Width in pixels, at least 1.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, at least 1.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The channels of each pixel.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// All bytes, row after row.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Drops the alpha channel when every pixel is opaque.
    pub(super) fn without_idle_alpha(self) -> Self {
        if self.layout == Layout::Rgb || self.bytes.iter().skip(3).step_by(4).any(|a| *a != 255) {
            return self;
        }
        let bytes = self.bytes.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]);
        Self { layout: Layout::Rgb, bytes: bytes.collect(), ..self }
    }

    /// Lays the picture over one colour, as a browser does: in sRGB, not in linear light.
    pub(super) fn over(&self, background: [u8; 3]) -> Vec<u8> {
        let blend = |color: u8, ground: u8, alpha: u8| {
            let sum =
                u32::from(color) * u32::from(alpha) + u32::from(ground) * u32::from(255 - alpha);
            ((sum + 127) / 255) as u8
        };
        let [red, green, blue] = background;
        let over = |[r, g, b, a]: &[u8; 4]| {
            [blend(*r, red, *a), blend(*g, green, *a), blend(*b, blue, *a)]
        };
        self.bytes.as_chunks::<4>().0.iter().flat_map(over).collect()
    }

    /// Turns the stored picture upright according to an EXIF orientation (1 to 8).
    pub(super) fn upright(self, orientation: u8) -> Self {
        match self.layout {
            Layout::Rgb => self.turned::<3>(orientation),
            Layout::Rgba => self.turned::<4>(orientation),
        }
    }

    fn turned<const N: usize>(mut self, orientation: u8) -> Self {
        let (width, height) = (self.width as usize, self.height as usize);
        let pixels = self.bytes.as_chunks_mut::<N>().0;
        match orientation {
            2 => pixels.chunks_exact_mut(width).for_each(<[_]>::reverse),
            3 => pixels.reverse(),
            4 => {
                pixels.reverse();
                pixels.chunks_exact_mut(width).for_each(<[_]>::reverse);
            }
            // For 5 to 8 rows become columns: where does the stored pixel (x, y) go?
            5 => return self.transposed::<N>(|x, y| x * height + y),
            6 => return self.transposed::<N>(|x, y| x * height + (height - 1 - y)),
            7 => return self.transposed::<N>(|x, y| (width - 1 - x) * height + (height - 1 - y)),
            8 => return self.transposed::<N>(|x, y| (width - 1 - x) * height + y),
            _ => {}
        }
        self
    }

    fn transposed<const N: usize>(self, place: impl Fn(usize, usize) -> usize) -> Self {
        // Small squares keep both the read and the written rows in the processor's cache.
        const SQUARE: usize = 16;
        let (width, height) = (self.width as usize, self.height as usize);
        let source = self.bytes.as_chunks::<N>().0;
        let mut bytes = vec![0; self.bytes.len()];
        let turned = bytes.as_chunks_mut::<N>().0;
        for top in (0..height).step_by(SQUARE) {
            for left in (0..width).step_by(SQUARE) {
                for y in top..height.min(top + SQUARE) {
                    for x in left..width.min(left + SQUARE) {
                        turned[place(x, y)] = source[y * width + x];
                    }
                }
            }
        }
        Self { width: self.height, height: self.width, bytes, ..self }
    }
}
