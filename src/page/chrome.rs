//! What every page has: the shop, its languages, navigation, and the page's own head.

use std::rc::Rc;

use serde::Serialize;
use tera::{Context, Value};

use super::picture;
use super::seo;
use super::view::Link;
use crate::catalog::card::page_title;
use crate::catalog::doc::PageNav;
use crate::catalog::{CampaignState, Category, moment};
use crate::cx::Cx;

/// What a page says of itself.
#[derive(Default)]
pub struct Head {
    /// `home`, `category`, …
    pub kind: &'static str,
    /// The heading.
    pub heading: String,
    /// The whole `<title>`; composed when empty.
    pub title: String,
    /// For search engines.
    pub description: String,
    /// Search words, with commas; none when the shop composes none.
    pub keywords: Option<String>,
    /// Address within a language.
    pub address: String,
    /// Not for search engines.
    pub noindex: bool,
    /// Path of the picture for Open Graph.
    pub image: Option<String>,
    /// Address within a language of the page before.
    pub prev: Option<String>,
    /// Address within a language of the next page.
    pub next: Option<String>,
    /// Home first, the page itself last, without home.
    pub crumbs: Vec<(String, String)>,
    /// Structured data of this kind of page.
    pub json_ld: Vec<String>,
    /// Path of the top category the page stands in.
    pub section: Option<String>,
}

#[derive(Serialize)]
struct PageView<'h> {
    kind: &'h str,
    title: String,
    heading: &'h str,
    description: String,
    keywords: Option<String>,
    url: String,
    canonical: String,
    noindex: bool,
    image: Option<String>,
    og_type: &'static str,
    prev: Option<String>,
    next: Option<String>,
}

#[derive(Serialize)]
struct Alternate {
    locale: String,
    lang: String,
    name: String,
    url: String,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct NavItem {
    title: String,
    url: String,
    current: bool,
    children: Vec<NavItem>,
}

#[derive(Serialize)]
struct CampaignItem {
    title: String,
    subtitle: String,
    url: String,
    state: CampaignState,
    from: Option<String>,
    to: Option<String>,
    window: String,
    image: Option<picture::View>,
}

/// Characters of a description that search engines show (about 155; two a hanzi).
const DESCRIPTION: usize = 155;

/// The context of a page: what every page has.
pub fn context(cx: &Rc<Cx>, head: Head) -> Context {
    let mut context = Context::new();
    let shop = cx.shop();
    let lang = cx.lang();
    let name = shop.name.get(lang);
    let url = cx.url(&head.address);
    let absolute = |path: &str| format!("{}{path}", shop.base_url);
    let title =
        if head.title.is_empty() { page_title(&head.heading, name) } else { head.title.clone() };
    context.insert_value("shop", shop_view(cx));
    context.insert_value("locale", locale(cx));
    context.insert("alternates", &alternates(cx, &head.address));
    context.insert_value("nav", navigation(cx, head.section.as_deref()));
    context.insert_value("links", links(cx));
    context.insert_value("campaigns", campaigns(cx));
    let theme = cx.theme();
    context.insert_value("theme", theme_view(cx));
    let mut crumbs = vec![Link::new(theme.word(lang, "home"), Some(cx.url("")))];
    crumbs.extend(head.crumbs.iter().map(|(title, url)| Link::new(title, Some(url.clone()))));
    let mut json_ld = Vec::with_capacity(2);
    if !head.crumbs.is_empty() {
        json_ld.push(seo::breadcrumbs(&crumbs, &shop.base_url));
    }
    json_ld.extend(head.json_ld);
    context.insert_value("json_ld", json_ld.into());
    context.insert("crumbs", if head.crumbs.is_empty() { &crumbs[..0] } else { &crumbs[..] });
    let page = PageView {
        kind: head.kind,
        title,
        heading: &head.heading,
        description: seo::shorten(&head.description, DESCRIPTION),
        keywords: head.keywords,
        canonical: absolute(&url),
        url,
        noindex: head.noindex,
        image: head.image.as_deref().map(absolute),
        og_type: if head.kind == "product" { "product" } else { "website" },
        prev: head.prev.map(|address| absolute(&cx.url(&address))),
        next: head.next.map(|address| absolute(&cx.url(&address))),
    };
    context.insert("page", &page);
    context
}

/// The page's language.
pub fn locale(cx: &Rc<Cx>) -> Value {
    let lang = cx.lang();
    let home = cx.url("");
    cx.shared(format!("locale/{lang}"), || {
        Value::from_serializable(&serde_json::json!({
            "code": lang, "lang": lang, "name": language_name(lang), "prefix": home, "home": home,
        }))
    })
}

fn theme_view(cx: &Rc<Cx>) -> Value {
    let theme = cx.theme();
    cx.shared("theme".to_owned(), || {
        Value::from_serializable(
            &serde_json::json!({"colors": {"light": theme.colors.0, "dark": theme.colors.1}}),
        )
    })
}

fn alternates(cx: &Rc<Cx>, address: &str) -> Vec<Alternate> {
    let shop = cx.shop();
    shop.locales
        .iter()
        .map(|locale| {
            let url = format!("{}{address}", shop.prefix(locale));
            Alternate {
                locale: locale.clone(),
                lang: locale.clone(),
                name: language_name(locale).to_owned(),
                href: format!("{}{url}", shop.base_url),
                url,
                current: locale == cx.lang(),
            }
        })
        .collect()
}

fn shop_view(cx: &Rc<Cx>) -> Value {
    let shop = cx.shop();
    let lang = cx.lang().to_owned();
    // The logo is a picture of the shop: its file must be known before the shared part is looked up.
    let logo = logo(cx);
    cx.shared(format!("shop/{lang}"), || {
        let texts =
            |texts: &[(String, crate::source::fields::At<crate::catalog::text::Text>)]| {
                let map: serde_json::Map<String, serde_json::Value> = texts
                    .iter()
                    .map(|(name, text)| (name.clone(), text.value.get(&lang).into()))
                    .collect();
                map
            };
        let mut company = texts(&shop.company);
        if let Some(url) = &logo {
            company.insert("logo".to_owned(), url.clone().into());
        } else {
            company.remove("logo");
        }
        Value::from_serializable(&serde_json::json!({
            "name": shop.name.get(&lang),
            "description": shop.description.as_ref().map(|text| text.get(&lang)),
            "base_url": shop.base_url,
            "currency": shop.currency,
            "company": company,
            "policies": texts(&shop.policies),
        }))
    })
}

/// The address of the shop's logo, which it asks for.
pub fn logo(cx: &Rc<Cx>) -> Option<String> {
    let shop = cx.shop();
    let (_, logo) = shop.company.iter().find(|(name, _)| name == "logo")?;
    let file = crate::id::SourcePath::new("content/shop.yaml");
    let at = crate::diag::Place::Bytes(file.clone(), logo.at);
    match cx.find_picture(&file, logo.value.get(""), at) {
        Ok(path) => {
            let shot = cx.shot(&path, String::new)?;
            Some(picture::view(cx, &shot, "main").large)
        }
        Err(finding) => {
            cx.say(finding);
            None
        }
    }
}

fn navigation(cx: &Rc<Cx>, section: Option<&str>) -> Value {
    let navigation = cx.navigation();
    let lang = cx.lang().to_owned();
    cx.shared(format!("nav/{lang}/{}", section.unwrap_or("")), || {
        fn item(cx: &Rc<Cx>, category: &Category, lang: &str, section: Option<&str>) -> NavItem {
            let children = cx.navigation().children(category);
            NavItem {
                title: category.title(lang).to_owned(),
                url: cx.url(&category.address),
                current: section == Some(&category.path),
                children: children.iter().map(|child| item(cx, child, lang, section)).collect(),
            }
        }
        let top = navigation.children(navigation.root());
        let items: Vec<NavItem> =
            top.iter().map(|category| item(cx, category, &lang, section)).collect();
        Value::from_serializable(&items)
    })
}

fn links(cx: &Rc<Cx>) -> Value {
    let navigation = cx.navigation();
    let lang = cx.lang().to_owned();
    cx.shared(format!("links/{lang}"), || {
        let links: Vec<serde_json::Value> = navigation
            .pages()
            .iter()
            .filter_map(|page| {
                let nav = page.record.nav.as_ref().map_or(PageNav::Footer, |nav| nav.value);
                let nav = match nav {
                    PageNav::Header => "header",
                    PageNav::Footer => "footer",
                    PageNav::None => return None,
                };
                let title = page.text(&lang, |record| record.title.as_ref());
                Some(serde_json::json!({"title": title, "url": cx.url(&page.address), "nav": nav}))
            })
            .collect();
        Value::from_serializable(&links)
    })
}

fn campaigns(cx: &Rc<Cx>) -> Value {
    let shown: Vec<CampaignItem> = cx
        .navigation()
        .campaigns()
        .iter()
        .filter(|campaign| campaign.state != CampaignState::Ended)
        .map(|campaign| {
            let title = campaign.text(cx.lang(), |record| record.title.as_ref());
            let image = campaign.image().and_then(|path| cx.shot(&path, || title.to_owned()));
            CampaignItem {
                title: title.to_owned(),
                subtitle: campaign.text(cx.lang(), |record| record.subtitle.as_ref()).to_owned(),
                url: cx.url(&campaign.address()),
                state: campaign.state,
                from: campaign.from.map(|from| moment::iso(from, cx.zone())),
                to: campaign.to.map(|to| moment::iso(to, cx.zone())),
                window: window(cx, campaign.from, campaign.to),
                image: image.map(|shot| picture::view(cx, &shot, "main")),
            }
        })
        .collect();
    Value::from_serializable(&shown)
}

/// A span of time as people write it.
pub fn window(cx: &Rc<Cx>, from: Option<i64>, to: Option<i64>) -> String {
    let zone = cx.zone();
    let lang = cx.lang();
    let text = |seconds| moment::display(seconds, zone, lang);
    let last = |to: i64| moment::display_end(to, zone, lang);
    match (from, to) {
        (Some(from), Some(to)) => format!("{} – {}", text(from), last(to)),
        (Some(from), None) => format!("{} –", text(from)),
        (None, Some(to)) => format!("– {}", last(to)),
        (None, None) => String::new(),
    }
}

/// A language's name in itself.
fn language_name(locale: &str) -> &str {
    const NAMES: [(&str, &str); 16] = [
        ("zh-CN", "简体中文"),
        ("zh-Hans", "简体中文"),
        ("zh-TW", "繁體中文"),
        ("zh-HK", "繁體中文"),
        ("zh-Hant", "繁體中文"),
        ("zh", "中文"),
        ("en", "English"),
        ("de", "Deutsch"),
        ("fr", "Français"),
        ("es", "Español"),
        ("it", "Italiano"),
        ("pt", "Português"),
        ("ja", "日本語"),
        ("ko", "한국어"),
        ("ru", "Русский"),
        ("vi", "Tiếng Việt"),
    ];
    let find = |tag: &str| NAMES.iter().find(|(name, _)| *name == tag).map(|(_, own)| *own);
    let language = locale.split('-').next().unwrap_or(locale);
    find(locale).or_else(|| find(language)).unwrap_or(locale)
}
