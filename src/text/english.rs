//! Words of English, and of other languages with blanks between words.

/// The words of a text in small letters and without the plural.
pub fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '.');
    parts.map(stem).filter(|word| !word.is_empty()).collect()
}

/// A word without its plural ending.
pub fn stem(word: &str) -> String {
    let word = word.trim_matches(['-', '.']).to_lowercase();
    let plural =
        word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us");
    let cut = match word.strip_suffix("es") {
        Some(short) if plural && short.ends_with(['h', 'x']) => short,
        _ if plural => &word[..word.len() - 1],
        _ => &word,
    };
    cut.to_owned()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_plural_is_the_same_word() {
        assert_eq!(words("Mugs, dishes & boxes."), ["mug", "dish", "box"]);
        assert_eq!(words("glass bus 2.5 t-shirts"), ["glass", "bus", "2.5", "t-shirt"]);
        assert!(words(" – ").is_empty());
    }
}
