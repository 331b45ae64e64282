"""Values of the audit's arithmetic: scikit-learn's multinomial logistic regression, and Bergsma's V over scipy's chi-square, scipy's
rank correlation.
Writes audit.csv beside itself: /usr/bin/python3 audit.py"""
import os
import numpy as np
from scipy.stats import chi2_contingency, spearmanr
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(20261129)
lines = []
for n, features, classes, lam in [(60, 3, 3, 0.01), (200, 5, 4, 0.002), (80, 2, 2, 0.1), (40, 6, 3, 1 / 40)]:
    x = np.round(rng.normal(size=(n, features)), 3)
    w = rng.normal(size=(features, classes))
    y = (x @ w + rng.gumbel(size=(n, classes))).argmax(1)
    y[:classes] = np.arange(classes)
    if classes == 2:
        # Binary LogisticRegression has one vector of weights: with two, the same fit costs half as much.
        model = LogisticRegression(C=2 / (lam * n), solver="newton-cg", tol=1e-10, max_iter=200)
    else:
        model = LogisticRegression(C=1 / (lam * n), solver="newton-cg", tol=1e-10, max_iter=200)
    p = model.fit(x, y).predict_proba(x[:5])
    flat = lambda a: ";".join(repr(float(v)) for v in np.ravel(a))
    lines.append(f"logistic,{n},{features},{classes},{lam!r},{flat(x)},{';'.join(map(str, y))},{flat(p)}")

for shape, scale in [((3, 4), 20), ((2, 2), 5), ((6, 3), 8), ((4, 4), 100)]:
    table = rng.poisson(scale, size=shape) + (np.eye(*shape) * scale).astype(int)
    chi2 = chi2_contingency(table, correction=False)[0]
    n, (r, k) = table.sum(), shape
    phi2 = max(0, chi2 / n - (k - 1) * (r - 1) / (n - 1))
    v = (phi2 / min(k - (k - 1) ** 2 / (n - 1) - 1, r - (r - 1) ** 2 / (n - 1) - 1)) ** 0.5
    lines.append(f"cramers_v,{shape[0]},{shape[1]},{';'.join(map(str, table.ravel()))},{v!r}")

for n, decimals in [(11, 0), (50, 1), (200, 3), (400, 0)]:
    a = np.round(rng.normal(size=n), decimals)
    b = np.round(a + rng.normal(size=n), decimals)
    lines.append(f"spearman,{n},{flat(a)},{flat(b)},{float(spearmanr(a, b).correlation)!r}")

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "audit.csv"), "w") as file:
    file.write("\n".join(lines) + "\n")
