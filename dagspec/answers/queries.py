"""The four questions: sample, traverse, intervene, counterfactual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from dagspec.answers.answer import Answer, Block, Lines, stack_rows
from dagspec.answers.asked import setting_words
from dagspec.answers.images import Examples
from dagspec.answers.moves import Move
from dagspec.answers.question import Do, Question, make_block
from dagspec.nn.base import Noise
from dagspec.nn.output import Sample
from dagspec.nn.queries import Setting

# As many examples as are computed at once: the features of all may not fit in memory.
_PART = 256


def sample(question: Question, count: int) -> Answer:
    """Samples of the model, a row for each intervention, one noise a column.

    Args:
        question: Its `dos` are the interventions; without any, samples as they come.
        count: How many of each.

    Raises:
        AnswerError: What is to be set cannot be.
    """
    question.check()
    noise = question.run.model.noise(count, question.seed)
    columns = [(setting_words(do), do) for do in question.dos or ({},)]
    block = make_block(_noises(count), columns, _sampler(question, noise, count), {})
    return Answer([_turned(block)], question.seed, question.units)


def intervene(question: Question, count: int) -> Answer:
    """Samples under interventions, one noise a row: what is caused follows.

    Args:
        question: What is set, moved and held.
        count: How many rows.

    Raises:
        AnswerError: What is to be set cannot be.
    """
    question.check()
    noise = question.run.model.noise(count, question.seed)
    ask = _sampler(question, noise, count)
    base = ask(question.held)
    first = {"held" if question.held else "no do": base}
    blocks, notes = question.blocks(_noises(count), ask, base, first)
    return Answer(blocks, question.seed, question.units, "do", notes)


def counterfactual(question: Question, examples: Examples) -> Answer:
    """What examples would have looked like: abduction, action, prediction.

    Args:
        question: What is set, moved and held.
        examples: Whose noise is abducted, one a row.

    Raises:
        AnswerError: What is to be set cannot be.
    """
    question.check()
    model, units, x = question.run.model, question.units, examples.x
    noise = model.noise(len(x), question.seed)

    def ask(do: Do) -> Sample:
        return _by_parts(
            len(x),
            lambda at: model.counterfactual(
                x[at], _rows(do, at), units, _of(noise, at)
            ),
        )

    rebuilt = _rebuilt(question, x, noise)
    first = {"original": Sample({}, x), "reconstruction": rebuilt}
    blocks, notes = question.blocks(examples.labels, ask, rebuilt, first)
    return Answer(blocks, question.seed, units, "do", notes)


def traverse(question: Question, examples: Examples) -> Answer:
    """Examples with one concept moved and every other one held; nothing follows.

    Args:
        question: What is moved.
        examples: One a row.

    Raises:
        AnswerError: A concept is unknown, or takes no such value.
    """
    moves, notes = question.moves()
    noise = question.run.model.noise(len(examples.x), question.seed)
    rebuilt = _rebuilt(question, examples.x, noise)
    first = {"original": Sample({}, examples.x), "reconstruction": rebuilt}
    blocks: list[Block] = []
    for move in moves:
        moved = _moved(question, move, examples.x, noise, rebuilt)
        columns = [(str(move.target), word) for word in move.words]
        cells = torch.ones(moved.x.shape[:2], dtype=torch.bool)
        settings = {move.target.name: cells}
        blocks.append(
            Block(examples.labels, columns, moved.x, moved.latents, settings, first)
        )
    return Answer(blocks, question.seed, question.units, "moved", notes)


def _moved(
    question: Question, move: Move, x: Tensor, noise: Noise, rebuilt: Sample
) -> Sample:
    """Examples `(R, C, …)`, a column for each value."""
    model, name, units = question.run.model, move.target.name, question.units
    settings = move.settings(question.run, rebuilt.latents[name], units)
    count = len(settings)
    # Beside the number that is moved each example has its own.
    own = move.target.number is not None

    def ask(at: slice) -> Sample:
        values = [_row(each, at) for each in settings]
        return model.traverse(x[at], name, values, _of(noise, at), units)

    found = _by_parts(len(x), ask, _PART if own else count)
    latents = {n: _in_rows(v, count) for n, v in found.latents.items()}
    return Sample(latents, _in_rows(found.x, count))


def _in_rows(value: Tensor, count: int) -> Tensor:
    """Values `(R·C, …)` as `(R, C, …)`."""
    return value.view(-1, count, *value.shape[1:])


def _sampler(question: Question, noise: Noise, count: int) -> Callable[[Do], Sample]:
    """Asks for samples under an intervention, always with the same noise."""
    model, units = question.run.model, question.units

    def ask(do: Do) -> Sample:
        def part(at: slice) -> Sample:
            own, n = _of(noise, at), at.stop - at.start
            return model.sample(n, _rows(do, at), own, units=units)

        return _by_parts(count, part)

    return ask


def _rebuilt(question: Question, x: Tensor, noise: Noise) -> Sample:
    """Encodings of examples, and what is decoded from them."""
    model = question.run.model

    def ask(at: slice) -> Sample:
        latents = model.encode(x[at], _of(noise, at))
        return Sample(latents, model.decode(latents))

    return _by_parts(len(x), ask)


@torch.no_grad()
def _by_parts(count: int, ask: Callable[[slice], Sample], each: int = 1) -> Sample:
    """One sample of `count` rows of `each` examples, asked for in parts."""
    size = max(1, _PART // each)
    starts = range(0, count, size)
    return stack_rows([ask(slice(at, min(at + size, count))) for at in starts])


def _of(noise: Noise, at: slice) -> Noise:
    return {name: value[at] for name, value in noise.items()}


def _rows(do: Do, at: slice) -> Do:
    """What is set in some examples; a tensor has a row for each."""
    return {name: _row(setting, at) for name, setting in do.items()}


def _row(setting: Setting, at: slice) -> Setting:
    return setting[at] if isinstance(setting, Tensor) else setting


def _noises(count: int) -> list[Lines]:
    return [(f"noise {number}",) for number in range(count)]


def _turned(block: Block) -> Block:
    """Rows for columns; long rows may be broken."""
    return replace(
        block,
        rows=block.columns,
        columns=block.rows,
        x=block.x.transpose(0, 1),
        latents={n: v.transpose(0, 1) for n, v in block.latents.items()},
        settings={n: v.T for n, v in block.settings.items()},
        wraps=True,
    )
