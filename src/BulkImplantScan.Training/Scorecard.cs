using BulkImplantScan.Evaluation;
using BulkImplantScan.Inference;
using BulkImplantScan.Results;

namespace BulkImplantScan.Training;

/// <summary>How a finished model does on films that it has never seen.</summary>
internal sealed class Scorecard
{
    /// <summary>Judges films with the package's own temperature and thresholds.</summary>
    public Scorecard(ModelPackage package, IReadOnlyList<JudgedFilm> films)
    {
        Confusion = new(package.Classes.Count);
        foreach (var film in films)
        {
            var decision = Decision.Of(package, film.Logits, explanationIsFinite: true, film.Features);
            var answered = decision.Status != FilmStatus.Abstained;
            if (!film.IsKnown)
            {
                Unknown++;
                if (decision.Status == FilmStatus.Identified) UnknownIdentified++;
                if (decision.Status == FilmStatus.None) UnknownNone++;
                continue;
            }

            Confusion.Add(film.Class, film.Top);
            if (answered) Answered++;
            if (answered && film.Top == film.Class) AnsweredRight++;
            if (decision.ConformalSet.Contains(package.Classes[film.Class].Id)) InConformalSet++;
            ConformalSize += decision.ConformalSet.Length;
        }
    }

    /// <summary>Films of the catalogue's classes.</summary>
    public long Known => Confusion.Films;

    /// <summary>Of them: the largest logit is right, thresholds ignored.</summary>
    public long Right => Confusion.Correct;

    /// <summary>Of them: not abstained.</summary>
    public int Answered { get; }

    /// <summary>Of those answered: right.</summary>
    public int AnsweredRight { get; }

    /// <summary>Films of known classes whose conformal set has the truth.</summary>
    public int InConformalSet { get; }

    /// <summary>Classes in all conformal sets of known films together.</summary>
    public int ConformalSize { get; }

    /// <summary>Films of hardware outside the catalogue.</summary>
    public int Unknown { get; }

    /// <summary>Of them: called a device of the catalogue.</summary>
    public int UnknownIdentified { get; }

    /// <summary>Of them: called free of implants.</summary>
    public int UnknownNone { get; }

    /// <summary>Films by true class and by largest logit.</summary>
    public ConfusionMatrix Confusion { get; }
}
