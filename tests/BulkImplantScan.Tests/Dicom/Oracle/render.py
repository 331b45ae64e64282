#!/usr/bin/python3
"""What pydicom makes of stored values: apply_modality_lut, then apply_voi (table) and apply_windowing. Called by the tests, live.

render.py IN OUT. IN: for each film int32 frame, int32 number of values, int32 bytes of the file; float64 values; the file. OUT: for
each film the values after the Modality LUT, after the VOI LUT and after the window, float64; brightness in [0, 1], NaN where the
film has no such table or window, or pydicom refuses it. Needs python3-pydicom and python3-numpy.
"""
import io, struct, sys, warnings
import numpy as np, pydicom
from pydicom.dataset import Dataset
from pydicom.pixel_data_handlers.util import apply_modality_lut, apply_voi, apply_voi_lut, apply_windowing

warnings.simplefilter("ignore")


def of_frame(d, frame):
    """An enhanced object's frame: what its functional groups say stands in the data set."""
    for groups, index in (("SharedFunctionalGroupsSequence", 0), ("PerFrameFunctionalGroupsSequence", frame - 1)):
        if groups in d and index < len(d[groups].value):
            for macro in ("PixelValueTransformationSequence", "FrameVOILUTSequence"):
                items = d[groups].value[index].get(macro)
                if items: d.update({e.tag: e for e in items[0]})
    return d


def render(file, values, frame):
    d = of_frame(pydicom.dcmread(io.BytesIO(file), stop_before_pixels=True, force=True), frame)
    none = np.full(len(values), np.nan)
    # Whole numbers as int64: pydicom indexes in the array's own type, which wraps when it is narrow.
    stored = values.astype("i8") if (values == np.floor(values)).all() else values
    modality = np.asarray(apply_modality_lut(stored, d))
    try:
        table = none
        if d.get("VOILUTSequence"):
            lut = apply_voi(modality.astype("i8") if np.issubdtype(modality.dtype, np.integer) else np.floor(modality), d)
            bits = d.VOILUTSequence[0].LUTDescriptor[2]
            table = np.asarray(lut, float) / (2.0 ** bits - 1)
    except Exception: table = none
    try:
        window = none
        if "WindowWidth" in d and "WindowCenter" in d:
            # The output range is only a factor: that of unsigned 16 bits, whatever the pixels are.
            w = Dataset()
            for name in ("WindowCenter", "WindowWidth", "VOILUTFunction"):
                if name in d: w[name] = d[name]
            w.PhotometricInterpretation, w.BitsStored, w.PixelRepresentation = "MONOCHROME2", 16, 0
            window = apply_windowing(np.asarray(modality, float), w) / 65535
            both = Dataset(); both.update(w)
            assert np.array_equal(apply_voi_lut(np.asarray(modality, float), both) / 65535, window, equal_nan=True)
    except Exception: window = none
    return np.asarray(modality, float), table, window


with open(sys.argv[1], "rb") as source, open(sys.argv[2], "wb") as target:
    while head := source.read(12):
        frame, count, size = struct.unpack("<3i", head)
        values = np.frombuffer(source.read(8 * count), "<f8")
        for column in render(source.read(size), values, frame): target.write(np.ascontiguousarray(column, "<f8").tobytes())
