//! Random edits: after each one, the output is what a first build of the same content gives, byte for byte.

use std::fmt::Write;

use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::fixtures::png;
use crate::shop::{Shop, same};

/// Cases without `PROPTEST_CASES`; each has some ten builds.
const CASES: u32 = 14;

pub(crate) const PRODUCTS: usize = 12;
const CATEGORIES: [&str; 3] = ["cups", "bowls", "cups/small"];

pub(crate) const SHOP: &str = "\
name: {zh-CN: 窑, en: Kiln}
base_url: https://kiln.example
locales: [zh-CN, en]
channels: [taobao, google, shopify, woocommerce, jsonl]
listing: {page_size: 4}
feed: {items: 6}
pictures: {widths: [16, 24], formats: [webp, jpeg]}
defaults: {brand: {zh-CN: 青禾, en: Qinghe}}
";

/// One product as it stands now.
#[derive(Clone, Debug)]
struct Product {
    there: bool,
    category: usize,
    title: u8,
    price: u8,
    sale: bool,
    stock: u8,
    body: u8,
    english: Option<u8>,
    english_body: u8,
    related: Option<usize>,
    tag: u8,
    status: u8,
    variants: u8,
    picture: Option<u8>,
    broken: bool,
    blank_lines: u8,
}

impl Product {
    fn new(nth: usize) -> Self {
        Self {
            there: true,
            category: nth % CATEGORIES.len(),
            title: 0,
            price: 0,
            sale: nth.is_multiple_of(4),
            stock: 5,
            body: u8::from(!nth.is_multiple_of(5)),
            english: nth.is_multiple_of(2).then_some(0),
            english_body: 0,
            related: nth.is_multiple_of(3).then_some((nth + 1) % PRODUCTS),
            tag: (nth % 3) as u8,
            status: 0,
            variants: if nth.is_multiple_of(4) { 2 } else { 0 },
            picture: nth.is_multiple_of(3).then_some(nth as u8),
            broken: false,
            blank_lines: 0,
        }
    }

    fn text(&self, nth: usize) -> String {
        let mut text = format!("---\nsku: P-{nth:02}\ntitle: 杯子 {nth} {}\n", self.title);
        text += &"# nothing\n".repeat(self.blank_lines.into());
        let list = 40 + u32::from(self.price);
        let price = match (self.broken, self.sale) {
            (true, _) => "forty".to_owned(),
            (_, true) => format!("{{list: {list}, sale: 30, from: 2026-11-20, to: 2026-11-25}}"),
            (_, false) => list.to_string(),
        };
        let status = ["on_shelf", "off_shelf", "draft"][usize::from(self.status % 3)];
        let tag = ["茶", "早餐", "gift"][usize::from(self.tag % 3)];
        let _ = write!(
            text,
            "price: {price}\nstock: {}\nstatus: {status}\ntags: [{tag}]\n",
            self.stock
        );
        let _ = writeln!(
            text,
            "date: 2026-10-{:02}\nfacts: {{容量: {} ml, 材质: 瓷}}",
            1 + nth,
            100 + nth
        );
        if let Some(other) = self.related.filter(|other| *other != nth) {
            let _ = writeln!(text, "related: [P-{other:02}]");
        }
        if self.variants > 0 {
            text += "variants:\n  axes: [颜色]\n  items:\n";
            for (item, colour) in
                ["天青", "月白", "米黄"][..usize::from(self.variants.min(3))].iter().enumerate()
            {
                let _ = writeln!(
                    text,
                    "    - {{sku: P-{nth:02}-{item}, 颜色: {colour}, stock: {item}}}"
                );
            }
        }
        text += "---\n";
        if self.body > 0 {
            let _ = writeln!(
                text,
                "## 说明 {}\n\n一段文字，见 [首页](/)。\n\n::: specs\n:::",
                self.body
            );
        }
        text
    }

    fn folder(&self, nth: usize) -> String {
        format!("content/products/{}/p{nth}", CATEGORIES[self.category])
    }

    fn write(&self, nth: usize, shop: &Shop) {
        let folder = self.folder(nth);
        shop.change(&format!("{folder}/index.md"), self.text(nth));
        if let Some(title) = self.english {
            let body = if self.english_body > 0 {
                format!("Text {}.\n", self.english_body)
            } else {
                String::new()
            };
            shop.change(
                &format!("{folder}/index.en.md"),
                format!("---\ntitle: Cup {nth} {title}\n---\n{body}"),
            );
        }
        if let Some(shade) = self.picture {
            shop.change(&format!("{folder}/front.png"), png(28, 20, shade));
        }
    }
}

/// The whole shop as it stands now.
#[derive(Clone, Debug)]
pub(crate) struct State {
    products: Vec<Product>,
    order: u8,
    category_text: u8,
    campaign: Option<u8>,
    page: Option<u8>,
    css: u8,
    template: bool,
    shop_name: u8,
    page_size: u8,
    day: u8,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            products: (0..PRODUCTS).map(Product::new).collect(),
            order: 0,
            category_text: 0,
            campaign: Some(0),
            page: Some(0),
            css: 0,
            template: false,
            shop_name: 0,
            page_size: 4,
            day: 22,
        }
    }

    /// Writes the shop, and only what one edit changed when there was a shop before.
    pub(crate) fn write(&self, before: Option<&State>, shop: &mut Shop) {
        for (nth, product) in self.products.iter().enumerate() {
            let old = before.map(|before| &before.products[nth]);
            if old.is_some_and(|old| format!("{old:?}") == format!("{product:?}")) {
                continue;
            }
            if let Some(old) = old.filter(|old| old.there) {
                shop.remove(&old.folder(nth));
            }
            if product.there {
                product.write(nth, shop);
            }
        }
        let put = |path: &str, text: Option<String>| match text {
            Some(text) if !shop.path(path).exists() || shop.text(path) != text => {
                shop.change(path, text);
            }
            None if shop.path(path).exists() => {
                shop.remove(path);
            }
            _ => {}
        };
        let theme = if self.css > 0 || self.template { "theme: mine\n" } else { "" };
        let settings = SHOP
            .replace("Kiln", &format!("Kiln {}", self.shop_name))
            .replace("page_size: 4", &format!("page_size: {}", self.page_size));
        put("content/shop.yaml", Some(format!("{settings}{theme}")));
        // The pictures of these tests are smaller than any channel takes.
        let roles = "{main: {min: [1, 1]}, sku: null, white: null, portrait: null, long: null}";
        put("content/channels/taobao.yaml", Some(format!("pictures: {roles}\n")));
        put("content/channels/google.yaml", Some("pictures: {main: {min: [1, 1]}}\n".to_owned()));
        put(
            "content/products/cups/category.md",
            Some(format!(
                "---\ntitle: {{zh-CN: 杯, en: Cups}}\norder: {}\n---\n{}",
                self.order,
                if self.category_text > 0 {
                    format!("杯子 {}。\n", self.category_text)
                } else {
                    String::new()
                }
            )),
        );
        put(
            "content/products/bowls/category.md",
            Some("---\ntitle: {zh-CN: 碗, en: Bowls}\norder: 3\n---\n".to_owned()),
        );
        put(
            "content/campaigns/autumn/index.md",
            self.campaign.map(|off| {
                format!(
                    "---\ntitle: {{zh-CN: 秋, en: Autumn}}\nwindow: {{from: 2026-11-21, to: 2026-11-24}}\nterms: {{percent_off: {}}}\nproducts: [{{tag: 茶}}, {{category: bowls}}]\n---\n",
                    5 + off % 40
                )
            }),
        );
        put(
            "content/pages/about.md",
            self.page.map(|text| {
                format!(
                    "---\ntitle: {{zh-CN: 关于, en: About}}\nnav: header\n---\n{}",
                    "Text.\n".repeat(text.into())
                )
            }),
        );
        put("themes/mine/theme.yaml", Some("name: Mine\nextends: default\n".to_owned()));
        put(
            "themes/mine/assets/shop.css",
            (self.css > 0).then(|| format!("body {{ margin: {}px }}\n", self.css)),
        );
        put(
            "themes/mine/templates/404.html",
            self.template.then(|| "<!doctype html><title>{{ page.title }}</title>\n".to_owned()),
        );
        shop.at(&format!("2026-11-{:02}", self.day));
    }
}

/// A shop of twelve products in two languages, with variants, a campaign and pictures.
pub(crate) fn sample() -> Shop {
    let mut shop = Shop::empty();
    State::new().write(None, &mut shop);
    shop.at(crate::shop::NOW);
    shop
}

/// One thing an author does; the numbers are what it is done to and how.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Title(usize, u8),
    Price(usize, u8),
    Sale(usize),
    Stock(usize, u8),
    Body(usize, u8),
    English(usize, Option<u8>),
    EnglishBody(usize, u8),
    Related(usize, Option<usize>),
    Tag(usize, u8),
    Status(usize, u8),
    Variants(usize, u8),
    Picture(usize, Option<u8>),
    Remove(usize),
    Add(usize),
    Move(usize, usize),
    Break(usize),
    Mend,
    Lines(usize, u8),
    Order(u8),
    CategoryText(u8),
    Campaign(Option<u8>),
    Page(Option<u8>),
    Css(u8),
    Template,
    ShopName(u8),
    PageSize(u8),
    Day(u8),
    HandsOff(usize),
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let at = 0..PRODUCTS;
    let some = proptest::option::of(0..3u8);
    prop_oneof![
        3 => (at.clone(), 0..4u8).prop_map(|(at, to)| Edit::Title(at, to)),
        3 => (at.clone(), 0..9u8).prop_map(|(at, to)| Edit::Price(at, to)),
        1 => at.clone().prop_map(Edit::Sale),
        2 => (at.clone(), 0..3u8).prop_map(|(at, to)| Edit::Stock(at, to)),
        4 => (at.clone(), 0..3u8).prop_map(|(at, to)| Edit::Body(at, to)),
        2 => (at.clone(), some.clone()).prop_map(|(at, to)| Edit::English(at, to)),
        4 => (at.clone(), 0..3u8).prop_map(|(at, to)| Edit::EnglishBody(at, to)),
        2 => (at.clone(), proptest::option::of(0..PRODUCTS)).prop_map(|(at, to)| Edit::Related(at, to)),
        2 => (at.clone(), 0..3u8).prop_map(|(at, to)| Edit::Tag(at, to)),
        2 => (at.clone(), 0..3u8).prop_map(|(at, to)| Edit::Status(at, to)),
        2 => (at.clone(), 0..4u8).prop_map(|(at, to)| Edit::Variants(at, to)),
        3 => (at.clone(), proptest::option::of(0..250u8)).prop_map(|(at, to)| Edit::Picture(at, to)),
        2 => at.clone().prop_map(Edit::Remove),
        2 => at.clone().prop_map(Edit::Add),
        2 => (at.clone(), 0..CATEGORIES.len()).prop_map(|(at, to)| Edit::Move(at, to)),
        1 => at.clone().prop_map(Edit::Break),
        2 => Just(Edit::Mend),
        1 => (at.clone(), 0..3u8).prop_map(|(at, to)| Edit::Lines(at, to)),
        1 => (0..6u8).prop_map(Edit::Order),
        1 => (0..3u8).prop_map(Edit::CategoryText),
        1 => some.clone().prop_map(Edit::Campaign),
        1 => some.prop_map(Edit::Page),
        1 => (0..3u8).prop_map(Edit::Css),
        1 => Just(Edit::Template),
        1 => (0..3u8).prop_map(Edit::ShopName),
        1 => (2..6u8).prop_map(Edit::PageSize),
        2 => (18..28u8).prop_map(Edit::Day),
        1 => at.prop_map(Edit::HandsOff),
    ]
}

impl Edit {
    pub(crate) fn apply(&self, state: &mut State) {
        let products = &mut state.products;
        match *self {
            Edit::Title(at, to) => products[at].title = to,
            Edit::Price(at, to) => products[at].price = to,
            Edit::Sale(at) => products[at].sale = !products[at].sale,
            Edit::Stock(at, to) => products[at].stock = to,
            Edit::Body(at, to) => products[at].body = to,
            Edit::English(at, to) => products[at].english = to,
            Edit::EnglishBody(at, to) => products[at].english_body = to,
            Edit::Related(at, to) => products[at].related = to,
            Edit::Tag(at, to) => products[at].tag = to,
            Edit::Status(at, to) => products[at].status = to,
            Edit::Variants(at, to) => products[at].variants = to,
            Edit::Picture(at, to) => products[at].picture = to,
            Edit::Remove(at) => products[at].there = false,
            Edit::Add(at) => products[at].there = true,
            Edit::Move(at, to) => products[at].category = to,
            Edit::Break(at) => products[at].broken = true,
            Edit::Mend => products.iter_mut().for_each(|product| product.broken = false),
            Edit::Lines(at, to) => products[at].blank_lines = to,
            Edit::Order(to) => state.order = to,
            Edit::CategoryText(to) => state.category_text = to,
            Edit::Campaign(to) => state.campaign = to,
            Edit::Page(to) => state.page = to,
            Edit::Css(to) => state.css = to,
            Edit::Template => state.template = !state.template,
            Edit::ShopName(to) => state.shop_name = to,
            Edit::PageSize(to) => state.page_size = to,
            Edit::Day(to) => state.day = to,
            Edit::HandsOff(_) => {}
        }
    }
}

/// Somebody's hands in the output: a file of it is removed.
fn lose(shop: &Shop, nth: usize) {
    let files: Vec<String> = shop.output().into_keys().collect();
    if let Some(path) = files.get(nth * files.len() / PRODUCTS) {
        shop.remove(&format!("output/{path}"));
    }
}

fn run(edits: &[Edit]) -> Result<(), TestCaseError> {
    let mut shop = Shop::empty();
    let mut state = State::new();
    state.write(None, &mut shop);
    shop.build().expect(0);
    let mut good = shop.output();
    for edit in edits {
        let before = state.clone();
        edit.apply(&mut state);
        state.write(Some(&before), &mut shop);
        if let Edit::HandsOff(nth) = edit {
            lose(&shop, *nth);
            good = shop.output();
        }
        let warm = shop.build();
        let cold_shop = shop.copy();
        let cold = cold_shop.build();
        prop_assert_eq!(&warm.out, &cold.out, "findings after {:?}", edit);
        prop_assert_eq!(warm.code, cold.code);
        if warm.code == Some(0) {
            good = cold_shop.output();
        }
        same(&shop.output(), &good);
    }
    Ok(())
}

proptest! {
    #![proptest_config(Config {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES),
        max_shrink_iters: 60,
        failure_persistence: None,
        ..Config::default()
    })]

    #[test]
    fn any_edits_give_what_a_first_build_gives(edits in proptest::collection::vec(edit(), 3..8)) {
        run(&edits)?;
    }
}
