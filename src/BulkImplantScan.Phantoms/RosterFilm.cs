using BulkImplantScan.Phantoms.Writing;

namespace BulkImplantScan.Phantoms;

/// <summary>One film that an archive will have.</summary>
/// <param name="Plan">How it looks.</param>
/// <param name="Subject">Who, of which side, by which machine.</param>
/// <param name="Header">Who, when and where.</param>
/// <param name="Syntax">How pixels are coded.</param>
/// <param name="Path">Below <c>films</c>.</param>
/// <param name="Event">Why it was taken: <c>first</c> film of the patient, <c>follow_up</c>, <c>other_side</c>, after an <c>operation</c>,
/// <c>revision</c>, <c>removal</c> or <c>conversion</c> (to an arthroplasty), or <c>same_study</c> as the film before.</param>
internal sealed record RosterFilm(FilmPlan Plan, Subject Subject, Header Header, DxSyntax Syntax, string Path, string Event)
{
    public ulong Seed => Plan.Seed;

    public Design Design => Plan.Design;
}
