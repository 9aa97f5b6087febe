"""How all pictures look: one family of type, four greys, shape and line for meaning.

Meaning never hangs on colour. A concept is white and the observed node is shaded; an
ellipse is continuous and a box is discrete; a solid arrow is a cause, a dashed one is
inference.
"""

from __future__ import annotations

# Arial and Liberation Sans have Helvetica's widths, so a text takes the same room
# wherever a picture is opened.
FONT = "Helvetica,Arial,sans-serif"
SIZE, SMALL, LEADING = 12.0, 9.5, 14.0

LONGEST_NAME, LONGEST_LINE = 32, 100

INK = "#1f2328"
TEXT = "#57606a"
LIGHT = "#8c959f"
SHADE = "#d8dce1"
PALE = "#eef0f3"
PAPER = "#ffffff"
