//! How well a product's texts serve the keyword that its title is made for: points by check, each with advice.
//! The thresholds are those of `score.yaml`; nothing here foretells a rank.

#![allow(clippy::cast_precision_loss, reason = "texts are far shorter than 2^52")]

use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::prose;
use crate::catalog::card::page_title;
use crate::catalog::product::Product;
use crate::compose::contradict::Facts;
use crate::diag::codes::Lang;
use crate::generation::Generation;
use crate::text::english;
use crate::text::normal::{is_hanzi, normal};
use crate::text::units::Unit;

/// The most that a check gives.
const FULL: u32 = 9;
/// From this share of common pieces two texts are one.
const SAME: f64 = 0.8;
/// Characters of a piece in which texts are compared.
const PIECE: usize = 6;

/// What one check found.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// Points, of nine.
    pub points: u32,
    /// What was counted.
    pub found: String,
    /// What was wanted, in English and in Chinese.
    pub advice: [String; 2],
}

/// Names of checks, in Chinese.
const CHINESE: [(&str, &str); 18] = [
    ("title", "标题"),
    ("page title", "页面标题"),
    ("length", "正文长度"),
    ("introduction", "开头"),
    ("headings", "小标题"),
    ("address", "网址"),
    ("density", "关键词次数"),
    ("alt keyword", "图片说明里的关键词"),
    ("contradictions", "矛盾"),
    ("sentences", "句子"),
    ("paragraphs", "段落"),
    ("pictures", "图片"),
    ("alt", "图片说明"),
    ("description", "描述"),
    ("description length", "描述长度"),
    ("facts", "参数"),
    ("identifiers", "条码"),
    ("own text", "不重复"),
];

impl Check {
    /// Its name for people.
    pub fn label(&self, lang: Lang) -> &'static str {
        let chinese = CHINESE.iter().find(|(name, _)| lang == Lang::Zh && *name == self.name);
        chinese.map_or(self.name, |(_, label)| label)
    }
}

/// The points of a product's texts for one keyword.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub struct Score {
    /// Of a hundred.
    pub total: u32,
    /// The keyword.
    pub keyword: String,
    /// The checks that apply.
    pub checks: Vec<Check>,
}

/// What a language wants.
#[derive(Deserialize)]
struct Wants {
    /// Characters or words of a sentence and a paragraph at most.
    sentence: usize,
    paragraph: usize,
    /// Characters or words of the whole text: good, fair, poor.
    text: [usize; 3],
    /// Characters of the description.
    meta: [usize; 2],
    /// Per cent of the text that the keyword is, from and to, and the most that is borne.
    density: [f64; 3],
    /// Pixels of the page's title at most.
    page_title: usize,
}

fn wants(locale: &str) -> &'static Wants {
    static BOTH: OnceLock<(Wants, Wants)> = OnceLock::new();
    #[derive(Deserialize)]
    struct File {
        zh: Wants,
        en: Wants,
    }
    let both = BOTH.get_or_init(|| {
        let file: File =
            serde_yaml::from_str(include_str!("score.yaml")).expect("the file is tested");
        (file.zh, file.en)
    });
    if locale.starts_with("zh") || locale.starts_with("ja") { &both.0 } else { &both.1 }
}

/// The score of a product's texts in a language for a keyword and a title.
pub fn score(
    generation: &Generation,
    product: &Product,
    locale: &str,
    keyword: &str,
    title: &str,
) -> Score {
    let text = product.body(locale).and_then(|body| generation.text(body)).unwrap_or_default();
    let mut scorer = Scorer {
        product,
        locale,
        wants: wants(locale),
        chinese: locale.starts_with("zh") || locale.starts_with("ja"),
        words: words(keyword),
        keyword: normal(keyword),
        blocks: prose::paragraphs(&text),
        checks: Vec::new(),
    };
    scorer.title(title);
    scorer.page_title(generation.catalog.shop.name.get(locale));
    scorer.text();
    scorer.pictures();
    scorer.description();
    scorer.facts(&text);
    scorer.numbers();
    scorer.twin(generation, &text);
    let sum: u32 = scorer.checks.iter().map(|check| check.points).sum();
    let most = FULL * scorer.checks.len() as u32;
    Score {
        total: (100 * sum + most / 2) / most.max(1),
        keyword: keyword.to_owned(),
        checks: scorer.checks,
    }
}

impl Wants {
    /// The points of a keyword that comes so often and is so much of a text.
    fn density(&self, times: usize, share: f64) -> u32 {
        let [least, most, borne] = self.density;
        if share > borne {
            0
        } else if share > most {
            2
        } else if share < least || times < 2 {
            4
        } else {
            FULL
        }
    }
}

/// A share in per cent, times a factor; without the last digits, in which fractions are not exact.
fn percent(part: usize, whole: usize, factor: f64) -> f64 {
    (part as f64 * 1e8 * factor / whole.max(1) as f64).round() / 1e6
}

/// What a text is counted in: characters of Chinese, words of others.
fn units(text: &str) -> usize {
    let hanzi = text.chars().filter(|c| is_hanzi(*c)).count();
    let others = text.split(|c: char| !c.is_alphanumeric() || is_hanzi(c));
    hanzi + others.filter(|word| !word.is_empty()).count()
}

/// The words of a keyword: Chinese in pairs of characters, so that 陶瓷马克杯 is found in 陶瓷的马克杯.
fn words(keyword: &str) -> Vec<String> {
    let plain = normal(keyword);
    let mut words: Vec<String> = Vec::new();
    for part in plain.split_whitespace() {
        let chars: Vec<char> = part.chars().collect();
        if chars.len() > 2 && chars.iter().all(|c| is_hanzi(*c)) {
            words.extend(chars.chunks(2).map(|pair| pair.iter().collect::<String>()));
        } else {
            words.push(part.to_owned());
        }
    }
    words
}

struct Scorer<'s> {
    product: &'s Product,
    locale: &'s str,
    wants: &'static Wants,
    chinese: bool,
    keyword: String,
    words: Vec<String>,
    blocks: Vec<(bool, String)>,
    checks: Vec<Check>,
}

impl Scorer<'_> {
    fn say(&mut self, name: &'static str, points: u32, found: impl ToString, en: &str, zh: &str) {
        let advice = [en.to_owned(), zh.to_owned()];
        self.checks.push(Check { name, points, found: found.to_string(), advice });
    }

    fn has(&self, text: &str) -> bool {
        let plain = normal(text);
        self.words.iter().all(|word| plain.contains(word.as_str()))
    }

    fn title(&mut self, title: &str) {
        let whole = normal(title).contains(&self.keyword);
        let points = if whole {
            FULL
        } else if self.has(title) {
            6
        } else {
            2
        };
        self.say(
            "title",
            points,
            title,
            "have the keyword in the title, in one piece",
            "标题里完整出现关键词",
        );
        let slug =
            self.product.address.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        if !self.keyword.chars().any(is_hanzi) {
            let plain = normal(slug);
            let there = self.words.iter().filter(|word| plain.contains(word.as_str())).count();
            let points =
                if there * 2 > self.words.len() || there == self.words.len() { FULL } else { 6 };
            self.say(
                "address",
                points,
                slug,
                "name the page after the keyword",
                "地址里用上关键词",
            );
        }
    }

    /// As wide as a result of a search shows it.
    fn page_title(&mut self, shop: &str) {
        let title = page_title(self.product.title(self.locale), shop);
        let width = Unit::Pixels.measure(&title);
        let most = self.wants.page_title;
        self.say(
            "page title",
            if width <= most { FULL } else { 3 },
            format!("{width} px"),
            &format!("keep the page's title to {most} pixels, the shop's name included"),
            &format!("网页标题连店名不超过 {most} 像素"),
        );
    }

    /// How often the keyword comes, and how much of the text that is, in per cent: of Chinese by its characters; else by
    /// its words, a long keyword counting more often, as it weighs more in a text.
    fn density(&self, text: &str, length: usize) -> (usize, f64) {
        if self.chinese {
            let times = normal(text).matches(self.keyword.as_str()).count();
            let size = units(&self.keyword);
            return (times, percent(times * size, length, 1.0));
        }
        let keyword = english::words(&self.keyword);
        let words = english::words(&normal(text));
        let times = words.windows(keyword.len().max(1)).filter(|one| **one == keyword).count();
        (times, percent(times, length, 0.7 + keyword.len() as f64 / 3.0))
    }

    fn text(&mut self) {
        let paragraphs: Vec<String> = self
            .blocks
            .iter()
            .filter(|(heading, _)| !heading)
            .map(|(_, text)| text.clone())
            .collect();
        let headings: Vec<String> = self
            .blocks
            .iter()
            .filter(|(heading, _)| *heading)
            .map(|(_, text)| text.clone())
            .collect();
        let whole = paragraphs.join("\n");
        let length = units(&whole);
        let [good, fair, poor] = self.wants.text;
        let points = if length >= good {
            FULL
        } else if length >= fair {
            6
        } else if length >= poor {
            3
        } else {
            0
        };
        self.say(
            "length",
            points,
            length,
            &format!("write {good} words or more"),
            &format!("正文写到 {good} 字以上"),
        );
        if length == 0 {
            return;
        }
        let first = paragraphs.first().cloned().unwrap_or_default();
        let sentences = sentences(&first);
        let points = if sentences.iter().any(|at| self.has(&first[at.clone()])) {
            FULL
        } else if self.has(&first) {
            6
        } else {
            3
        };
        self.say(
            "introduction",
            points,
            shorten(&first),
            "have the keyword in a sentence of the first paragraph",
            "第一段的一句话里出现关键词",
        );
        if length >= good && headings.len() > 1 {
            let with = headings
                .iter()
                .filter(|heading| {
                    self.words.iter().any(|word| normal(heading).contains(word.as_str()))
                })
                .count();
            let share = with * 100 / headings.len();
            let points = if (30..=75).contains(&share) { FULL } else { 3 };
            self.say(
                "headings",
                points,
                format!("{share} %"),
                "have the keyword in 30 to 75 per cent of the headings",
                "30%～75% 的小标题里出现关键词",
            );
        }
        if length >= poor {
            let (times, share) = self.density(&whole, length);
            let points = self.wants.density(times, share);
            let [least, most, _] = self.wants.density;
            self.say(
                "density",
                points,
                format!("{times} × = {share:.1} %"),
                &format!("have the keyword make up {least} to {most} per cent of the text"),
                &format!("关键词占正文的 {least}%～{most}%"),
            );
        }
        let all: Vec<usize> = paragraphs
            .iter()
            .flat_map(|text| {
                self::sentences(text).into_iter().map(|at| units(&text[at])).collect::<Vec<_>>()
            })
            .collect();
        let long = all.iter().filter(|length| **length > self.wants.sentence).count();
        let share = long * 100 / all.len().max(1);
        let points = if share <= 20 {
            FULL
        } else if share <= 25 {
            6
        } else {
            3
        };
        self.say(
            "sentences",
            points,
            format!("{long} / {}", all.len()),
            &format!("keep sentences to {} words", self.wants.sentence),
            &format!("句子不超过 {} 字", self.wants.sentence),
        );
        let longest = paragraphs.iter().map(|text| units(text)).max().unwrap_or(0);
        let points = if longest <= self.wants.paragraph { FULL } else { 3 };
        self.say(
            "paragraphs",
            points,
            longest,
            &format!("keep paragraphs to {} words", self.wants.paragraph),
            &format!("段落不超过 {} 字", self.wants.paragraph),
        );
    }

    fn pictures(&mut self) {
        let count = self.product.images.len();
        if count == 0 {
            return self.say("pictures", 0, 0, "show the goods", "加上商品图片");
        }
        self.say(
            "pictures",
            if count >= 4 { FULL } else { 6 },
            count,
            "show four pictures or more",
            "图片四张以上",
        );
        let alts: Vec<String> =
            self.product.images.iter().map(|image| self.product.alt(self.locale, image)).collect();
        let said = alts.iter().filter(|alt| !alt.is_empty()).count();
        self.say(
            "alt",
            if said == count { FULL } else { 3 },
            format!("{said} / {count}"),
            "say of every picture what it shows",
            "每张图都写明画的是什么",
        );
        if count >= 5 {
            let share = alts.iter().filter(|alt| self.has(alt)).count() * 100 / count;
            let points = if (30..=75).contains(&share) { FULL } else { 6 };
            self.say(
                "alt keyword",
                points,
                format!("{share} %"),
                "have the keyword in 30 to 75 per cent of them",
                "30%～75% 的图片说明里出现关键词",
            );
        }
    }

    fn description(&mut self) {
        let text = crate::catalog::card::description(self.product, self.locale);
        let points = if self.has(&text) { FULL } else { 3 };
        self.say(
            "description",
            points,
            shorten(&text),
            "have the keyword in the description",
            "描述里出现关键词",
        );
        let length = text.chars().count();
        let [least, most] = self.wants.meta;
        let points = if length == 0 {
            1
        } else if (least..=most).contains(&length) {
            FULL
        } else {
            6
        };
        self.say(
            "description length",
            points,
            length,
            &format!("write {least} to {most} characters"),
            &format!("描述写 {least}～{most} 个字符"),
        );
    }

    fn facts(&mut self, text: &str) {
        let facts = self.product.facts(self.locale);
        if facts.is_empty() {
            return self.say(
                "facts",
                0,
                0,
                "say what it is made of and how large it is",
                "写明材质、尺寸等属性",
            );
        }
        let plain = normal(text);
        let said =
            facts.iter().filter(|fact| plain.contains(&normal(&fact.shown(self.locale)))).count();
        let table = text.lines().any(|line| line.trim_start_matches(':').trim() == "specs");
        let points = if table || said * 2 >= facts.len() {
            FULL
        } else if said > 0 {
            6
        } else {
            3
        };
        self.say(
            "facts",
            points,
            format!("{said} / {}", facts.len()),
            "say the facts in the text, or show them all with `::: specs`",
            "正文里提到属性，或用 `::: specs` 全部列出",
        );
        let said = Facts::of(self.product, self.locale);
        let mut wrong: Vec<String> = Vec::new();
        for (_, block) in &self.blocks {
            for found in said.contradicted(block, false) {
                wrong.push(format!("{} ≠ {}", &block[found.at], found.fact));
            }
        }
        self.say(
            "contradictions",
            if wrong.is_empty() { FULL } else { 0 },
            wrong.join("; "),
            "say nothing that the facts deny",
            "文字不要与属性矛盾",
        );
    }

    /// Numbers that tell the goods apart everywhere: of each variant where there are any.
    fn numbers(&mut self) {
        let variants = self.product.variant_records().map_or(&[][..], |all| &all.items);
        let own = self.product.find("", |record| record.gtin.as_ref()).is_some();
        let (known, count) = if variants.is_empty() {
            (usize::from(own), 1)
        } else {
            (variants.iter().filter(|one| one.gtin.is_some()).count(), variants.len())
        };
        self.say(
            "identifiers",
            if known == count { FULL } else { 6 },
            format!("{known} / {count}"),
            "give the product, or each of its variants, a GTIN",
            "商品（有规格的，每个规格）都写上条码",
        );
    }

    /// The product of the same category whose text is most like this one.
    fn twin(&mut self, generation: &Generation, text: &str) {
        let own = pieces(text);
        if own.len() < 40 {
            return;
        }
        let others = generation.catalog.products.iter().filter(|other| {
            other.category == self.product.category && other.sku != self.product.sku
        });
        let mut most = (0.0, String::new());
        for other in others {
            let Some(text) = other.body(self.locale).and_then(|body| generation.text(body)) else {
                continue;
            };
            let theirs = pieces(&text);
            let common = own.intersection(&theirs).count();
            let share = common as f64 / (own.len() + theirs.len() - common).max(1) as f64;
            if share > most.0 {
                most = (share, other.sku.to_string());
            }
        }
        let found = format!("{} {:.0} %", most.1, most.0 * 100.0);
        self.say(
            "own text",
            if most.0 < SAME { FULL } else { 0 },
            found,
            "write a text of its own for each product",
            "每个商品写自己的正文",
        );
    }
}

fn shorten(text: &str) -> String {
    crate::source::fields::shorten(text)
}

/// Where the sentences of a text stand.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next();
        let stop =
            "。！？；…\n".contains(c) || ".!?".contains(c) && next.is_none_or(char::is_whitespace);
        if stop {
            found.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    found.push(start..text.len());
    found.retain(|at| text[at.clone()].chars().any(char::is_alphanumeric));
    found
}

/// The pieces of a text, for comparing.
fn pieces(text: &str) -> HashSet<String> {
    let chars: Vec<char> = normal(text).chars().filter(|c| c.is_alphanumeric()).collect();
    chars.windows(PIECE).map(|piece| piece.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thresholds_are_read_and_texts_are_counted() {
        assert!(wants("zh-CN").sentence > wants("en").sentence);
        assert_eq!(units("青瓷杯 350 ml mug"), 6);
        assert_eq!(sentences("一句。二句！Is 3.5 cm. End").len(), 4);
        assert_eq!(words("陶瓷马克杯"), ["陶瓷", "马克", "杯"]);
    }

    #[test]
    fn density_has_its_bounds() {
        for (locale, share, points) in [
            ("en", 0.499, 4),
            ("en", 0.5, 9),
            ("en", 3.0, 9),
            ("en", 3.5, 9),
            ("en", 3.501, 2),
            ("en", 4.0, 2),
            ("en", 4.001, 0),
            ("zh-CN", 0.499, 4),
            ("zh-CN", 0.5, 9),
            ("zh-CN", 3.0, 9),
            ("zh-CN", 3.001, 2),
            ("zh-CN", 3.5, 2),
            ("zh-CN", 4.0, 2),
            ("zh-CN", 4.001, 0),
        ] {
            assert_eq!(wants(locale).density(2, share), points, "{locale} {share}");
        }
        assert_eq!(wants("en").density(1, 2.0), 4, "once is too seldom");
        assert!((percent(3, 200, 0.7 + 1.0 / 3.0) - 1.55).abs() < 1e-9);
        assert_eq!(percent(1, 200, 1.0).to_bits(), 0.5_f64.to_bits());
    }

    #[test]
    fn texts_that_are_alike_have_the_same_pieces() {
        let one = pieces("这只杯子用高温白瓷做成，杯口薄，杯底稳。");
        let other = pieces("这只杯子用高温白瓷做成，杯口薄、杯底稳");
        assert_eq!(one, other);
    }
}
