"""How colours are seen: contrast by WCAG, differences by CIEDE2000, with three kinds of sight that miss a cone.

The matrices are those of Machado, Oliveira and Fernandes (2009) at full strength, for linear light.
"""

import math
from itertools import pairwise
from typing import TypeAlias

Light: TypeAlias = tuple[float, float, float]
Matrix: TypeAlias = tuple[Light, Light, Light]

SIGHTS: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE: Light = (0.95047, 1.0, 1.08883)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as `#rrggbb`, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def difference(one: str, other: str, sight: str) -> float:
    """How far apart two colours look to such a sight, by CIEDE2000."""
    return _ciede2000(_lab(_seen(one, sight)), _lab(_seen(other, sight)))


def least_step(colours: list[str], sight: str) -> float:
    """The least difference between neighbours."""
    return min(difference(one, other, sight) for one, other in pairwise(colours))


def _light(colour: str) -> Light:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _luminance(colour: str) -> float:
    red, green, blue = _light(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _times(matrix: Matrix, light: Light) -> Light:
    first, second, third = (sum(factor * part for factor, part in zip(row, light, strict=True)) for row in matrix)
    return first, second, third


def _seen(colour: str, sight: str) -> Light:
    red, green, blue = (min(max(part, 0.0), 1.0) for part in _times(SIGHTS[sight], _light(colour)))
    return red, green, blue


def _lab(light: Light) -> Light:
    x, y, z = (_root(part / white) for part, white in zip(_times(_TO_XYZ, light), _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(value: float) -> float:
    return math.cbrt(value) if value > 0.008856 else 7.787 * value + 16 / 116


def _ciede2000(one: Light, other: Light) -> float:
    """Sharma, Wu and Dalal (2005), with their names."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_chroma = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = (math.degrees(math.atan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0
    middle = h1 + turn / 2 if c1 * c2 else h1 + h2
    dl, dc, dh = l2 - l1, c2 - c1, 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    chroma, lightness = (c1 + c2) / 2, ((l1 + l2) / 2 - 50) ** 2
    waves = ((1, -0.17, 30), (2, 0.24, 0), (3, 0.32, -6), (4, -0.2, 63))
    weight = 1 + sum(part * math.cos(math.radians(times * middle - shift)) for times, part, shift in waves)
    sl, sc, sh = 1 + 0.015 * lightness / math.sqrt(20 + lightness), 1 + 0.045 * chroma, 1 + 0.015 * chroma * weight
    bend = math.radians(60 * math.exp(-(((middle % 360 - 275) / 25) ** 2)))
    rt = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * math.sin(bend)
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * dc / sc * dh / sh)
