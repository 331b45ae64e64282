using BulkImplantScan.Phantoms.Writing;

namespace BulkImplantScan.Phantoms;

/// <summary>One film that an archive will have.</summary>
internal sealed record RosterFilm(ulong Seed, Design Design, Subject Subject, Header Header, DxSyntax Syntax, string Path);
