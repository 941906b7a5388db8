"""Values become colours, and shade becomes darkness."""

from typing import Any

import numpy as np
import small_station

from twin.model.raster import Raster
from twin.render.drape import make_drape, make_shade, shade_image
from twin.scene.colours import Ramp, ramp_colours
from twin.scene.items import Drape, Shade


def raster(values: object) -> Raster:
    return Raster(np.array(values, dtype=np.float32), -100.0, 100.0, 2.0)


def pixels(actor: Any) -> np.ndarray:
    image = actor.GetTexture().GetInput()
    columns, rows, _ = image.GetDimensions()
    scalars = image.GetPointData().GetScalars()
    flat = [[scalars.GetComponent(i, k) for k in range(4)] for i in range(rows * columns)]
    return np.array(flat).reshape(rows, columns, 4)[::-1]  # the first row is in the north


def test_the_northernmost_row_is_drawn_in_the_north() -> None:
    ramp = Ramp("batlow", 0.0, 3.0)
    values = raster([[0.0, 1.0], [2.0, 3.0]])
    assert (pixels(make_drape(Drape(values, ramp))[0])[..., :3] == ramp_colours(ramp, values.values)).all()


def test_cells_without_a_value_are_clear() -> None:
    alpha = pixels(make_drape(Drape(raster([[1.0, np.nan]]), Ramp("batlow", 0, 1), opacity=0.5))[0])[..., 3]
    assert alpha.tolist() == [[128, 0]]


def test_less_sun_is_darker_and_full_sun_is_clear() -> None:
    lit = raster(np.linspace(0, 1, 40)[None, :].repeat(40, axis=0))
    shade = Shade(lit, small_station.city(), strength=0.5)
    alpha = shade_image(shade, lit)[20, 12:-12, 3].astype(int)
    assert (np.diff(alpha) <= 0).all()
    assert alpha[0] > 60
    assert shade_image(shade, raster(np.ones((30, 30))))[..., 3].max() == 0


def test_shade_fades_out_at_the_edge_of_what_is_known() -> None:
    lit = raster(np.zeros((60, 60)))
    alpha = shade_image(Shade(lit, small_station.city()), lit)[..., 3].astype(int)
    assert alpha[0].max() < 0.15 * alpha[30, 30]
    assert (alpha[13:-13, 13:-13] == alpha[30, 30]).all()


def test_where_nothing_is_known_there_is_no_shade() -> None:
    lit = raster(np.full((30, 30), np.nan))
    assert shade_image(Shade(lit, small_station.city()), lit)[..., 3].max() == 0


def test_roofs_take_their_own_light() -> None:
    dark, bright = raster(np.zeros((60, 60))), raster(np.ones((60, 60)))
    ground, roofs = make_shade(Shade(dark, small_station.city(), roofs=bright))
    assert pixels(ground)[..., 3].max() > 0
    assert pixels(roofs)[..., 3].max() == 0
