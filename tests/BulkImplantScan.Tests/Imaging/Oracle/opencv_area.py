"""Area averages by OpenCV (cv2.resize, INTER_AREA, float32) of a film that the tests can make again.

python3 opencv_area.py > opencv_area.csv     (Debian 12: python3-opencv 4.6.0, python3-numpy)

A line a case: rows, columns, input height, input width, top, left, then the input's values, row after row, 0 on the bars.
"""
import cv2
import numpy as np

# Whole shrink factors first; the last three shrink by fractions, where OpenCV weighs edge pixels by coverage too.
CASES = [
    # rows, columns, input height, input width, letterbox top, left, height, width
    (64, 48, 16, 16, 0, 2, 16, 12),
    (96, 96, 32, 32, 0, 0, 32, 32),
    (32, 160, 16, 32, 5, 0, 6, 32),  # 160 / 32 = 5 across, 32 / 6 down: the letterbox rounds
    (63, 35, 18, 20, 0, 5, 18, 10),  # 3.5 in both
    (57, 43, 20, 16, 0, 0, 20, 15),
]


def film(rows, columns):
    y, x = np.mgrid[0:rows, 0:columns].astype(np.int64)
    return ((y * 7919 + x * 104729 + x * y * 31) % 65536).astype(np.float32)


for rows, columns, input_height, input_width, top, left, height, width in CASES:
    small = cv2.resize(film(rows, columns) / np.float32(65535), (width, height), interpolation=cv2.INTER_AREA)
    network = np.zeros((input_height, input_width), np.float32)
    network[top : top + height, left : left + width] = small
    values = [rows, columns, input_height, input_width, top, left] + [f"{v:.6g}" for v in network.ravel()]
    print(",".join(map(str, values)))
