"""The table of metrics: what each measures, what it needs, how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import Final, Literal

from dagspec.evaluate.metrics.activity import active_units_kl, active_units_variance
from dagspec.evaluate.metrics.correlation import diagonal, mcc, mcc_spearman
from dagspec.evaluate.metrics.dci import dci
from dagspec.evaluate.metrics.explicitness import explicitness
from dagspec.evaluate.metrics.fixed_factor import beta_vae_score, factor_vae_score
from dagspec.evaluate.metrics.information import mig, modularity
from dagspec.evaluate.metrics.irs import irs
from dagspec.evaluate.metrics.samples import mean_error, mmd, std_error
from dagspec.evaluate.metrics.sap import sap
from dagspec.evaluate.metrics.types import Score

Need = Literal["codes", "factors", "pairs", "kl", "sample", "reference"]

_LEARNED: Final[tuple[Need, ...]] = ("codes", "factors")
_SAMPLES: Final[tuple[Need, ...]] = ("sample", "reference")


@dataclass(frozen=True)
class Metric:
    """One line of the table.

    Attributes:
        title: What a report calls it.
        function: Takes `needs` and `seed` by keyword and gives a `Score`.
        needs: Its arguments: `codes` and `factors` of the same examples, `pairs` (the
            factor of each concept), `kl` (of each example and unit), or a `sample` of
            the model and one of the `reference`.
        measures: What it measures, in a sentence.
        better: Whether more of it is better, or less; None where it only describes.
        range: Its least and its greatest value.
    """

    title: str
    function: Callable[..., Score]
    needs: tuple[Need, ...]
    measures: str
    better: Literal["higher", "lower"] | None
    range: tuple[float, float]


def _share(
    title: str,
    function: Callable[..., Score],
    measures: str,
    needs: tuple[Need, ...] = _LEARNED,
) -> Metric:
    return Metric(title, function, needs, measures, "higher", (0.0, 1.0))


def _error(title: str, function: Callable[..., Score], measures: str) -> Metric:
    return Metric(title, function, _SAMPLES, measures, "lower", (0.0, inf))


METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {
        "diagonal": _share(
            "diagonal MCC",
            diagonal,
            "How closely each concept goes with the factor it is named after.",
            ("codes", "factors", "pairs"),
        ),
        "mcc": _share(
            "MCC",
            mcc,
            "How closely concepts go with factors after the best matching of the two.",
        ),
        "mcc_spearman": _share(
            "MCC (Spearman)",
            mcc_spearman,
            "MCC of ranks, which asks for a monotonous relation only.",
        ),
        "mig": _share(
            "MIG",
            mig,
            "How much more the best concept tells about a factor than the next one.",
        ),
        "dci": _share(
            "DCI disentanglement",
            dci,
            "Whether each concept matters to one factor alone, each factor needs one "
            "concept alone, and all concepts together predict the factors.",
        ),
        "sap": _share(
            "SAP",
            sap,
            "How much better the best concept predicts a factor than the next one.",
        ),
        "factor_vae": _share(
            "FactorVAE score",
            factor_vae_score,
            "How often the code that varies least tells which factor was held fixed.",
        ),
        "beta_vae": _share(
            "beta-VAE score",
            beta_vae_score,
            "How often a linear reader knows which factor pairs of examples share.",
        ),
        "modularity": _share(
            "modularity",
            modularity,
            "Whether each concept tells about one factor alone.",
        ),
        "explicitness": Metric(
            "explicitness",
            explicitness,
            _LEARNED,
            "How well a linear reader of all concepts knows each factor (ROC area).",
            "higher",
            (0.5, 1.0),
        ),
        "irs": _share(
            "IRS",
            irs,
            "Whether a code stays where it is while all factors but one change.",
        ),
        "active_units_variance": Metric(
            "active units (variance above 0.01)",
            active_units_variance,
            ("codes",),
            "How many codes vary from image to image.",
            None,
            (0.0, inf),
        ),
        "active_units_kl": Metric(
            "active units (KL above 0.1 nats)",
            active_units_kl,
            ("kl",),
            "How many units the image says something about that their prior does not.",
            None,
            (0.0, inf),
        ),
        "mmd": _error(
            "MMD, nothing set",
            mmd,
            "How far samples of the model are from those of the process, nothing set.",
        ),
        "mean_error": _error(
            "MeanE, nothing set",
            mean_error,
            "Squared error of the mean of each variable, nothing set.",
        ),
        "std_error": _error(
            "StdE, nothing set",
            std_error,
            "Squared error of the standard deviation of each variable, nothing set.",
        ),
    }
)
