#!/usr/bin/python3
"""What pydicom makes of PALETTE COLOR: apply_color_lut. Called by the tests, live.

palette.py FOLDER: beside each NAME.dcm writes NAME.dcm.rgb, int32 little endian, three samples a pixel, of the first frame.
Needs python3-pydicom and python3-numpy.
"""
import glob, os, sys
import pydicom
from pydicom.pixel_data_handlers.util import apply_color_lut

for path in glob.glob(os.path.join(sys.argv[1], "*.dcm")):
    d = pydicom.dcmread(path)
    a = d.pixel_array
    if int(d.get("NumberOfFrames") or 1) > 1: a = a[0]
    open(path + ".rgb", "wb").write(apply_color_lut(a, d).astype("<i4").tobytes())
