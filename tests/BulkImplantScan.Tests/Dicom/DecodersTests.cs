using BulkImplantScan.Dicom;
using BulkImplantScan.Dicom.Codecs;

namespace BulkImplantScan.Tests.Dicom;

public sealed class DecodersTests
{
    [Fact]
    public void Every_codec_is_listed_as_on_with_its_syntaxes_and_every_other_decoder_says_what_is_missing()
    {
        foreach (var codec in PixelCodec.All)
        {
            var status = Assert.Single(Decoders.All, decoder => decoder.Name == codec.Name);
            Assert.True(status.IsOn);
            Assert.Null(status.Fix);
            foreach (var syntax in codec.Syntaxes)
            {
                Assert.Same(codec, PixelCodec.For(syntax));
                Assert.Contains($"({syntax})", status.Syntaxes, StringComparison.Ordinal);
                Assert.DoesNotContain($"{syntax} ({syntax})", status.Syntaxes, StringComparison.Ordinal); // has words
            }
        }

        Assert.All(Decoders.All, decoder => Assert.Equal(decoder.IsOn, decoder.Fix is null));
        Assert.Null(PixelCodec.For("1.2.840.10008.1.2.4.100"));
        Assert.Null(PixelCodec.For(TransferSyntaxes.ExplicitLittleEndian));
    }

    [Fact]
    public void The_document_has_every_transfer_syntax_and_decoder()
    {
        var document = File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "dicom.md"));
        foreach (var codec in PixelCodec.All)
        {
            Assert.Contains($"`{codec.Name}`", document, StringComparison.Ordinal);
            foreach (var syntax in codec.Syntaxes)
            {
                Assert.True(
                    document.Contains($"| {syntax}", StringComparison.Ordinal)
                    || document.Contains($", {syntax["1.2.840.10008.1.2".Length..]} |", StringComparison.Ordinal), syntax);
            }
        }
    }
}
