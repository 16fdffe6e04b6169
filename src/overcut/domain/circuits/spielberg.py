"""Red Bull Ring, as we draw it: three climbs, three heavy brakings, and the way back down."""

from __future__ import annotations

from overcut.domain.circuits.circuit import Circuit, Corner, Zone

# fmt: off
_DRAWN = (
    (0.0, 0.0), (-118.9, -21.0), (-237.8, -41.9), (-349.7, -61.7), (-382.5, -62.9), (-403.3, -54.2), (-419.6, -37.7),
    (-437.8, 8.7), (-476.6, 122.9), (-515.4, 237.2), (-554.2, 351.5), (-593.0, 465.8), (-622.8, 545.5),
    (-665.5, 609.1), (-737.6, 706.0), (-790.1, 776.6), (-796.9, 791.5), (-795.7, 802.8), (-790.0, 811.9),
    (-779.7, 817.8), (-758.5, 818.6), (-649.5, 813.1), (-529.5, 807.0), (-429.5, 798.7), (-337.1, 781.3),
    (-237.9, 752.5), (-122.9, 716.2), (-28.4, 686.2), (-7.6, 674.3), (2.5, 659.3), (5.7, 641.6), (-0.6, 618.7),
    (-32.3, 559.4), (-59.8, 529.6), (-93.6, 511.2), (-132.2, 504.5), (-200.5, 514.0), (-308.7, 533.8),
    (-350.2, 534.6), (-380.4, 523.7), (-404.9, 503.2), (-420.9, 475.4), (-427.6, 434.4), (-427.0, 352.3),
    (-417.4, 313.6), (-398.3, 285.4), (-371.1, 265.3), (-338.7, 255.5), (-304.6, 257.0), (-266.6, 272.9),
    (-205.6, 313.3), (-164.7, 328.9), (-110.8, 330.8), (7.8, 323.7), (128.3, 316.5), (248.8, 309.3), (319.3, 302.8),
    (348.4, 289.5), (370.3, 267.7), (383.5, 238.8), (389.4, 173.5), (388.2, 121.9), (376.5, 94.0), (355.9, 72.4),
    (326.3, 58.4), (237.8, 41.9), (118.9, 21.0),
)
# fmt: on

CIRCUIT = Circuit(
    id="spielberg",
    name="Red Bull Ring",
    location="Spielberg",
    country="Austria",
    country_code="AUT",
    feed_name="Spielberg",
    feed_key=19,
    grand_prix="Austrian Grand Prix",
    length_m=4326.0,
    race_laps=71,
    control_points=_DRAWN,
    corners=(
        Corner(1, 0.0908, "Niki Lauda"),
        Corner(2, 0.2434),
        Corner(3, 0.3176, "Remus"),
        Corner(4, 0.5111, "Schlossgold"),
        Corner(5, 0.5499),
        Corner(6, 0.6200, "Rauch"),
        Corner(7, 0.6879, "Würth"),
        Corner(8, 0.7406),
        Corner(9, 0.8655, "Jochen Rindt"),
        Corner(10, 0.9161, "Red Bull Mobile"),
    ),
    sector_ends=(0.2843, 0.6842),
    segments=(5, 7, 6),
    marshal_sectors=16,
    traps=(0.2843, 0.6842, 0.2774),
    pit_entry=0.9154,
    pit_exit=0.1017,
    zones=(
        Zone(detection=0.9293, start=0.9501, end=0.0786),
        Zone(detection=0.1988, start=0.2312, end=0.3005),
        Zone(detection=0.319, start=0.3444, end=0.4831),
    ),
    pit_loss_s=20.3,
    overtaking=0.7,
    grip=0.967,
    downforce=0.97,
    altitude_m=680.0,
    tyre_wear=1.05,
    utc_offset_h=2.0,
    race_start_local="15:00",
    air_c=25.0,
    track_c=42.0,
    rain_chance=0.2,
)
