"""Circuit Gilles Villeneuve in Montreal, as we draw it: chicanes down an island, and a hairpin at its end."""

from __future__ import annotations

from overcut.domain.circuits.circuit import Circuit, Corner, Zone

# fmt: off
_DRAWN = (
    (0.0, 0.0), (-119.7, -6.3), (-196.3, -11.1), (-219.5, -21.0), (-241.4, -44.5), (-257.1, -62.1), (-268.9, -66.7),
    (-279.9, -65.6), (-289.1, -60.1), (-295.2, -51.1), (-296.8, -39.2), (-290.4, -22.0), (-252.0, 45.3),
    (-198.3, 109.5), (-119.1, 199.3), (-88.3, 231.0), (-69.1, 238.0), (-39.7, 235.7), (-13.2, 236.4), (9.8, 249.0),
    (87.0, 313.3), (135.4, 347.3), (177.7, 360.4), (229.4, 360.1), (341.9, 345.3), (379.0, 342.6), (394.8, 349.1),
    (405.8, 360.8), (411.4, 378.3), (412.8, 404.3), (421.2, 425.3), (436.4, 440.7), (459.4, 449.9), (544.0, 459.0),
    (646.4, 467.0), (734.6, 464.5), (821.4, 451.0), (906.0, 426.6), (999.2, 388.3), (1057.4, 361.2), (1071.9, 345.5),
    (1080.9, 315.6), (1091.1, 281.0), (1106.4, 263.4), (1134.8, 250.2), (1238.4, 218.8), (1331.9, 195.8),
    (1424.4, 182.8), (1520.6, 179.4), (1632.8, 181.1), (1655.7, 180.7), (1664.3, 176.3), (1668.4, 169.6),
    (1668.9, 162.2), (1665.9, 155.1), (1658.7, 149.8), (1643.5, 147.4), (1566.5, 141.8), (1497.0, 122.1),
    (1383.5, 83.8), (1277.2, 48.3), (1194.6, 29.2), (1099.6, 20.4), (980.0, 13.1), (860.4, 5.7), (740.8, -1.7),
    (621.1, -9.0), (513.2, -15.7), (487.9, -13.3), (470.3, -1.1), (451.5, 15.9), (431.4, 22.1), (359.1, 18.8),
    (239.4, 12.5), (119.7, 6.3),
)
# fmt: on

CIRCUIT = Circuit(
    id="montreal",
    name="Circuit Gilles Villeneuve",
    location="Montreal",
    country="Canada",
    country_code="CAN",
    feed_name="Montreal",
    feed_key=23,
    grand_prix="Canadian Grand Prix",
    length_m=4361.0,
    race_laps=70,
    control_points=_DRAWN,
    corners=(
        Corner(1, 0.0502, "Senna"),
        Corner(2, 0.0729, "Senna"),
        Corner(3, 0.1589),
        Corner(4, 0.1733),
        Corner(5, 0.2208),
        Corner(6, 0.2792),
        Corner(7, 0.2999),
        Corner(8, 0.4519),
        Corner(9, 0.4697),
        Corner(10, 0.6073, "L'Epingle"),
        Corner(11, 0.6334),
        Corner(12, 0.7242),
        Corner(13, 0.8851, "Wall of Champions"),
        Corner(14, 0.8968, "Wall of Champions"),
    ),
    sector_ends=(0.2499, 0.5664),
    segments=(5, 6, 8),
    marshal_sectors=15,
    traps=(0.2499, 0.5664, 0.8542),
    pit_entry=0.8782,
    pit_exit=0.0871,
    zones=(
        Zone(detection=0.4357, start=0.4861, end=0.5916),
        Zone(detection=0.5962, start=0.6879, end=0.8645),
        Zone(detection=0.5962, start=0.9149, end=0.0298),
    ),
    pit_loss_s=18.5,
    overtaking=0.7,
    grip=1.083,
    downforce=0.85,
    altitude_m=15.0,
    tyre_wear=0.75,
    utc_offset_h=-4.0,
    race_start_local="14:00",
    air_c=22.0,
    track_c=38.0,
    rain_chance=0.35,
)
