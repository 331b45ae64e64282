using BulkImplantScan.Archive;
using BulkImplantScan.Archive.Containers;
using BulkImplantScan.Imaging;
using BulkImplantScan.Results;

namespace BulkImplantScan.Tests.Archive;

/// <summary>The index's worker over one folder, as it is without any flag.</summary>
internal static class OneFolderIndexer
{
    public static FileIndexer Of(string folder, PixelBufferPool pool) => new(
        [folder], new Pseudonyms(new SiteKey(new byte[SiteKey.Bytes])), Triage.Default, new(PicturePolicy.Off, null, Triage.Default), pool,
        ArchiveLimits.Default, null, CancellationToken.None);
}
