"""Simulated against recorded figures of each circuit, as an SVG picture of points on a diagonal."""

from __future__ import annotations

from html import escape

from overcut.strategy.marginals.comparing import FIGURES, Comparison, Report

_SIZE, _LEFT, _TOP, _ACROSS = 300, 64, 52, 3
_INK, _FAINT, _POINT = "#1f2933", "#b8c1cc", "#0b6bcb"
CHARTED = ("lap_s", "pit_loss_s", "passes", "near", "stops", "neutral_laps", "retirements", "winner_s", "spread_s")


def chart(report: Report, title: str) -> str:
    """One panel a figure: a point a circuit, recorded across (with its 90 % interval), simulated upwards."""
    panels = [(figure, _points(report, figure)) for figure in CHARTED]
    panels = [(figure, points) for figure, points in panels if len(points) >= 2]
    rows = (len(panels) + _ACROSS - 1) // _ACROSS
    width, height = _ACROSS * (_SIZE + _LEFT) + 24, rows * (_SIZE + 64) + _TOP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="11" fill="{_INK}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="24" y="24" font-size="15">{escape(title)}</text>',
        '<text x="24" y="42">a point a circuit; across: recorded, with its 90 % interval; upwards: simulated</text>',
    ]
    for place, (figure, points) in enumerate(panels):
        x = _LEFT + (place % _ACROSS) * (_SIZE + _LEFT)
        y = _TOP + 28 + (place // _ACROSS) * (_SIZE + 64)
        parts += _panel(x, y, FIGURES[figure], points)
    return "\n".join([*parts, "</svg>", ""])


def _points(report: Report, figure: str) -> list[tuple[str, Comparison]]:
    return [(circuit.circuit_id, one) for circuit in report.circuits for one in circuit.figures if one.figure == figure]


def _panel(x: float, y: float, title: str, points: list[tuple[str, Comparison]]) -> list[str]:
    values = [value for _, one in points for value in (one.recorded, one.simulated)]
    low, high = min(values), max(values)
    margin = 0.06 * (high - low or 1.0)
    low, high = low - margin, high + margin

    def scaled(value: float) -> float:
        return max(0.0, min(1.0, (value - low) / (high - low))) * _SIZE

    parts = [
        f'<text x="{x}" y="{y - 8}" font-size="12">{escape(title)}</text>',
        f'<rect x="{x}" y="{y}" width="{_SIZE}" height="{_SIZE}" fill="none" stroke="{_FAINT}"/>',
        f'<line x1="{x}" y1="{y + _SIZE}" x2="{x + _SIZE}" y2="{y}" stroke="{_FAINT}"/>',
    ]
    for share in (0.0, 0.5, 1.0):
        told = f"{low + share * (high - low):.4g}"
        parts.append(f'<text x="{x + share * _SIZE:.0f}" y="{y + _SIZE + 15}" text-anchor="middle">{told}</text>')
        parts.append(f'<text x="{x - 5}" y="{y + (1 - share) * _SIZE + 4:.0f}" text-anchor="end">{told}</text>')
    for circuit, one in points:
        across, up = x + scaled(one.recorded), y + _SIZE - scaled(one.simulated)
        ends = x + scaled(one.low), x + scaled(one.high)
        parts.append(
            f'<line x1="{ends[0]:.1f}" y1="{up:.1f}" x2="{ends[1]:.1f}" y2="{up:.1f}" stroke="{_POINT}" '
            'stroke-opacity="0.3"/>'
        )
        parts.append(
            f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3.2" fill="{_POINT}"><title>{escape(circuit)}: recorded '
            f"{one.recorded:g}, simulated {one.simulated:g}, {one.races} races</title></circle>"
        )
    return parts
