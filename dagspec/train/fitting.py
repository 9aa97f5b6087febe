"""pytorch-lightning, told to run the steps and to leave the rest alone."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytorch_lightning as lightning
import torch
from pytorch_lightning.strategies import DDPStrategy, Strategy

from dagspec.data import DataError, Source
from dagspec.runs import RunError
from dagspec.train.batches import Examples, read_ahead
from dagspec.train.keeper import Keeper
from dagspec.train.processes import Processes


def fit(
    keeper: Keeper, source: Source, others: Sequence[lightning.Callback] = ()
) -> None:
    """Train from the step that the keeper's state is at to the end.

    Args:
        keeper: What to train and what to do after every step.
        source: Where examples come from.
        others: What else looks at every step, after the keeper.
    """
    module, rhythm = keeper.module, keeper.rhythm
    spec, processes = module.spec, module.processes
    steps = range(module.done, rhythm.steps)
    loader: Iterable[Examples] = read_ahead(source, spec, steps, processes)
    if processes.count > 1:
        loader = _ReadByAll(loader, len(steps), processes)
    with _quiet():
        trainer = lightning.Trainer(
            # Not "auto": it takes a Mac's MPS, which has no double precision.
            accelerator="cuda" if torch.cuda.is_available() else "cpu",
            devices=processes.local,
            num_nodes=processes.machines,
            strategy=_strategy(processes),
            precision="bf16-mixed" if spec.training.precision == "bf16" else "32-true",
            max_epochs=1,
            callbacks=[keeper, *others],
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            use_distributed_sampler=False,
            sync_batchnorm=processes.count > 1 and torch.cuda.is_available(),
        )
        try:
            trainer.fit(module, loader)
        except RuntimeError as error:
            # The first process says why itself; what is lost here is a connection.
            if processes.deserted:
                raise RunError("the first process has ended the run") from error
            raise


@dataclass(frozen=True)
class _ReadByAll:
    """Batches, as long as every process can read its share.

    Otherwise all fail alike, instead of waiting for the one that left.

    Attributes:
        batches: This process's shares.
        count: How many there are.
        processes: Who reads the others.
    """

    batches: Iterable[Examples]
    count: int
    processes: Processes

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Examples]:
        batches = iter(self.batches)
        for _ in range(self.count):
            batch, own = None, None
            try:
                batch = next(batches)
            except DataError as error:
                own = error
            fault = self.processes.fault("" if own is None else str(own))
            if batch is None or fault:
                raise DataError(fault) from own
            yield batch


def _strategy(processes: Processes) -> Strategy | str:
    if processes.count == 1:
        return "auto"
    # Every step uses the same parameters, though not all of them: a stage that no
    # head reads has none that get a gradient.
    return DDPStrategy(static_graph=True, broadcast_buffers=False)


@contextmanager
def _quiet() -> Generator[None]:
    """Without advice that is about other programs: dagspec has its own way to save."""
    loggers = [
        logging.getLogger(name) for name in ("pytorch_lightning", "lightning_fabric")
    ]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"(pytorch_)?lightning")
            warnings.filterwarnings("ignore", message=".*does not have many workers.*")
            yield
    finally:
        for each, level in zip(loggers, levels, strict=True):
            each.setLevel(level)
