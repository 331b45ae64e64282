#!/usr/bin/env python3
"""Shows our encoders' files to DCMTK and dicom3tools, and writes dcmtk.csv: which bytes became which pixels.

Needs dcmtk (dcmdjpeg, dcmdrle), dicom3tools (dciodvfy) and pydicom:
    PHANTOM_ORACLE=FOLDER dotnet run --project tests/BulkImplantScan.Phantoms.Tests -- \\
        -explicit only -method BulkImplantScan.Phantoms.Tests.Writing.DxWriterTests.Write_the_files_for_the_oracle
    make_oracle.py FOLDER > dcmtk.csv
"""
import hashlib, pathlib, subprocess, sys, tempfile
import pydicom

print("case,syntax,file_sha256,pixels_sha256")
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.dcm")):
    case, syntax, _ = path.name.split(".")
    said = subprocess.run(["dciodvfy", "-new", path], capture_output=True, text=True)
    errors = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("Error")]
    assert not errors, (path, errors)
    with tempfile.NamedTemporaryFile(suffix=".dcm") as decoded:
        tool = {"JpegLossless": "dcmdjpeg", "Rle": "dcmdrle"}.get(syntax, "dcmconv")
        subprocess.run([tool, *(["+te"] if tool == "dcmconv" else []), path, decoded.name], check=True)
        data = pydicom.dcmread(decoded.name)
        pixels = data.PixelData[: 2 * data.Rows * data.Columns]
    print(case, syntax, hashlib.sha256(path.read_bytes()).hexdigest(), hashlib.sha256(pixels).hexdigest(), sep=",")
