"""Metrics of codes and factors, and of samples: plain functions of numpy arrays."""

from __future__ import annotations

from dagspec.evaluate.metrics.activity import active_units_kl, active_units_variance
from dagspec.evaluate.metrics.correlation import (
    associations,
    diagonal,
    mcc,
    mcc_spearman,
)
from dagspec.evaluate.metrics.dci import Explained, dci, dci_score, explain
from dagspec.evaluate.metrics.explicitness import explicitness
from dagspec.evaluate.metrics.fixed_factor import beta_vae_score, factor_vae_score
from dagspec.evaluate.metrics.information import mig, modularity, mutual_information
from dagspec.evaluate.metrics.intervals import bootstrap
from dagspec.evaluate.metrics.irs import irs
from dagspec.evaluate.metrics.samples import mean_error, mmd, std_error
from dagspec.evaluate.metrics.sap import sap
from dagspec.evaluate.metrics.table import METRICS, Metric, Need
from dagspec.evaluate.metrics.types import Codes, Factor, Score

__all__ = [
    "METRICS",
    "Codes",
    "Explained",
    "Factor",
    "Metric",
    "Need",
    "Score",
    "active_units_kl",
    "active_units_variance",
    "associations",
    "beta_vae_score",
    "bootstrap",
    "dci",
    "dci_score",
    "diagonal",
    "explain",
    "explicitness",
    "factor_vae_score",
    "irs",
    "mcc",
    "mcc_spearman",
    "mean_error",
    "mig",
    "mmd",
    "modularity",
    "mutual_information",
    "sap",
    "std_error",
]
