"""A spec too wide to be written by hand: what compiling and training must scale to."""

from __future__ import annotations

import random


def wide_spec(
    latents: int = 1000, generations: int = 8, parents: int = 3, seed: int = 0
) -> str:
    """Text of a spec of scalar latents behind a 64x64 image.

    Generations are of equal size. A latent of all but the first has one parent in the
    generation before its own, which fixes its generation, and the others in any before.

    Args:
        latents: How many.
        generations: Length of the longest path, in latents.
        parents: In-degree of all but the first generation.
        seed: Decides the edges.
    """
    draw = random.Random(seed)
    names = [f"z{number:04d}" for number in range(latents)]
    starts = [latents * number // generations for number in range(generations + 1)]
    lines = ["model wide", "", "observe image: bernoulli[1, 64, 64]", ""]
    lines += [f"latent {name}: normal[1]" for name in names]
    for number in range(1, generations):
        first, start, end = starts[number - 1 : number + 2]
        for name in names[start:end]:
            nearest = draw.randrange(first, start)
            others = [other for other in range(start) if other != nearest]
            drawn = sorted([nearest, *draw.sample(others, parents - 1)])
            lines.append(f"{', '.join(names[each] for each in drawn)} -> {name}")
    return "\n".join([*lines, ""])
