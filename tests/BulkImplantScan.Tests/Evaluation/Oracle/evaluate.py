#!/usr/bin/python3
"""Values of other software for the tests of evaluate's figures.

scipy: tails, log gamma, (beta-)binomial laws, Newcombe's bounds by brentq. statsmodels: McNemar's exact test; the sandwich variance of a GEE with
working independence, which is Rao and Scott's. scikit-learn: log loss, ROC areas, macro and weighted means. numpy: sums that are their own definition (Brier, ECE,
AURC, Obuchowski's two, Durkalski). Run: /usr/bin/python3 evaluate.py > evaluate.csv
"""
import numpy as np
import statsmodels.api as sm
from scipy import optimize, special, stats
from sklearn.metrics import log_loss, precision_recall_fscore_support, roc_auc_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

Z = 1.959963984540054


def show(*cells):
    print(",".join(c if isinstance(c, str) else repr(float(c)) for c in cells))


def joined(values):
    return ";".join(repr(float(v)) for v in np.ravel(values))


for z in [0, 1e-8, 0.1, 0.5, 1, 1.959963984540054, 2.5, 2.83, 4, 8, 20, 37]:
    show("normal", z, 2 * stats.norm.sf(z))
for x in [1e-3, 0.5, 1, 1.5, 2, 3.7, 9.99, 10, 123.4, 1e6]:
    show("loggamma", x, special.gammaln(x))

for auc, m, n in [(1, 20, 57), (1, 5, 500), (0.999, 70, 400), (0.98, 30, 300), (0.5, 10, 10), (0, 7, 9), (0.2, 1, 50)]:
    def distance(t):
        v = t * (1 - t) * (1 + ((m + n) / 2 - 1) * ((1 - t) / (2 - t) + t / (1 + t))) / (m * n)
        return (auc - t) ** 2 - Z * Z * v
    low = 0 if auc == 0 else optimize.brentq(distance, 1e-12, auc - 1e-12 if auc < 1 else 1 - 1e-12, xtol=1e-15)
    high = 1 if auc == 1 else optimize.brentq(distance, auc + 1e-12, 1 - 1e-12, xtol=1e-15)
    show("newcombe", auc, m, n, low, high)

for n, alpha, m in [(19, 0.05, 30), (115, 0.05, 61), (40, 0.1, 200), (500, 0.05, 1000), (18, 0.05, 25), (0, 0.05, 70), (0, 0.1, 5)]:
    k = np.arange(m + 1)
    miss = int(np.floor((n + 1) * alpha + 1e-9))
    if n and not miss:
        show("tolerance", n, alpha, m, m, m)
        continue
    law = stats.betabinom(m, n + 1 - miss, miss) if n else stats.binom(m, 1 - alpha)
    show("tolerance", n, alpha, m, k[law.cdf(k) > 0.025][0], k[law.sf(k - 1) > 0.025][-1])

rng = np.random.default_rng(11)
for films, patients, drift in [(60, 25, 0.1), (400, 150, 0.02), (40, 40, 0.0), (30, 12, 0.5)]:
    who = np.sort(rng.integers(0, patients, films)) if films != patients else np.arange(films)
    first, second = rng.random(films) < 0.9, rng.random(films) < 0.9 - drift
    b, c = int(np.sum(first & ~second)), int(np.sum(~first & second))
    exact = mcnemar([[0, b], [c, 0]], exact=True).pvalue
    ids = np.unique(who)
    d = np.array([np.sum(first[who == k].astype(int) - second[who == k].astype(int)) for k in ids])
    size = np.array([np.sum(who == k) for k in ids])
    obuchowski = (len(ids) - 1) / len(ids) * d.sum() ** 2 / np.sum(d * d)
    durkalski = np.sum(d / size) ** 2 / np.sum((d / size) ** 2)
    show("mcnemar", b, c, exact, stats.chi2.sf(obuchowski, 1), stats.chi2.sf(durkalski, 1), joined(first), joined(second), joined(who))

    hits = np.array([np.sum(first[who == k]) for k in ids])
    gee = sm.GEE(first.astype(float), np.ones(films), groups=who, family=sm.families.Gaussian(), cov_struct=sm.cov_struct.Independence()).fit()
    p = first.mean()
    variance = gee.cov_params()[0, 0] * len(ids) / (len(ids) - 1)
    design = max(1, variance / (p * (1 - p) / films))
    show("clustered", p, design, films / design, *proportion_confint(p * films / design, films / design, method="wilson"), joined(hits), joined(size))

classes, films = 4, 200
truth = rng.integers(0, classes, films)
logits = rng.normal(0, 1, (films, classes)) + 1.5 * np.eye(classes)[truth]
p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
p = np.round(p, 6)
p /= p.sum(1, keepdims=True)
answer, confidence = p.argmax(1), p.max(1)
right = answer == truth
bins = np.clip(np.ceil(confidence * 15).astype(int) - 1, 0, 14)
ece = sum(abs(right[bins == b].mean() - confidence[bins == b].mean()) * np.mean(bins == b) for b in np.unique(bins))
order = np.argsort(-confidence, kind="stable")
assert len(np.unique(confidence)) == films
errors = np.cumsum(~right[order])
show("judged", classes, joined(truth), joined(p))
show("calibration", ece, np.mean(np.sum((p - np.eye(classes)[truth]) ** 2, 1)), log_loss(truth, p))
show("selective", np.mean(errors / np.arange(1, films + 1)), np.mean(errors) / films)
for average in ["macro", "weighted"]:
    precision, recall, f1, _ = precision_recall_fscore_support(truth, answer, average=average)
    show("means", average, precision, recall, f1, roc_auc_score(truth, p, multi_class="ovr", average=average))
for c in range(classes):
    show("area", c, roc_auc_score(truth == c, p[:, c]))

known, unknown = np.round(rng.normal(0, 1, 137), 2), np.round(rng.normal(1.5, 1, 43), 2)
passed = np.quantile(known, 0.95, method="inverted_cdf")
refused = -np.quantile(-unknown, 0.95, method="inverted_cdf")
show("outliers", np.sum(unknown <= passed), np.sum(known >= refused), joined(known), joined(unknown))

for m, n, patients in [(40, 90, 30), (25, 60, 85)]:
    x, y = np.round(rng.normal(1, 1, m), 3), np.round(rng.normal(0, 1, n), 3)
    wx, wy = (rng.integers(0, patients, m), rng.integers(0, patients, n)) if patients == 30 else (np.arange(m), np.arange(m, m + n))
    psi = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    auc = psi.mean()
    sx = np.bincount(wx, psi.mean(1) - auc, patients)
    sy = np.bincount(wy, psi.mean(0) - auc, patients)
    i10, i01, every = len(np.unique(wx)), len(np.unique(wy)), len(np.unique(np.r_[wx, wy]))
    variance = i10 / (i10 - 1) * np.sum(sx ** 2) / m ** 2 + i01 / (i01 - 1) * np.sum(sy ** 2) / n ** 2 + 2 * every / (every - 1) * np.sum(sx * sy) / (m * n)
    delong = psi.mean(1).var(ddof=1) / m + psi.mean(0).var(ddof=1) / n
    show("clusteredauc", max(1, variance / delong), i10, i01, joined(x), joined(wx), joined(y), joined(wy))
