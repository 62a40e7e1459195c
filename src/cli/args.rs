//! What can be typed.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::diag::render::Format;
use crate::source::disk::Roots;

/// Compile a shop: a catalogue in YAML and Markdown becomes a finished site.
#[derive(Clone, Parser, Debug)]
#[command(name = "shangjia", version, max_term_width = 100)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Command,
    /// The folder with shop.yaml
    #[arg(long, global = true, default_value = "content", value_name = "DIR")]
    pub content: PathBuf,
    /// The folder with one folder a theme
    #[arg(long, global = true, default_value = "themes", value_name = "DIR")]
    pub themes: PathBuf,
    /// The folder to build into
    #[arg(long, global = true, default_value = "output", value_name = "DIR")]
    pub out: PathBuf,
    /// Say only what is wrong
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Say more: notes, and every file that was made
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// Colours in the terminal
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN")]
    pub color: Color,
    /// Threads to use; all cores when absent
    #[arg(long, global = true, value_name = "N", hide = true)]
    pub threads: Option<usize>,
}

impl Args {
    pub(super) fn roots(&self) -> Roots {
        Roots { content: self.content.clone(), themes: self.themes.clone(), out: self.out.clone() }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Subcommand, Debug)]
pub(super) enum Command {
    /// Make a new shop with two products
    Init(Init),
    /// Make a product, category, campaign or page
    New(New),
    /// Build the shop
    Build(Build),
    /// Build, then build again on each change
    Watch(Build),
    /// Preview the shop in a browser; every save shows at once
    Serve(Serve),
    /// Make the files of sales channels
    Export(Export),
    /// Show the titles a product gets on its channels, what they cover, and the proof
    Title(Title),
    /// List the shop's categories that have none on a channel, and which of the channel's would fit
    Categories(Categories),
    /// Take over the table of another shop system, or any table of products
    Import(Import),
    /// Tell what changes on each channel between two git revisions
    Diff(Diff),
    /// Find everything that is wrong, and write nothing
    Check(Check),
    /// Explain an output file, a rule, or where a product's value comes from
    Explain(Explain),
    /// JSON Schemas for editors
    Schema(Schema),
    /// Completions for a shell
    Completions(Completions),
}

#[derive(Clone, clap::Args, Debug)]
pub(super) struct Init {
    /// Where; this folder when absent
    #[arg(default_value = ".")]
    pub dir: PathBuf,
    /// Only shop.yaml, no products
    #[arg(long)]
    pub empty: bool,
}

#[derive(Clone, clap::Args, Debug)]
pub(super) struct New {
    pub kind: Thing,
    /// Its path in the shop, such as `cups/celadon-mug`
    pub path: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Thing {
    Product,
    Category,
    Campaign,
    Page,
}

#[derive(Clone, clap::Args, Debug)]
pub(super) struct Title {
    /// The product; without one, a line for each title of the shop
    pub sku: Option<String>,
    /// Only for these channels; those that shop.yaml lists when absent
    #[arg(long, value_delimiter = ',', value_name = "CHANNEL")]
    pub channel: Vec<String>,
    /// How titles are written; json has the certificates
    #[arg(long, default_value = "human")]
    pub format: TitleFormat,
    /// Share the keywords of a category's table out over its products, and show what that changes
    #[arg(long, value_name = "PATH", conflicts_with = "sku")]
    pub category: Option<String>,
    /// How many titles of the category may have the same keyword
    #[arg(long, default_value_t = 2, requires = "category", value_name = "N")]
    pub cap: usize,
    /// Check a certificate, or the output of `--format json`
    #[arg(long, value_name = "FILE")]
    pub verify: Option<String>,
}

/// How titles are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum TitleFormat {
    Human,
    Json,
}

#[derive(Clone, clap::Args, Debug)]
pub(super) struct Categories {
    /// Channels; those that shop.yaml lists when absent
    pub channels: Vec<String>,
    /// How they are written; yaml is to be pasted into the categories' files
    #[arg(long, default_value = "yaml")]
    pub format: CategoriesFormat,
}

/// How categories are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum CategoriesFormat {
    Yaml,
    Json,
}

/// What a build and an export have in common.
#[derive(Clone, clap::Args, Debug, Default)]
pub(super) struct Run {
    /// As of this moment instead of now: 2026-11-20 or "2026-11-20 10:00"
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Make what is sound although something is wrong
    #[arg(long)]
    pub keep_going: bool,
    /// Let a channel lose many of its products at once
    #[arg(long)]
    pub allow_removals: bool,
    /// How findings are written
    #[arg(long, default_value = "human")]
    pub format: Format,
}

#[derive(Clone, clap::Args, Debug, Default)]
pub(super) struct Build {
    #[command(flatten)]
    pub run: Run,
    /// Build only these parts
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    pub only: Vec<Area>,
    /// Look for changes every so often instead of waiting for events (watch; for network drives and containers)
    #[arg(long)]
    pub poll: bool,
}

impl Run {
    /// Everything as usual, at a moment.
    pub(super) fn at(as_of: Option<&String>) -> Self {
        Self { as_of: as_of.cloned(), ..Self::default() }
    }
}

/// A part of the output.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Area {
    Site,
    Exports,
    Posters,
}

impl Area {
    pub(super) fn area(self) -> crate::build::Area {
        match self {
            Self::Site => crate::build::Area::Site,
            Self::Exports => crate::build::Area::Exports,
            Self::Posters => crate::build::Area::Posters,
        }
    }
}

/// Make the files of sales channels
#[derive(Clone, clap::Args, Debug)]
pub(super) struct Export {
    /// Channels; those that shop.yaml lists when absent
    pub channels: Vec<String>,
    /// Only these products, into a folder of their own
    #[arg(long, value_delimiter = ',', value_name = "SKU")]
    pub only: Vec<String>,
    /// Only products of which this is so, such as 'category=cups and price<50', into a folder of their own
    #[arg(long = "where", value_name = "TERMS")]
    pub select: Option<String>,
    /// Only what changed since this git revision or date, into a folder of its own; what is gone is listed
    #[arg(long, value_name = "SINCE", conflicts_with_all = ["only", "select"])]
    pub delta: Option<String>,
    #[command(flatten)]
    pub run: Run,
}

#[derive(Clone, clap::Args, Debug)]
pub(super) struct Serve {
    /// The port; 0 takes any that is free
    #[arg(long, default_value_t = 4321, value_name = "N")]
    pub port: u16,
    /// The address to listen at; others than this machine's own let the whole network in
    #[arg(long, value_name = "ADDRESS")]
    pub host: Option<std::net::IpAddr>,
    /// Open a browser
    #[arg(long)]
    pub open: bool,
    /// Preview the shop as of this moment; the bar in the page does the same for one browser
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Look for changes every so often instead of waiting for events (for network drives and containers)
    #[arg(long)]
    pub poll: bool,
}

/// Where a table comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Origin {
    Shopify,
    Woocommerce,
    Taobao,
    Google,
    /// Any table: csv, tsv, json, xlsx or xls, by the names of its columns or a *.rows.yaml beside it
    Rows,
}

impl Origin {
    /// The channel of the same table.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Shopify => "shopify",
            Self::Woocommerce => "woocommerce",
            Self::Taobao => "taobao",
            Self::Google => "google",
            Self::Rows => "rows",
        }
    }

    /// Files that an export of that channel makes and an import reads.
    pub(super) fn files(self) -> &'static [&'static str] {
        match self {
            Self::Shopify => &["shopify.csv", "shopify-legacy.csv"],
            Self::Woocommerce => &["woocommerce.csv"],
            Self::Taobao => &["taobao.csv"],
            Self::Google => &["google.xml"],
            Self::Rows => &[],
        }
    }

    /// The system whose table it is; nothing of any table.
    pub(super) fn origin(self) -> Option<crate::import::Origin> {
        Some(match self {
            Self::Shopify => crate::import::Origin::Shopify,
            Self::Woocommerce => crate::import::Origin::Woocommerce,
            Self::Taobao => crate::import::Origin::Taobao,
            Self::Google => crate::import::Origin::Google,
            Self::Rows => return None,
        })
    }
}

#[derive(Clone, clap::Args, Debug)]
pub(super) struct Import {
    /// The table, the zip archive it is in, or the *.rows.yaml that names it
    pub file: PathBuf,
    /// Where it comes from
    #[arg(long = "as", value_name = "SYSTEM")]
    pub origin: Origin,
    /// The content folder to write into; the shop's when absent
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// A folder with the pictures that the table names; those beside the table are found without
    #[arg(long, value_name = "DIR")]
    pub pictures: Option<PathBuf>,
    /// The table that both sides began with; the last import or export when absent
    #[arg(long, value_name = "TABLE")]
    pub base: Option<PathBuf>,
    /// Where both sides changed something, the shop is right: do not tell it again
    #[arg(long)]
    pub mine: bool,
    /// Write what could not be taken over as JSON
    #[arg(long)]
    pub json: bool,
}

/// How a difference is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum DiffFormat {
    Human,
    Markdown,
    Json,
}

#[derive(Clone, clap::Args, Debug)]
pub(super) struct Diff {
    /// The revision to compare with
    #[arg(value_name = "REV")]
    pub before: String,
    /// The revision that is compared; the files as they are now when absent
    #[arg(value_name = "REV")]
    pub after: Option<String>,
    /// How the difference is written
    #[arg(long, default_value = "human")]
    pub format: DiffFormat,
    /// Compare the shop as of this moment
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
}

#[derive(Clone, clap::Args, Debug)]
pub(super) struct Check {
    /// Put in what is surely better, and leave every other byte of the files as it is
    #[arg(long)]
    pub fix: bool,
    /// How findings are written
    #[arg(long, default_value = "human")]
    pub format: Format,
    /// Check the shop as of this moment
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
}

#[derive(Clone, clap::Args, Debug)]
pub(super) struct Explain {
    /// An output path, a rule's code, or `SKU[.field][@channel]`
    pub what: String,
}

#[derive(Clone, clap::Args, Debug)]
pub(super) struct Schema {
    /// Which file's; a list of all when absent
    pub kind: Option<String>,
}

#[derive(Clone, clap::Args, Debug)]
pub(super) struct Completions {
    pub shell: clap_complete::Shell,
}
