namespace BulkImplantScan.Evaluation;

/// <summary>Multinomial logistic regression: what a few numbers of a film can tell of its class without the film.</summary>
/// <remarks>Minimises mean log loss + λ/2·‖W‖² (intercepts free) by L-BFGS (Nocedal 1980) with backtracking: convex, so the same data give the
/// same weights. scikit-learn's <c>LogisticRegression(C)</c> is the same with λ = 1/(C·n).</remarks>
public sealed class MultinomialLogistic
{
    private const int Memory = 10, MostSteps = 500;
    private const double Flat = 1e-7;

    private readonly int _classes, _features;
    private readonly double[] _weights; // [class][feature, intercept]

    private MultinomialLogistic(int classes, int features, double[] weights) => (_classes, _features, _weights) = (classes, features, weights);

    /// <summary>Fits.</summary>
    /// <param name="films">Features of each film, all of one length.</param>
    /// <param name="labels">Class of each, [0, <paramref name="classes"/>).</param>
    /// <param name="classes">2 or more.</param>
    /// <param name="lambda">λ, above 0.</param>
    public static MultinomialLogistic Fit(IReadOnlyList<double[]> films, IReadOnlyList<int> labels, int classes, double lambda)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lambda);
        if (films.Count == 0 || films.Count != labels.Count) throw new ArgumentException("one label a film, and a film", nameof(labels));
        var model = new MultinomialLogistic(classes, films[0].Length, new double[classes * (films[0].Length + 1)]);
        model.Descend(films, labels, lambda);
        return model;
    }

    /// <summary>Probabilities of the classes.</summary>
    public double[] Probabilities(double[] film)
    {
        var p = new double[_classes];
        for (var c = 0; c < _classes; c++)
        {
            var weights = _weights.AsSpan(c * (_features + 1), _features + 1);
            var sum = weights[_features];
            for (var f = 0; f < _features; f++) sum += weights[f] * film[f];
            p[c] = sum;
        }

        var largest = p.Max();
        double total = 0;
        for (var c = 0; c < _classes; c++) total += p[c] = Math.Exp(p[c] - largest);
        for (var c = 0; c < _classes; c++) p[c] /= total;
        return p;
    }

    private void Descend(IReadOnlyList<double[]> films, IReadOnlyList<int> labels, double lambda)
    {
        var history = new List<(double[] Step, double[] Change, double Curvature)>();
        var gradient = new double[_weights.Length];
        var loss = Loss(films, labels, lambda, gradient);
        for (var step = 0; step < MostSteps && gradient.Max(Math.Abs) > Flat; step++)
        {
            var direction = Direction(gradient, history);
            var slope = Dot(direction, gradient);
            if (slope >= 0) (direction, slope) = (Array.ConvertAll(gradient, g => -g), -Dot(gradient, gradient));
            double[] before = [.. _weights], gradientBefore = [.. gradient];
            var (length, lossBefore) = (1.0, loss);
            while (true)
            {
                for (var i = 0; i < before.Length; i++) _weights[i] = before[i] + length * direction[i];
                loss = Loss(films, labels, lambda, gradient);
                if (loss <= lossBefore + 1e-4 * length * slope) break;
                if ((length /= 2) > 1e-12) continue;
                before.CopyTo(_weights, 0); // as low as doubles reach
                return;
            }

            double[] moved = [.. _weights.Select((w, i) => w - before[i])], changed = [.. gradient.Select((g, i) => g - gradientBefore[i])];
            if (Dot(moved, changed) is var curvature && curvature > 1e-14) history.Add((moved, changed, curvature));
            if (history.Count > Memory) history.RemoveAt(0);
        }
    }

    /// <summary>The two-loop recursion.</summary>
    private static double[] Direction(double[] gradient, List<(double[] Step, double[] Change, double Curvature)> history)
    {
        var q = Array.ConvertAll(gradient, g => -g);
        var alpha = new double[history.Count];
        for (var h = history.Count - 1; h >= 0; h--)
        {
            alpha[h] = Dot(history[h].Step, q) / history[h].Curvature;
            for (var i = 0; i < q.Length; i++) q[i] -= alpha[h] * history[h].Change[i];
        }

        if (history.Count > 0)
        {
            var (_, change, curvature) = history[^1];
            var scale = curvature / Dot(change, change);
            for (var i = 0; i < q.Length; i++) q[i] *= scale;
        }

        for (var h = 0; h < history.Count; h++)
        {
            var beta = Dot(history[h].Change, q) / history[h].Curvature;
            for (var i = 0; i < q.Length; i++) q[i] += (alpha[h] - beta) * history[h].Step[i];
        }

        return q;
    }

    private double Loss(IReadOnlyList<double[]> films, IReadOnlyList<int> labels, double lambda, double[] gradient)
    {
        Array.Clear(gradient);
        double loss = 0;
        for (var n = 0; n < films.Count; n++)
        {
            var p = Probabilities(films[n]);
            loss -= Math.Log(Math.Max(p[labels[n]], 1e-300));
            for (var c = 0; c < _classes; c++)
            {
                var residual = p[c] - (c == labels[n] ? 1 : 0);
                var target = gradient.AsSpan(c * (_features + 1), _features + 1);
                for (var f = 0; f < _features; f++) target[f] += residual * films[n][f];
                target[_features] += residual;
            }
        }

        loss /= films.Count;
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] /= films.Count;
            if (i % (_features + 1) == _features) continue;
            gradient[i] += lambda * _weights[i];
            loss += lambda / 2 * _weights[i] * _weights[i];
        }

        return loss;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
