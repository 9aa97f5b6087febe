"""Real handwritten digits, 8x8 pixels, as scikit-learn brings them.

The test set of Alpaydin and Kaynak 1998 (UCI, "Optical Recognition of Handwritten
Digits"): 1797 grey images of 0 to 16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from dagspec.data.source import Column, DataError, Dataset, Request, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DARKEST = 16
_DIGIT: Final = Column("digit", "class", classes=10)


def _load(_: Request) -> Source:
    import numpy as np

    from dagspec.data.arrays import Arrays
    from dagspec.data.label_table import LabelTable, class_values
    from dagspec.data.splits import hash_rows, split_by_hash

    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise DataError(
            "the digits come with scikit-learn, which is not installed: "
            "pip install 'dagspec[train]'"
        ) from error
    bunch = cast(Any, load_digits())
    images: NDArray[np.float32] = (bunch.images / _DARKEST).astype(np.float32)
    values = {_DIGIT.name: class_values(bunch.target, 10)}
    splits = split_by_hash(hash_rows(len(images)))
    labels = LabelTable((_DIGIT,), values)
    return Arrays("digits", images, "one channel", labels, splits)


DIGITS: Final = Dataset(
    name="digits",
    text="scikit-learn's 1797 handwritten digits, grey from 0 to 1",
    load=_load,
    shape=(1, 8, 8),
    columns=(_DIGIT,),
)
