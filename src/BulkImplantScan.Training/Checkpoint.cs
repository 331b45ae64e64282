using System.Security.Cryptography;
using BulkImplantScan.Results;

namespace BulkImplantScan.Training;

/// <summary>A training between two epochs: what a killed one goes on from.</summary>
/// <param name="Fingerprint">Of options, films and labels; of another training it is of no use.</param>
/// <param name="Epochs">Those done, in order.</param>
/// <param name="Network">Weights and statistics, as TorchSharp writes them.</param>
/// <param name="Optimizer">Its moments.</param>
/// <param name="Best">The network at its best epoch; empty while there is none.</param>
internal sealed record Checkpoint(string Fingerprint, IReadOnlyList<EpochReport> Epochs, byte[] Network, byte[] Optimizer, byte[] Best)
{
    private const string Magic = "bulk-implant-scan/training/2";

    /// <summary>Whole or not at all: a kill leaves the one before.</summary>
    /// <exception cref="RunFolderException">The disk is full, say.</exception>
    public void Save(string path)
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(Fingerprint);
            writer.Write(Epochs.Count);
            foreach (var epoch in Epochs)
            {
                writer.Write(epoch.Epoch);
                foreach (var value in (ReadOnlySpan<double>)[epoch.Loss, epoch.Inside, epoch.ValidationLoss, epoch.Accuracy, epoch.FilmsPerSecond]) writer.Write(value);
                writer.Write(epoch.IsFull);
            }

            foreach (var part in (ReadOnlySpan<byte[]>)[Network, Optimizer, Best])
            {
                writer.Write(part.Length);
                writer.Write(part);
            }
        }

        var bytes = content.GetBuffer().AsMemory(0, (int)content.Length);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(SHA256.HashData(bytes.Span));
            stream.Write(bytes.Span);
        });
    }

    /// <summary>Reads one; null where there is none.</summary>
    /// <exception cref="TrainingException">It is none, damaged, or of another training.</exception>
    public static Checkpoint? Load(string path, string fingerprint)
    {
        if (!File.Exists(path)) return null;
        try
        {
            // The hash first: no length of a damaged file is believed, and no weight of it trained on.
            var file = File.ReadAllBytes(path);
            var hash = Math.Min(file.Length, SHA256.HashSizeInBytes);
            if (!file.AsSpan(0, hash).SequenceEqual(SHA256.HashData(file.AsSpan(hash)))) throw new InvalidDataException();

            using var reader = new BinaryReader(new MemoryStream(file, hash, file.Length - hash));
            if (reader.ReadString() != Magic) throw new InvalidDataException();
            var found = reader.ReadString();
            if (found != fingerprint)
                throw new TrainingException($"{path} is of a training with other films, labels or options. Go on with the same, or remove {Path.GetDirectoryName(path)} to begin anew.");
            var epochs = new EpochReport[reader.ReadInt32()];
            for (var e = 0; e < epochs.Length; e++)
            {
                var number = reader.ReadInt32();
                var (loss, inside, validation, accuracy, speed) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
                epochs[e] = new(number, loss, inside, validation, accuracy, reader.ReadBoolean(), speed);
            }

            return new(found, epochs, reader.ReadBytes(reader.ReadInt32()), reader.ReadBytes(reader.ReadInt32()), reader.ReadBytes(reader.ReadInt32()));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException or OverflowException or ArgumentException)
        {
            throw new TrainingException($"{path} cannot be read as a checkpoint: remove it to begin anew.");
        }
    }
}
