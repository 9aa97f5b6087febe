"""The optimiser that a spec asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from torch import nn, optim

from dagspec.spec import Optimizer


def make_optimizer(
    optimizer: Optimizer, parameters: Iterable[nn.Parameter]
) -> optim.Optimizer:
    """Torch's own optimiser with the settings of the spec.

    Adam: Kingma & Ba 2015, arXiv 1412.6980, where Adamax is, too; AdamW: Loshchilov &
    Hutter 2019, arXiv 1711.05101.

    Where torch has a fused form it is taken, which steps all weights in one call: with
    Adam on a CPU often several times as fast.

    Args:
        optimizer: Name and settings.
        parameters: What is stepped.
    """
    if optimizer.name == "sgd":
        return optim.SGD(
            parameters,
            lr=optimizer.lr,
            momentum=optimizer.momentum,
            weight_decay=optimizer.weight_decay,
            fused=True,
        )
    kinds: dict[str, Callable[..., optim.Optimizer]] = {
        "adam": partial(optim.Adam, fused=True),
        "adamw": partial(optim.AdamW, fused=True),
        "adamax": optim.Adamax,
    }
    return kinds[optimizer.name](
        parameters,
        lr=optimizer.lr,
        betas=(optimizer.beta1, optimizer.beta2),
        eps=optimizer.eps,
        weight_decay=optimizer.weight_decay,
    )
