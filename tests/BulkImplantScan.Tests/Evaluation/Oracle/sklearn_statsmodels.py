#!/usr/bin/python3
"""Values of other software for WilsonTests, AucDeLongTests and ConfusionMatrixTests.

Wilson: statsmodels. AUC, precision, recall, F1: scikit-learn. The variance of DeLong: the definition of 1988 as a
double loop in numpy. Run: /usr/bin/python3 sklearn_statsmodels.py > sklearn_statsmodels.csv
"""
import numpy as np
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

Z = 1.959963984540054


def show(*cells):
    print(",".join(c if isinstance(c, str) else repr(float(c)) for c in cells))


def scores(kind, rng, size, shift):
    s = rng.normal(shift, 1, size)
    return np.round(s) if kind == "ties" else np.round(s, 6)  # as printed: the test reads what this used


for k, n in [(0, 1), (1, 1), (0, 7), (3, 7), (7, 7), (338, 343), (1, 1000), (999999, 1000000), (25000000, 60000000)]:
    show("wilson", k, n, *proportion_confint(k, n, method="wilson"))

rng = np.random.default_rng(7)
for kind, m, n, shift in [("plain", 40, 55, 1.0), ("plain", 5, 400, 2.5), ("ties", 30, 80, 0.8), ("ties", 200, 150, -0.5), ("plain", 3, 20, -0.3)]:
    x, y = scores(kind, rng, m, shift), scores(kind, rng, n, 0)
    psi = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    auc = roc_auc_score(np.r_[np.ones(m), np.zeros(n)], np.r_[x, y])
    assert abs(auc - psi.mean()) < 1e-12
    var = psi.mean(1).var(ddof=1) / m + psi.mean(0).var(ddof=1) / n
    centre, half = np.log(auc / (1 - auc)), Z * np.sqrt(var) / (auc * (1 - auc))
    low, high = (1 / (1 + np.exp(-(centre + h))) for h in (-half, half))
    show("auc", auc, low, high, ";".join(map(repr, map(float, x))), ";".join(map(repr, map(float, y))))

truth, answer = rng.integers(0, 5, 300), rng.integers(0, 5, 300)
answer = np.where(rng.random(300) < 0.7, truth, answer)
show("films", ";".join(map(str, truth)), ";".join(map(str, answer)))
matrix = confusion_matrix(truth, answer)
p, r, f, _ = precision_recall_fscore_support(truth, answer)
for c in range(5):
    rest = np.delete(np.delete(matrix, c, 0), c, 1).sum()
    show("class", c, p[c], r[c], rest / (matrix.sum() - matrix[c].sum()), f[c])
