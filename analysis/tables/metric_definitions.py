"""What every metric means and where it comes from, for the codebook."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A metric: the table and the value of its column (or the column itself), what it is, and who proposed it."""

    table: str
    name: str
    meaning: str
    source: str


WILSON = "Wilson 1927, Probable inference, the law of succession, and statistical inference, JASA 22"
JACCARD = "Jaccard 1912, The distribution of the flora in the alpine zone, New Phytologist 11"
MATCHED = "Wang, Li & Feng 2011, Fast-Join: an efficient method for fuzzy token matching, ICDE"
REUSED = "Papineni et al. 2002, BLEU: a method for automatic evaluation of machine translation, ACL (clipped counts)"
IDF = "Spärck Jones 1972, A statistical interpretation of term specificity, Journal of Documentation 28"
BOOTSTRAP = "Efron 1979, Bootstrap methods: another look at the jackknife, Annals of Statistics 7"
KAPLAN_MEIER = "Kaplan & Meier 1958, Nonparametric estimation from incomplete observations, JASA 53"
GREENWOOD = "Greenwood 1926, The natural duration of cancer, Reports on Public Health and Medical Subjects 33"
LOGLOG = "Kalbfleisch & Prentice 1980, The statistical analysis of failure time data, Wiley"
BARRON = (
    "Barron, Huang, Spang & DeDeo 2018, Individuals, institutions, and innovation in the debates of the French "
    "Revolution, PNAS 115"
)
KULLBACK = "Kullback & Leibler 1951, On information and sufficiency, Annals of Mathematical Statistics 22"
STATCAN = (
    "Statistics Canada, Progress measurement methodology for the Sustainable Development Goals (Open SDG's documents)"
)
KRIPPENDORFF = "Krippendorff 2011, Computing Krippendorff's alpha-reliability, University of Pennsylvania"
COHEN = "Cohen 1960, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20"
LIGHT = "Light 1971, Measures of response agreement for qualitative data, Psychological Bulletin 76"
HRIPCSAK = (
    "Hripcsak & Rothschild 2005, Agreement, the F-measure, and reliability in information retrieval, Journal of the "
    "American Medical Informatics Association 12"
)

METRICS = (
    Metric(
        "turnover", "carried",
        "measures of the earlier edition that are linked to the later one, of all measures of the earlier edition; "
        "95% Wilson interval",
        WILSON,
    ),
    Metric(
        "turnover", "inherited",
        "measures of the later edition that are linked to the earlier one, of all measures of the later edition; "
        "95% Wilson interval",
        WILSON,
    ),
    Metric(
        "turnover", "jaccard",
        "items in common, of the items of either edition: M / (n + m − M) for n earlier and m later measures. M is the "
        "largest number of links of which no two have a measure in common (a maximum matching), as is usual where "
        "items are alike and not the same: a measure counts as one item and is in common with one other at most. Where "
        "no measure has two links this is the items in both over those in either. 95% bootstrap interval (percentiles) "
        "over groups of measures that links hold together",
        f"{JACCARD}; {MATCHED}; {BOOTSTRAP}",
    ),
    Metric(
        "turnover", "reuse",
        "how much of a later measure's wording stands in the earlier measures that it is linked to: weight of its "
        "character 2- and 3-grams that these have, too (each as often as it stands in them taken together), of the "
        "weight of all of them, by the committed hashed counts; a gram weighs more the fewer measures have it (IDF). "
        "Averaged over the later edition, unlinked measures with 0. A copy has 1; what chance gives is in `chance`. "
        "95% bootstrap interval as for `jaccard`",
        f"{REUSED}; {IDF}; {BOOTSTRAP}",
    ),
    Metric(
        "turnover", "chance",
        "`reuse` if each later measure had one link, to an earlier measure drawn at random: frequent words return "
        "everywhere. It does not depend on the links",
        "own baseline",
    ),
    Metric(
        "turnover", "split",
        "measures of the earlier edition with two links or more, of all, whatever these rest on; Wilson. `change` in "
        "statuses asks for more and says `split` of those whose links each hold a part of their wording (and of the "
        "parts)",
        WILSON,
    ),
    Metric(
        "turnover", "merged",
        "measures of the later edition with two links or more, of all; Wilson. `change` in statuses says `merged` of "
        "those that hold a part of the wording of each (and of what was merged), unless they are parts of a split",
        WILSON,
    ),
    Metric(
        "turnover", "ended",
        "measures of the earlier edition without a link, of all: 1 − carried. Where the later edition is a summary "
        "this says what it does not mention, not what ended",
        WILSON,
    ),
    Metric(
        "turnover", "born",
        "measures of the later edition without a link, of all: 1 − inherited. Where the earlier edition is a summary "
        "this says what it did not mention, not what is new",
        WILSON,
    ),
    Metric(
        "survival", "survival",
        "share of a cohort's initiatives that go on: the product over years of 1 − ended / at_risk. Initiatives are "
        "those of `initiatives` that began by themselves; what is split from one, and what it is merged into, is part "
        "of its life (of any: what evolved from it, too). It is at "
        "risk after the year of the document that shows it first (delayed entry: what a roadmap of 2019 lists of 2017 "
        "is what was left of it in 2019). A summary can show that it goes on, never that it ended: ended is what a "
        "later full plan has no more, in the year of that plan (latest) or the year after it was last seen (earliest); "
        "the truth lies between (interval censoring). What the last full plan has is censored there. 95% interval by "
        "Greenwood's variance on the scale log(−log S)",
        f"{KAPLAN_MEIER}; {GREENWOOD}; {LOGLOG}",
    ),
    Metric(
        "novelty", "novelty",
        "surprise of a measure's topic mixture p against the editions before: Kullback–Leibler divergence [bits] "
        "Σ p log₂(p / q) from the mixture q of an edition (the mean of its measures'), averaged over the editions of "
        "the window (2). Mixtures are nearly pure, so this is nearly −log₂ of the topic's share before. The authors "
        "compare single documents; here an edition is one. Table `resonance` holds means, with 95% bootstrap intervals "
        "over the measures of all editions",
        f"{BARRON}; {KULLBACK}; {BOOTSTRAP}",
    ),
    Metric("novelty", "transience", "the same against the editions after", BARRON),
    Metric(
        "novelty", "resonance",
        "novelty − transience: above 0, the editions after are nearer than those before, as when the topic has grown",
        BARRON,
    ),
    Metric(
        "reliability", "agreement",
        "of all pairs of coders who coded a unit, the share who coded it alike. 95% bootstrap interval (percentiles), "
        "as for the other figures of `reliability`: measures are drawn with all that is said of them",
        BOOTSTRAP,
    ),
    Metric(
        "reliability", "alpha",
        "1 − observed / expected disagreement of nominal values (1: all alike; 0: as by chance); any number of coders, "
        "units that not all coded included",
        f"{KRIPPENDORFF}; {BOOTSTRAP}",
    ),
    Metric(
        "reliability", "kappa",
        "agreement beyond chance, for two coders with their own marginals; of three or more the mean over pairs",
        f"{COHEN}; {LIGHT}; {BOOTSTRAP}",
    ),
    Metric(
        "reliability", "f1",
        "of pairs of measures: twice those that both coders name, over those that one names and those that the other "
        "names, of measures that both compared with the edition; of three coders or more the mean over pairs. Pairs "
        "that nobody names need not be counted, and with very many of them kappa comes to the same",
        f"{HRIPCSAK}; {BOOTSTRAP}",
    ),
    Metric(
        "reliability", "base_rate",
        "share of the most frequent value among all that coders say: the agreement that somebody would reach who "
        "always says it, whose alpha and kappa are 0. Agreement says something only beside it",
        "own baseline",
    ),
    Metric(
        "progress", "ratio",
        "observed over required growth a year, both from the first value; a difference a year where growth rates mean "
        "nothing. At 0.95 on track, at 0.60 to be accelerated, above 0 limited, below deteriorating (docs/kpi.md)",
        STATCAN,
    ),
    Metric(
        "progress", "direction",
        "compound growth a year from the first to the latest value, signed by the wished direction: 1.5 % and more is "
        "improving, 0.5 % moderate, 0 stagnant, less deteriorating; near a limit (100 %, rank 1) the bounds shrink by "
        "1 − (first / limit)^4.44. Where we differ: docs/kpi.md",
        STATCAN,
    ),
)  # fmt: skip


def names(table: str) -> list[str]:
    """Return the names of a table's metrics."""
    return [metric.name for metric in METRICS if metric.table == table]
