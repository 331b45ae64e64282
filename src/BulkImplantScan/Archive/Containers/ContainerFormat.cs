namespace BulkImplantScan.Archive.Containers;

/// <summary>Kinds of container that are opened; told by their first bytes, never by a name.</summary>
internal enum ContainerFormat
{
    None,
    Zip,
    Tar,
    SevenZip,
    Gzip,
    Zstandard,
    Bzip2,
}
