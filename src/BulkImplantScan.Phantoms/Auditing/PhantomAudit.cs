using BulkImplantScan.Assessment;
using System.Globalization;
using BulkImplantScan.Auditing;
using BulkImplantScan.Evaluation;
using BulkImplantScan.Inference;

namespace BulkImplantScan.Phantoms.Auditing;

/// <summary>The shortcut tests that need films of which everything is known and one thing can be changed: 1 to 5 and 9 of docs/audit.md; and what judging the hips of a pelvis one by one gains (13).</summary>
public static class PhantomAudit
{
    private const int Permutations = 9999;
    private const int MostTrials = 100; // films whose maps are tried, since each is judged some thirty times

    private const string NoDesigns = "the model names fewer than two of the phantoms' designs (D1 to D6), so synthetic films say nothing of it";
    private const string NoNone = "the model has no class for a hip without an implant";

    /// <summary>Audits.</summary>
    /// <param name="classes">Of the model; those whose id is a label of the phantoms are asked about.</param>
    /// <param name="options">Which films.</param>
    /// <param name="judge">Answers to films, in their order: <see cref="NetworkJudge.Judge"/>, or what a test puts in its place.</param>
    /// <param name="tryMaps">Puts Grad-CAMs to the test: <see cref="MapTrials"/>; null: these lines are left out.</param>
    /// <returns>Tests 1 to 5, 9, 10 and 13.</returns>
    public static IReadOnlyList<AuditTest> Of(
        IReadOnlyList<DeviceClass> classes, PhantomAuditOptions options, Func<IReadOnlyList<AuditFilm>, IReadOnlyList<AuditAnswer>> judge,
        Func<IReadOnlyList<FilmPlan>, IReadOnlyList<MapTrial>>? tryMaps = null) =>
        new Audit(classes, options, judge, tryMaps).Tests();

    private sealed class Audit
    {
        private readonly PhantomAuditOptions _options;
        private readonly Func<IReadOnlyList<AuditFilm>, IReadOnlyList<AuditAnswer>> _judge;
        private readonly Func<IReadOnlyList<FilmPlan>, IReadOnlyList<MapTrial>>? _tryMaps;
        private readonly Dictionary<AuditFilm, AuditAnswer> _answers = []; // most films are the first of several pairs
        private readonly Dictionary<Design, int> _classes;
        private readonly Design[] _devices, _shown;

        public Audit(
            IReadOnlyList<DeviceClass> classes, PhantomAuditOptions options, Func<IReadOnlyList<AuditFilm>, IReadOnlyList<AuditAnswer>> judge,
            Func<IReadOnlyList<FilmPlan>, IReadOnlyList<MapTrial>>? tryMaps)
        {
            (_options, _judge, _tryMaps) = (options, judge, tryMaps);
            var ids = classes.Select((device, c) => (device.Id, c)).ToDictionary(device => device.Id, device => device.c, StringComparer.Ordinal);
            _devices = [.. Designs.Known.Where(design => ids.ContainsKey(design.Label()))];
            _shown = [.. _devices.Append(Design.None).Where(design => ids.ContainsKey(design.Label()))];
            _classes = _shown.ToDictionary(design => design, design => ids[design.Label()]);
        }

        public IReadOnlyList<AuditTest> Tests() =>
        [
            Test(1, "Counterfactual pairs", "Same film, one thing changed that is not the device: does the answer stay?", Pairs),
            Test(2, "Metal swapped, metal erased", "Same bone, another device or none: does the answer follow?", Metal, HasNone ? "" : $"erased: {NoNone}"),
            Test(3, "Background only", "The device erased, the answer forced to a device: is it at chance?", Background),
            Test(4, "Metal only", "The device alone on even ground, the answer forced to a device: does it hold?", MetalOnly),
            Test(5, "Border cover", "All covered that lies well beside the device, the answer forced to a device: does it hold?", Cover),
            Test(9, "Map outside the metal", "Does the Grad-CAM of films that show a device lie on it more than a map that says nothing, does the answer hang on what it shows, and does it hang on what was learned?", Maps),
            new()
            {
                Number = 10, Name = "Canary", Question = "Does a model that was trained on a planted shortcut come out red?",
                NotRun = "a test of these tests, not of this model: benchmarks/audit-canary.sh runs it, docs/audit.md has its outcome",
            },
            Test(13, "Hips of pelves", "Both hips on one film, judged one by one (--regions auto) and by one answer for the film: are more of them right?", Hips),
        ];

        private bool HasNone => _classes.ContainsKey(Design.None);

        private bool Lacks => _devices.Length < 2;

        private AuditTest Test(int number, string name, string question, Func<IEnumerable<AuditLine>> lines, string lacksPart = "")
        {
            var test = new AuditTest { Number = number, Name = name, Question = question };
            return !_options.Tests.Contains(number) ? test with { NotRun = AuditTest.NotAsked }
                : Lacks ? test with { NotRun = NoDesigns }
                : test with { Lines = [.. lines()], NotRun = lacksPart };
        }

        private IEnumerable<AuditLine> Pairs() => _options.Factors.Select(Flips);

        private AuditLine Flips(Factor factor)
        {
            var figures = Ask(Films(), factor);
            return Share(Word(factor), "answers that change", figures.Flips, _options.Pairs, AuditLimits.Flips) with { Pairs = figures };
        }

        private IEnumerable<AuditLine> Metal()
        {
            var films = Devices();
            var swaps = films.Select(film => Counterfactual.Plans(film, Factor.DeviceSwapped)).Where(pair => _classes.ContainsKey(pair.After.Design)).ToArray();
            if (swaps.Length > 0)
            {
                var (before, after) = (Answers(swaps.Select(pair => pair.Before)), Answers(swaps.Select(pair => pair.After)));
                int[] was = [.. swaps.Select(pair => _classes[pair.Before.Design])], becomes = [.. swaps.Select(pair => _classes[pair.After.Design])];
                var stuck = after.Where((answer, i) => answer.Top == was[i]).Count();
                var figures = PairFigures.Of(before, after, was, becomes);
                yield return Share("swapped", "answers that stay with the old device", stuck, swaps.Length, AuditLimits.Metal, $"{figures.RightAfter} name the new one") with { Pairs = figures };
            }

            if (!HasNone) yield break;
            var erased = Ask(films, Factor.DeviceErased);
            yield return Share("erased", "answers that still name a device", films.Length - erased.RightAfter, films.Length, AuditLimits.Metal) with { Pairs = erased };
        }

        private IEnumerable<AuditLine> Background()
        {
            var films = Devices();
            // What has two values by label (side, sex, bulk) is fitted by one order of labels in twenty: such a line cannot become red.
            var rows = Confounding.Seen.Count + 1;
            int[] asked = [.. _devices.Select(design => _classes[design])];
            int[] truth = [.. films.Select(film => Array.IndexOf(_devices, film.Design))];
            yield return Line("as drawn", film => film.Nuisances, called => LabelPermutation.OfFilms(truth, called, Permutations, _options.Seed));
            foreach (var factor in Confounding.Seen)
            {
                var always = new Dictionary<string, double> { [factor] = 1 };
                yield return Line($"{factor} by label", film => Confounding.Of(always, film.Design, film.Seed, film.Nuisances), called =>
                {
                    var films = Array.ConvertAll(asked, _ => new int[asked.Length]);
                    for (var i = 0; i < truth.Length; i++) films[truth[i]][called[i]]++;
                    return LabelPermutation.OfWholeLabels(films);
                });
            }

            AuditLine Line(string of, Func<FilmPlan, Nuisances> nuisances, Func<int[], double> test)
            {
                int[] called = [.. Answers(films.Select(film => film with { Design = Design.None, Nuisances = nuisances(film) })).Select(answer => Array.IndexOf(asked, answer.TopOf(asked)))];
                var hits = truth.Where((label, i) => label == called[i]).Count();
                var (chance, p) = (1.0 / asked.Length, test(called));
                var bounds = Wilson.Of(hits, truth.Length, AuditLimits.OneSided);
                var state = p <= AuditLimits.Alpha / rows && bounds.Low > chance ? AuditState.Red
                    : bounds.High <= chance + AuditLimits.AboveChance ? AuditState.Green : AuditState.Amber;
                return Share(of, "right guesses", hits, truth.Length, chance + AuditLimits.AboveChance, Text($"chance {100 * chance:F1} %; permutation p {p:F4}, judged at {AuditLimits.Alpha / rows:F4}")) with { State = state };
            }
        }

        private IEnumerable<AuditLine> MetalOnly()
        {
            var pairs = Array.ConvertAll(Devices(), film => Counterfactual.Plans(film, Factor.MetalOnly));
            yield return Lost("metal only", pairs.Select(pair => new AuditFilm(pair.Before)), pairs.Select(pair => new AuditFilm(pair.After)));
        }

        private IEnumerable<AuditLine> Cover()
        {
            yield return Lost("all but the device covered", Devices().Select(film => new AuditFilm(film)), Devices().Select(film => new AuditFilm(film, IsCovered: true)));
            yield return Flips(Factor.MarkerRemoved);
        }

        // Which device is asked, not whether it is one: that a device without a hip is refused is what a model with such a class should do.
        private AuditLine Lost(string of, IEnumerable<AuditFilm> before, IEnumerable<AuditFilm> after)
        {
            int[] asked = [.. _devices.Select(design => _classes[design])];
            int[] truth = [.. before.Select(film => _classes[film.Plan.Design])];
            var free = Answers(after);
            var figures = PairFigures.Of([.. Answers(before).Select(answer => answer.Among(asked))], [.. free.Select(answer => answer.Among(asked))], truth, truth);
            var named = free.Count(answer => asked.Contains(answer.Top));
            return Share(of, "right devices that are lost", figures.OnlyBefore, truth.Length, AuditLimits.Metal, $"{figures.RightBefore} right before, {figures.RightAfter} after; {named} would still be called a device") with { Pairs = figures };
        }

        private IEnumerable<AuditLine> Maps()
        {
            var films = Devices();
            var answers = Answers(films);
            foreach (var design in _devices)
            {
                var of = answers.Where((answer, i) => films[i].Design == design && answer.OnDevice is not null).ToArray();
                double? evenly = of.Length == 0 ? null : 1 - of.Average(answer => answer.DeviceShare);
                var beside = MeanFigure.Of(of.Select(answer => 1 - answer.OnDevice));
                var lessThanEvenly = MeanFigure.Of(of.Select(answer => answer.DeviceShare - answer.OnDevice));
                yield return Figure(design.Label(), "of the map beside the device", beside, evenly, State(lessThanEvenly, 0),
                    of.Length == films.Count(film => film.Design == design) ? "" : "films without a map are left out");
            }

            foreach (var factor in _options.Factors)
            {
                var pairs = films.Select(film => Counterfactual.Plans(film, factor)).ToArray();
                var changes = Answers(pairs.Select(pair => pair.Before)).Zip(Answers(pairs.Select(pair => pair.After)), (before, after) => before.OnDevice - after.OnDevice);
                yield return Figure(Word(factor), "more of the map beside the device afterwards", MeanFigure.Of(changes), null, null, "");
            }

            if (_tryMaps is null) yield break;
            var trials = _tryMaps([.. films.Take(MostTrials)]);
            foreach (var (of, measure, gain) in ((string, string, Func<MapTrial, double?>)[])[
                ("deletion", "sooner the answer goes when hidden by the map than at random", trial => trial.Deletion),
                ("insertion", "sooner the answer comes when shown by the map than at random", trial => trial.Insertion)])
            {
                var loss = MeanFigure.Of(trials.Select(trial => -gain(trial)));
                yield return Figure(of, measure, MeanFigure.Of(trials.Select(gain)), 0, State(loss, 0), "area under probability by share of cells");
            }

            for (var s = 0; s < MapTrials.Shuffled.Count; s++)
            {
                var likeness = MeanFigure.Of(trials.Select(trial => trial.Likeness[s]));
                var isWhole = MapTrials.Shuffled[s] == 1;
                yield return Figure(
                    isWhole ? "all weights shuffled" : Text($"last {100 * MapTrials.Shuffled[s]:F0} % of layers shuffled"), "likeness of the map (rank correlation)", likeness,
                    isWhole ? AuditLimits.Likeness : null, isWhole ? State(likeness, AuditLimits.Likeness) : null,
                    likeness.N == trials.Count ? "" : Text($"{trials.Count - likeness.N} films have no map then"));
            }

            static AuditState State(MeanFigure figure, double limit) => figure switch
            {
                { N: 0 } => AuditState.NotRun,
                { Hi: { } high } when high <= limit => AuditState.Green,
                { Lo: { } low } when low > limit => AuditState.Red,
                _ => AuditState.Amber,
            };

            static AuditLine Figure(string of, string measure, MeanFigure figure, double? limit, AuditState? state, string note) =>
                new(of, measure, figure.N, figure.Value, figure.Lo, figure.Hi, limit, state, note);
        }

        private IEnumerable<AuditLine> Hips()
        {
            FilmPlan[] pelves = [.. All().Take((_options.Pairs + 1) / 2).Select(film => film with { View = View.Pelvis, OtherDesign = OtherHip(film) })];
            var whole = Answers(pelves);
            AuditFilm[] hips = [.. pelves.SelectMany(film => (int[])[0, 1], (film, hip) => new AuditFilm(film, Hip: hip))];
            var answers = Answers(hips);
            int[] patients = [.. hips.Select((_, i) => i / 2)];
            bool[] right = [.. answers.Select((answer, i) => answer.Top == _classes[hips[i].Design])], rightWhole = [.. hips.Select((film, i) => whole[i / 2].Top == _classes[film.Design])];
            var test = McNemar.Of(right, rightWhole, patients);
            var share = ClusteredProportion.Of(Array.ConvertAll([.. right.Chunk(2)], film => film.Count(isRight => isRight)), Array.ConvertAll(pelves, _ => 2));
            var p = double.IsNaN(test.Obuchowski) ? 1 : test.Obuchowski;
            var state = p > 2 * AuditLimits.Alpha ? AuditState.Amber : test.OnlyFirst > test.OnlySecond ? AuditState.Green : AuditState.Red; // one-sided 5 %
            yield return new(
                "hips, one by one", "right answers", hips.Length, share.Value, share.Interval.Low, share.Interval.High, rightWhole.Count(isRight => isRight) / (double)hips.Length, state,
                Text($"{pelves.Length} films; the limit is the same hips by whole films; {test.OnlyFirst} right one by one only, {test.OnlySecond} by the film only; {(p < 0.0001 ? "p < 0.0001" : Text($"p {p:F4}"))} by film (Obuchowski)"));
        }

        // Of the hip that the film is not about: any that the model names.
        private Design OtherHip(FilmPlan film) => _shown[new Draw(film.Seed, "other hip").Whole(0, _shown.Length - 1)];

        private PairFigures Ask(FilmPlan[] films, Factor factor)
        {
            var pairs = Array.ConvertAll(films, film => Counterfactual.Plans(film, factor));
            return PairFigures.Of(
                Answers(pairs.Select(pair => pair.Before)), Answers(pairs.Select(pair => pair.After)),
                [.. pairs.Select(pair => _classes[pair.Before.Design])], [.. pairs.Select(pair => _classes[pair.After.Design])]);
        }

        private AuditAnswer[] Answers(IEnumerable<FilmPlan> plans) => Answers(plans.Select(plan => new AuditFilm(plan)));

        private AuditAnswer[] Answers(IEnumerable<AuditFilm> films)
        {
            AuditFilm[] asked = [.. films];
            AuditFilm[] open = [.. asked.Distinct().Where(film => !_answers.ContainsKey(film))];
            foreach (var (film, answer) in open.Zip(_judge(open))) _answers.Add(film, answer);
            return Array.ConvertAll(asked, film => _answers[film]);
        }

        /// <summary>Films of all that the model names, in turn.</summary>
        private FilmPlan[] Films() => [.. All().Take(_options.Pairs)];

        /// <summary>Films of devices, most of them among <see cref="Films"/>.</summary>
        private FilmPlan[] Devices() => [.. All().Where(film => film.Design != Design.None).Take(_options.Pairs)];

        private IEnumerable<FilmPlan> All()
        {
            for (var number = 0; ; number++)
            {
                var seed = new Draw(_options.Seed, string.Create(CultureInfo.InvariantCulture, $"audit {number}")).Next(); // a patient of its own
                yield return new() { Seed = seed, Design = _shown[number % _shown.Length], LongSidePixels = _options.LongSidePixels, Edition = _options.Edition };
            }
        }

        private static AuditLine Share(string of, string measure, int count, int n, double limit, string note = "")
        {
            var interval = Wilson.Of(count, n);
            return new(of, measure, n, n == 0 ? null : count / (double)n, interval.Low, interval.High, limit, AuditLimits.AtMost(count, n, limit), note);
        }

        private static string Word(Factor factor) => factor switch
        {
            Factor.MarkerSide => "marker of the other side",
            Factor.MarkerRemoved => "marker removed",
            Factor.MarkerMoved => "marker moved",
            Factor.Collimation => "collimated",
            Factor.Look => "look of another machine",
            Factor.Pitch => "larger pixels",
            Factor.Mirrored => "mirrored",
            Factor.Age => "another age",
            _ => throw new ArgumentOutOfRangeException(nameof(factor)),
        };

        private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
