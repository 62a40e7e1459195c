//! What can be wrong with a poster, each told where it can be put right.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::About;
use super::contrast;
use super::draw::{Fitted, Sheet};
use super::fonts::Loaded;
use super::markup::Markup;
use super::photo::{Missing, Picture};
use crate::catalog::CampaignState;
use crate::cx::{Claim, Cx};
use crate::diag::{Diagnostic, Place};
use crate::id::SourcePath;
use crate::image::Pixels;
use crate::maker::Failed;
use crate::review;
use crate::theme::poster::Poster;

/// A photograph enlarged more often than this looks soft.
const SOFT: f64 = 1.3;

/// One poster under examination.
pub(super) struct Check<'c> {
    pub cx: &'c Rc<Cx>,
    pub poster: &'c Poster,
    pub size: (u32, u32),
    pub about: &'c About,
    pub markup: &'c Markup,
}

impl Check<'_> {
    fn finding(&self, code: &'static str) -> Diagnostic {
        // A page of details is as tall as it gets.
        let size = match self.size {
            (width, 0) => width.to_string(),
            (width, height) => format!("{width}x{height}"),
        };
        Diagnostic::new(code, Place::File(self.about.file.clone()))
            .with("template", &self.poster.name)
            .with("size", size)
    }

    fn at_template(&self, code: &'static str) -> Diagnostic {
        Diagnostic::new(code, Place::File(self.poster.file.clone()))
    }

    /// A character that no font has would be drawn as a box.
    pub(super) fn glyphs(&self, fonts: &Loaded) -> Result<(), Failed> {
        let layers = self.markup.layers.iter().map(|layer| (layer.name.as_str(), &layer.text));
        for (name, text) in layers.chain([("–", &self.markup.loose)]) {
            let lacking = fonts.lacking(text);
            if !lacking.is_empty() {
                let found: String = lacking.into_iter().collect();
                let families: Vec<&str> = fonts.families.values().map(String::as_str).collect();
                return Err(Box::new(
                    self.finding("poster/no-glyph")
                        .with("layer", name)
                        .with("found", found)
                        .with("families", families.join(", ")),
                ));
            }
        }
        Ok(())
    }

    /// A picture that is not there: the poster would have a hole.
    #[expect(clippy::unnecessary_box_returns, reason = "what a maker gives when it fails")]
    pub(super) fn picture(&self, source: &str, why: Missing) -> Failed {
        Box::new(match why {
            Missing::Unknown => self.at_template("poster/source").with("found", source),
            Missing::Broken(path) => self.finding("poster/picture").with("found", path.as_str()),
        })
    }

    /// Photographs with fewer pixels than their place on the poster.
    pub(super) fn enlarged(&self, pictures: &HashMap<String, Picture>) {
        let mut worst: BTreeMap<&SourcePath, f64> = BTreeMap::new();
        for source in &self.markup.sources {
            if let Some((path, times)) = pictures.get(source).and_then(|one| one.photo.as_ref())
                && *times > SOFT
            {
                let most = worst.entry(path).or_default();
                *most = most.max(*times);
            }
        }
        for (path, times) in worst {
            self.cx.say(
                self.finding("poster/enlarged")
                    .with("found", path.as_str())
                    .with("times", format!("{times:.1}")),
            );
        }
    }

    /// Nothing is drawn with what is wrong on it: everything is told, and the poster is left out.
    pub(super) fn refuse(&self, mut wrong: Vec<Diagnostic>) -> Result<(), Failed> {
        let Some(last) = wrong.pop() else { return Ok(()) };
        for finding in wrong {
            self.cx.say(finding);
        }
        Err(Box::new(last))
    }

    /// Texts that do not fit even at their least size.
    pub(super) fn overflow(&self, sheet: &Sheet<'_>, fitted: &Fitted) -> Vec<Diagnostic> {
        let told = |layer: &usize| {
            let one = &self.markup.layers[*layer];
            let fits = sheet.longest(*layer, &fitted.sizes).unwrap_or_default();
            self.finding("poster/overflow")
                .with("layer", &one.name)
                .with("found", one.line())
                .with("length", one.line().chars().count())
                .with("most", fits.chars().count())
                .with("fits", fits)
        };
        fitted.over.iter().map(told).collect()
    }

    /// What price layers say is read back from what was laid out.
    pub(super) fn prices(&self, fitted: &Fitted) -> Vec<Diagnostic> {
        let mut wrong = Vec::new();
        for (layer, placed) in self.markup.layers.iter().zip(&fitted.placed) {
            for (sku, list) in [(&layer.price, false), (&layer.list, true)] {
                let Some(sku) = sku else { continue };
                let shown = self.about.products.iter().find(|one| one.card.sku == *sku);
                let Some(price) = shown.and_then(|one| one.price.as_ref()) else {
                    let finding = self.at_template("poster/no-price");
                    wrong.push(finding.with("layer", &layer.name).with("sku", sku));
                    continue;
                };
                let wanted = if list { &price.list } else { &price.amount };
                let said = number(&placed.text);
                let same = said == number(wanted);
                if !same {
                    wrong.push(
                        self.finding("poster/price")
                            .with("layer", &layer.name)
                            .with("sku", sku)
                            .with("here", said.clone())
                            .with("there", wanted),
                    );
                }
                let later = self.about.campaign.as_ref();
                if !list && later.is_none_or(|one| one.state == CampaignState::Live) {
                    let said = if same { price.amount.clone() } else { said };
                    self.cx.claim(Claim {
                        sku: sku.clone(),
                        price: format!("{said} {}", price.currency),
                        ..Claim::default()
                    });
                }
            }
        }
        wrong
    }

    /// Every layer goes through the rules that titles go through.
    pub(super) fn words(&self) {
        let files: Vec<_> = self
            .about
            .campaign
            .iter()
            .flat_map(|one| {
                std::iter::once(&one.file).chain(one.locales.iter().map(|(_, file, ..)| file))
            })
            .chain(std::iter::once(&self.about.file))
            .collect();
        let layers = self.markup.layers.iter().filter(|layer| layer.review);
        let texts =
            layers.map(super::markup::Layer::line).chain([self.markup.loose.trim().to_owned()]);
        for text in texts.filter(|text| !text.is_empty()) {
            let first = self.about.products.first().filter(|_| self.about.products.len() == 1);
            let product = first.and_then(|one| self.cx.product(&one.card.sku));
            review::poster(self.cx, &files, &text, product);
        }
    }

    /// Letters that do not stand out from what is below them.
    pub(super) fn contrast(&self, pixels: &Pixels, fitted: &Fitted) {
        for (layer, placed) in self.markup.layers.iter().zip(&fitted.placed) {
            if let Some((found, wanted)) =
                layer.contrast.then(|| contrast::too_low(pixels, placed)).flatten()
            {
                self.cx.say(
                    self.finding("poster/contrast")
                        .with("layer", &layer.name)
                        .with("found", format!("{found:.1}"))
                        .with("least", format!("{wanted:.1}")),
                );
            }
        }
    }

    /// A file that is too large at the least bearable quality.
    pub(super) fn weight(&self, bytes: usize) {
        if let Some(most) = self.poster.bytes.filter(|most| bytes > *most) {
            self.cx.say(
                self.finding("poster/heavy")
                    .with("found", bytes.div_ceil(1000))
                    .with("most", most / 1000),
            );
        }
    }
}

/// The figures of a price, `69.00` and `69` alike.
fn number(text: &str) -> String {
    let figures: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    match figures.split_once('.') {
        Some((whole, cents)) if cents.bytes().all(|c| c == b'0') => whole.to_owned(),
        Some((whole, cents)) => format!("{whole}.{}", cents.trim_end_matches('0')),
        None => figures,
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn prices_are_read_back() {
        assert_eq!(number("¥69"), number("69.00"));
        assert_eq!(number("券后 ¥1,280.50 起"), number("1280.5"));
        assert_ne!(number("¥69.90"), number("69.09"));
    }
}
