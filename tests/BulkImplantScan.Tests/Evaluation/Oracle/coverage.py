#!/usr/bin/python3
"""How often do the 95 % intervals of evaluate hold the true value? Figures of docs/evaluation.md.

Patients have one to three films (1.7 on average), of which those of one patient are alike (ICC 0, or 0.5). Areas: binormal scores. Shares: a film is right where a normal
number is below a bound. By film and by patient as evaluate prints them; beside them the percentile bootstrap of patients. Run: /usr/bin/python3 coverage.py
"""
import numpy as np
from scipy.stats import norm, rankdata

Z, RUNS, B, LEAST = 1.959963984540054, 1000, 200, 20
GRID = np.linspace(0, 1, 20001)
rng = np.random.default_rng(2026)


def films(patients, icc):
    who = np.repeat(np.arange(patients), rng.choice([1, 2, 3], patients, p=[0.5, 0.3, 0.2]))
    return who, np.sqrt(icc) * rng.normal(size=patients)[who] + np.sqrt(1 - icc) * rng.normal(size=len(who))


def draws(patients):
    return rng.multinomial(patients, np.full(patients, 1 / patients), B)


def newcombe(auc, m, n):
    t = GRID
    v = t * (1 - t) * (1 + ((m + n) / 2 - 1) * ((1 - t) / (2 - t) + t / (1 + t))) / (m * n)
    inside = t[np.abs(auc - t) <= Z * np.sqrt(v)]
    return (inside[0], inside[-1]) if len(inside) else (auc, auc)


def wilson(p, n):
    centre, half = (p + Z * Z / 2 / n) / (1 + Z * Z / n), Z / (1 + Z * Z / n) * np.sqrt(p * (1 - p) / n + Z * Z / 4 / n / n)
    return centre - half - 1e-12, centre + half + 1e-12


def area(truth, mx, my, icc):
    (wx, x), (wy, y) = films(mx, icc), films(my, icc)
    x = x + np.sqrt(2) * norm.ppf(truth)
    m, n = len(x), len(y)
    r = rankdata(np.r_[x, y])
    v10, v01 = (r[:m] - rankdata(x)) / n, 1 - (r[m:] - rankdata(y)) / m
    auc = v10.mean()
    variance = v10.var(ddof=1) / m + v01.var(ddof=1) / n
    clustered = sum(k / (k - 1) * np.sum(np.bincount(w, v - auc, k) ** 2) / len(v) ** 2 for k, w, v in [(mx, wx, v10), (my, wy, v01)])
    enough = 0 < auc < 1 and min(np.sum(v10 < 1), np.sum(v01 < 1)) >= LEAST
    design = max(1, clustered / variance) if enough else np.inf
    if enough:
        c, h = np.log(auc / (1 - auc)), Z * np.sqrt(variance) / (auc * (1 - auc))
        by_film = 1 / (1 + np.exp(h - c)), 1 / (1 + np.exp(-h - c))
    else:
        by_film = newcombe(auc, m, n)
    order = np.argsort(np.r_[x, y], kind="stable")
    w = np.c_[draws(mx)[:, wx], np.zeros((B, n))][:, order]
    u = np.c_[np.zeros((B, m)), draws(my)[:, wy]][:, order]
    replicates = np.sum(w * np.cumsum(u, 1), 1) / (w.sum(1) * u.sum(1))
    return by_film, newcombe(auc, max(mx, m / design), max(my, n / design)), np.quantile(replicates, [0.025, 0.975])


def share(truth, patients, _, icc):
    who, z = films(patients, icc)
    right = z < norm.ppf(truth)
    n, p = len(z), right.mean()
    x, size = np.bincount(who, right, patients), np.bincount(who, minlength=patients)
    variance = patients / (patients - 1) * np.sum((x - size * p) ** 2) / n ** 2
    effective = patients if p in (0, 1) else n / max(1, variance / (p * (1 - p) / n))
    d = draws(patients)
    return wilson(p, n), wilson(p, effective), np.quantile((d @ x) / (d @ size), [0.025, 0.975])


print("figure truth patients icc | by film, by patient, bootstrap")
for icc in [0, 0.5]:
    for name, judge, truths in [("share", share, [0.9, 0.95, 0.98]), ("area", area, [0.9, 0.95, 0.98, 0.99, 0.999])]:
        for truth in truths:
            for k in [15, 40, 150]:
                found = np.array([[i[0] <= truth <= i[1] for i in judge(truth, k, 6 * k, icc)] for _ in range(RUNS if k < 150 else RUNS // 2)])
                print(name, truth, k if name == "share" else f"{k}/{6 * k}", icc, "|", *np.round(found.mean(0), 3), flush=True)
