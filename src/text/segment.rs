//! Chinese text cut into words: jieba's algorithm, our dictionary and the shop's own words.

use std::collections::BTreeSet;
use std::io::{BufReader, Cursor, Read};
use std::ops::Range;
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use jieba_rs::{Jieba, TokenizeMode};

use super::normal::is_hanzi;

/// Raise it when the same text may be cut otherwise: titles that were composed before are composed anew.
pub const VERSION: u32 = 1;

/// How often a word counts that the shop says is one: more than any join the dictionary prefers.
const SURE: usize = 3_000_000;

/// Cuts texts into words. Texts must be normalised.
pub struct Segmenter {
    jieba: Jieba,
}

/// The dictionary with the words of the trade; read when first needed, since it takes a fifth of a second.
pub fn general() -> &'static Segmenter {
    static GENERAL: OnceLock<Segmenter> = OnceLock::new();
    GENERAL.get_or_init(|| {
        let mut jieba = Jieba::empty();
        let mut words = Vec::new();
        let packed: &[u8] = include_bytes!("data/dictionary.gz");
        let unpacked = GzDecoder::new(packed).read_to_end(&mut words);
        let loaded =
            unpacked.is_ok() && jieba.load_dict(&mut BufReader::new(Cursor::new(words))).is_ok();
        debug_assert!(loaded, "the dictionary is part of the program");
        for word in trade() {
            jieba.add_word(word, Some(SURE), None);
        }
        Segmenter { jieba }
    })
}

fn trade() -> impl Iterator<Item = &'static str> {
    include_str!("data/trade.txt").lines().skip(1).flat_map(str::split_whitespace)
}

impl Segmenter {
    /// The dictionary and some words more.
    pub fn with<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut jieba = general().jieba.clone();
        let words: BTreeSet<&str> =
            words.into_iter().filter(|word| word.chars().count() > 1).collect();
        for word in words {
            jieba.add_word(word, Some(SURE), None);
        }
        Self { jieba }
    }

    /// The words of a text, without blanks and punctuation.
    pub fn words<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let cut = self.jieba.cut(text, false);
        cut.into_iter().map(|token| token.word).filter(|word| is_word(word)).collect()
    }

    /// The words of a text and where they stand in it.
    pub fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let mut at = 0;
        let cut = self.jieba.cut(text, false).into_iter();
        let spans = cut.map(|token| {
            let start = at;
            at += token.word.len();
            start..at
        });
        spans.filter(|span| is_word(&text[span.clone()])).collect()
    }

    /// A word and the words inside it, as a search engine files it: 碎花裙 is also 碎花 and 裙.
    pub fn inside(&self, word: &str) -> Vec<String> {
        let parts = self.jieba.tokenize(word, TokenizeMode::Search, false);
        let mut parts: Vec<String> = parts.into_iter().map(|token| token.word.to_owned()).collect();
        parts.retain(|part| is_word(part));
        parts.push(word.to_owned());
        parts.sort();
        parts.dedup();
        parts
    }

    /// Whether it is one word.
    pub fn knows(&self, word: &str) -> bool {
        self.jieba.has_word(word)
    }
}

fn is_word(text: &str) -> bool {
    text.chars().any(|c| is_hanzi(c) || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normal::normal;

    fn cut(text: &str) -> String {
        general().words(&normal(text)).join("/")
    }

    #[test]
    fn words_of_the_trade_stay_whole() {
        for (text, words) in [
            ("吊带裙子女", "吊带/裙子/女"),
            ("乒乓球拍卖完了", "乒乓球拍/卖/完/了"),
            ("南京市长江大桥", "南京市/长江大桥"),
            ("羊毛衫套装裙子", "羊毛衫/套装/裙子"),
            ("中长款长款", "中长款/长款"),
            ("a字裙A字裙Ａ字裙", "a字裙/a字裙/a字裙"),
            ("胖mm 胖MM", "胖mm/胖mm"),
            ("2026新款", "2026/新款"),
            ("纯棉T恤", "纯棉/t恤"),
            ("5G手机", "5g/手机"),
            ("v领V领", "v领/v领"),
            ("", ""),
            ("！，。", ""),
        ] {
            assert_eq!(cut(text), words, "{text}");
        }
    }

    #[test]
    fn the_shops_own_words_win() {
        let own = Segmenter::with(["2026新款", "斗笠杯", "青禾家居"]);
        assert_eq!(own.words("2026新款斗笠杯"), ["2026新款", "斗笠杯"]);
        assert_eq!(own.words("青禾家居斗笠杯"), ["青禾家居", "斗笠杯"]);
        assert_eq!(own.spans("青禾家居，斗笠杯"), [0..12, 15..24]);
    }

    #[test]
    fn a_word_has_words_inside() {
        let inside = general().inside("碎花裙");
        assert!(inside.contains(&"碎花裙".to_owned()), "{inside:?}");
        assert!(inside.contains(&"碎花".to_owned()), "{inside:?}");
        // A search engine that files 2026新款 finds it by 新款; the word itself is another.
        let own = Segmenter::with(["2026新款"]);
        assert_eq!(own.words("2026新款"), ["2026新款"]);
        assert!(own.inside("2026新款").contains(&"新款".to_owned()));
    }
}
