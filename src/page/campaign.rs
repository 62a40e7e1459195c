//! The page of a campaign.

use std::rc::Rc;

use super::chrome::{self, Head};
use super::markdown::Medium;
use super::{html, locales, markdown, path, picture, seo, view};
use crate::catalog::doc::Terms;
use crate::catalog::query::Query;
use crate::catalog::{CampaignState, moment};
use crate::cx::Cx;
use crate::diag::Place;
use crate::generation::Generation;
use crate::maker::{Failed, Maker, Plan, Subject};
use crate::review;
use crate::rules::Field;

/// Makes campaign pages.
pub(super) struct Campaigns;

/// More products than this belong in a category.
const MOST: usize = 200;

impl Maker for Campaigns {
    fn name(&self) -> &'static str {
        "campaign"
    }

    fn version(&self) -> u32 {
        1
    }

    fn plan(&self, generation: &Generation, plan: &mut Plan) {
        if !generation.theme.has("campaign.html") {
            return;
        }
        for (nth, locale) in locales(generation) {
            for campaign in &generation.catalog.campaigns {
                let to = path(generation, locale, &campaign.address());
                let from = Place::File(campaign.file.clone());
                plan.add(Subject::Campaign(campaign.key.clone()), nth, to, from);
            }
        }
    }

    fn make(&self, subject: &Subject, cx: &Rc<Cx>) -> Result<Vec<u8>, Failed> {
        let Subject::Campaign(key) = subject else { return Ok(Vec::new()) };
        let Some(campaign) = cx.campaign(key) else { return Ok(Vec::new()) };
        let lang = cx.lang();
        let local = campaign.locales.iter().find(|(name, ..)| name == lang);
        cx.could_stand_in(local.map(|(_, file, ..)| file).into_iter().chain([&campaign.file]));
        for layer in local
            .map(|(_, file, record, _)| (file, record))
            .into_iter()
            .chain([(&campaign.file, &campaign.record)])
        {
            let (file, record) = layer;
            review::field(cx, file, record.title.as_ref(), Field::Title);
            review::field(cx, file, record.subtitle.as_ref(), Field::Subtitle);
            review::field(cx, file, record.description.as_ref(), Field::Meta);
        }
        let body = markdown::render(cx, campaign.body(lang), None, Medium::Page)?;
        let title = campaign.text(lang, |record| record.title.as_ref()).to_owned();
        let subtitle = campaign.text(lang, |record| record.subtitle.as_ref()).to_owned();
        let description = campaign.text(lang, |record| record.description.as_ref()).to_owned();
        let image = campaign.image().and_then(|path| cx.shot(&path, || title.clone()));
        let image = image.map(|shot| picture::view(cx, &shot, "main"));
        let cards = cx.window(&Query::Campaign(key.clone()), 0, MOST);
        let products: Vec<tera::Value> = cards.iter().map(|card| view::card(cx, card)).collect();
        let head = Head {
            kind: "campaign",
            heading: title.clone(),
            description: if description.is_empty() {
                subtitle.clone()
            } else {
                description.clone()
            },
            address: campaign.address(),
            image: image.as_ref().map(|view| view.large.clone()),
            crumbs: vec![(title.clone(), cx.url(&campaign.address()))],
            json_ld: vec![seo::item_list(cx, &cards, 1)],
            // An ended campaign keeps its page for old links only.
            noindex: campaign.state == CampaignState::Ended,
            ..Head::default()
        };
        let mut context = chrome::context(cx, head);
        context.insert(
            "campaign",
            &serde_json::json!({
                "title": title,
                "subtitle": subtitle,
                "description": description,
                "image": image,
                "body": body.html,
                "state": campaign.state,
                "from": campaign.from.map(|from| moment::iso(from, cx.zone())),
                "to": campaign.to.map(|to| moment::iso(to, cx.zone())),
                "window": chrome::window(cx, campaign.from, campaign.to),
                "terms": terms(cx, campaign.record.terms.as_ref().map(|terms| terms.value)),
                "products": products,
            }),
        );
        html(cx, "campaign.html", &context)
    }
}

/// What the campaign gives, in words.
pub fn terms(cx: &Rc<Cx>, terms: Option<Terms>) -> String {
    let lang = cx.lang();
    let chinese = lang.starts_with("zh");
    let currency = cx.shop().currency();
    match terms {
        None => String::new(),
        Some(Terms::PercentOff(percent)) if chinese => {
            // 15 % off is spoken of as 8.5 折.
            let rest = 100 - percent;
            let tenths = if rest % 10 == 0 {
                (rest / 10).to_string()
            } else {
                format!("{}.{}", rest / 10, rest % 10)
            };
            format!("{tenths} 折")
        }
        Some(Terms::PercentOff(percent)) => format!("{percent}% off"),
        Some(Terms::AmountOff(amount)) if chinese => {
            format!("立减 {}", amount.display(&currency, lang))
        }
        Some(Terms::AmountOff(amount)) => format!("{} off", amount.display(&currency, lang)),
        Some(Terms::Price(amount)) if chinese => {
            format!("活动价 {}", amount.display(&currency, lang))
        }
        Some(Terms::Price(amount)) => amount.display(&currency, lang),
    }
}
