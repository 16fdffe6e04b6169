"""Autódromo José Carlos Pace at Interlagos, as we draw it: the Senna S, two lakes and the long climb home."""

from __future__ import annotations

from overcut.domain.circuits.circuit import Circuit, Corner, Zone

# fmt: off
_DRAWN = (
    (0.0, 0.0), (113.6, 36.9), (212.1, 69.8), (274.2, 101.7), (334.2, 144.2), (346.5, 159.2), (349.8, 174.0),
    (346.5, 189.2), (331.6, 207.5), (304.9, 235.1), (297.7, 254.9), (301.3, 293.2), (306.8, 357.0), (297.7, 398.9),
    (276.8, 435.6), (245.9, 464.4), (202.4, 484.9), (103.3, 511.6), (-12.3, 542.0), (-127.8, 572.3), (-243.4, 602.7),
    (-358.6, 633.0), (-407.6, 642.8), (-432.4, 637.7), (-452.8, 624.3), (-467.8, 602.6), (-482.8, 550.4),
    (-485.1, 508.3), (-474.7, 471.6), (-453.1, 439.7), (-401.9, 400.0), (-304.0, 331.7), (-209.7, 266.0),
    (-175.1, 235.0), (-158.8, 204.2), (-153.4, 169.8), (-160.5, 131.0), (-178.1, 96.1), (-203.9, 71.1),
    (-238.2, 55.3), (-308.5, 42.1), (-329.2, 41.9), (-341.1, 48.2), (-348.8, 58.4), (-351.4, 72.0), (-344.3, 97.3),
    (-329.8, 140.3), (-331.0, 155.9), (-337.7, 167.2), (-348.4, 174.6), (-361.6, 177.0), (-377.5, 172.2),
    (-432.5, 134.2), (-518.8, 73.7), (-534.2, 64.4), (-543.7, 64.1), (-550.9, 68.0), (-555.4, 74.7), (-556.1, 84.0),
    (-549.5, 98.9), (-502.8, 185.7), (-480.0, 235.6), (-478.1, 265.9), (-486.6, 294.4), (-505.2, 318.9),
    (-557.9, 353.4), (-655.9, 412.1), (-683.0, 424.7), (-700.0, 424.2), (-714.7, 417.1), (-725.9, 403.7),
    (-735.6, 367.7), (-744.0, 303.3), (-734.8, 229.2), (-716.5, 160.4), (-687.5, 105.0), (-647.1, 57.5),
    (-597.0, 20.1), (-533.1, -8.4), (-429.4, -41.1), (-346.0, -62.2), (-271.9, -67.8), (-198.0, -60.2),
    (-113.0, -36.7),
)
# fmt: on

CIRCUIT = Circuit(
    id="interlagos",
    name="Autódromo José Carlos Pace",
    location="São Paulo",
    country="Brazil",
    country_code="BRA",
    feed_name="Interlagos",
    feed_key=14,
    grand_prix="São Paulo Grand Prix",
    length_m=4309.0,
    race_laps=71,
    control_points=_DRAWN,
    corners=(
        Corner(1, 0.0912, "Senna S"),
        Corner(2, 0.1142, "Senna S"),
        Corner(3, 0.1595, "Curva do Sol"),
        Corner(4, 0.3377, "Descida do Lago"),
        Corner(5, 0.3677, "Descida do Lago"),
        Corner(6, 0.4659, "Ferradura"),
        Corner(7, 0.5091, "Ferradura"),
        Corner(8, 0.5446, "Laranjinha"),
        Corner(9, 0.5703, "Pinheirinho"),
        Corner(10, 0.6295, "Bico de Pato"),
        Corner(11, 0.6859, "Mergulho"),
        Corner(12, 0.7493, "Junção"),
        Corner(13, 0.7779, "Subida dos Boxes"),
        Corner(14, 0.8287),
        Corner(15, 0.9387, "Arquibancadas"),
    ),
    sector_ends=(0.2738, 0.7194),
    segments=(5, 8, 5),
    marshal_sectors=16,
    traps=(0.2738, 0.7194, 0.0548),
    pit_entry=0.932,
    pit_exit=0.143,
    zones=(
        Zone(detection=0.1174, start=0.1963, end=0.3124),
        Zone(detection=0.7835, start=0.9181, end=0.0733),
    ),
    pit_loss_s=20.8,
    overtaking=0.7,
    grip=0.99,
    downforce=1.03,
    altitude_m=780.0,
    tyre_wear=0.95,
    utc_offset_h=-3.0,
    race_start_local="14:00",
    air_c=23.0,
    track_c=42.0,
    rain_chance=0.4,
    clockwise=False,
)
