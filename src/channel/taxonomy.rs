//! A channel's own list of categories, as the shop keeps it below `content`, and which of them fits some words. The file is
//! somebody else's: a line that says nothing is a finding, and the others are used.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Diagnostic, Place, Span};
use crate::id::SourcePath;
use crate::source::disk::{self, Roots};
use crate::source::table::{self, Column, Options};
use crate::text::normal::{is_hanzi, normal};
use crate::text::segment::Segmenter;

/// Names of levels stand between these.
const LEVELS: [char; 4] = ['>', '＞', '›', '»'];

/// A name's own words say more of a category than those of the categories above it.
const OWN: f64 = 2.0;

/// One category of a channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// What the channel calls it in its files.
    pub id: String,
    /// Its name, below those of the categories above it.
    pub path: Vec<String>,
}

/// Reads a list: a text of lines `id - A > B > C`, as Google gives it, or a table whose first column is the id and whose
/// further columns are the path. Broken lines are told and left out.
pub fn read(roots: &Roots, file: &SourcePath, faults: &mut Vec<Diagnostic>) -> Vec<Entry> {
    if file.extension() == "txt" {
        return match disk::text(roots, file) {
            Ok(text) => lines(file, &text, faults),
            Err(fault) => {
                faults.push(fault);
                Vec::new()
            }
        };
    }
    match disk::bytes(roots, file) {
        Ok(bytes) => cells(file, bytes, faults),
        Err(fault) => {
            faults.push(fault);
            Vec::new()
        }
    }
}

fn lines(file: &SourcePath, text: &str, faults: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        let at = start + line.len() - line.trim_start().len();
        start += line.len();
        if words.is_empty() || words.starts_with('#') {
            continue;
        }
        let found = words.split_once(" - ").and_then(|(id, path)| entry(id, [path]));
        match found {
            Some(entry) => entries.push(entry),
            None => faults.push(broken(file, Span::new(at, at + words.len()), words)),
        }
    }
    entries
}

fn cells(file: &SourcePath, bytes: Vec<u8>, faults: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let Some(table) = table::read(file, bytes, &Options::default(), faults) else {
        return Vec::new();
    };
    let mut entries = Vec::new();
    // A list without names above its columns begins with its first category.
    let heads: Vec<&str> = table.columns.iter().map(|head| head.value.as_str()).collect();
    if let Some((id, path)) = heads.split_first()
        && id.chars().any(|c| c.is_ascii_digit())
    {
        entries.extend(entry(id, path.iter().copied()));
    }
    for row in &table.rows {
        let cell = |nth| table.cell(row, &Column::Nth(nth)).map(|(text, _)| text);
        let path: Vec<_> = (1..table.columns.len()).filter_map(cell).collect();
        match entry(&cell(0).unwrap_or_default(), path.iter().map(|name| &**name)) {
            Some(entry) => entries.push(entry),
            None => faults.push(broken(file, row.at, &cell(0).unwrap_or_default())),
        }
    }
    entries
}

/// A category, if there is an id of one word and a name in every level.
fn entry<'t>(id: &str, path: impl IntoIterator<Item = &'t str>) -> Option<Entry> {
    let id = id.trim();
    let levels = path.into_iter().flat_map(|part| part.split(LEVELS)).map(str::trim);
    let path: Vec<String> = levels.map(str::to_owned).collect();
    let sound = !id.is_empty()
        && !id.chars().any(|c| c.is_whitespace() || c.is_control())
        && !path.is_empty()
        && path.iter().all(|name| name.chars().any(char::is_alphanumeric));
    sound.then(|| Entry { id: id.to_owned(), path })
}

fn broken(file: &SourcePath, at: Span, found: &str) -> Diagnostic {
    let found: String = found.chars().take(60).collect();
    Diagnostic::new("category/line", Place::Bytes(file.clone(), at)).with("found", found)
}

/// Categories by the words of their names.
pub struct Index {
    entries: Vec<Entry>,
    /// Each word: the categories that have it, and how much it weighs there.
    words: BTreeMap<String, Vec<(u32, f64)>>,
    /// How long each category's list of weights is, as a vector.
    lengths: Vec<f64>,
}

impl Index {
    /// Files categories by their words; a word that many have says little.
    pub fn new(entries: Vec<Entry>, segmenter: &Segmenter) -> Self {
        let mut words: BTreeMap<String, Vec<(u32, f64)>> = BTreeMap::new();
        for (nth, entry) in (0..).zip(&entries) {
            let mut own: BTreeMap<String, f64> = BTreeMap::new();
            for (level, name) in entry.path.iter().rev().enumerate() {
                for word in terms(name, segmenter) {
                    own.entry(word).or_insert(if level == 0 { OWN } else { 1.0 });
                }
            }
            for (word, weight) in own {
                words.entry(word).or_default().push((nth, weight));
            }
        }
        let mut lengths = vec![0.0; entries.len()];
        for found in words.values_mut() {
            let rare = (1.0 + number(entries.len()) / number(found.len())).ln();
            for (nth, weight) in found {
                *weight *= rare;
                lengths[*nth as usize] += *weight * *weight;
            }
        }
        for length in &mut lengths {
            *length = length.sqrt();
        }
        Self { entries, words, lengths }
    }

    /// The categories that have most in common with some texts, best first, each with how much: the cosine of the weights.
    /// Each text comes with how much it counts.
    pub fn suggest<'t>(
        &self,
        texts: impl IntoIterator<Item = (&'t str, f64)>,
        segmenter: &Segmenter,
        most: usize,
    ) -> Vec<(&Entry, f64)> {
        let mut asked: BTreeMap<String, f64> = BTreeMap::new();
        for (text, counts) in texts {
            for word in terms(text, segmenter) {
                *asked.entry(word).or_default() += counts;
            }
        }
        let length = asked.values().map(|weight| weight * weight).sum::<f64>().sqrt();
        let mut scores: BTreeMap<u32, f64> = BTreeMap::new();
        for (word, counts) in &asked {
            for (nth, weight) in self.words.get(word).into_iter().flatten() {
                *scores.entry(*nth).or_default() += counts * weight;
            }
        }
        let mut found: Vec<(u32, f64)> = scores
            .into_iter()
            .map(|(nth, score)| (nth, score / (self.lengths[nth as usize] * length)))
            .collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(most);
        found.into_iter().map(|(nth, score)| (&self.entries[nth as usize], score)).collect()
    }
}

/// A count to reckon with.
pub fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The words of a text, each once: Chinese ones and the words inside them, others without the ending of a plural.
fn terms(text: &str, segmenter: &Segmenter) -> BTreeSet<String> {
    let text = normal(text);
    let mut terms = BTreeSet::new();
    for word in segmenter.words(&text) {
        if word.chars().any(is_hanzi) {
            terms.extend(segmenter.inside(word));
            // What a Chinese noun is stands at its end: 大碗 is a 碗.
            terms.extend(word.chars().next_back().filter(|c| is_hanzi(*c)).map(String::from));
        } else {
            terms.insert(singular(word));
        }
    }
    terms
}

/// An English word without its plural's ending; near enough to compare by.
fn singular(word: &str) -> String {
    if word.len() > 4 && word.ends_with("ies") {
        return format!("{}y", &word[..word.len() - 3]);
    }
    if word.len() > 4 && ["ches", "shes", "sses", "xes"].iter().any(|end| word.ends_with(end)) {
        return word[..word.len() - 2].to_owned();
    }
    let plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss");
    if plural { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::segment::general;

    fn best(list: &str, text: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let entries = lines(&SourcePath::new("content/data/list.txt"), list, &mut faults);
        assert!(faults.is_empty(), "{faults:?}");
        let index = Index::new(entries, general());
        let found = index.suggest([(text, 1.0)], general(), 2);
        found.into_iter().map(|(entry, _)| entry.id.clone()).collect()
    }

    #[test]
    fn the_nearest_name_is_first() {
        let google = "# Google_Product_Taxonomy_Version: 2021-09-21\n1 - Home & Garden\n2 - Home & Garden > Kitchen & Dining > Tableware > Drinkware > Mugs\n\
            3 - Home & Garden > Kitchen & Dining > Tableware > Dishes\n4 - Home & Garden > Kitchen & Dining > Tableware > Dishes > Mug Racks\n";
        assert_eq!(best(google, "mug"), ["2", "4"]);
        assert_eq!(best(google, "Serving dish"), ["3", "4"]);
        assert_eq!(best(google, "Sofa"), [""; 0]);
        let taobao =
            "10 - 餐饮具 > 餐具 > 碗\n11 - 餐饮具 > 杯子 > 马克杯\n12 - 居家布艺 > 餐用 > 茶巾\n";
        assert_eq!(best(taobao, "青釉手作马克杯")[0], "11");
        assert_eq!(best(taobao, "亞麻茶巾")[0], "12");
    }

    #[test]
    fn broken_lines_have_a_place() {
        let mut faults = Vec::new();
        let file = SourcePath::new("content/data/list.txt");
        let found = lines(&file, "1 - A > B\nnothing\n\n 2 - \n3 - A >  > C\n4 - C\n", &mut faults);
        assert_eq!(found.iter().map(|one| &*one.id).collect::<Vec<_>>(), ["1", "4"]);
        let places: Vec<_> = faults.iter().map(|fault| fault.at.clone()).collect();
        let at = |from, to| Place::Bytes(file.clone(), Span::new(from, to));
        assert_eq!(places, [at(10, 17), at(20, 23), at(25, 37)]);
    }

    #[test]
    fn a_table_may_have_names_above_its_columns_or_not() {
        let file = SourcePath::new("content/data/list.csv");
        for text in ["cid,path\n1,A > B\n2,C\n", "1,A > B\n2,C\n", "1,A,B\n2,C,\n"] {
            let mut faults = Vec::new();
            let found = cells(&file, text.into(), &mut faults);
            let paths: Vec<String> = found.iter().map(|one| one.path.join("|")).collect();
            assert_eq!(paths, ["A|B", "C"], "{text}");
            assert!(faults.is_empty(), "{faults:?}");
        }
    }
}
