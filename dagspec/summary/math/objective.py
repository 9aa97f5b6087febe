"""The loss as the spec configures it."""

from __future__ import annotations

from collections.abc import Iterable

from dagspec.families import FAMILIES
from dagspec.plan import Plan
from dagspec.spec import Latent, Quantity, Spec
from dagspec.summary.math.bound import divergence
from dagspec.summary.math.factors import likelihood
from dagspec.summary.math.layout import Block, Equation
from dagspec.summary.math.notation import named
from dagspec.summary.phrases import names_text, printable

# Of the distance between the KL and its target (Burgess et al. 2018, arXiv 1804.03599).
_CAPACITY_WEIGHT = 1000


def objective(spec: Spec, plan: Plan, by_level: bool) -> Block:
    """The loss, in nats per example, and what changes in the course of a run."""
    chosen = spec.objective
    labelled = [latent for latent in spec.latents if latent.label]
    parts = [f"E_q[−{_times(chosen.likelihood_weight)}log {likelihood(plan)}"]
    parts += _divergences(spec, by_level)
    parts += [_label(latent) for latent in labelled]
    if chosen.spectral:
        parts.append(f"+ {_times(chosen.spectral)}Σ spectral")
    parts[-1] += "]"
    equations = [Equation("loss(t)", tuple(parts)), *_course(spec)]
    return Block("Objective", tuple(equations), tuple(_remarks(spec, by_level)))


def _divergences(spec: Spec, by_level: bool) -> list[str]:
    """The part of the loss that the divergences have."""
    chosen = spec.objective
    if by_level:
        weight = _shared(latent.kl_weight for latent in spec.latents)
        free = _shared(_free_bits(spec, latent) for latent in spec.latents)
        sign = "w_i·" if weight is None else _times(weight)
        least = "f_i" if free is None else f"{free:g}"
        terms = [f"Σ_i {sign}{'KL_i' if free == 0 else f'max({least}, KL_i)'}"]
    else:
        terms = [_divergence(spec, latent) for latent in spec.latents]
    terms = [terms[0], *(f"+ {term}" for term in terms[1:])]
    opening, closing = "+ β(t)·(", ")"
    if chosen.capacity:
        opening, closing = f"+ {_CAPACITY_WEIGHT}·∣", " − C(t)∣"
    elif not chosen.warmup:
        opening = f"+ {_times(chosen.beta)}("
    if opening == "+ (":
        opening, closing = "+ ", ""
    terms[0] = opening + terms[0]
    terms[-1] += closing
    return terms


def _divergence(spec: Spec, latent: Latent) -> str:
    free, kl = _free_bits(spec, latent), divergence(latent.name)
    return _times(latent.kl_weight) + (f"max({free:g}, {kl})" if free else kl)


def _shared(values: Iterable[float]) -> float | None:
    """The value that all have, or None."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _free_bits(spec: Spec, latent: Latent) -> float:
    """Nats of KL that a concept has free."""
    own = latent.free_bits
    return spec.objective.free_bits if own is None else own


def _label(latent: Latent) -> str:
    """What a label costs: what is not discrete is compared with the mean of q."""
    name = named(latent.name)
    if _discrete(latent):
        return f"− {_times(latent.weight)}log q({name} = y_{name})"
    aim = f"(y_{name} − m_{name})/s_{name}"
    if len(latent.label) != latent.dim:
        aim = f"(cos y_{name}, sin y_{name})"
    return f"+ {_times(latent.weight)}½·∣μ_{name} − {aim}∣²"


def _course(spec: Spec) -> list[Equation]:
    """β(t) and C(t)."""
    beta, warmup = spec.objective.beta, spec.objective.warmup
    if warmup:
        rise = _rise(warmup.length)
        if warmup.shape == "cosine":
            rise = f"½·(1 − cos(π·{rise}))"
        return [Equation("β(t)", (_times(beta) + rise,), _unit(warmup.length))]
    capacity = spec.objective.capacity
    if capacity:
        start, rise = capacity.start, capacity.end - capacity.start
        right = f"{start:g} + {rise:g}·{_rise(capacity.length)}".removeprefix("0 + ")
        return [Equation("C(t)", (right,), _unit(capacity.length))]
    return []


def _rise(length: Quantity) -> str:
    """From 0 to 1 over a length."""
    if length.unit == "%":
        return f"min(1, t/({length.value / 100:g}·T))"
    return f"min(1, t/{length.value:g})"


def _unit(length: Quantity) -> str:
    return "T is the planned length" if length.unit == "%" else f"t in {length.unit}"


def _times(weight: float) -> str:
    return "" if weight == 1 else f"{weight:g}·"


def _remarks(spec: Spec, by_level: bool) -> list[str]:
    """What the letters of the loss mean."""
    chosen = spec.objective
    remarks = ["The loss is minimised; nats per example, averaged over a batch."]
    free = {_free_bits(spec, latent) for latent in spec.latents}
    if any(free):
        remarks.append("max takes the mean of a KL over the batch.")
    if by_level and len(free) > 1:
        remarks.append("f_i are the free bits of z_i.")
    if by_level and len({latent.kl_weight for latent in spec.latents}) > 1:
        remarks.append("w_i is the kl_weight of z_i.")
    if chosen.spectral:
        remarks.append("spectral are the spectral norms of the convolutions.")
    labelled = [latent for latent in spec.latents if latent.label]
    if any(not _discrete(latent) for latent in labelled):
        remarks.append(
            "mu is the location of q, m and s are the mean and the scale of a label in "
            "the training split; an angle is in radians."
        )
    return remarks + [_column(latent) for latent in labelled]


def _column(latent: Latent) -> str:
    columns = names_text([f'"{printable(column)}"' for column in latent.label])
    noun = "column" if len(latent.label) == 1 else "columns"
    percent = f"{100 * latent.labels:g}%"
    share = "" if latent.labels == 1 else f", known of {percent} of the examples"
    return f"y of {latent.name}: {noun} {columns}{share}."


def _discrete(latent: Latent) -> bool:
    facts = FAMILIES[latent.family].latent
    return facts is not None and facts.relaxed
