//! Bits of entropy-coded data, with the zero byte that follows each 0xFF in it.

/// Reads bits, the highest first.
pub(super) struct Reader<'data> {
    bytes: std::slice::Iter<'data, u8>,
    /// The next bits, left-aligned.
    window: u64,
    filled: u8,
}

impl<'data> Reader<'data> {
    pub(super) fn new(data: &'data [u8]) -> Self {
        Self { bytes: data.iter(), window: 0, filled: 0 }
    }

    /// The next 16 bits without taking them; past the end there are zeros.
    pub(super) fn peek(&mut self) -> u16 {
        if self.filled < 16 {
            self.fill();
        }
        (self.window >> 48) as u16
    }

    /// Drops bits that were looked at; `None` when there are fewer.
    pub(super) fn skip(&mut self, count: u8) -> Option<()> {
        self.filled = self.filled.checked_sub(count)?;
        self.window <<= count;
        Some(())
    }

    /// Takes up to 16 bits.
    pub(super) fn take(&mut self, count: u8) -> Option<u16> {
        if count == 0 {
            return Some(0);
        }
        let bits = self.peek() >> 16_u8.checked_sub(count)?;
        self.skip(count)?;
        Some(bits)
    }

    fn fill(&mut self) {
        while self.filled <= 56 {
            let Some(byte) = self.bytes.next() else { return };
            if *byte == 0xFF {
                self.bytes.next();
            }
            self.window |= u64::from(*byte) << (56 - self.filled);
            self.filled += 8;
        }
    }
}

/// Writes bits, the highest first.
pub(super) struct Writer {
    file: Vec<u8>,
    /// Bits not yet written, right-aligned.
    window: u64,
    filled: u8,
}

impl Writer {
    pub(super) fn new(file: Vec<u8>) -> Self {
        Self { file, window: 0, filled: 0 }
    }

    /// Writes the `count` lowest bits, at most 16.
    pub(super) fn put(&mut self, bits: u32, count: u8) {
        self.window = self.window << count | u64::from(bits);
        self.filled += count;
        if self.filled >= 32 {
            self.filled -= 32;
            let bytes = ((self.window >> self.filled) as u32).to_be_bytes();
            if bytes.contains(&0xFF) {
                for byte in bytes {
                    self.put_byte(byte);
                }
            } else {
                self.file.extend_from_slice(&bytes);
            }
        }
    }

    /// Fills the last byte with ones, as the format asks.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let missing = (8 - self.filled % 8) % 8;
        self.window = self.window << missing | ((1 << missing) - 1);
        self.filled += missing;
        while self.filled > 0 {
            self.filled -= 8;
            self.put_byte((self.window >> self.filled) as u8);
        }
        self.file
    }

    fn put_byte(&mut self, byte: u8) {
        self.file.push(byte);
        if byte == 0xFF {
            self.file.push(0);
        }
    }
}
