using System.Buffers.Binary;
using System.IO.Compression;
using BulkImplantScan.Dicom;
using BulkImplantScan.Phantoms;
using BulkImplantScan.Phantoms.Writing;
using BulkImplantScan.Tests.Dicom;

namespace BulkImplantScan.Tests.Fuzz;

/// <summary>Seeds that are made here: one of each way in which pixels are described, so that the fuzzer needs no other files.</summary>
internal static class OwnSeeds
{
    private const int Rows = 24;
    private const int Columns = 36;
    private const string Deflated = TransferSyntaxes.DeflatedLittleEndian;

    public static IEnumerable<FuzzSeed> All()
    {
        var grey = Ramp(Rows * Columns, 4095);
        var bytes = Ramp(Rows * Columns * 3, 255).Select(value => (byte)value).ToArray();
        var native = Described(TransferSyntaxes.ExplicitLittleEndian, 16, 12).Words(DicomBytes.PixelData, "OW", grey).ToArray();
        yield return new("own/native-12", native);
        yield return new("own/native-12-big", BigEndian(native));
        yield return new("own/native-8",
            Described(TransferSyntaxes.ExplicitLittleEndian, 8, 8).Element(DicomBytes.PixelData, "OB", bytes.AsSpan(0, grey.Length)).ToArray());
        yield return new("own/native-signed",
            Described(TransferSyntaxes.ExplicitLittleEndian, 16, 13, isSigned: true)
                .Words(DicomTags.PixelPaddingValue, "SS", 0xF000)
                .Words(DicomBytes.PixelData, "OW", [.. grey.Select(value => (ushort)(value - 2000))]).ToArray());
        yield return new("own/native-32",
            Described(TransferSyntaxes.ExplicitLittleEndian, 32, 30)
                .Words(DicomBytes.PixelData, "OW", [.. grey.SelectMany(value => (ushort[])[value, (ushort)(value >> 3)])]).ToArray());
        yield return new("own/native-bits", Described(TransferSyntaxes.ExplicitLittleEndian, 1, 1)
            .Element(DicomBytes.PixelData, "OB", bytes.AsSpan(0, Rows * Columns / 8)).ToArray());
        yield return new("own/native-frames", Described(TransferSyntaxes.ExplicitLittleEndian, 16, 10, frames: 3)
            .Words(DicomBytes.PixelData, "OW", Ramp(3 * Rows * Columns, 1023)).ToArray());
        yield return new("own/rgb", Colour("RGB", 0).Element(DicomBytes.PixelData, "OB", bytes).ToArray());
        yield return new("own/rgb-planes", Colour("RGB", 1).Element(DicomBytes.PixelData, "OB", bytes).ToArray());
        yield return new("own/ybr-422", Colour("YBR_FULL_422", 0)
            .Element(DicomBytes.PixelData, "OB", bytes.AsSpan(0, Rows * Columns * 2)).ToArray());

        byte[] implicitFile =
        [
            .. DicomBytes.File(TransferSyntaxes.ImplicitLittleEndian).ToArray(),
            .. Describe(new DicomBytes(isExplicit: false), 16, 12, false, 1).Words(DicomBytes.PixelData, "OW", grey).ToArray(),
        ];
        yield return new("own/implicit", implicitFile);
        var plain = Described(Deflated, 16, 12).Words(DicomBytes.PixelData, "OW", grey).ToArray();
        yield return new("own/deflated-inside", plain, isDeflated: true);
        yield return new("own/deflated", Deflate(plain));

        yield return new("own/luts", Described(TransferSyntaxes.ExplicitLittleEndian, 16, 12)
            .LookupTable(DicomTags.ModalityLutSequence, 64, 0, 12, Ramp(64, 4095))
            .LookupTable(DicomTags.VoiLutSequence, 128, 0, 12, Ramp(128, 4095))
            .Words(DicomBytes.PixelData, "OW", Ramp(Rows * Columns, 63)).ToArray());
        yield return new("own/nested", Nested(grey));

        yield return new("own/rle-8", Encapsulated(TransferSyntaxes.Rle, 8, 8, 1, false, [Rle(bytes.AsSpan(0, Rows * Columns))]));
        yield return new("own/rle-16", Encapsulated(
            TransferSyntaxes.Rle, 16, 12, 1, false, [RleLossless.Encode(grey, Rows, Columns)]));
        yield return new("own/rle-frames", Encapsulated(
            TransferSyntaxes.Rle, 16, 12, 3, true, [.. Frames(3).Select(frame => RleLossless.Encode(frame, Rows, Columns))]));
        yield return new("own/jpegll-16", Encapsulated(
            TransferSyntaxes.JpegLosslessSv1, 16, 12, 1, false, [JpegLossless.Encode(grey, Rows, Columns, 12)]));
        var lossless = Frames(4).Select(frame => JpegLossless.Encode(frame, Rows, Columns, 12)).ToArray();
        yield return new("own/jpegll-frames", Encapsulated(TransferSyntaxes.JpegLosslessSv1, 16, 12, 4, true, lossless));
        yield return new("own/jpegll-frames-no-table", Encapsulated(TransferSyntaxes.JpegLosslessSv1, 16, 12, 4, false, lossless));
        yield return new("own/jpegll-frames-extended", Encapsulated(
            TransferSyntaxes.JpegLosslessSv1, 16, 12, 4, false, lossless, isExtended: true));
        yield return new("own/jpegll-fragments", Encapsulated(TransferSyntaxes.JpegLosslessSv1, 16, 12, 4, true, lossless, pieces: 3));
        yield return new("own/encapsulated-native", Encapsulated(
            "1.2.840.10008.1.2.1.98", 16, 12, 1, false, [System.Runtime.InteropServices.MemoryMarshal.AsBytes(grey.AsSpan()).ToArray()]));

        foreach (var seed in Phantoms()) yield return seed;
    }

    /// <summary>Two small films as the phantom writer makes them: full headers.</summary>
    private static IEnumerable<FuzzSeed> Phantoms()
    {
        var film = Phantom.Render(7, Design.None, 128);
        var header = new Header
        {
            PatientNumber = "FUZZ0001", PatientName = "FUZZ^ONE", Female = true, Birth = new(1950, 2, 3), Taken = new(2020, 4, 5, 6, 7, 8),
            Age = 70, Institution = "FUZZ", StudyUid = "2.25.1", SeriesUid = "2.25.2", InstanceUid = "2.25.3", Accession = "1", InstanceNumber = 1,
        };
        foreach (var syntax in Enum.GetValues<DxSyntax>())
            yield return new($"own/phantom-{syntax}", DxWriter.Write(film, header, syntax));
    }

    private static DicomBytes Described(string syntax, int allocated, int stored, bool isSigned = false, int frames = 1) =>
        Describe(DicomBytes.File(syntax), allocated, stored, isSigned, frames);

    private static DicomBytes Describe(DicomBytes file, int allocated, int stored, bool isSigned, int frames)
    {
        file.Text(DicomTags.SpecificCharacterSet, "CS", "ISO_IR 100").Text(DicomTags.SopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.1.1")
            .Text(DicomTags.SopInstanceUid, "UI", "2.25.12345").Text(DicomTags.StudyDate, "DA", "20200229")
            .Text(DicomTags.Modality, "CS", "DX").Text(DicomTags.Manufacturer, "LO", "Fuzz Works").Text(DicomTags.PatientId, "LO", "FUZZ 1")
            .Text(DicomTags.PatientBirthDate, "DA", "19500203").Text(DicomTags.PatientAge, "AS", "070Y")
            .Text(DicomTags.BodyPartExamined, "CS", "HIP");
        if (frames > 1) file.Text(DicomTags.NumberOfFrames, "IS", $"{frames}");
        return file.ImagePixel(Rows, Columns, allocated, stored, isSigned)
            .Text(DicomTags.WindowCenter, "DS", "1024\\512").Text(DicomTags.WindowWidth, "DS", "2048\\1024")
            .Text(DicomTags.RescaleIntercept, "DS", "-1").Text(DicomTags.RescaleSlope, "DS", "1.5");
    }

    private static DicomBytes Colour(string photometric, int planar) => DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian)
        .Text(DicomTags.Modality, "CS", "DX").Words(DicomTags.SamplesPerPixel, "US", 3)
        .Text(DicomTags.PhotometricInterpretation, "CS", photometric).Words(DicomTags.PlanarConfiguration, "US", (ushort)planar)
        .Words(DicomTags.Rows, "US", Rows).Words(DicomTags.Columns, "US", Columns).Words(DicomTags.BitsAllocated, "US", 8)
        .Words(DicomTags.BitsStored, "US", 8).Words(DicomTags.HighBit, "US", 7).Words(DicomTags.PixelRepresentation, "US", 0);

    /// <summary>Sequences of undefined length in each other, one of them private and UN.</summary>
    private static byte[] Nested(ushort[] grey)
    {
        var file = DicomBytes.File(TransferSyntaxes.ExplicitLittleEndian).Text(DicomTags.Modality, "CS", "DX");
        for (var level = 0; level < 6; level++)
            file.Element(DicomTags.AnatomicRegionSequence, "SQ", default, uint.MaxValue).Raw(0xFFFE, 0xE000, uint.MaxValue).Text(DicomTags.CodeValue, "SH", "29836001");
        for (var level = 0; level < 6; level++) file.Raw(0xFFFE, 0xE00D, 0).Raw(0xFFFE, 0xE0DD, 0);
        file.Element(new(0x0009, 0x1010), "UN", default, uint.MaxValue).Raw(0xFFFE, 0xE000, 16)
            .Raw(0x0008, 0x0100, 8, "29836001"u8).Raw(0xFFFE, 0xE0DD, 0);
        return file.ImagePixel(Rows, Columns, 16, 12).Words(DicomBytes.PixelData, "OW", grey).ToArray();
    }

    private static byte[] Encapsulated(
        string syntax, int allocated, int stored, int frames, bool hasTable, byte[][] codestreams, bool isExtended = false, int pieces = 1)
    {
        var offsets = new List<uint>();
        var items = new DicomBytes();
        foreach (var codestream in codestreams)
        {
            offsets.Add((uint)items.ToArray().Length);
            var even = codestream.Length % 2 == 0 ? codestream : [.. codestream, 0];
            var step = (even.Length / pieces + 1) & ~1;
            for (var at = 0; at < even.Length; at += step)
            {
                var piece = even.AsSpan(at, Math.Min(step, even.Length - at));
                items.Raw(0xFFFE, 0xE000, (uint)piece.Length, piece);
            }
        }

        var file = Described(syntax, allocated, stored, frames: frames);
        if (isExtended)
        {
            file.Element(DicomTags.ExtendedOffsetTable, "OV", [.. offsets.SelectMany(offset => BitConverter.GetBytes((ulong)offset))]);
            file.Element(new(0x7FE0, 0x0002), "OV", [.. codestreams.SelectMany(c => BitConverter.GetBytes((ulong)c.Length))]);
        }

        byte[] table = hasTable ? [.. offsets.SelectMany(BitConverter.GetBytes)] : [];
        file.Element(DicomBytes.PixelData, "OB", default, uint.MaxValue).Raw(0xFFFE, 0xE000, (uint)table.Length, table);
        return [.. file.ToArray(), .. items.ToArray(), .. new DicomBytes().Raw(0xFFFE, 0xE0DD, 0).ToArray()];
    }

    // Literal stretches only.
    private static byte[] Rle(ReadOnlySpan<byte> plane)
    {
        var target = new List<byte>(new byte[64]);
        (target[0], target[4]) = (1, 64);
        while (plane.Length > 0)
        {
            var count = Math.Min(128, plane.Length);
            target.Add((byte)(count - 1));
            target.AddRange(plane[..count]);
            plane = plane[count..];
        }

        return [.. target];
    }

    private static IEnumerable<ushort[]> Frames(int count) =>
        Enumerable.Range(1, count).Select(frame => Ramp(Rows * Columns, 4095).Select(value => (ushort)(value / frame)).ToArray());

    /// <summary>A slope with noise on it: something to compress, and no two samples alike for long.</summary>
    private static ushort[] Ramp(int count, int top)
    {
        var draw = new FuzzDraw(1);
        var values = new ushort[count];
        for (var i = 0; i < count; i++) values[i] = (ushort)(i % 36 * top / 40 + draw.Below(top / 16 + 1));
        return values;
    }

    private static byte[] Deflate(byte[] plain)
    {
        var map = new SeedMap(plain);
        using var target = new MemoryStream();
        target.Write(plain, 0, map.DataSetAt);
        using (var deflater = new DeflateStream(target, CompressionLevel.Optimal, leaveOpen: true)) deflater.Write(plain.AsSpan(map.DataSetAt));
        return target.ToArray();
    }

    /// <summary>The data set with all its numbers turned round.</summary>
    private static byte[] BigEndian(byte[] little)
    {
        var map = new SeedMap(little);
        var big = little.ToArray();
        foreach (var part in map.Parts)
        {
            if (part.Tag == 0x00020010)
            {
                "1.2.840.10008.1.2.2"u8.CopyTo(big.AsSpan(part.ValueAt));
                continue;
            }

            if (part.Group == 2) continue;
            big.AsSpan(part.Start, 2).Reverse();
            big.AsSpan(part.Start + 2, 2).Reverse();
            big.AsSpan(part.LengthAt, part.LengthBytes).Reverse();
            if (part.Vr is ('U' << 8 | 'S') or ('S' << 8 | 'S') or ('O' << 8 | 'W'))
                for (var at = part.ValueAt; at + 2 <= part.End; at += 2)
                    BinaryPrimitives.WriteUInt16BigEndian(big.AsSpan(at), BinaryPrimitives.ReadUInt16LittleEndian(little.AsSpan(at)));
        }

        return big;
    }
}
