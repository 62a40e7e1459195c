//! The Atom feed (RFC 4287) of the newest products.

use std::fmt::Write;
use std::rc::Rc;

use super::{locales, path, picture, picture::escape};
use crate::catalog::query::Query;
use crate::cx::Cx;
use crate::diag::Place;
use crate::generation::Generation;
use crate::maker::{Failed, Maker, Plan, Subject};

/// Makes the feed of each language.
pub(super) struct Feed;

impl Maker for Feed {
    fn name(&self) -> &'static str {
        "feed"
    }

    fn version(&self) -> u32 {
        1
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        for (nth, locale) in locales(generation) {
            plan.add(Subject::Shop, nth, path(generation, locale, "feed.xml"), Place::Nowhere);
        }
    }

    fn make(&self, _: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        let shop = cx.shop();
        let lang = cx.lang();
        let base = &shop.base_url;
        let home = format!("{base}{}", cx.url(""));
        let cards = cx.window(&Query::All, 0, shop.feed_items);
        // A product without a date counts as from the beginning of time; the feed's own date is its newest entry's.
        let epoch = "1970-01-01T00:00:00Z";
        let newest = cards.first().and_then(|card| card.date.as_deref()).unwrap_or(epoch);
        let mut feed = String::with_capacity(cards.len() * 700);
        let _ = write!(
            feed,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{lang}\">\n<title>{}</title>\n<id>{home}</id>\n<link href=\"{home}\"/>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"{base}{}\"/>\n<updated>{newest}</updated>\n<author><name>{}</name></author>\n",
            escape(shop.name.get(lang)),
            cx.url("feed.xml"),
            escape(shop.name.get(lang)),
        );
        for card in &cards {
            let url = escape(&format!("{base}{}", card.url));
            let mut content = String::new();
            if let Some(shot) = &card.image {
                let view = picture::view(cx, shot, "main");
                let _ = write!(
                    content,
                    "<p><img src=\"{base}{}\" alt=\"{}\" width=\"{}\" height=\"{}\"></p>",
                    view.large,
                    escape(&view.alt),
                    view.width,
                    view.height
                );
            }
            let _ = write!(content, "<p>{}</p>", escape(&card.description));
            if let Some(price) = &card.price {
                let _ = write!(content, "<p>{}</p>", escape(&price.text));
            }
            let _ = write!(
                feed,
                "<entry>\n<title>{}</title>\n<id>{url}</id>\n<link href=\"{url}\"/>\n<updated>{}</updated>\n<summary>{}</summary>\n<content type=\"html\">{}</content>\n</entry>\n",
                escape(&card.title),
                card.date.as_deref().unwrap_or(epoch),
                escape(&card.description),
                escape(&content),
            );
        }
        feed.push_str("</feed>\n");
        Ok(feed.into_bytes())
    }
}
