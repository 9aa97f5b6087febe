"""Causal errors of models whose every answer is known: none, or known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dagspec.evaluate.causal import Held, build_bridge, compare_with_process
from dagspec.evaluate.causal.bridge import projected
from dagspec.evaluate.metrics import Codes, mean_error, mmd, std_error
from dagspec.graph import LatentGraph
from dagspec.nn.output import Sample
from tests.evaluate.oracles import (
    MEAN,
    NAMES,
    SPEC,
    STD,
    KnownSimulator,
    Oracle,
    changed,
    unlabelled,
    wrong,
)

VAR = {name: std**2 for name, std in STD.items()}
N = 400


def held_out(model, n=2000):
    simulator = KnownSimulator()
    factors = simulator.factors(simulator.noise(n, 99))
    return Held(model.codes(factors), factors)


def compare(model=None, spec=SPEC, held=None, seed=0, draws=4000):
    model = model or Oracle()
    held = held or held_out(model)
    bridge = build_bridge(spec, model, KnownSimulator(), held, seed)
    return compare_with_process(bridge, n=N, draws=draws)


def of(results, variable):
    """Results of one variable, by the value it is set to, rounded."""
    return {round(r.value, 1): r for r in results if r.variable == variable}


@pytest.fixture(scope="module")
def exact():
    return compare()


@pytest.fixture(scope="module")
def slope_off():
    """A model that believes c = … - 0.1 b instead of - 0.5 b."""
    return compare(Oracle(wrong(slope_c=-0.1)))


def test_every_cause_is_set_a_deviation_below_and_above_its_mean(exact):
    settings = {name: set[float]() for name in NAMES}
    for each in exact.interventions:
        settings[each.variable].add(each.value)
    assert sorted(settings["a"]) == pytest.approx([-1.0, 2.0], abs=0.05)
    b = [MEAN["b"] - STD["b"], MEAN["b"] + STD["b"]]
    assert sorted(settings["b"]) == pytest.approx(b, abs=0.03)
    assert settings["on"] == {0.0, 1.0}
    assert settings["c"] == set()


def test_an_exact_model_is_at_the_floor(exact):
    for each in exact.interventions:
        assert each.mmd < 3 * each.floor
        assert each.mmd < 0.02
        assert each.low <= each.mmd <= each.high
        assert each.mean_error < 3e-3
        assert each.std_error < 3e-3
    for each in exact.counterfactuals:
        assert max(each.errors.values()) < 1e-9
        assert each.observed < 1e-9
        assert each.reconstruction < 1e-9
        assert each.reading < 1e-9
        assert each.floor == 0
    assert all(each.error < 3e-3 for each in exact.effects)


def test_effects_of_an_exact_model_are_those_of_the_algebra(exact):
    found = {(each.parent, each.child): each for each in exact.effects}
    assert found.keys() == {("a", "b"), ("a", "c"), ("b", "c"), ("on", "c")}
    a, b = 2 * STD["a"], 2 * STD["b"]
    true = {
        ("a", "b"): 0.6 * a,
        ("a", "c"): (0.8 - 0.5 * 0.6) * a,
        ("b", "c"): -0.5 * b,
        ("on", "c"): 1.0,
    }
    for edge, effect in true.items():
        assert found[edge].true == pytest.approx(effect, rel=0.01)
        assert found[edge].learned == pytest.approx(effect, rel=0.01)


def test_a_wrong_slope_costs_what_the_algebra_says(slope_off):
    # c' is off by 0.4 (b' - b), and E(b' - b)² = 2 Var(b) under do(b).
    for value, each in of(slope_off.counterfactuals, "b").items():
        expected = 0.4**2 * 2 * VAR["b"] / VAR["c"]
        assert each.errors["c"] == pytest.approx(expected, rel=0.2), value
        assert each.descendants == each.errors["c"]
        assert each.errors["a"] < 1e-9
        assert each.all == pytest.approx(each.errors["c"] / 3, abs=1e-9)
        pixels = 0.4**2 * 2 * VAR["b"] / sum(VAR.values())
        assert each.observed == pytest.approx(pixels, rel=0.2)
        assert each.reconstruction < 1e-9
    for each in of(slope_off.counterfactuals, "a").values():
        expected = (0.4 * 0.6) ** 2 * 2 * VAR["a"] / VAR["c"]
        assert each.errors["c"] == pytest.approx(expected, rel=0.2)
        assert each.descendants == pytest.approx(each.errors["c"] / 2, abs=1e-6)
    for each in of(slope_off.counterfactuals, "on").values():
        assert each.errors["c"] < 1e-9


class Misreader(Oracle):
    """It takes every c for half a deviation more than it is."""

    def counterfactual(self, x, do, *, noise=None):
        found = super().counterfactual(x, do, noise=noise)
        latents = {**found.latents, "c": found.latents["c"] + 0.5}
        return Sample(latents, found.x)


def test_what_is_misread_is_told_apart_from_what_is_wrongly_foreseen():
    for each in of(compare(Misreader()).counterfactuals, "b").values():
        assert each.reading == pytest.approx(0.25, rel=0.05)
        assert each.descendants == pytest.approx(each.reading, rel=1e-6)


def width(result):
    assert result.low is not None
    assert result.high is not None
    return result.high - result.low


def test_an_interval_narrows_with_the_examples_and_holds_the_mean(slope_off):
    for each in of(slope_off.counterfactuals, "b").values():
        assert each.low < each.descendants < each.high
    model = Oracle(wrong(slope_c=-0.1))
    bridge = build_bridge(SPEC, model, KnownSimulator(), held_out(model), 0)
    many = of(compare_with_process(bridge, n=16 * N, draws=16 * N).counterfactuals, "b")
    for value, few in of(slope_off.counterfactuals, "b").items():
        assert width(many[value]) / width(few) == pytest.approx(1 / 4, rel=0.35)


def test_a_wrong_slope_shows_in_the_effect_and_nowhere_else(slope_off):
    found = {(each.parent, each.child): each for each in slope_off.effects}
    off = 0.4 * 2 * STD["b"]
    assert found["b", "c"].learned - found["b", "c"].true == pytest.approx(
        off, rel=0.01
    )
    assert found["b", "c"].error == pytest.approx(off**2 / VAR["c"], rel=0.02)
    assert found["a", "b"].error < 1e-3
    assert found["on", "c"].error < 1e-3


def test_a_wrong_slope_shifts_the_mean_under_an_intervention(slope_off):
    for each in of(slope_off.interventions, "b").values():
        expected = (0.4 * each.value) ** 2 / VAR["c"]
        assert each.mean_error == pytest.approx(expected, rel=0.2, abs=2e-3)
        assert each.std_error < 2e-3
    high = max(of(slope_off.interventions, "b").items())[1]
    assert high.mmd > 0.1


def test_a_wrong_spread_is_an_error_of_the_deviation_alone():
    found = compare(Oracle(wrong(std_c=1.0)), draws=40_000)
    for each in of(found.interventions, "b").values():
        # c given b varies by a, on and its own noise.
        rest = 0.64 * VAR["a"] + VAR["on"]
        off = (rest + 1.0) ** 0.5 - (rest + 0.25) ** 0.5
        assert each.std_error == pytest.approx(off**2 / VAR["c"], rel=0.2)
        assert each.mean_error == pytest.approx(0, abs=3e-3)
    # Abduction and prediction share the spread, so a counterfactual does not see it.
    assert max(c.descendants for c in found.counterfactuals) < 1e-9


def test_a_shift_moves_samples_and_not_counterfactuals():
    found = compare(Oracle(wrong(shift_c=0.7)))
    for each in of(found.interventions, "on").values():
        assert each.mean_error == pytest.approx(0.49 / VAR["c"], rel=0.2)
    assert max(c.descendants for c in found.counterfactuals) < 1e-9
    assert max(e.error for e in found.effects) < 3e-3


def test_a_model_whose_effects_do_not_follow_errs_by_the_whole_effect():
    found = compare(Oracle(follow=False))
    for each in of(found.counterfactuals, "b").values():
        assert each.errors["c"] == pytest.approx(
            0.25 * 2 * VAR["b"] / VAR["c"], rel=0.2
        )
    effects = {(each.parent, each.child): each.learned for each in found.effects}
    assert set(effects.values()) == {0.0}


def test_errors_are_those_of_the_metrics(slope_off):
    """The quick forms used here are the metrics that the table has."""
    simulator = KnownSimulator()
    each = max(of(slope_off.interventions, "b").items())[1]
    do = {"b": np.full(20_000, each.value)}
    true = simulator.factors(simulator.noise(20_000, 0), do)
    columns = np.stack([true[n] / STD[n] for n in ("a", "c", "on")], 1)
    others = simulator.factors(simulator.noise(4000, 1), {"b": each.value})
    fresh = np.stack([others[n] / STD[n] for n in ("a", "c", "on")], 1)
    names = ("a", "c", "on")
    floor = mmd(Codes(fresh[:N], names), Codes(columns[:N], names)).value
    assert each.floor == pytest.approx(floor, rel=0.01)


def test_support_is_the_share_of_examples_that_may_have_the_value(exact):
    # |v - 0.6 a| < 2·0.8 with a ~ N(0.5, 1.5²).
    a = np.random.default_rng(0).normal(0.5, 1.5, 200_000)
    for each in of(exact.counterfactuals, "b").values():
        share = (abs(each.value - 0.6 * a) < 1.6).mean()
        assert 0.1 < share < 0.95
        assert each.support == pytest.approx(share, abs=0.05)
    for name in ("a", "on"):
        assert {e.support for e in of(exact.counterfactuals, name).values()} == {1.0}


@pytest.mark.parametrize("flipped", [False, True])
def test_concepts_without_labels_are_calibrated(flipped):
    found = compare(Oracle(flipped=flipped), unlabelled())
    assert {each.way for each in found.translations.values()} == {"calibration"}
    assert [each.fit for each in found.translations.values()] == pytest.approx(
        [1.0] * 4
    )
    assert max(each.descendants for each in found.counterfactuals) < 1e-9
    assert max(each.error for each in found.effects) < 3e-3


def test_a_label_that_is_never_seen_gives_no_units():
    latents = tuple(
        each.model_copy(update={"labels": 0.0} if each.name == "b" else {})
        for each in SPEC.latents
    )
    found = compare(spec=changed(latents=latents))
    ways = {name: each.way for name, each in found.translations.items()}
    assert ways == dict.fromkeys(("a", "c", "on"), "label") | {"b": "calibration"}
    assert found.translations["a"].fit is None


def test_a_calibration_says_how_well_it_fits():
    model = Oracle()
    held = held_out(model)
    rng = np.random.default_rng(0)
    noisy = held.codes["b"] + rng.standard_normal(held.codes["b"].shape)
    held = Held({**held.codes, "b": noisy}, held.factors)
    found = compare(model, unlabelled(), held)
    assert found.translations["b"].fit == pytest.approx(0.5, abs=0.05)


def test_a_concept_that_says_nothing_is_left_out():
    model = Oracle()
    held = held_out(model)
    held = Held({**held.codes, "b": np.zeros_like(held.codes["b"])}, held.factors)
    found = compare(model, unlabelled(), held)
    assert found.left_out == {"b": "`b` says nothing of it"}
    assert {each.variable for each in found.interventions} == {"a", "on"}
    # The path by way of b is an edge now.
    assert ("a", "c") in {(each.parent, each.child) for each in found.effects}


def test_a_concept_that_is_no_variable_is_left_out():
    latents = tuple(
        each.model_copy(update={"name": "other", "label": ()})
        if each.name == "on"
        else each
        for each in SPEC.latents
    )
    edges = tuple(("other" if p == "on" else p, c) for p, c in SPEC.edges)
    found = compare(spec=changed(latents=latents, edges=edges))
    assert found.left_out == {"other": "the process has no such variable"}
    assert found.translations.keys() == {"a", "b", "c"}


def test_a_wrong_graph_is_asked_about_the_edges_of_both():
    edges = [edge for edge in SPEC.edges if edge != ("b", "c")]
    found = compare(spec=changed(edges=(*edges, ("c", "b"))))
    sides = {(e.parent, e.child): (e.in_model, e.in_process) for e in found.effects}
    assert sides["b", "c"] == (False, True)
    assert sides["c", "b"] == (True, False)
    assert sides["a", "c"] == (True, True)
    true = {(e.parent, e.child): e.true for e in found.effects}
    assert true["c", "b"] == 0
    assert {each.variable for each in found.interventions} == set(NAMES)


def test_the_same_seed_gives_the_same_numbers(exact):
    assert compare() == exact
    assert compare(seed=1) != exact


def test_quick_moments_are_the_metrics_of_the_table():
    rng = np.random.default_rng(0)
    one, other = rng.normal(0, 1, (500, 1)), rng.normal(0.3, 2, (700, 1))
    pair = Codes(one, ("c",)), Codes(other, ("c",))
    assert mean_error(*pair).value == pytest.approx((one.mean() - other.mean()) ** 2)
    off = one.std(ddof=1) - other.std(ddof=1)
    assert std_error(*pair).value == pytest.approx(off**2)


def test_a_path_through_what_is_left_out_is_an_edge():
    edges = [("a", "h"), ("h", "i"), ("i", "b"), ("h", "c"), ("b", "c"), ("d", "a")]
    graph = LatentGraph("abcdhi", edges)
    found = projected(graph, {"a": "A", "b": "B", "c": "C"})
    assert found.children("A") == ("B", "C")
    assert found.children("B") == ("C",)
    assert found.parents("A") == ()


def test_the_floor_is_the_error_of_a_process_that_does_not_know_its_noise():
    class Forgetful(KnownSimulator):
        def redraw(self, noise, seed=0):
            return {**noise, "c": noise["c"] + 1.0}

    model = Oracle()
    bridge = build_bridge(SPEC, model, Forgetful(), held_out(model), 0)
    found = compare_with_process(bridge, n=N, draws=N)
    # c is off by one of its own deviations, 0.5; nothing else follows from b.
    for each in of(found.counterfactuals, "b").values():
        assert each.floor == pytest.approx(0.25 / VAR["c"], rel=0.05)
        assert each.descendants < 1e-9
    floors = [each.floor for each in found.counterfactuals]
    assert found.summary.counterfactual_floor == pytest.approx(np.mean(floors))


def test_the_interval_of_a_wrong_answer_lies_above_the_floor(slope_off, exact):
    wrong, right = (of(each.interventions, "a") for each in (slope_off, exact))
    for value, each in wrong.items():
        assert each.low > 2 * each.floor
        assert right[value].low < right[value].floor
        assert each.high > each.mmd > each.low
