//! The rows of some products in all files of a channel: made once, kept, and put together with others into whole files.

use serde::{Deserialize, Serialize};

use crate::id::{Hash, SourcePath};

/// What is in a lot besides its rows.
#[derive(Serialize, Deserialize, Default, Debug)]
pub struct Head {
    /// Products, and what of them can be bought.
    pub products: usize,
    /// What can be bought of those that are in the files.
    pub variants: usize,
    /// Products that are in the files, with a hash of their rows.
    pub items: Vec<(String, Hash)>,
    /// Products that are not.
    pub left_out: Vec<LeftOut>,
    /// For each file of the channel: rows, bytes.
    pub parts: Vec<(usize, usize)>,
}

/// A product that is not in the files.
#[derive(Serialize, Deserialize, Debug)]
pub struct LeftOut {
    /// Its SKU.
    pub sku: String,
    /// Why, as the manifest says it.
    pub reason: String,
    /// The file that says so.
    pub file: SourcePath,
}

/// A lot as it is kept: how long its head is, the head, and the rows in each file, one after the other.
pub(super) fn write(mut head: Head, parts: Vec<(usize, Vec<u8>)>) -> Vec<u8> {
    head.parts = parts.iter().map(|(rows, bytes)| (*rows, bytes.len())).collect();
    let text = postcard::to_stdvec(&head).expect("a head is plain data and serialises");
    let mut all =
        Vec::with_capacity(4 + text.len() + parts.iter().map(|one| one.1.len()).sum::<usize>());
    all.extend_from_slice(&(text.len() as u32).to_le_bytes());
    all.extend_from_slice(&text);
    for (_, bytes) in parts {
        all.extend_from_slice(&bytes);
    }
    all
}

/// For each file of a channel: how many rows, and what they are.
pub(crate) type Parts<'b> = Vec<(usize, &'b [u8])>;

/// A lot that was kept: its head, and for each file how many rows it has and what they are.
pub fn read(bytes: &[u8]) -> Option<(Head, Parts<'_>)> {
    let (length, rest) = bytes.split_at_checked(4)?;
    let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
    let (text, mut rest) = rest.split_at_checked(length)?;
    let head: Head = postcard::from_bytes(text).ok()?;
    let mut parts = Vec::with_capacity(head.parts.len());
    for (rows, length) in &head.parts {
        let (part, behind) = rest.split_at_checked(*length)?;
        parts.push((*rows, part));
        rest = behind;
    }
    Some((head, parts))
}
